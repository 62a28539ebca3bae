/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an OCI image layout to the bytes of one image's config. The layout is hostile: a digest
 * is checked before it becomes a path, and what lies there before it is read as a document.
 * Layers are not looked at; that they are what the rootfs was made of is not checked here.
 */
#define _POSIX_C_SOURCE 200809L

#include "oci.h"
#include "tool.h"

#include "api/call.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* An index may lead to an index; a chain longer than this leads nowhere. */
enum { MAX_INDEXES = 4, MAX_BLOB = 4 << 20, MEDIA_TYPE = 64 };

/* The step ahead, kept when the document that told it is gone. */
struct step {
	char media_type[MEDIA_TYPE], digest[DIGEST_TEXT];
	uint64_t size;
	bool is_index;
};

struct layout {
	const struct flags *flags;
	const char *name; /* of the directory */
	int fd;
	struct oci_choice choice;
	struct step step;
};

static void keep_step(struct step *step, const struct oci_descriptor *descriptor)
{
	/* Both are of known lengths: a reader has looked. */
	(void)snprintf(step->media_type, MEDIA_TYPE, "%.*s", (int)descriptor->media_type.value.len,
		       descriptor->media_type.value.ptr);
	(void)snprintf(step->digest, DIGEST_TEXT, "%.*s", (int)descriptor->digest.value.len,
		       descriptor->digest.value.ptr);
	step->size = descriptor->size;
	step->is_index = descriptor->is_index;
}

/* What the machine is called in an image config; NULL: it has no such name here. */
static const char *machine(void)
{
	static const struct {
		const char *kernel, *image;
	} names[] = {{"x86_64", "amd64"},   {"aarch64", "arm64"},     {"armv7l", "arm"},
		     {"armv8l", "arm"},	    {"i686", "386"},	      {"i386", "386"},
		     {"riscv64", "riscv64"}, {"ppc64le", "ppc64le"},  {"s390x", "s390x"},
		     {"loongarch64", "loong64"}};
	struct utsname kernel;

	if (uname(&kernel))
		return NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(kernel.machine, names[i].kernel) == 0)
			return names[i].image;
	return NULL;
}

static int choose_platform(struct layout *layout)
{
	const char *platform = layout->flags->platform, *architecture = machine();

	if (platform && !oci_platform_parse(sv_of(platform), &layout->choice))
		return say_usage("expected OS/ARCHITECTURE[/VARIANT] behind --platform, found "
				 "another text");
	layout->choice.by_caller = platform != NULL;
	if (platform)
		return EXIT_ANSWER;
	if (!architecture)
		return say_usage("expected --platform on a machine of this kind, found none");
	layout->choice.os = SV("linux");
	layout->choice.architecture = sv_of(architecture);
	return EXIT_ANSWER;
}

/* "sha256:0123..." */
static void digest_of(const struct ocienv_document *blob, bool is_512, char ret[DIGEST_TEXT])
{
	size_t size = is_512 ? SHA512_DIGEST_LENGTH : SHA256_DIGEST_LENGTH;
	uint8_t digest[SHA512_DIGEST_LENGTH];
	SHA2_CTX context;

	if (is_512) {
		SHA512Init(&context);
		SHA512Update(&context, blob->data, blob->size);
		SHA512Final(digest, &context);
	} else {
		SHA256Init(&context);
		SHA256Update(&context, blob->data, blob->size);
		SHA256Final(digest, &context);
	}
	memcpy(ret, is_512 ? "sha512:" : "sha256:", 8);
	*digest_hex(ret + 7, digest, size) = '\0';
}

static int check_blob(const struct step *step, const struct ocienv_document *blob,
		      const char *shown)
{
	char message[2 * DIGEST_TEXT + 64], found[DIGEST_TEXT];

	if (blob->size != step->size) {
		(void)snprintf(message, sizeof(message), "expected %llu bytes, found %zu",
			       (unsigned long long)step->size, blob->size);
		return say_refused(shown, message, "mismatch");
	}
	digest_of(blob, strncmp(step->digest, "sha512:", 7) == 0, found);
	if (strcmp(found, step->digest) == 0)
		return EXIT_ANSWER;
	(void)snprintf(message, sizeof(message), "expected digest %s, found %s", step->digest,
		       found);
	return say_refused(shown, message, "mismatch");
}

/* The blob that the step names; it is called by its digest from then on. */
static int read_blob(const struct layout *layout, struct ocienv_document *ret)
{
	const struct step *step = &layout->step;
	char path[DIGEST_TEXT + 8], message[96], *shown;
	size_t size = strlen(layout->name) + sizeof(path) + 1;
	int status;

	*ret = (struct ocienv_document){0};
	(void)snprintf(path, sizeof(path), "blobs/%.6s/%s", step->digest, step->digest + 7);
	shown = malloc(size);
	if (!shown)
		return say_system(layout->name, "cannot read", ENOMEM);
	(void)snprintf(shown, size, "%s/%s", layout->name, path);
	if (step->size > MAX_BLOB) {
		(void)snprintf(message, sizeof(message), "expected at most %d bytes, found %llu",
			       MAX_BLOB, (unsigned long long)step->size);
		status = say_refused(shown, message, "limit");
	} else {
		status = input_read_regular(layout->fd, path, shown, ret);
	}
	if (!status)
		status = check_blob(step, ret, shown);
	ret->name = step->digest;
	free(shown);
	return status;
}

enum document_kind { VERSION, INDEX, MANIFEST };

static int32_t read_kind(const struct read_input *in, enum document_kind kind,
			 const struct layout *layout, struct oci_descriptor *ret)
{
	switch (kind) {
	case VERSION:
		return oci_read_version(in);
	case INDEX:
		return oci_read_index(in, &layout->choice, ret);
	case MANIFEST:
		break;
	}
	return oci_read_manifest(in, sv_of(layout->step.media_type), ret);
}

/* Reads a document, and keeps where it leads to. */
static int take_document(struct layout *layout, const struct ocienv_document *document,
			 enum document_kind kind)
{
	struct ocienv_options options = {.size = sizeof(options), .flags = layout->flags->options};
	struct oci_descriptor descriptor = {.size = 0};
	struct ocienv_error error;
	struct read_input in;
	struct call call;
	int32_t status = call_begin(&call, FUNCTION_OF_TOOL, &options);

	if (!status)
		status = call_document(&call, document);
	if (!status) {
		in = call_read_input(&call);
		status = read_kind(&in, kind, layout, &descriptor);
	}
	if (!status && kind != VERSION)
		keep_step(&layout->step, &descriptor);
	return call_end(&call, status, &error) ? say_error(&error) : EXIT_ANSWER;
}

static int take_file(struct layout *layout, const char *path, enum document_kind kind)
{
	size_t size = strlen(layout->name) + strlen(path) + 2;
	char *shown = malloc(size);
	struct ocienv_document document;
	int status;

	if (!shown)
		return say_system(layout->name, "cannot read", ENOMEM);
	(void)snprintf(shown, size, "%s/%s", layout->name, path);
	status = input_read_regular(layout->fd, path, shown, &document);
	if (!status)
		status = take_document(layout, &document, kind);
	free((void *)(uintptr_t)document.data);
	free(shown);
	return status;
}

/* From the index to the manifest, from that to the config. */
static int take_blob(struct layout *layout)
{
	enum document_kind kind = layout->step.is_index ? INDEX : MANIFEST;
	struct ocienv_document document;
	int status = read_blob(layout, &document);

	layout->choice.media_type = sv_of(layout->step.media_type);
	if (!status)
		status = take_document(layout, &document, kind);
	free((void *)(uintptr_t)document.data);
	return status;
}

static int walk(struct layout *layout)
{
	unsigned int indexes = 1;
	int status = take_file(layout, "oci-layout", VERSION);

	if (!status)
		status = take_file(layout, "index.json", INDEX);
	for (; !status && layout->step.is_index; indexes++) {
		if (indexes == MAX_INDEXES)
			return say_refused(layout->step.digest,
					   "expected at most 4 indexes inside each other, found "
					   "more", "limit");
		status = take_blob(layout);
	}
	return status ? status : take_blob(layout);
}

/* As other tools take it: the first colon ends the name of the directory. */
static int open_layout(struct layout *layout, char *name)
{
	char *colon = strchr(name, ':');

	if (colon) {
		*colon = '\0';
		layout->choice.tag = sv_of(colon + 1);
	}
	layout->name = name;
	if (!name[0] || (colon && !colon[1]))
		return say_usage("expected DIR or DIR:TAG behind --oci-layout, found another text");
	layout->fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return layout->fd < 0 ? say_system(name, "cannot open", errno) : EXIT_ANSWER;
}

int oci_image_read(struct oci_image *ret, const struct flags *flags)
{
	struct layout layout = {.flags = flags, .fd = -1};
	char *name = strdup(flags->oci_layout);
	int status;

	*ret = (struct oci_image){.document = {NULL, NULL, 0}};
	if (!name)
		return say_system(flags->oci_layout, "cannot read", ENOMEM);
	status = choose_platform(&layout);
	if (!status)
		status = open_layout(&layout, name);
	if (!status)
		status = walk(&layout);
	if (!status)
		status = read_blob(&layout, &ret->document);
	(void)snprintf(ret->name, sizeof(ret->name), "%s", layout.step.digest);
	ret->document.name = ret->name;
	if (layout.fd >= 0)
		(void)close(layout.fd);
	free(name);
	return status;
}
