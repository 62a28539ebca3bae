/* SPDX-License-Identifier: Apache-2.0 */
/* Names by "*" and "?", as the C library's fnmatch() takes them. */
#include "unit/unit.h"

#include "base/glob.h"

#include <fnmatch.h>

enum { LONGEST = 5 };

/* The next text over `alphabet`, the shorter ones first; false: there is none. */
static bool next(char *text, const char *alphabet)
{
	size_t len = strlen(text);

	for (size_t i = len; i--;) {
		const char *at = strchr(alphabet, text[i]) + 1;

		text[i] = *at ? *at : alphabet[0];
		if (*at)
			return true;
	}
	if (len == LONGEST)
		return false;
	memset(text, alphabet[0], len + 1);
	text[len + 1] = '\0';
	return true;
}

static void all_short_globs_are_those_of_fnmatch(void **state)
{
	char glob[LONGEST + 1] = "", text[LONGEST + 1];

	(void)state;
	do {
		text[0] = '\0';
		do {
			uint64_t steps = 100;
			bool expected = fnmatch(glob, text, FNM_NOESCAPE) == 0;

			if (glob_match(sv_of(glob), sv_of(text), &steps) != expected)
				fail_msg("\"%s\", \"%s\"", glob, text);
		} while (next(text, "ab"));
	} while (next(glob, "ab*?"));
}

/* What else means something to a shell is a byte like any other, and "/" is none of its own. */
static void other_bytes_stand_for_themselves(void **state)
{
	uint64_t steps = 100;

	(void)state;
	assert_true(glob_match(SV("[a]"), SV("[a]"), &steps));
	assert_false(glob_match(SV("[a]"), SV("a"), &steps));
	assert_true(glob_match(SV("\\?"), SV("\\x"), &steps));
	assert_true(glob_match(SV("a*c?"), SV("a/b/c/"), &steps));
	assert_true(glob_match(SV("?"), SV("\xff"), &steps));
}

static void the_last_star_takes_back_all_that_it_needs(void **state)
{
	uint64_t steps = 1000;

	(void)state;
	assert_true(glob_match(SV("*aab"), SV("aaaaaab"), &steps));
	assert_true(glob_match(SV("*ab*abc"), SV("abababcabc"), &steps));
	assert_false(glob_match(SV("*ab*abc"), SV("abababcab"), &steps));
}

static void a_pattern_has_a_star_or_a_question_mark(void **state)
{
	(void)state;
	assert_true(glob_is_pattern(SV("A*")));
	assert_true(glob_is_pattern(SV("?A")));
	assert_false(glob_is_pattern(SV("A[B]")));
	assert_false(glob_is_pattern(SV("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_short_globs_are_those_of_fnmatch),
		cmocka_unit_test(other_bytes_stand_for_themselves),
		cmocka_unit_test(the_last_star_takes_back_all_that_it_needs),
		cmocka_unit_test(a_pattern_has_a_star_or_a_question_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
