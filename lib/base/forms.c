/* SPDX-License-Identifier: Apache-2.0 */
#include "base/forms.h"

#include "base/utf8.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex_digit(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool all(struct sv text, bool (*is)(char))
{
	for (size_t i = 0; i < text.len; i++)
		if (!is(text.ptr[i]))
			return false;
	return text.len > 0;
}

bool form_number(struct sv text, uint64_t max)
{
	uint64_t value;

	return sv_is_plain_number(text) && is_digit(text.ptr[0]) &&
	       sv_to_u64(text, max, &value);
}

bool form_port(struct sv text)
{
	return form_number(text, 65535) && text.ptr[0] != '0';
}

bool form_ipv4(struct sv text)
{
	struct sv octet;
	size_t count = 0;

	for (; text.ptr; count++)
		if (count == 4 || !sv_cut(&text, '.', &octet) || !form_number(octet, 255))
			return false;
	return count == 4;
}

/* Groups with ":" between them; how many 16-bit words they are, or 9. An IPv4 address may
 * stand at the end. */
static unsigned int count_words(struct sv text, bool may_end_in_ipv4)
{
	unsigned int words = 0;
	struct sv group;

	if (!text.len)
		return 0;
	while (words < 9 && sv_cut(&text, ':', &group)) {
		bool last = !text.ptr;

		if (group.len <= 4 && all(group, is_hex_digit))
			words++;
		else if (last && may_end_in_ipv4 && form_ipv4(group))
			words += 2;
		else
			return 9;
	}
	return words;
}

bool form_ipv6(struct sv text)
{
	unsigned int left, right;

	if (text.len > 45)
		return false;
	for (size_t i = 0; i + 1 < text.len; i++) {
		if (text.ptr[i] != ':' || text.ptr[i + 1] != ':')
			continue;
		left = count_words(sv_from(text.ptr, i), false);
		right = count_words(sv_skip(text, i + 2), true);
		return left + right < 8;
	}
	return count_words(text, true) == 8;
}

static bool is_label_byte(char c)
{
	return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
}

static bool is_label(struct sv text)
{
	return all(text, is_label_byte) && text.ptr[0] != '-' && text.ptr[text.len - 1] != '-';
}

bool form_dns_label(struct sv text)
{
	return text.len <= 63 && is_label(text);
}

bool form_dns_name(struct sv text)
{
	struct sv rest = text, label;

	if (!text.len || text.len > 253)
		return false;
	while (sv_cut(&rest, '.', &label))
		if (!form_dns_label(label))
			return false;
	return true;
}

static bool is_printable(struct sv text, bool tab)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if ((c < 0x20 && !(tab && c == '\t')) || c == 0x7f)
			return false;
	}
	return utf8_valid(text);
}

bool form_abs_path(struct sv text)
{
	struct sv rest = text, component;

	if (!text.len || text.ptr[0] != '/' || !is_printable(text, false))
		return false;
	while (sv_cut(&rest, '/', &component))
		if (sv_eq(component, SV("..")))
			return false;
	return true;
}

bool form_path_list(struct sv text)
{
	struct sv path;

	if (!text.len)
		return false;
	while (sv_cut(&text, ':', &path))
		if (!form_abs_path(path))
			return false;
	return true;
}

static bool is_scheme_byte(char c)
{
	return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

static bool is_url_byte(char c)
{
	return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '`';
}

bool form_url(struct sv text)
{
	struct sv scheme = sv_from(text.ptr, sv_find(text, ':'));
	struct sv rest = sv_skip(text, scheme.len);

	return all(scheme, is_scheme_byte) && is_letter(scheme.ptr[0]) &&
	       sv_has_prefix(rest, SV("://")) && all(sv_skip(rest, 3), is_url_byte);
}

bool form_hex(struct sv text)
{
	return text.len % 2 == 0 && all(text, is_hex_digit);
}

static bool is_base64_byte(char c)
{
	return is_letter(c) || is_digit(c) || c == '+' || c == '/';
}

bool form_base64(struct sv text)
{
	size_t padding = 0;

	while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=')
		padding++;
	return text.len && text.len % 4 == 0 &&
	       all(sv_from(text.ptr, text.len - padding), is_base64_byte);
}

bool form_text(struct sv text)
{
	return is_printable(text, true);
}
