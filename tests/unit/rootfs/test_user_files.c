/* SPDX-License-Identifier: Apache-2.0 */
/* Replays user_files.json: what moby/sys/user finds in passwd and group files. */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/rootfs/vectors.h"
#include "unit/unit.h"

#include <sha2.h>
#include <unistd.h>

enum { FILE_ROOM = 4 << 20 };

static size_t append(char *out, size_t len, struct sv text)
{
	static const char base64[] = "base64!";

	assert_true(len + text.len < FILE_ROOM);
	if (sv_has_prefix(text, sv_of(base64)))
		return len + vector_base64(sv_skip(text, strlen(base64)), out + len);
	if (text.len)
		memcpy(out + len, text.ptr, text.len);
	return len + text.len;
}

/* The bytes of the row's file: a text, or parts that are repeated. */
static size_t file_of(json_object *row, char *out)
{
	json_object *parts = vector_get(row, "file_parts");
	size_t len = append(out, 0, vector_text(row, "file"));

	for (size_t i = 0; parts && i < json_object_array_length(parts); i++) {
		json_object *part = json_object_array_get_idx(parts, i);
		json_object *text = json_object_array_get_idx(part, 0);
		int times = json_object_get_int(json_object_array_get_idx(part, 1));

		for (int k = 0; k < times; k++)
			len = append(out, len, sv_of(json_object_get_string(text)));
	}
	return len;
}

/* A recorded string is a text, {"b64"} or {"len", "sha256"}. */
static bool same_text(struct sv got, json_object *expect)
{
	struct sv base64 = vector_text(expect, "b64"),
		  digest = vector_text(expect, "sha256");
	static char buffer[65536];

	if (json_object_is_type(expect, json_type_string))
		return sv_eq(got, sv_from(json_object_get_string(expect),
					  (size_t)json_object_get_string_len(expect)));
	if (base64.ptr)
		return sv_eq(got, sv_from(buffer, vector_base64(base64, buffer)));
	SHA256Data((const uint8_t *)got.ptr, got.len, buffer);
	return got.len == (size_t)vector_int(expect, "len") &&
	       sv_eq(sv_of(buffer), digest);
}

static bool same_number(int64_t got, json_object *entry, const char *key)
{
	return got == json_object_get_int64(vector_get(entry, key));
}

static bool same_members(const struct group_entry *group, json_object *list)
{
	struct sv rest = group->members.len ? group->members : SV_NONE, member;
	size_t count = 0;

	while (sv_cut(&rest, ',', &member)) {
		json_object *expect = json_object_array_get_idx(list, count++);

		if (!expect || !same_text(member, expect) ||
		    !group_has_member(group, member))
			return false;
	}
	return count == (list ? json_object_array_length(list) : 0);
}

static bool next_matches(bool passwd, struct sv *rest, uint32_t *line, json_object *entry)
{
	struct passwd_entry user;
	struct group_entry group;

	if (passwd)
		return passwd_next(rest, line, &user) &&
		       same_text(user.name, vector_get(entry, "name")) &&
		       (user.home.len == 0
				? vector_text(entry, "home").len == 0
				: same_text(user.home, vector_get(entry, "home"))) &&
		       same_number(user.uid, entry, "uid") &&
		       same_number(user.gid, entry, "gid");
	return group_next(rest, line, &group) &&
	       same_text(group.name, vector_get(entry, "name")) &&
	       same_number(group.gid, entry, "gid") &&
	       same_members(&group, vector_get(entry, "list"));
}

static bool all_match(bool passwd, struct sv text, json_object *entries)
{
	struct passwd_entry user;
	struct group_entry group;
	uint32_t line = 0;

	for (size_t i = 0; i < json_object_array_length(entries); i++)
		if (!next_matches(passwd, &text, &line,
				  json_object_array_get_idx(entries, i)))
			return false;
	return passwd ? !passwd_next(&text, &line, &user)
		      : !group_next(&text, &line, &group);
}

static bool replay(const struct tree *tree, json_object *row, char *bytes)
{
	bool passwd = sv_eq(vector_text(row, "kind"), SV("passwd"));
	const char *path = passwd ? "/etc/passwd" : "/etc/group";
	json_object *entries = vector_get(row, "entries");
	struct rootfs rootfs = {.fd = tree->fd, .max_symlinks = 40};
	struct diag diag = {0};
	struct accounts accounts;
	struct arena arena;
	int32_t status;
	bool good;

	tree_file(tree, path, 0644, bytes, file_of(row, bytes));
	arena_init(&arena, NULL, 64 << 20);
	status = rootfs_accounts(&rootfs, &arena, &diag, &accounts);
	if (vector_get(entries, "error"))
		good = status == OCIENV_ERR_VALUE;
	else
		good = !status &&
		       all_match(passwd, passwd ? accounts.passwd : accounts.group,
				 entries);
	arena_free(&arena);
	assert_int_equal(unlinkat(tree->fd, path + 1, 0), 0);
	if (!good)
		printf("%s: status %d\n", vector_text(row, "id").ptr, (int)status);
	return good;
}

int main(int argc, char **argv)
{
	json_object *rows = vectors_load(argc, argv);
	char *bytes = malloc(FILE_ROOM);
	struct tally tally = {0};
	struct tree tree;

	tree_make(&tree);
	tree_dir(&tree, "/etc", 0755);
	for (size_t i = 0; bytes && i < json_object_array_length(rows); i++) {
		if (replay(&tree, json_object_array_get_idx(rows, i), bytes))
			tally.passed++;
		else
			tally.failed++;
	}
	free(bytes);
	tree_remove(&tree);
	json_object_put(rows);
	return tally_report(&tally, "user_files");
}
