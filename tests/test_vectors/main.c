/* SPDX-License-Identifier: Apache-2.0 */
/* Loads a file of rows and tallies what the check of its kind says of each. */
#include "kinds.h"

#include "base/base64.h"

#include <stdarg.h>
#include <stdlib.h>

static const struct {
	const char *name;
	kind_check *check;
} kinds[] = {
	{"cri_containerd", check_cri_containerd},
	{"cri_crio", check_cri_crio},
	{"envfile", check_envfile},
	{"envname", check_envname},
	{"expand", check_expand},
	{"go_json", check_go_json},
	{"inroot", check_inroot},
	{"kata_agent_env", check_kata_agent_env},
	{"kubelet_env", check_kubelet_env},
	{"lookpath", check_lookpath},
	{"merge_env", check_merge_env},
	{"runc_env", check_runc_env},
	{"runtime_real", check_runtime_real},
	{"user", check_user},
	{"user_files", check_user_files},
	{"yaml_docs", check_yaml_docs},
	{"yaml_scalars", check_yaml_scalars},
};

enum verdict row_fails(struct row *row, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(row->detail, sizeof(row->detail), format, args);
	va_end(args);
	return ROW_FAILS;
}

struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *found = NULL;

	return json_object_object_get_ex(object, name, &found) ? found : NULL;
}

/* U+E000 in place of NUL, see load(). */
static struct sv with_nul(struct row *row, const char *text, size_t len)
{
	char *out = arena_chars(row->arena, len);
	size_t n = 0;

	for (size_t i = 0; i < len; n++) {
		bool nul = len - i >= 3 && memcmp(text + i, "\xee\x80\x80", 3) == 0;

		out[n] = nul ? '\0' : text[i];
		i += nul ? 3 : 1;
	}
	return sv_from(out, n);
}

struct sv bytes_of(struct row *row, struct json_object *string)
{
	return with_nul(row, json_object_get_string(string),
			(size_t)json_object_get_string_len(string));
}

struct sv bytes_of_key(struct row *row, const char *key)
{
	return with_nul(row, key, strlen(key));
}

struct sv decoded(struct row *row, struct json_object *string)
{
	struct sv encoded = bytes_of(row, string);
	char *out = arena_chars(row->arena, encoded.len);
	size_t len;

	return base64_decode(encoded, out, &len) ? sv_from(out, len) : SV_NONE;
}

struct sv member_bytes(struct row *row, const char *name)
{
	struct json_object *text = member(row->json, name);
	char encoded_name[64];

	if (text)
		return bytes_of(row, text);
	(void)snprintf(encoded_name, sizeof(encoded_name), "%s_b64", name);
	text = member(row->json, encoded_name);
	return text ? decoded(row, text) : SV_NONE;
}

bool same_strings(struct row *row, const char *what, struct json_object *expected,
		  const struct sv *got, size_t count)
{
	size_t wanted = expected ? json_object_array_length(expected) : 0;

	if (wanted != count) {
		(void)row_fails(row, "%s: expected %zu, got %zu", what, wanted, count);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		struct sv text = bytes_of(row, json_object_array_get_idx(expected, i));

		if (sv_eq(text, got[i]))
			continue;
		(void)row_fails(row, "%s %zu: expected \"%.*s\", got \"%.*s\"", what, i,
				SV_ARG(text), SV_ARG(got[i]));
		return false;
	}
	return true;
}

static char *read_file(const char *name, size_t *size)
{
	FILE *file = fopen(name, "rb");
	char *data = NULL;
	long end = -1;

	if (file && fseek(file, 0, SEEK_END) == 0)
		end = ftell(file);
	if (end > 0 && fseek(file, 0, SEEK_SET) == 0)
		data = malloc((size_t)end + 1);
	if (data && fread(data, 1, (size_t)end, file) != (size_t)end) {
		free(data);
		data = NULL;
	}
	if (file)
		(void)fclose(file);
	*size = data ? (size_t)end : 0;
	if (data)
		data[end] = '\0';
	return data;
}

/* json-c's keys are C strings: a NUL travels as U+E000, which no file of ours holds. */
static bool hide_nul(char *text)
{
	if (strstr(text, "\xee\x80\x80") || strstr(text, "\\ue000"))
		return false;
	for (char *p = strstr(text, "\\u0000"); p; p = strstr(p, "\\u0000")) {
		size_t backslashes = 0;

		while (p - backslashes > text && p[-1 - (long)backslashes] == '\\')
			backslashes++;
		if (backslashes % 2 == 0)
			memcpy(p, "\\ue000", 6);
		p += 6;
	}
	return true;
}

static struct json_object *load(const char *name)
{
	struct json_tokener *tokener = json_tokener_new_ex(64);
	struct json_object *document = NULL;
	size_t size;
	char *text = read_file(name, &size);

	if (text && hide_nul(text))
		document = json_tokener_parse_ex(tokener, text, (int)size + 1);
	json_tokener_free(tokener);
	free(text);
	return document;
}

/* The document is a list of rows, or has one beside what they share. */
static struct json_object *rows_of(struct json_object *document)
{
	struct json_object *rows = document;

	if (json_object_is_type(document, json_type_object))
		rows = member(document, "cases");
	if (!json_object_is_type(rows, json_type_array) || !json_object_array_length(rows))
		return NULL;
	return rows;
}

struct tally {
	size_t passed, failed, stricter;
	struct {
		const char *reason;
		size_t count;
	} reasons[32];
};

static void count_reason(struct tally *tally, const char *reason)
{
	size_t i = 0;

	tally->stricter++;
	while (tally->reasons[i].reason && strcmp(tally->reasons[i].reason, reason) != 0)
		i++;
	tally->reasons[i].reason = reason;
	tally->reasons[i].count++;
}

static void check_row(struct tally *tally, kind_check *check, struct json_object *document,
		      struct json_object *json, size_t index)
{
	struct json_object *name = member(json, member(json, "id") ? "id" : "name");
	struct arena arena;
	struct row row = {.json = json, .document = document, .arena = &arena};
	enum verdict verdict;

	arena_init(&arena, NULL, SIZE_MAX);
	verdict = check(&row);
	arena_free(&arena);
	if (verdict == ROW_STRICTER)
		count_reason(tally, row.reason);
	if (verdict != ROW_FAILS) {
		tally->passed++;
		return;
	}
	tally->failed++;
	(void)printf("row %zu (%s): %s\n", index, name ? json_object_get_string(name) : "-",
		     row.detail);
}

static int run(kind_check *check, const char *file)
{
	struct json_object *document = load(file), *rows = rows_of(document);
	struct tally tally = {0};

	if (!rows) {
		json_object_put(document);
		(void)fprintf(stderr, "test_vectors: expected rows in %s, found none\n", file);
		return 2;
	}
	for (size_t i = 0; i < json_object_array_length(rows); i++)
		check_row(&tally, check, document, json_object_array_get_idx(rows, i), i);
	(void)printf("stricter: %zu", tally.stricter);
	for (size_t i = 0; tally.reasons[i].reason; i++)
		(void)printf("%s %s %zu", i ? "," : ":", tally.reasons[i].reason,
			     tally.reasons[i].count);
	(void)printf("\n%zu passed, %zu failed\n", tally.passed, tally.failed);
	json_object_put(document);
	return tally.failed ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		(void)fprintf(stderr, "usage: test_vectors KIND FILE\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(argv[1], kinds[i].name) == 0)
			return run(kinds[i].check, argv[2]);
	(void)fprintf(stderr, "test_vectors: expected a known KIND, found \"%s\"\n", argv[1]);
	return 2;
}
