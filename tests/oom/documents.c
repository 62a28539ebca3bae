/* SPDX-License-Identifier: Apache-2.0 */
#include "oom.h"

#include "base/base64.h"

#include <json-c/json.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST = 16 * 1024, KINDS_OF_ROW = 2 };

static const struct vectors {
	const char *file, *member; /* the document of a row, in base64 */
	enum subject_kind kinds[KINDS_OF_ROW];
} vectors[] = {
	{"go_json.json", "doc_b64", {SUBJECT_IMAGE_CONFIG, SUBJECT_RUNTIME_SPEC}},
	{"runtime_real.json", "config_b64", {SUBJECT_RUNTIME_SPEC, SUBJECT_JSON}},
	{"yaml_docs.json", "doc_b64", {SUBJECT_YAML, SUBJECT_POD}},
};

/* Takes `data`; passes over what is too long. */
static bool add(struct oom_documents *documents, const char *name, enum subject_kind kind,
		char *data, size_t size)
{
	struct oom_document *items, *item;

	if (size > MOST) {
		free(data);
		return true;
	}
	items = realloc(documents->items, (documents->count + 1) * sizeof(*items));
	if (!items)
		return false;
	documents->items = items;
	item = &items[documents->count++];
	(void)snprintf(item->name, sizeof(item->name), "%s/%s", subject_names[kind], name);
	item->data = data;
	item->subject = (struct subject){kind, data, size};
	return true;
}

static bool add_row(struct oom_documents *documents, const struct vectors *from,
		    struct json_object *row)
{
	struct json_object *name = json_object_object_get(row, "name");
	struct json_object *text = json_object_object_get(row, from->member);
	bool ok = name && text;

	for (size_t i = 0; ok && i < KINDS_OF_ROW; i++) {
		struct sv encoded = {json_object_get_string(text),
				     (size_t)json_object_get_string_len(text)};
		char *data = malloc(encoded.len + 3);
		size_t size;

		ok = data && base64_decode(encoded, data, &size) &&
		     add(documents, json_object_get_string(name), from->kinds[i], data, size);
	}
	return ok;
}

static bool load_vectors(struct oom_documents *documents, const struct vectors *from,
			 const char *path)
{
	struct json_object *rows = json_object_from_file(path);
	bool ok = rows && json_object_is_type(rows, json_type_array);

	for (size_t i = 0; ok && i < json_object_array_length(rows); i++)
		ok = add_row(documents, from, json_object_array_get_idx(rows, i));
	json_object_put(rows);
	return ok;
}

static bool load_file(struct oom_documents *documents, enum subject_kind kind,
		      const char *directory, const char *name)
{
	char path[1024];
	char *data = NULL;
	FILE *file;
	size_t size;
	bool ok;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "rb");
	data = malloc(MOST + 1);
	if (!file || !data)
		return false;
	size = fread(data, 1, MOST + 1, file);
	ok = !ferror(file) && add(documents, name, kind, data, size);
	(void)fclose(file);
	return ok;
}

static bool load_directory(struct oom_documents *documents, enum subject_kind kind,
			   const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool ok = dir;

	while (ok && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			ok = load_file(documents, kind, path, entry->d_name);
	if (dir)
		(void)closedir(dir);
	return ok;
}

bool oom_load(struct oom_documents *documents, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	bool ok = false;

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		if (!strcmp(vectors[i].file, name))
			ok = load_vectors(documents, &vectors[i], path);
	for (size_t i = 0; i < SUBJECT_KINDS; i++)
		if (!strcmp(subject_names[i], name))
			ok = load_directory(documents, (enum subject_kind)i, path);
	if (!ok)
		(void)fprintf(stderr, "%s: expected documents, found none\n", path);
	return ok;
}

void oom_free(struct oom_documents *documents)
{
	for (size_t i = 0; i < documents->count; i++)
		free(documents->items[i].data);
	free(documents->items);
}
