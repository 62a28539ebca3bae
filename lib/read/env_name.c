/* SPDX-License-Identifier: Apache-2.0 */
#include "read/env_name.h"

#include "base/forms.h"

enum { LOWER = 1, UPPER = 2, DIGIT = 4, UNDERSCORE = 8, DASH = 16, DOT = 32 };

#define L LOWER
#define U UPPER
#define D DIGIT

static const uint8_t classes[256] = {
	/* clang-format off */
	['-'] = DASH, ['.'] = DOT, ['_'] = UNDERSCORE,
	['0'] = D, D, D, D, D, D, D, D, D, D,
	['A'] = U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
	['a'] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	/* clang-format on */
};

#undef L
#undef U
#undef D

static unsigned int class_of(char c)
{
	return classes[(unsigned char)c];
}

/* Not empty, the first character of one set, all others of another. */
static bool made_of(struct sv name, unsigned int first, unsigned int rest)
{
	if (!name.len || !(class_of(name.ptr[0]) & first))
		return false;
	for (size_t i = 1; i < name.len; i++)
		if (!(class_of(name.ptr[i]) & rest))
			return false;
	return true;
}

/* "." and whatever starts with ".." would be a path. */
static bool looks_like_a_path(struct sv name)
{
	return sv_eq(name, SV(".")) || sv_has_prefix(name, SV(".."));
}

bool env_name_strict(struct sv name)
{
	unsigned int first = LOWER | UPPER | UNDERSCORE | DASH | DOT;

	return made_of(name, first, first | DIGIT) && !looks_like_a_path(name);
}

bool env_name_relaxed(struct sv name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] < 0x20 || name.ptr[i] > 0x7e || name.ptr[i] == '=')
			return false;
	return name.len > 0;
}

bool env_name_c_identifier(struct sv name)
{
	unsigned int first = LOWER | UPPER | UNDERSCORE;

	return made_of(name, first, first | DIGIT);
}

bool config_key_valid(struct sv key)
{
	unsigned int any = LOWER | UPPER | DIGIT | UNDERSCORE | DASH | DOT;

	return key.len <= 253 && made_of(key, any, any) && !looks_like_a_path(key);
}

bool dns_label_valid(struct sv name)
{
	return form_dns_label(name);
}

bool dns_subdomain_valid(struct sv name)
{
	struct sv rest = name, label;

	if (!name.len || name.len > 253)
		return false;
	while (sv_cut(&rest, '.', &label))
		if (!made_of(label, LOWER | DIGIT, LOWER | DIGIT | DASH) ||
		    label.ptr[label.len - 1] == '-')
			return false;
	return true;
}

bool qualified_name_valid(struct sv key, bool any_case)
{
	unsigned int end = LOWER | UPPER | DIGIT, any = end | DASH | UNDERSCORE | DOT;
	size_t slash = sv_find(key, '/');
	struct sv name = slash < key.len ? sv_skip(key, slash + 1) : key;
	char prefix[253];

	if (slash < key.len) {
		if (slash > sizeof(prefix))
			return false;
		for (size_t i = 0; i < slash; i++)
			prefix[i] = (char)(any_case && class_of(key.ptr[i]) == UPPER
						   ? key.ptr[i] | 0x20
						   : key.ptr[i]);
		if (!dns_subdomain_valid(sv_from(prefix, slash)))
			return false;
	}
	return name.len <= 63 && made_of(name, end, any) &&
	       (class_of(name.ptr[name.len - 1]) & end);
}
