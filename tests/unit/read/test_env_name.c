/* SPDX-License-Identifier: Apache-2.0 */
/* The grammars of names (rule 7); test_vectors has every byte of them. */
#include "unit/unit.h"

#include "read/env_name.h"

enum { STRICT = 1, RELAXED = 2, C_NAME = 4, KEY = 8, LABEL = 16, SUBDOMAIN = 32 };

static void assert_grammars(struct sv name, unsigned int expected)
{
	unsigned int found = (env_name_strict(name) ? STRICT : 0U) |
			     (env_name_relaxed(name) ? RELAXED : 0U) |
			     (env_name_c_identifier(name) ? C_NAME : 0U) |
			     (config_key_valid(name) ? KEY : 0U) |
			     (dns_label_valid(name) ? LABEL : 0U) |
			     (dns_subdomain_valid(name) ? SUBDOMAIN : 0U);

	if (found != expected)
		fail_msg("\"%.*s\": expected %u, found %u", SV_ARG(name), expected, found);
}

static void each_grammar_takes_its_names_alone(void **state)
{
	(void)state;
	assert_grammars(SV(""), 0);
	assert_grammars(SV_NONE, 0);
	assert_grammars(SV("a"), STRICT | RELAXED | C_NAME | KEY | LABEL | SUBDOMAIN);
	assert_grammars(SV("_A1"), STRICT | RELAXED | C_NAME | KEY);
	assert_grammars(SV("1a"), RELAXED | KEY | LABEL | SUBDOMAIN);
	assert_grammars(SV("a-b"), STRICT | RELAXED | KEY | LABEL | SUBDOMAIN);
	assert_grammars(SV("a.b"), STRICT | RELAXED | KEY | SUBDOMAIN);
	assert_grammars(SV("a..b"), STRICT | RELAXED | KEY);
	assert_grammars(SV("-a"), STRICT | RELAXED | KEY);
	assert_grammars(SV("a-"), STRICT | RELAXED | KEY);
	assert_grammars(SV("a-.b"), STRICT | RELAXED | KEY);
	assert_grammars(SV("."), RELAXED);
	assert_grammars(SV(".."), RELAXED);
	assert_grammars(SV("..a"), RELAXED);
	assert_grammars(SV(".a"), STRICT | RELAXED | KEY);
	assert_grammars(SV("a."), STRICT | RELAXED | KEY);
	assert_grammars(SV("a b"), RELAXED);
	assert_grammars(SV("$(A)"), RELAXED);
	assert_grammars(SV("a\n"), 0);
	assert_grammars(SV("a\0"), 0);
	assert_grammars(SV("a=b"), 0);
	assert_grammars(SV("\xc3\xa9"), 0);
	assert_grammars(SV("\x7f"), 0);
}

static void lengths_have_their_bounds(void **state)
{
	char name[260];

	(void)state;
	memset(name, 'a', sizeof(name));
	assert_grammars(sv_from(name, 63), STRICT | RELAXED | C_NAME | KEY | LABEL | SUBDOMAIN);
	assert_grammars(sv_from(name, 64), STRICT | RELAXED | C_NAME | KEY | SUBDOMAIN);
	assert_grammars(sv_from(name, 253), STRICT | RELAXED | C_NAME | KEY | SUBDOMAIN);
	assert_grammars(sv_from(name, 254), STRICT | RELAXED | C_NAME);
}

static void keys_of_labels_are_qualified_names(void **state)
{
	static const char *const good[] = {"a", "A", "a.b_c-D", "x.y/a", "1/2"};
	static const char *const bad[] = {"",   "/a", "a/",  "a/b/c", "-a", "a-", "a b",
					  "x_y/a", "a=",  "X.Y/a", "x..y/a"};
	char name[330];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(qualified_name_valid(sv_of(good[i]), false));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(qualified_name_valid(sv_of(bad[i]), false));
	assert_true(qualified_name_valid(SV("X.Y/a"), true));
	memset(name, 'a', sizeof(name));
	assert_true(qualified_name_valid(sv_from(name, 63), false));
	assert_false(qualified_name_valid(sv_from(name, 64), false));
	name[253] = '/';
	assert_true(qualified_name_valid(sv_from(name, 254 + 63), false));
	assert_false(qualified_name_valid(sv_from(name, 254 + 64), false));
	name[253] = 'a';
	name[254] = '/';
	assert_false(qualified_name_valid(sv_from(name, 256), false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_grammar_takes_its_names_alone),
		cmocka_unit_test(lengths_have_their_bounds),
		cmocka_unit_test(keys_of_labels_are_qualified_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
