/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An input is an Occlum.json: what is kept of it, and what an answer says with it. It warns, and
 * changes nothing that the program gets.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "ledger.h"
#include "promise.h"
#include "read/occlum_json.h"
#include "read/read.h"

#include <string.h>

enum { MOST = 64 * 1024 };

#define OCCLUM_ERRORS                                                                    \
	(MAY(LIMIT) | MAY(SYNTAX) | MAY(ENCODING) | MAY(AMBIGUOUS) | MAY(TYPE) | MAY(VALUE))

static const char image_text[] =
	"{\"config\": {\"Entrypoint\": [\"x\"], \"Env\": [\"A=1\", \"B=2\", \"EXAMPLE=3\"]}}";

static void check_list(struct run *run, const struct text_list *list)
{
	PROMISE(!list->count || list->items);
	for (uint32_t i = 0; i < list->count; i++) {
		struct sv text = list->items[i].value;

		PROMISE(text.ptr && !sv_contains(text, '\0'));
		PROMISE(list->items[i].from.mark.line && list->items[i].from.mark.column);
		PROMISE(list->items[i].from.source == OCIENV_SOURCE_LIBOS);
		outcome_add(run->outcome, text.ptr, text.len);
	}
}

static bool read_alone(struct run *run, struct ocienv_allocator *allocator)
{
	const struct ocienv_document *document = run->documents[0];
	struct ocienv_limits limits = limits_of(NULL);
	struct occlum_json occlum;
	struct arena arena;
	struct diag diag = {&run->error, document->name,
			    sv_from(document->data, document->size)};
	struct read_input in = {diag.text, &diag, run->options, &limits, &arena};
	int32_t status;
	bool ok;

	arena_init(&arena, allocator, SIZE_MAX);
	error_prepare(&run->error);
	status = read_occlum_json(&in, &occlum);
	ok = call_succeeded(run, status, OCCLUM_ERRORS, &run->error);
	if (ok) {
		check_list(run, &occlum.defaults);
		check_list(run, &occlum.untrusted);
		check_list(run, &occlum.host_targets);
		outcome_add(run->outcome, &occlum.stack_size, sizeof(occlum.stack_size));
	}
	arena_free(&arena);
	return ok;
}

static bool has_name(const struct ocienv_config *config, const char *name)
{
	const char *const *envp = ocienv_config_envp(config, NULL);
	size_t len = strlen(name);

	for (; *envp; envp++)
		if (!strncmp(*envp, name, len) && (*envp)[len] == '=')
			return true;
	return false;
}

/* What is warned of is in the answer, or is not, as the code says. */
static void check_warnings(const struct ocienv_config *config)
{
	struct ocienv_warning warning;

	for (size_t i = 0; !ocienv_config_warning(config, i, &warning); i++) {
		if (!strcmp(warning.code, "libos-default"))
			PROMISE(!has_name(config, warning.subject));
		if (!strcmp(warning.code, "host-overridable"))
			PROMISE(has_name(config, warning.subject));
	}
}

static struct ocienv_config *resolve(struct run *run, const struct ocienv_layer *layer,
				     const struct ocienv_document *occlum, uint32_t listed)
{
	struct ocienv_options options = *run->options;
	struct ocienv_config *config = NULL;
	int32_t status;

	options.occlum_json = occlum;
	error_prepare(&run->error);
	status = ocienv_resolve(&config, &layer, 1, OCIENV_NO_ROOTFS, &options, &run->error);
	(void)call_succeeded(run, status, listed, &run->error);
	return config;
}

/* What stands in no Occlum.json: made once. */
struct known {
	struct ocienv_layer *layer;
	struct ocienv_config *without; /* an Occlum.json */
};

static const struct known *known_of(struct run *run)
{
	static struct known all[OCIENV_LIBOS_GRAMINE + 1];
	const struct ocienv_document image = {"image", image_text, sizeof(image_text) - 1};
	struct ocienv_options options = *run->options;
	struct run plain = {.options = &options, .outcome = run->outcome};
	struct known *known = &all[options.libos];

	if (known->without)
		return known;
	options.allocator = NULL; /* it outlives the ledger */
	PROMISE(!ocienv_layer_from_image_config(&known->layer, &image, &options, NULL));
	known->without = resolve(&plain, known->layer, NULL, 0);
	PROMISE(known->without);
	return known;
}

static void run_answer(struct run *run, bool read)
{
	const struct known *known = known_of(run);
	struct ocienv_config *with = resolve(run, known->layer, run->documents[0],
					     OCCLUM_ERRORS | MAY(UNSUPPORTED));

	PROMISE(read || !with);
	if (with) {
		answer_check_same(with, known->without);
		check_warnings(with);
	} else {
		/* The first stack may be too small for what there is. */
		PROMISE(!read || run->outcome->status == OCIENV_ERR_UNSUPPORTED ||
			run->outcome->status == OCIENV_ERR_LIMIT);
	}
	ocienv_config_free(with);
}

static void run_twice(const struct ocienv_document *document, struct outcome *outcome,
		      uint32_t libos)
{
	struct ledger ledger = {.fail_at = 0};
	struct ocienv_allocator allocator = ledger_allocator(&ledger);
	const struct ocienv_options options = {
		.size = sizeof(options), .allocator = &allocator, .libos = libos};
	struct run run = {.documents = {document}, .options = &options, .outcome = outcome};

	run_answer(&run, read_alone(&run, &allocator));
	PROMISE(!ledger.blocks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ocienv_document document = {"occlum", data, size};
	struct outcome first = {.status = OCIENV_OK}, second = first, inside = first;

	if (size > MOST)
		return 0;
	run_twice(&document, &first, OCIENV_LIBOS_NONE);
	run_twice(&document, &second, OCIENV_LIBOS_NONE);
	PROMISE(outcome_equal(&first, &second));
	run_twice(&document, &inside, OCIENV_LIBOS_OCCLUM);
	return 0;
}
