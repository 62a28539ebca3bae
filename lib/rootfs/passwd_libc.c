/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of etc/passwd as two C libraries read them: runtimes in C and Rust find HOME with
 * theirs, inside the container. Written down here so that the answer does not depend on the
 * library that this one is linked to.
 */
#include "rootfs/accounts.h"

/* C strings: what stands behind a NUL is not there. */
static struct sv until_nul(struct sv text)
{
	return sv_from(text.ptr, sv_find(text, '\0'));
}

static struct sv skip_space(struct sv text)
{
	while (text.len && memchr(" \t\n\v\f\r", text.ptr[0], 6))
		text = sv_skip(text, 1);
	return text;
}

static bool both_plain(struct sv uid, struct sv gid)
{
	return sv_is_plain_number(uid) && sv_is_plain_number(gid);
}

/* strtoul() by glibc: white space, a sign, digits; a negative number is counted from 2^64.
 * Returns the bytes that were taken, 0: no number. */
static size_t read_unsigned(struct sv text, uint64_t *ret)
{
	struct sv rest = skip_space(text), digits;
	bool negative = rest.len && rest.ptr[0] == '-', over = false;
	uint64_t value = 0;

	rest = sv_skip(rest, negative || (rest.len && rest.ptr[0] == '+') ? 1 : 0);
	digits = rest;
	while (rest.len && rest.ptr[0] >= '0' && rest.ptr[0] <= '9') {
		unsigned int digit = (unsigned int)(rest.ptr[0] - '0');

		over = over || value > (UINT64_MAX - digit) / 10;
		value = value * 10 + digit;
		rest = sv_skip(rest, 1);
	}
	*ret = over ? UINT64_MAX : negative ? 0 - value : value;
	return rest.len == digits.len ? 0 : text.len - rest.len;
}

/* glibc's INT_FIELD: an id of 32 bits that ends with the field or the line. With NIS (a name
 * of "+" or "-") the digits may be missing, the field may not. */
static bool read_glibc_id(struct sv *line, bool nis, struct sv *field, int64_t *ret)
{
	uint64_t value;
	size_t used = read_unsigned(*line, &value);

	if (!used && (!nis || !line->len))
		return false;
	if (used < line->len && line->ptr[used] != ':')
		return false;
	*field = sv_from(line->ptr, used);
	*line = sv_skip(*line, used + 1);
	*ret = used ? (int64_t)value : 0;
	return !used || value <= UINT32_MAX;
}

static bool read_glibc_line(struct sv line, struct passwd_entry *ret)
{
	struct sv uid, gid, rest = line;
	bool nis;

	(void)sv_cut(&rest, ':', &ret->name);
	nis = ret->name.len && memchr("+-", ret->name.ptr[0], 2);
	rest = rest.ptr ? rest : sv_skip(line, line.len);
	if (nis && !rest.len)
		return true; /* the line of a name alone: root, with a null pointer as home */
	rest = sv_skip(rest, sv_find(rest, ':') + 1); /* the password */
	if (!read_glibc_id(&rest, nis, &uid, &ret->uid) ||
	    !read_glibc_id(&rest, nis, &gid, &ret->gid))
		return false;
	rest = sv_skip(rest, sv_find(rest, ':') + 1); /* the full name */
	ret->home = sv_from(rest.ptr, sv_find(rest, ':'));
	ret->clean = account_name_is_clean(ret->name) && both_plain(uid, gid);
	return true;
}

/* Blanks before a line do not count; comments, and lines that are no entries, are passed
 * over. Where blanks stand before a C string without line feed, the last line or one with a NUL,
 * its last bytes come twice in glibc 2.36: nobody's home. */
bool passwd_next_glibc(struct sv *rest, uint32_t *line, struct passwd_entry *ret)
{
	struct sv whole, text;

	while (sv_cut(rest, '\n', &whole)) {
		++*line;
		text = skip_space(until_nul(whole));
		*ret = (struct passwd_entry){.line = *line};
		if (!text.len || text.ptr[0] == '#' || !read_glibc_line(text, ret))
			continue;
		if ((!rest->ptr || sv_contains(whole, '\0')) && text.ptr != whole.ptr) {
			ret->clean = false;
			ret->home = SV_NONE;
		}
		return true;
	}
	return false;
}

/* Digits, as many as there are, modulo 2^32; behind them must be a colon. */
static bool read_musl_id(struct sv *line, struct sv *field, int64_t *ret)
{
	uint32_t value = 0;
	size_t n = 0;

	while (n < line->len && line->ptr[n] >= '0' && line->ptr[n] <= '9')
		value = value * 10 + (uint32_t)(line->ptr[n++] - '0');
	if (n == line->len || line->ptr[n] != ':')
		return false;
	*field = sv_from(line->ptr, n);
	*line = sv_skip(*line, n + 1);
	*ret = value;
	return true;
}

static bool cut_field(struct sv *line, struct sv *field)
{
	size_t n = sv_find(*line, ':');

	if (n == line->len)
		return false;
	*field = sv_from(line->ptr, n);
	*line = sv_skip(*line, n + 1);
	return true;
}

/* All seven fields must be there. The name has a byte at least, whichever that is. */
static bool read_musl_line(struct sv line, struct passwd_entry *ret)
{
	struct sv rest = until_nul(sv_skip(line, 1)), skipped, uid, gid;

	if (!line.len || !cut_field(&rest, &ret->name))
		return false;
	ret->name = until_nul(sv_from(line.ptr, ret->name.len + 1));
	if (!cut_field(&rest, &skipped) || !read_musl_id(&rest, &uid, &ret->uid) ||
	    !read_musl_id(&rest, &gid, &ret->gid) || !cut_field(&rest, &skipped) ||
	    !cut_field(&rest, &ret->home))
		return false;
	ret->clean = account_name_is_clean(ret->name) && both_plain(uid, gid);
	return true;
}

/* No comments, and no trimming. The last byte of a line is taken off whether it is a line
 * end or not, so a last line that has none loses a byte. */
bool passwd_next_musl(struct sv *rest, uint32_t *line, struct passwd_entry *ret)
{
	struct sv text;

	while (sv_cut(rest, '\n', &text)) {
		++*line;
		if (!rest->ptr && text.len)
			text.len--;
		*ret = (struct passwd_entry){.line = *line};
		if (read_musl_line(text, ret))
			return true;
	}
	return false;
}
