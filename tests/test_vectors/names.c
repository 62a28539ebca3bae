/* SPDX-License-Identifier: Apache-2.0 */
/* expand and envname: rules about single texts. */
#include "kinds.h"

#include "read/env_name.h"
#include "resolve/expand.h"

struct map {
	struct row *row;
	struct json_object *env;
};

static bool find(void *ctx, struct sv name, struct sv *ret)
{
	struct map *map = ctx;

	json_object_object_foreach(map->env, key, value)
	{
		if (!sv_eq(bytes_of_key(map->row, key), name))
			continue;
		*ret = bytes_of(map->row, value);
		return true;
	}
	return false;
}

enum verdict check_expand(struct row *row)
{
	struct map map = {row, member(row->json, "env")};
	struct expansion expansion = {find, &map, SIZE_MAX, SV_NONE};
	struct sv in = member_bytes(row, "in"), expected = member_bytes(row, "out");
	size_t size = expand_size(&expansion, in);
	char *out = arena_chars(row->arena, size);

	if (!in.ptr || !expected.ptr)
		return row_fails(row, "expected in and out, found none");
	expand_write(&expansion, in, out);
	if (!sv_eq(sv_from(out, size), expected))
		return row_fails(row, "expected \"%.*s\", got \"%.*s\"", SV_ARG(expected),
				 (int)size, out);
	return ROW_PASSES;
}

enum verdict check_envname(struct row *row)
{
	static const struct {
		const char *column;
		bool (*rule)(struct sv name);
	} rules[] = {
		{"strict_ok", env_name_strict},
		{"relaxed_ok", env_name_relaxed},
		{"c_identifier_ok", env_name_c_identifier},
		{"configmap_key_ok", config_key_valid},
	};
	struct sv name = member_bytes(row, "name");

	if (!name.ptr)
		return row_fails(row, "expected a name, found none");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct json_object *expected = member(row->json, rules[i].column);

		if (!expected)
			return row_fails(row, "expected the column %s, found none",
					 rules[i].column);
		if (rules[i].rule(name) != (bool)json_object_get_boolean(expected))
			return row_fails(row, "%s is wrong for \"%.*s\"", rules[i].column,
					 SV_ARG(name));
	}
	return ROW_PASSES;
}
