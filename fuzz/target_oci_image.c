/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An input is a document of an OCI image layout, or a config.json: each reader of the command
 * looks at it, as if it stood in each place where it could stand.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "ledger.h"
#include "oci.h"
#include "promise.h"

#include <string.h>

enum { MOST = 64 * 1024 };

#define OCI_ERRORS                                                                       \
	(MAY(LIMIT) | MAY(SYNTAX) | MAY(ENCODING) | MAY(AMBIGUOUS) | MAY(TYPE) | MAY(VALUE))

#define INDEX_TYPE    "application/vnd.oci.image.index.v1+json"
#define MANIFEST_TYPE "application/vnd.oci.image.manifest.v1+json"

/* A digest that is fit to be a path, looked at in another way. */
static bool is_path(struct sv digest)
{
	size_t digits = 0;

	while (digits < digest.len && memchr("0123456789abcdef", digest.ptr[digest.len - 1 - digits], 16))
		digits++;
	return (digits == 64 || digits == 128) && digest.len == digits + 7 &&
	       !memcmp(digest.ptr, digits == 64 ? "sha256:" : "sha512:", 7);
}

static void check_descriptor(struct run *run, const struct oci_descriptor *descriptor)
{
	struct sv type = descriptor->media_type.value, digest = descriptor->digest.value;

	PROMISE(is_path(digest) && type.len < 64 && !sv_contains(type, '\0'));
	PROMISE(descriptor->size <= INT64_MAX);
	PROMISE(descriptor->digest.from.mark.line && descriptor->media_type.from.mark.line);
	outcome_add(run->outcome, digest.ptr, digest.len);
	outcome_add(run->outcome, type.ptr, type.len);
	outcome_add(run->outcome, &descriptor->size, sizeof(descriptor->size));
}

static void read_index(struct run *run, const struct read_input *in, uint32_t listed, bool nested,
		       const char *tag, const char *platform)
{
	struct oci_choice choice = {.media_type = nested ? SV(INDEX_TYPE) : SV_NONE,
				    .tag = sv_of(tag),
				    .by_caller = tag != NULL};
	struct oci_descriptor ret = {.size = 7};
	int32_t status;

	PROMISE(oci_platform_parse(sv_of(platform), &choice));
	error_prepare(&run->error);
	status = oci_read_index(in, &choice, &ret);
	if (call_succeeded(run, status, listed | MAY(REFERENCE), &run->error))
		check_descriptor(run, &ret);
	else
		PROMISE(ret.size == 7 && !ret.digest.value.ptr);
}

static void read_others(struct run *run, const struct read_input *in, uint32_t listed)
{
	struct oci_descriptor ret = {.size = 7};
	struct text root = {.value = SV_NONE};
	int32_t status;

	error_prepare(&run->error);
	status = oci_read_manifest(in, SV(MANIFEST_TYPE), &ret);
	if (call_succeeded(run, status, listed, &run->error))
		check_descriptor(run, &ret);
	error_prepare(&run->error);
	status = oci_read_root(in, &root);
	if (call_succeeded(run, status, listed, &run->error)) {
		PROMISE(root.value.len && !sv_contains(root.value, '\0'));
		outcome_add(run->outcome, root.value.ptr, root.value.len);
	}
	error_prepare(&run->error);
	(void)call_succeeded(run, oci_read_version(in), listed, &run->error);
}

static size_t read_all(const struct ocienv_document *document, struct outcome *outcome,
		       size_t fail_at)
{
	struct ledger ledger = {.fail_at = fail_at, .for_ever = true};
	struct ocienv_allocator allocator = ledger_allocator(&ledger);
	const struct ocienv_options options = {.size = sizeof(options), .allocator = &allocator};
	struct run run = {.documents = {document}, .options = &options, .outcome = outcome};
	struct ocienv_limits limits = limits_of(NULL);
	struct diag diag = {&run.error, document->name, sv_from(document->data, document->size)};
	struct arena arena;
	struct read_input in = {diag.text, &diag, &options, &limits, &arena};
	uint32_t listed = OCI_ERRORS | (fail_at ? MAY(NOMEM) : 0);

	arena_init(&arena, &allocator, SIZE_MAX);
	read_index(&run, &in, listed, false, NULL, "linux/amd64");
	read_index(&run, &in, listed, false, "1", "linux/arm/v7");
	read_index(&run, &in, listed, true, NULL, "linux/arm64");
	read_others(&run, &in, listed);
	arena_free(&arena);
	PROMISE(!ledger.blocks);
	return ledger.calls;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ocienv_document document = {"oci", data, size};
	struct outcome first = {.status = OCIENV_OK}, second = first, failed = first;
	size_t calls;

	if (size > MOST)
		return 0;
	calls = read_all(&document, &first, 0);
	/* One in eight shows as well that a run differs from the next one. */
	if (fuzz_thorough || size % 8 == 0) {
		PROMISE(calls == read_all(&document, &second, 0));
		PROMISE(outcome_equal(&first, &second));
	}
	if (calls)
		(void)read_all(&document, &failed, 1 + size % calls);
	return 0;
}
