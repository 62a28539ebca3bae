/* SPDX-License-Identifier: Apache-2.0 */
/* runc's last step, in its three generations (rules 6). */
#include "unit/unit.h"

#include "resolve/runtime.h"

enum { HEAD = OCIENV_RUNTIME_RUNC, OLD = OCIENV_RUNTIME_RUNC_1_2, MIDDLE = OCIENV_RUNTIME_RUNC_1_3 };

static struct arena arena;
static struct ocienv_error error;
static bool home_unknown; /* to passwd */

static const struct diag diag = {&error, NULL, {NULL, 0}};
static const struct blame blamed = {&diag, NULL};

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	error = (struct ocienv_error){0};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

/* Entries are separated by "|"; "~" is a NUL; NULL: there is no list. */
static struct env_list env_of(const char *text)
{
	struct env_list list = {.present = text != NULL};
	struct sv rest = sv_of(text), part;

	list.items = ARENA_ARRAY(&arena, 64, struct env_entry);
	while (text && text[0] && sv_cut(&rest, '|', &part)) {
		char *copy = arena_strdup(&arena, part);
		struct origin from = {.source = OCIENV_SOURCE_RUNTIME, .mark = {list.count + 1, 1}};

		for (size_t i = 0; i < part.len; i++)
			if (copy[i] == '~')
				copy[i] = '\0';
		env_entry_set(&list.items[list.count++], sv_from(copy, part.len), from);
	}
	return list;
}

/* A home that is known already. */
struct known_home {
	struct home_source source;
	struct sv value;
};

static int32_t find_known(const struct home_source *source, struct text *ret, bool *unknown)
{
	const struct known_home *known = (const struct known_home *)source;

	*ret = (struct text){known->value, {.source = OCIENV_SOURCE_RUNTIME, .document = 9}};
	*unknown = home_unknown;
	return OCIENV_OK;
}

static int32_t run(uint32_t runtime, const char *env, struct sv home, struct env_list *ret)
{
	struct known_home known = {{find_known}, home};
	struct runtime_input in = {.runtime = runtime,
				   .home = home.ptr ? &known.source : NULL,
				   .blame = &blamed,
				   .arena = &arena,
				   .scratch = &arena};

	*ret = env_of(env);
	return runtime_env(&in, ret);
}

static void assert_env(uint32_t runtime, const char *env, const char *home,
		       const char *expected)
{
	struct env_list list;
	char text[256] = "";

	if (run(runtime, env, sv_of(home), &list))
		fail_msg("%s", error.message);
	for (uint32_t i = 0; i < list.count; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
			       i ? "|" : "", list.items[i].text.ptr);
	assert_string_equal(text, expected);
}

static void a_repeated_name_has_its_last_value(void **state)
{
	(void)state;
	assert_env(HEAD, "A=1|B=2|A=3|HOME=/h", "/p", "B=2|A=3|HOME=/h");
	assert_env(MIDDLE, "A=1|B=2|A=3|HOME=/h", "/p", "B=2|A=3|HOME=/h");
	assert_env(OLD, "A=1|B=2|A=3|HOME=/h", "/p", "A=3|B=2|HOME=/h");
}

static void a_home_that_is_absent_or_empty_is_filled(void **state)
{
	static const struct {
		const char *env, *head, *old;
	} rows[] = {
		{"A=1", "A=1|HOME=/p", "A=1|HOME=/p"},
		{"HOME=|A=1", "A=1|HOME=/p", "HOME=/p|A=1"},
		{"HOME=/x|A=1|HOME=", "A=1|HOME=/p", "HOME=/p|A=1"},
		{"HOME=|A=1|HOME=/x", "A=1|HOME=/x", "HOME=/x|A=1"},
		{"", "HOME=/p", "HOME=/p"},
		{"HOMER=1|home=2", "HOMER=1|home=2|HOME=/p", "HOMER=1|home=2|HOME=/p"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_env(HEAD, rows[i].env, "/p", rows[i].head);
		assert_env(MIDDLE, rows[i].env, "/p", rows[i].head);
		assert_env(OLD, rows[i].env, "/p", rows[i].old);
	}
}

static void an_empty_home_field_gives_an_empty_home(void **state)
{
	(void)state;
	assert_env(HEAD, "A=1", "", "A=1|HOME=");
	assert_env(OLD, "HOME=|A=1", "", "HOME=|A=1");
}

static void without_a_list_only_one_generation_adds_nothing(void **state)
{
	(void)state;
	assert_env(HEAD, NULL, "/p", "HOME=/p");
	assert_env(OLD, NULL, "/p", "HOME=/p");
	assert_env(MIDDLE, NULL, "/p", "");
	assert_env(MIDDLE, "", "/p", "HOME=/p");
}

static void a_home_that_nobody_knows_is_not_guessed(void **state)
{
	(void)state;
	assert_env(HEAD, "A=1", NULL, "A=1");
	assert_env(HEAD, "HOME=/x", NULL, "HOME=/x");
	assert_env(HEAD, "HOME=|A=1", NULL, "A=1");
	assert_env(OLD, "HOME=|A=1", NULL, "A=1");
}

static void names_are_taken_as_they_are(void **state)
{
	(void)state;
	assert_env(HEAD, "a b=1|A =2|\xff=3|HOME=/", "/p", "a b=1|A =2|\xff=3|HOME=/");
	assert_env(HEAD, "A==x=|HOME=/", "/p", "A==x=|HOME=/");
}

static void assert_refused(uint32_t runtime, const char *env, int32_t status, uint32_t entry)
{
	struct env_list list;

	assert_int_equal(run(runtime, env, SV("/p"), &list), status);
	assert_int_equal(error.status, status);
	assert_int_equal(error.line, entry);
}

static void malformed_entries_are_refused(void **state)
{
	static const uint32_t all[] = {HEAD, OLD, MIDDLE};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_refused(all[i], "A=1|B", OCIENV_ERR_VALUE, 2);
		assert_refused(all[i], "A=1|", OCIENV_ERR_VALUE, 2);
		assert_refused(all[i], "=x|A=1", OCIENV_ERR_VALUE, 1);
		assert_refused(all[i], "A=1|B=a~b", OCIENV_ERR_ENCODING, 2);
		assert_refused(all[i], "A~=1", OCIENV_ERR_ENCODING, 1);
		/* hidden by a later entry, and still counted */
		assert_refused(all[i], "A|A=1", OCIENV_ERR_VALUE, 1);
	}
}

static void of_several_faults_old_runc_says_the_first_and_new_the_last(void **state)
{
	(void)state;
	assert_refused(HEAD, "A|B=1|=x", OCIENV_ERR_VALUE, 3);
	assert_refused(MIDDLE, "A|B=~|C=1", OCIENV_ERR_ENCODING, 2);
	assert_refused(OLD, "A|B=~|=x", OCIENV_ERR_VALUE, 1);
}

static void a_nul_that_is_overridden_counts_for_old_runc_only(void **state)
{
	(void)state;
	assert_env(HEAD, "A=~|A=1|HOME=/", "/p", "A=1|HOME=/");
	assert_env(MIDDLE, "A=~|A=1|HOME=/", "/p", "A=1|HOME=/");
	assert_refused(OLD, "A=~|A=1", OCIENV_ERR_ENCODING, 1);
	assert_refused(HEAD, "A=1|A=~", OCIENV_ERR_ENCODING, 2);
}

static void a_home_field_that_no_environment_can_hold_is_refused(void **state)
{
	struct env_list list;

	(void)state;
	assert_int_equal(run(HEAD, "A=1", SV("/h\0x"), &list), OCIENV_ERR_ENCODING);
	assert_int_equal(run(OLD, "A=1", SV("/h\xff"), &list), OCIENV_ERR_ENCODING);
	/* ... where it is used. */
	assert_int_equal(run(HEAD, "HOME=/x", SV("/h\0x"), &list), OCIENV_OK);
}

static void a_kept_value_remembers_all_that_it_overrode(void **state)
{
	const struct overrode *lost;
	struct env_list list;

	(void)state;
	assert_int_equal(run(HEAD, "A=1|B=1|A=2|A=3", SV("/p"), &list), OCIENV_OK);
	assert_string_equal(list.items[1].text.ptr, "A=3");
	lost = list.items[1].overrode;
	assert_int_equal(lost->from.mark.line, 3);
	assert_int_equal(lost->next->from.mark.line, 1);
	assert_null(lost->next->next);
	assert_int_equal(run(OLD, "HOME=/x|HOME=", SV("/p"), &list), OCIENV_OK);
	lost = list.items[0].overrode;
	assert_int_equal(lost->from.mark.line, 2);
	assert_int_equal(lost->next->from.mark.line, 1);
	assert_int_equal(list.items[0].from.document, 9);
}

static int32_t check(const char *cwd, uint32_t argc)
{
	struct text_list args = {.present = true, .count = argc};
	struct text text = {.value = sv_of(cwd)};

	return runtime_check(OCIENV_RUNTIME_RUNC, &args, &text, &blamed);
}

static void the_working_directory_is_checked_before_the_arguments(void **state)
{
	static const char *const bad[] = {NULL, "", "w/x", ".", " /"};

	(void)state;
	assert_int_equal(check("/w", 1), OCIENV_OK);
	assert_int_equal(check("/../x//", 1), OCIENV_OK);
	assert_int_equal(check("/", 0), OCIENV_ERR_VALUE);
	assert_non_null(strstr(error.message, "at least one argument"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(check(bad[i], 0), OCIENV_ERR_VALUE);
		assert_non_null(strstr(error.message, "absolute working directory"));
	}
}

/* A uid without a line in passwd: crun 1.8 leaves HOME alone, all others say "/". */
static void old_crun_has_no_home_for_strangers(void **state)
{
	static const struct {
		uint32_t runtime;
		bool unknown;
		const char *expected;
	} rows[] = {
		{OCIENV_RUNTIME_CRUN_1_8, true, "A=1"},
		{OCIENV_RUNTIME_CRUN_1_8, false, "A=1|HOME=/"},
		{OCIENV_RUNTIME_CRUN, true, "A=1|HOME=/"},
		{OCIENV_RUNTIME_RUNC_1_1, true, "A=1|HOME=/"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		home_unknown = rows[i].unknown;
		assert_env(rows[i].runtime, "A=1", "/", rows[i].expected);
	}
	home_unknown = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_repeated_name_has_its_last_value),
		TEST(a_home_that_is_absent_or_empty_is_filled),
		TEST(an_empty_home_field_gives_an_empty_home),
		TEST(without_a_list_only_one_generation_adds_nothing),
		TEST(a_home_that_nobody_knows_is_not_guessed),
		TEST(names_are_taken_as_they_are),
		TEST(malformed_entries_are_refused),
		TEST(of_several_faults_old_runc_says_the_first_and_new_the_last),
		TEST(a_nul_that_is_overridden_counts_for_old_runc_only),
		TEST(a_home_field_that_no_environment_can_hold_is_refused),
		TEST(a_kept_value_remembers_all_that_it_overrode),
		TEST(old_crun_has_no_home_for_strangers),
		TEST(the_working_directory_is_checked_before_the_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
