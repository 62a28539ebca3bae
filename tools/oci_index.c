/* SPDX-License-Identifier: Apache-2.0 */
/* Which image of an index is meant: by its tag, then by its platform. */
#include "oci.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_SIZE = 128 };

/* One of its manifests. */
struct entry {
	const struct node *node;
	struct text tag, os, architecture, variant; /* os.value.ptr NULL: any platform */
};

struct index {
	struct oci_head head;
	const struct node *manifests, *config, *layers;
};

static const struct field index_fields[] = {
	FIELD("schemaVersion", INT64, struct index, head.version),
	FIELD("mediaType", STRING, struct index, head.media_type),
	FIELD("manifests", LIST, struct index, manifests),
	FIELD("config", ANY, struct index, config),
	FIELD("layers", ANY, struct index, layers),
	FIELD_IGNORED("annotations"),
	FIELD_IGNORED("artifactType"),
	FIELD_IGNORED("subject"),
};

struct parts {
	const struct node *annotations, *platform;
};

static const struct field part_fields[] = {
	FIELD("annotations", MAP, struct parts, annotations),
	FIELD("platform", MAP, struct parts, platform),
	FIELD_IGNORED("mediaType"),
	FIELD_IGNORED("digest"),
	FIELD_IGNORED("size"),
	FIELD_IGNORED("urls"),
	FIELD_IGNORED("data"),
	FIELD_IGNORED("artifactType"),
};

static const struct field platform_fields[] = {
	FIELD("os", STRING, struct entry, os),
	FIELD("architecture", STRING, struct entry, architecture),
	FIELD("variant", STRING, struct entry, variant),
	FIELD_IGNORED("os.version"),
	FIELD_IGNORED("os.features"),
	FIELD_IGNORED("features"),
};

/* The variant that is meant where none is named, and all names of it: containerd's. */
static bool is_usual(struct sv architecture, struct sv variant)
{
	if (!variant.len)
		return true;
	if (sv_eq(architecture, SV("arm64")))
		return sv_eq(variant, SV("v8")) || sv_eq(variant, SV("8"));
	if (sv_eq(architecture, SV("arm")))
		return sv_eq(variant, SV("v7")) || sv_eq(variant, SV("7"));
	return sv_eq(architecture, SV("amd64")) && sv_eq(variant, SV("v1"));
}

bool oci_platform_parse(struct sv text, struct oci_choice *ret)
{
	struct sv rest = text;

	if (!sv_cut(&rest, '/', &ret->os) || !rest.ptr)
		return false;
	if (!sv_cut(&rest, '/', &ret->architecture))
		return false;
	ret->variant = rest;
	if (rest.ptr && (!rest.len || sv_contains(rest, '/')))
		return false;
	return ret->os.len && ret->architecture.len;
}

static bool platform_fits(const struct entry *entry, const struct oci_choice *choice)
{
	struct sv architecture = entry->architecture.value, variant = entry->variant.value;

	if (!sv_eq(entry->os.value, choice->os) || !sv_eq(architecture, choice->architecture))
		return false;
	return sv_eq(variant, choice->variant) ||
	       (is_usual(architecture, variant) && is_usual(architecture, choice->variant));
}

static int32_t read_entry(const struct reader *reader, const struct node *node,
			  const struct path *path, struct entry *ret)
{
	static const struct sv tag = {"org.opencontainers.image.ref.name", 33};
	struct path platform = path_key(path, SV("platform"));
	struct path annotations = path_key(path, SV("annotations")), here = path_key(&annotations, tag);
	struct parts parts = {NULL, NULL};
	int32_t status = bind_members(reader, node, path, part_fields, FIELD_COUNT(part_fields),
				      &parts);

	*ret = (struct entry){.node = node};
	if (!status && parts.platform)
		status = bind_members(reader, parts.platform, &platform, platform_fields,
				      FIELD_COUNT(platform_fields), ret);
	for (uint32_t i = 0; !status && parts.annotations && i < node_size(parts.annotations); i++)
		if (sv_eq(node_sv(node_key(parts.annotations, i)), tag))
			status = bind_text(reader, node_value(parts.annotations, i), &here,
					   &ret->tag);
	return status;
}

/* As many names as there is room for. */
static void append(char *names, size_t *used, const char *name)
{
	static const char more[] = ", ...";

	if (*used == NAMES_SIZE)
		return;
	if (*used + strlen(name) + 2 + sizeof(more) > NAMES_SIZE) {
		(void)snprintf(names + *used, NAMES_SIZE - *used, "%s", *used ? more : more + 2);
		*used = NAMES_SIZE;
		return;
	}
	*used += (size_t)snprintf(names + *used, NAMES_SIZE - *used, "%s%s", *used ? ", " : "",
				  name);
}

/* "1.0", "latest" */
static void list_tags(const struct entry *entries, uint32_t count, char names[NAMES_SIZE])
{
	char quoted[DIAG_QUOTE_SIZE], name[DIAG_QUOTE_SIZE + 2];
	size_t used = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (!entries[i].tag.value.ptr)
			continue;
		(void)snprintf(name, sizeof(name), "\"%s\"",
			       diag_quote(quoted, entries[i].tag.value));
		append(names, &used, name);
	}
	if (!used)
		append(names, &used, "none");
}

/* linux/amd64, linux/arm64/v8 */
static void list_platforms(const struct entry *entries, uint32_t count, char names[NAMES_SIZE])
{
	char os[DIAG_QUOTE_SIZE], architecture[DIAG_QUOTE_SIZE], variant[DIAG_QUOTE_SIZE];
	char name[3 * DIAG_QUOTE_SIZE];
	size_t used = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (!entries[i].os.value.ptr)
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s%s%s", diag_quote(os, entries[i].os.value),
			       diag_quote(architecture, entries[i].architecture.value),
			       entries[i].variant.value.len ? "/" : "",
			       diag_quote(variant, entries[i].variant.value));
		append(names, &used, name);
	}
	if (!used)
		append(names, &used, "none");
}

/* Those that have the tag move to the front. Returns how many. */
static uint32_t keep_tag(struct entry *entries, uint32_t count, struct sv tag)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++)
		if (entries[i].tag.value.ptr && sv_eq(entries[i].tag.value, tag))
			entries[kept++] = entries[i];
	return kept;
}

static uint32_t keep_platform(struct entry *entries, uint32_t count,
			      const struct oci_choice *choice)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++)
		if (platform_fits(&entries[i], choice))
			entries[kept++] = entries[i];
	return kept;
}

static int32_t choose_tag(const struct reader *reader, const struct index *index,
			  const struct path *path, const struct oci_choice *choice,
			  struct entry *entries, uint32_t *count)
{
	char quoted[DIAG_QUOTE_SIZE], names[NAMES_SIZE];
	bool tagged = false;
	uint32_t kept;

	list_tags(entries, *count, names);
	for (uint32_t i = 0; i < *count; i++)
		tagged |= entries[i].tag.value.ptr != NULL;
	if (!choice->tag.ptr && (*count == 1 || !tagged))
		return OCIENV_OK;
	if (!choice->tag.ptr)
		return bind_fail(reader, OCIENV_ERR_REFERENCE, index->manifests, path,
				 "expected DIR:TAG to choose one of %u images, found no TAG: there "
				 "are %s", *count, names);
	kept = keep_tag(entries, *count, choice->tag);
	if (!kept)
		return bind_fail(reader, OCIENV_ERR_REFERENCE, index->manifests, path,
				 "expected the tag \"%s\", found %s",
				 diag_quote(quoted, choice->tag), names);
	*count = kept;
	return OCIENV_OK;
}

/* The only image of index.json is meant whatever it runs on, unless the caller says so. */
static int32_t choose_platform(const struct reader *reader, const struct index *index,
			       const struct path *path, const struct oci_choice *choice,
			       struct entry *entries, uint32_t *count)
{
	bool only = *count == 1, top = !choice->media_type.ptr;
	char names[NAMES_SIZE], wanted[3][DIAG_QUOTE_SIZE];
	bool told = false;

	for (uint32_t i = 0; i < *count; i++)
		told |= entries[i].os.value.ptr != NULL;
	if (!told) /* several of them cannot be told apart */
		return OCIENV_OK;
	if (only && top && !choice->by_caller)
		return OCIENV_OK;
	list_platforms(entries, *count, names);
	*count = keep_platform(entries, *count, choice);
	if (*count)
		return OCIENV_OK;
	return bind_fail(reader, OCIENV_ERR_REFERENCE, index->manifests, path,
			 "expected an image for %s/%s%s%s, found %s",
			 diag_quote(wanted[0], choice->os), diag_quote(wanted[1], choice->architecture),
			 choice->variant.len ? "/" : "", diag_quote(wanted[2], choice->variant), names);
}

static int32_t choose(const struct reader *reader, const struct index *index,
		      const struct path *path, const struct oci_choice *choice,
		      struct oci_descriptor *ret)
{
	uint32_t count = index->manifests->count;
	struct entry *entries = ARENA_ARRAY(reader->scratch, count, struct entry);
	struct path here;
	int32_t status = OCIENV_OK;

	if (!entries)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	for (uint32_t i = 0; !status && i < count; i++) {
		here = path_index(path, i);
		status = read_entry(reader, &index->manifests->children[i], &here, &entries[i]);
	}
	if (!status && !choice->media_type.ptr)
		status = choose_tag(reader, index, path, choice, entries, &count);
	if (!status)
		status = choose_platform(reader, index, path, choice, entries, &count);
	if (status)
		return status;
	if (count > 1) {
		here = path_index(path, (size_t)(entries[1].node - index->manifests->children));
		return bind_fail(reader, OCIENV_ERR_AMBIGUOUS, entries[1].node, &here,
				 "expected one image of that tag and platform, found a second one");
	}
	here = path_index(path, (size_t)(entries[0].node - index->manifests->children));
	return oci_read_descriptor(reader, entries[0].node, &here, false, ret);
}

int32_t oci_read_index(const struct read_input *in, const struct oci_choice *choice,
		       struct oci_descriptor *ret)
{
	struct path root = {NULL, {NULL, 0}, 0}, path = path_key(&root, SV("manifests"));
	struct reader reader = oci_reader(in);
	struct index index = {.manifests = NULL};
	struct oci_descriptor chosen = {.size = 0};
	const struct node *document, *other;
	int32_t status = oci_parse(in, &document);

	if (!status)
		status = bind_members(&reader, document, &root, index_fields,
				      FIELD_COUNT(index_fields), &index);
	if (!status)
		status = oci_check_head(&reader, document, &index.head, choice->media_type, true);
	other = index.config ? index.config : index.layers;
	if (!status && other)
		return bind_fail(&reader, OCIENV_ERR_AMBIGUOUS, other, &root,
				 "expected an index, found one that is a manifest too");
	if (!status && (!index.manifests || !index.manifests->count))
		return bind_fail(&reader, OCIENV_ERR_VALUE,
				 index.manifests ? index.manifests : bind_first(document),
				 index.manifests ? &path : &root,
				 "expected at least one image, found none");
	if (!status)
		status = choose(&reader, &index, &path, choice, &chosen);
	if (!status)
		*ret = chosen;
	return status;
}
