/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors, manifests, and what an index and a manifest have in common. */
#include "oci.h"

#include "text/text.h"

enum { KIND_INDEX, KIND_MANIFEST, KIND_CONFIG };

static const struct {
	struct sv name;
	int kind;
} media_types[] = {
	{{"application/vnd.oci.image.index.v1+json", 39}, KIND_INDEX},
	{{"application/vnd.docker.distribution.manifest.list.v2+json", 57}, KIND_INDEX},
	{{"application/vnd.oci.image.manifest.v1+json", 42}, KIND_MANIFEST},
	{{"application/vnd.docker.distribution.manifest.v2+json", 52}, KIND_MANIFEST},
	{{"application/vnd.oci.image.config.v1+json", 40}, KIND_CONFIG},
	{{"application/vnd.docker.container.image.v1+json", 46}, KIND_CONFIG},
};

static int kind_of(struct sv media_type)
{
	for (size_t i = 0; i < sizeof(media_types) / sizeof(media_types[0]); i++)
		if (sv_eq(media_types[i].name, media_type))
			return media_types[i].kind;
	return -1;
}

static const struct field descriptor_fields[] = {
	FIELD("mediaType", STRING, struct oci_descriptor, media_type),
	FIELD("digest", STRING, struct oci_descriptor, digest),
	FIELD_IGNORED("size"),
	FIELD_IGNORED("urls"),
	FIELD_IGNORED("annotations"),
	FIELD_IGNORED("data"),
	FIELD_IGNORED("artifactType"),
	FIELD_IGNORED("platform"),
};

struct size {
	struct number value;
};

static const struct field size_fields[] = {
	FIELD("size", INT64, struct size, value),
	FIELD_IGNORED("mediaType"),
	FIELD_IGNORED("digest"),
	FIELD_IGNORED("urls"),
	FIELD_IGNORED("annotations"),
	FIELD_IGNORED("data"),
	FIELD_IGNORED("artifactType"),
	FIELD_IGNORED("platform"),
};

bool oci_digest_is_valid(struct sv digest)
{
	size_t digits;

	if (sv_has_prefix(digest, SV("sha256:")))
		digits = 64;
	else if (sv_has_prefix(digest, SV("sha512:")))
		digits = 128;
	else
		return false;
	digest = sv_skip(digest, 7);
	if (digest.len != digits)
		return false;
	for (size_t i = 0; i < digits; i++)
		if (!sv_contains(SV("0123456789abcdef"), digest.ptr[i]))
			return false;
	return true;
}

/* Fails at a member, or at its map where it is missing. */
static int32_t fail_member(const struct reader *reader, const struct node *map,
			   const struct path *path, const char *name, struct origin from,
			   const char *message)
{
	struct path member = path_key(path, sv_of(name));

	if (from.mark.line)
		return diag_fail(reader->diag, OCIENV_ERR_VALUE, from.mark, &member, "%s", message);
	return bind_fail(reader, OCIENV_ERR_VALUE, bind_first(map), path,
			 "expected the member \"%s\", found none", name);
}

int32_t oci_read_descriptor(const struct reader *reader, const struct node *node,
			    const struct path *path, bool is_config,
			    struct oci_descriptor *ret)
{
	struct size size = {0};
	int32_t status = bind_members(reader, node, path, descriptor_fields,
				      FIELD_COUNT(descriptor_fields), ret);
	int kind;

	if (!status)
		status = bind_members(reader, node, path, size_fields, FIELD_COUNT(size_fields),
				      &size);
	if (status)
		return status;
	kind = kind_of(ret->media_type.value);
	if (is_config && kind != KIND_CONFIG)
		return fail_member(reader, node, path, "mediaType", ret->media_type.from,
				   "expected the media type of an image config, found another");
	if (!is_config && kind != KIND_INDEX && kind != KIND_MANIFEST)
		return fail_member(reader, node, path, "mediaType", ret->media_type.from,
				   "expected the media type of an image manifest or index, found "
				   "another");
	if (!oci_digest_is_valid(ret->digest.value))
		return fail_member(reader, node, path, "digest", ret->digest.from,
				   "expected sha256 or sha512 and its digits in lower case, found "
				   "another text");
	if (!size.value.present || size.value.value < 0)
		return fail_member(reader, node, path, "size", size.value.from,
				   "expected a number of bytes, found a negative one");
	ret->size = (uint64_t)size.value.value;
	ret->is_index = kind == KIND_INDEX;
	return OCIENV_OK;
}

struct reader oci_reader(const struct read_input *in)
{
	return (struct reader){.diag = in->diag,
			       .limits = in->limits,
			       .scratch = in->scratch,
			       .source = OCIENV_SOURCE_IMAGE,
			       .any_case = true,
			       .strict = in->options->flags & OCIENV_STRICT};
}

int32_t oci_parse(const struct read_input *in, const struct node **ret)
{
	struct text_input text = {in->bytes, in->diag, in->limits, in->scratch, false, NULL};

	return json_parse(&text, ret);
}

/* One document must not be an index to one reader and a manifest to the next. */
int32_t oci_check_head(const struct reader *reader, const struct node *document,
		       const struct oci_head *head, struct sv media_type, bool is_index)
{
	struct path root = {NULL, {NULL, 0}, 0};
	struct sv own = head->media_type.value;

	if (!head->version.present || head->version.value != 2)
		return fail_member(reader, document, &root, "schemaVersion", head->version.from,
				   "expected the version 2, found another");
	if (!own.ptr)
		return OCIENV_OK;
	if (media_type.ptr ? sv_eq(own, media_type)
			   : kind_of(own) == (is_index ? KIND_INDEX : KIND_MANIFEST))
		return OCIENV_OK;
	return fail_member(reader, document, &root, "mediaType", head->media_type.from,
			   "expected the media type that led to this document, found another");
}

struct manifest {
	struct oci_head head;
	const struct node *config, *manifests;
};

static const struct field manifest_fields[] = {
	FIELD("schemaVersion", INT64, struct manifest, head.version),
	FIELD("mediaType", STRING, struct manifest, head.media_type),
	FIELD("config", MAP, struct manifest, config),
	FIELD("manifests", ANY, struct manifest, manifests),
	FIELD_IGNORED("layers"),
	FIELD_IGNORED("annotations"),
	FIELD_IGNORED("artifactType"),
	FIELD_IGNORED("subject"),
};

int32_t oci_read_manifest(const struct read_input *in, struct sv media_type,
			  struct oci_descriptor *ret)
{
	struct path root = {NULL, {NULL, 0}, 0}, path = path_key(&root, SV("config"));
	struct reader reader = oci_reader(in);
	struct manifest manifest = {.config = NULL};
	struct oci_descriptor config = {.size = 0};
	const struct node *document;
	int32_t status = oci_parse(in, &document);

	if (!status)
		status = bind_members(&reader, document, &root, manifest_fields,
				      FIELD_COUNT(manifest_fields), &manifest);
	if (!status)
		status = oci_check_head(&reader, document, &manifest.head, media_type, false);
	if (!status && manifest.manifests)
		return bind_fail(&reader, OCIENV_ERR_AMBIGUOUS, manifest.manifests, &root,
				 "expected a manifest, found one that is an index too");
	if (!status && !manifest.config)
		return fail_member(&reader, document, &root, "config", (struct origin){0}, "");
	if (!status)
		status = oci_read_descriptor(&reader, manifest.config, &path, true, &config);
	if (!status)
		*ret = config;
	return status;
}

struct layout {
	struct text version;
};

static const struct field layout_fields[] = {
	FIELD("imageLayoutVersion", STRING, struct layout, version),
};

int32_t oci_read_version(const struct read_input *in)
{
	struct path root = {NULL, {NULL, 0}, 0};
	struct reader reader = oci_reader(in);
	struct layout layout = {.version = {.value = SV_NONE}};
	const struct node *document;
	int32_t status = oci_parse(in, &document);

	if (!status)
		status = bind_members(&reader, document, &root, layout_fields,
				      FIELD_COUNT(layout_fields), &layout);
	if (!status && !sv_eq(layout.version.value, SV("1.0.0")))
		return fail_member(&reader, document, &root, "imageLayoutVersion",
				   layout.version.from, "expected the version 1.0.0, found another");
	return status;
}

struct spec {
	const struct node *root;
};

struct spec_root {
	struct text path;
};

static const struct field spec_fields[] = {
	FIELD("root", MAP, struct spec, root),
};

static const struct field root_fields[] = {
	FIELD("path", STRING, struct spec_root, path),
	FIELD_IGNORED("readonly"),
};

/* runc: a spec without a root is refused; an empty path would be the bundle itself. */
int32_t oci_read_root(const struct read_input *in, struct text *ret)
{
	struct path top = {NULL, {NULL, 0}, 0}, path = path_key(&top, SV("root"));
	struct reader reader = oci_reader(in);
	struct spec_root root = {.path = {.value = SV_NONE}};
	struct spec spec = {NULL};
	const struct node *document;
	int32_t status;

	reader.source = OCIENV_SOURCE_RUNTIME;
	reader.strict = false; /* the library's own reader tells unknown members */
	status = oci_parse(in, &document);
	if (!status)
		status = bind_members(&reader, document, &top, spec_fields,
				      FIELD_COUNT(spec_fields), &spec);
	if (!status && !spec.root)
		return fail_member(&reader, document, &top, "root", (struct origin){0}, "");
	if (!status)
		status = bind_members(&reader, spec.root, &path, root_fields,
				      FIELD_COUNT(root_fields), &root);
	if (!status && !root.path.value.len)
		return fail_member(&reader, spec.root, &path, "path", root.path.from,
				   "expected the path of the root filesystem, found an empty one");
	if (!status)
		*ret = root.path;
	return status;
}
