/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An input is an etc/passwd or an etc/group: each reader of its lines against another one. For
 * glibc that is the C library itself, for the others one made of string functions.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include "promise.h"
#include "rootfs/accounts.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 16384, FIELDS = 7 };

static char *copy_of(struct sv text)
{
	char *copy =
	    calloc(1, text.len + 2); /* two, as musl looks behind the end of "\n" */

	PROMISE(copy);
	sv_write(copy, text);
	return copy;
}

/* --- moby/sys/user ----------------------------------------------------------------------- */

/* Go's unicode.IsSpace, in UTF-8. */
static const char *const spaces[] = {
    " ",
    "\t",
    "\n",
    "\v",
    "\f",
    "\r",
    "\xc2\x85",
    "\xc2\xa0",
    "\xe1\x9a\x80",
    "\xe2\x80\x80",
    "\xe2\x80\x81",
    "\xe2\x80\x82",
    "\xe2\x80\x83",
    "\xe2\x80\x84",
    "\xe2\x80\x85",
    "\xe2\x80\x86",
    "\xe2\x80\x87",
    "\xe2\x80\x88",
    "\xe2\x80\x89",
    "\xe2\x80\x8a",
    "\xe2\x80\xa8",
    "\xe2\x80\xa9",
    "\xe2\x80\xaf",
    "\xe2\x81\x9f",
    "\xe3\x80\x80",
};

static struct sv trim(struct sv text)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
			struct sv space = sv_of(spaces[i]);
			size_t rest = text.len - space.len;

			if (sv_has_prefix(text, space))
				text = sv_skip(text, space.len);
			else if (text.len >= space.len &&
				 sv_eq(sv_skip(text, rest), space))
				text.len = rest;
			else
				continue;
			again = true;
		}
	}
	return text;
}

static size_t split(struct sv text, char by, struct sv *parts, size_t most)
{
	size_t count = 0, start = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.ptr[i] != by)
			continue;
		if (count < most)
			parts[count] = sv_from(text.ptr + start, i - start);
		count++;
		start = i + 1;
	}
	return count;
}

/* strconv.Atoi, whose error nobody looks at. */
static int64_t number(struct sv text)
{
	bool sign = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
	bool negative = sign && text.ptr[0] == '-';
	uint64_t value = 0, most = (uint64_t)INT64_MAX + negative;

	for (size_t i = sign; i < text.len; i++) {
		unsigned int digit;

		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return 0;
		digit = (unsigned int)(text.ptr[i] - '0');
		if (value > (UINT64_MAX - digit) / 10) { /* what stands behind is not looked at */
			value = UINT64_MAX;
			break;
		}
		value = value * 10 + digit;
	}
	value = value > most ? most : value;
	return negative ? (int64_t)(0 - value) : (int64_t)value;
}

/* An id that all readers agree about. */
static bool is_plain(struct sv text)
{
	char digits[32];

	(void)snprintf(digits, sizeof(digits), "%lld", (long long)number(text));
	return digits[0] != '-' && sv_eq(text, sv_of(digits));
}

static bool is_clean_name(struct sv text)
{
	return text.len && text.ptr[0] != '#' && text.ptr[0] != '+' && text.ptr[0] != '-';
}

/* The fields of the next line that has any, and its number; those that are missing are empty. */
static bool next_fields(const struct sv *lines, size_t count, uint32_t *line,
			bool comments, struct sv *fields)
{
	struct sv text = SV("");

	while (*line < count && (!text.len || (comments && text.ptr[0] == '#')))
		text = trim(lines[(*line)++]);
	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = SV("");
	if (!text.len || (comments && text.ptr[0] == '#'))
		return false;
	(void)split(text, ':', fields, FIELDS);
	return true;
}

static void check_passwd(struct sv input, const struct sv *lines, size_t count)
{
	struct sv rest = input, fields[FIELDS];
	struct passwd_entry entry;
	uint32_t line = 0, other = 0;

	while (passwd_next(&rest, &line, &entry)) {
		PROMISE(next_fields(lines, count, &other, false, fields));
		PROMISE(entry.line == other && line == other);
		PROMISE(sv_eq(entry.name, fields[0]));
		PROMISE(entry.uid == number(fields[2]) && entry.gid == number(fields[3]));
		PROMISE(entry.home.ptr && sv_eq(entry.home, fields[5]));
		PROMISE(entry.clean == (is_clean_name(fields[0]) && is_plain(fields[2]) &&
					is_plain(fields[3])));
	}
	PROMISE(!next_fields(lines, count, &other, false, fields));
}

static void check_members(const struct group_entry *entry, struct sv written,
			  struct sv name)
{
	struct sv *members = calloc(written.len + 1, sizeof(*members));
	size_t count = written.len ? split(written, ',', members, written.len + 1) : 0;
	bool found = false;

	PROMISE(members);
	for (size_t i = 0; i < count && i < 64; i++)
		PROMISE(group_has_member(entry, members[i]));
	for (size_t i = 0; i < count; i++)
		found |= sv_eq(members[i], name);
	PROMISE(group_has_member(entry, name) == found);
	free(members);
}

static void check_group(struct sv input, const struct sv *lines, size_t count)
{
	struct sv rest = input, fields[FIELDS];
	struct group_entry entry;
	uint32_t line = 0, other = 0;

	while (group_next(&rest, &line, &entry)) {
		PROMISE(next_fields(lines, count, &other, true, fields));
		PROMISE(entry.line == other && line == other);
		PROMISE(sv_eq(entry.name, fields[0]) && sv_eq(entry.members, fields[3]));
		PROMISE(entry.gid == number(fields[2]));
		PROMISE(entry.clean == (is_clean_name(fields[0]) && is_plain(fields[2])));
		check_members(&entry, fields[3], fields[0]);
		check_members(&entry, fields[3], SV(""));
	}
	PROMISE(!next_fields(lines, count, &other, true, fields));
}

static void check_moby(struct sv input)
{
	size_t count = split(input, '\n', NULL, 0);
	struct sv *lines = calloc(count, sizeof(*lines));

	PROMISE(lines);
	(void)split(input, '\n', lines, count);
	check_passwd(input, lines, count);
	check_group(input, lines, count);
	free(lines);
}

/* --- musl -------------------------------------------------------------------------------- */

static uint32_t musl_number(char **at)
{
	uint32_t value = 0;

	for (; **at >= '0' && **at <= '9'; ++*at)
		value = 10 * value + (uint32_t)(**at - '0');
	return value;
}

/* The colon that ends a field becomes a NUL; NULL: there is none. */
static char *musl_cut(char *at)
{
	char *colon = at ? strchr(at, ':') : NULL;

	if (colon)
		*colon++ = '\0';
	return colon;
}

/* One line without its last byte, in memory that goes on behind it with NULs. */
static bool musl_entry(char *line, struct passwd *ret)
{
	char *at;

	ret->pw_name = line;
	at = musl_cut(musl_cut(line + 1));
	if (!at)
		return false;
	ret->pw_uid = musl_number(&at);
	if (*at++ != ':')
		return false;
	ret->pw_gid = musl_number(&at);
	if (*at++ != ':')
		return false;
	ret->pw_dir = musl_cut(at);
	return musl_cut(ret->pw_dir);
}

static void check_musl(struct sv input)
{
	struct sv left = input, rest = input;
	uint32_t line = 0, number_of_line = 0;
	struct passwd_entry entry;

	while (left.len) { /* getline() answers nothing where nothing is left */
		size_t len = sv_find(left, '\n');
		bool ended = len < left.len;
		char *text = copy_of(sv_from(left.ptr, ended ? len : len - 1));
		struct passwd other;

		number_of_line++;
		left = sv_skip(left, len + 1);
		if (musl_entry(text, &other)) {
			PROMISE(passwd_next_musl(&rest, &line, &entry));
			PROMISE(entry.line == number_of_line && line == number_of_line);
			PROMISE(sv_eq(entry.name, sv_of(other.pw_name)));
			PROMISE(entry.uid == other.pw_uid && entry.gid == other.pw_gid);
			PROMISE(entry.home.ptr && sv_eq(entry.home, sv_of(other.pw_dir)));
		}
		free(text);
	}
	PROMISE(!passwd_next_musl(&rest, &line, &entry));
}

/* --- glibc ------------------------------------------------------------------------------- */

/* Lines that glibc 2.36 spoils as it reads them become comments: blanks, and then a C string
 * without line feed. */
static void comment_out(char *text, size_t size)
{
	for (size_t start = 0, end; start < size; start = end + 1) {
		struct sv line = sv_from(text + start, size - start);

		line.len = sv_find(line, '\n');
		end = start + line.len;
		if (line.len && memchr(" \t\v\f\r", line.ptr[0], 5) &&
		    (end == size || sv_contains(line, '\0')))
			text[start] = '#';
	}
}

static size_t count_glibc(struct sv input)
{
	struct passwd_entry entry;
	uint32_t line = 0;
	size_t count = 0;

	for (; passwd_next_glibc(&input, &line, &entry); count++)
		PROMISE(entry.line == line);
	return count;
}

#ifdef __GLIBC__
/* A stream that, other than that of fmemopen(), goes on behind a NUL. */
static ssize_t read_some(void *cookie, char *buffer, size_t size)
{
	struct sv *left = cookie;
	size_t count = size < left->len ? size : left->len;

	if (count)
		memcpy(buffer, left->ptr, count);
	*left = sv_skip(*left, count);
	return (ssize_t)count;
}

static void check_glibc(struct sv input)
{
	static char buffer[4 * MOST];
	struct sv left = input, rest = input;
	FILE *file = fopencookie(&left, "r", (cookie_io_functions_t){.read = read_some});
	struct passwd other, *got;
	struct passwd_entry entry;
	uint32_t line = 0;

	PROMISE(file && 2 * input.len + 64 <= sizeof(buffer));
	while (!fgetpwent_r(file, &other, buffer, 2 * input.len + 64, &got)) {
		PROMISE(passwd_next_glibc(&rest, &line, &entry));
		PROMISE(entry.line == line);
		PROMISE(sv_eq(entry.name, sv_of(other.pw_name)));
		PROMISE(entry.uid == other.pw_uid && entry.gid == other.pw_gid);
		PROMISE(!entry.home.ptr == !other.pw_dir);
		PROMISE(sv_eq(entry.home, sv_of(other.pw_dir)));
	}
	PROMISE(!passwd_next_glibc(&rest, &line, &entry));
	(void)fclose(file);
}
#else
static void check_glibc(struct sv input)
{
	(void)input;
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv input = sv_from((const char *)data, size);
	char *without_spoiled;

	if (size > MOST)
		return 0;
	check_moby(input);
	check_musl(input);
	without_spoiled = copy_of(input);
	comment_out(without_spoiled, input.len);
	check_glibc(sv_from(without_spoiled, input.len));
	free(without_spoiled);
	PROMISE(count_glibc(input) <= size);
	return 0;
}
