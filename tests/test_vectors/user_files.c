/* SPDX-License-Identifier: Apache-2.0 */
/* user_files: what three libraries find in one passwd or group file. */
#include "kinds.h"
#include "root.h"

#include "base/base64.h"
#include "rootfs/accounts.h"

#include <sha2.h>

/* A recorded string is a text, {"b64"} or {"len", "sha256"}; glibc's missing home was printed
 * as "(null)". */
static bool same_text(struct row *row, struct sv got, struct json_object *expected)
{
	struct json_object *encoded, *digest;
	char hex[SHA256_DIGEST_STRING_LENGTH];

	if (!expected || json_object_is_type(expected, json_type_string))
		return sv_eq(got.ptr ? got : SV("(null)"),
			     expected ? bytes_of(row, expected) : SV(""));
	encoded = member(expected, "b64");
	if (encoded)
		return sv_eq(got, decoded(row, encoded));
	digest = member(expected, "sha256");
	SHA256Data((const uint8_t *)got.ptr, got.len, hex);
	return (int64_t)got.len == json_object_get_int64(member(expected, "len")) &&
	       strcmp(hex, json_object_get_string(digest)) == 0;
}

static bool same_number(int64_t got, struct json_object *entry, const char *name)
{
	return got == json_object_get_int64(member(entry, name));
}

static bool same_user(struct row *row, const struct passwd_entry *got,
		      struct json_object *entry)
{
	return same_text(row, got->name, member(entry, "name")) &&
	       same_text(row, got->home, member(entry, "home")) &&
	       same_number(got->uid, entry, "uid") && same_number(got->gid, entry, "gid");
}

static bool same_group(struct row *row, const struct group_entry *got,
		       struct json_object *entry)
{
	struct json_object *list = member(entry, "list");
	struct sv rest = got->members.len ? got->members : SV_NONE, name;
	size_t count = 0;

	while (sv_cut(&rest, ',', &name)) {
		struct json_object *expected = json_object_array_get_idx(list, count++);

		if (!expected || !same_text(row, name, expected) || !group_has_member(got, name))
			return false;
	}
	return count == (list ? json_object_array_length(list) : 0) &&
	       same_text(row, got->name, member(entry, "name")) &&
	       same_number(got->gid, entry, "gid");
}

static enum verdict check_users(struct row *row, struct sv text, const char *column,
				passwd_reader *next)
{
	struct json_object *entries = member(row->json, column);
	size_t count = json_object_array_length(entries), i = 0;
	struct passwd_entry entry;
	uint32_t line = 0;

	for (; next(&text, &line, &entry); i++)
		if (i >= count || !same_user(row, &entry, json_object_array_get_idx(entries, i)))
			return row_fails(row, "%s: another entry in line %u", column, line);
	return i == count ? ROW_PASSES
			  : row_fails(row, "%s: expected %zu entries, got %zu", column, count, i);
}

static enum verdict check_groups(struct row *row, struct sv text)
{
	struct json_object *entries = member(row->json, "entries");
	size_t count = json_object_array_length(entries), i = 0;
	struct group_entry entry;
	uint32_t line = 0;

	for (; group_next(&text, &line, &entry); i++)
		if (i >= count || !same_group(row, &entry, json_object_array_get_idx(entries, i)))
			return row_fails(row, "another entry in line %u", line);
	return i == count ? ROW_PASSES
			  : row_fails(row, "expected %zu entries, got %zu", count, i);
}

static enum verdict check_file(struct row *row, const struct account_file *file, bool passwd)
{
	bool fails = member(member(row->json, "entries"), "error") != NULL;
	enum verdict verdict = ROW_PASSES;

	if (fails != (file->long_line > 0))
		return row_fails(row, "a long line: got %u", file->long_line);
	if (!passwd)
		return fails ? ROW_PASSES : check_groups(row, file->text);
	if (!fails)
		verdict = check_users(row, file->text, "entries", passwd_next);
	if (verdict == ROW_PASSES)
		verdict = check_users(row, file->text, "glibc", passwd_next_glibc);
	if (verdict == ROW_PASSES)
		verdict = check_users(row, file->text, "musl", passwd_next_musl);
	return verdict;
}

enum verdict check_user_files(struct row *row)
{
	bool passwd = strcmp(json_object_get_string(member(row->json, "kind")), "passwd") == 0;
	enum account which = passwd ? ACCOUNT_PASSWD : ACCOUNT_GROUP;
	struct sv text = root_text(row, row->json, "file");
	struct diag diag = {.error = NULL};
	struct rootfs rootfs = {.max_symlinks = 40};
	struct accounts accounts = {.rootfs = &rootfs, .arena = row->arena, .diag = &diag};
	enum verdict verdict;
	struct root root;

	if (root_make(&root) && root_file(&root, account_name(which) + 1, text, 0644)) {
		rootfs.fd = root.fd;
		verdict = accounts_read(&accounts, which)
				  ? row_fails(row, "the file cannot be read")
				  : check_file(row, &accounts.files[which], passwd);
	} else {
		verdict = row_fails(row, "cannot make a root in %s", root.name);
	}
	root_remove(&root);
	return verdict;
}
