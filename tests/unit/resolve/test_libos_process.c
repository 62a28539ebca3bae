/* SPDX-License-Identifier: Apache-2.0 */
/* What a LibOS makes of the user, the working directory, argv[0] and a large environment. */
#include "unit/resolve/libos_given.h"

#define USER(members) "\"cwd\": \"/\", \"user\": {" members "}"

static void occlum_runs_everything_as_root(void **state)
{
	static const char other[] = USER("\"uid\": 7, \"gid\": 8");

	(void)state;
	assert_stops(OCIENV_LIBOS_OCCLUM, "/bin/app", other, "expected user 0 for Occlum");
	assert_stops(OCIENV_LIBOS_OCCLUM, "/bin/app", other, "found user 7: ask for user 0, or");
	assert_false(has_warning(started(OCIENV_LIBOS_OCCLUM, "/bin/app", ""),
				 "user-not-honoured", "uid"));
	given.options.flags = OCIENV_ACCEPT_ROOT;
	assert_true(has_warning(started(OCIENV_LIBOS_OCCLUM, "/bin/app", other),
				"user-not-honoured", "uid"));
	assert_false(has_warning(started(OCIENV_LIBOS_GRAMINE, "/bin/app", other),
				 "user-not-honoured", "uid"));
}

static void neither_has_supplementary_groups(void **state)
{
	static const struct {
		uint32_t libos;
		const char *user;
		bool warned;
	} rows[] = {
		{OCIENV_LIBOS_OCCLUM, USER("\"uid\": 0"), false},
		{OCIENV_LIBOS_OCCLUM, USER("\"additionalGids\": [0]"), false},
		{OCIENV_LIBOS_OCCLUM, USER("\"additionalGids\": [0, 1]"), true},
		{OCIENV_LIBOS_OCCLUM, USER("\"gid\": 1"), true},
		{OCIENV_LIBOS_GRAMINE, USER("\"uid\": 7, \"gid\": 8"), false},
		{OCIENV_LIBOS_GRAMINE, USER("\"gid\": 8, \"additionalGids\": [8]"), false},
		{OCIENV_LIBOS_GRAMINE, USER("\"gid\": 8, \"additionalGids\": [9, 8]"), true},
		{OCIENV_LIBOS_GRAMINE, USER("\"gid\": 8, \"additionalGids\": [0]"), true},
		{OCIENV_LIBOS_NONE, USER("\"gid\": 8, \"additionalGids\": [0]"), false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(has_warning(started(rows[i].libos, "/bin/app", rows[i].user),
					     "user-not-honoured", "groups"),
				 rows[i].warned);
}

static void occlum_starts_in_the_root(void **state)
{
	struct ocienv_config *config;

	(void)state;
	config = started(OCIENV_LIBOS_OCCLUM, "/bin/app", "\"cwd\": \"/app\"");
	assert_true(has_warning(config, "needs-launcher", "cwd"));
	assert_false(has_warning(config, "cwd-missing", "/app"));
	assert_string_equal(ocienv_config_cwd(config), "/app");
	assert_true(has_warning(started(OCIENV_LIBOS_OCCLUM, "/bin/app", "\"cwd\": \"/no\""),
				"cwd-missing", "/no"));
	assert_false(has_warning(started(OCIENV_LIBOS_OCCLUM, "/bin/app", ""), "needs-launcher",
				 "cwd"));
}

static void occlum_puts_the_base_name_into_argv_0(void **state)
{
	(void)state;
	assert_true(has_warning(started(OCIENV_LIBOS_OCCLUM, "/bin/app", ""), "needs-launcher",
				"argv[0]"));
	assert_false(has_warning(started(OCIENV_LIBOS_OCCLUM, "app",
					 "\"cwd\": \"/\", \"env\": [\"PATH=/bin\"]"),
				 "needs-launcher", "argv[0]"));
	assert_false(has_warning(started(OCIENV_LIBOS_GRAMINE, "/bin/app", ""), "needs-launcher",
				 "argv[0]"));
}

static void gramine_makes_no_working_directory(void **state)
{
	(void)state;
	tree_text(&tree, "/file", 0644, "");
	(void)started(OCIENV_LIBOS_GRAMINE, "/bin/app", "\"cwd\": \"/app\"");
	given.options.libos = OCIENV_LIBOS_GRAMINE;
	assert_no_config(NULL, spec_of("{\"process\": {\"args\": [\"/bin/app\"], \"cwd\": "
				       "\"/no\"}}"),
			 OCIENV_ERR_NOTFOUND);
	assert_non_null(strstr(given.error.message, "make it in the image"));
	assert_int_equal(given.error.line, 1);
}

/* One argument, and HOME from nowhere: a variable that makes `total` bytes with its NUL. */
static struct ocienv_layer *sized(size_t total)
{
	static char text[1 << 20];
	size_t at = (size_t)snprintf(text, sizeof(text),
				     "{\"process\": {\"cwd\": \"/\", \"args\": [\"/bin/app\"], "
				     "\"env\": [\"HOME=/\", \"A=");

	memset(text + at, 'x', total - 3);
	strcpy(text + at + total - 3, "\"]}}");
	return spec_of(text);
}

static void assert_fits(uint32_t libos, size_t largest)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_string = 1 << 20};

	given.options.libos = libos;
	given.options.limits = &limits;
	(void)config_of(NULL, sized(largest));
	assert_no_config(NULL, sized(largest + 1), OCIENV_ERR_UNSUPPORTED);
	given.options.limits = NULL;
}

static void what_does_not_fit_on_the_stack_is_refused(void **state)
{
	(void)state;
	/* "/bin/app" is 9 bytes and "HOME=/" 7. Occlum: 16 + x + 16, and 8 + 240 + 16 + 24 + 8. */
	assert_fits(OCIENV_LIBOS_OCCLUM, 16384 - 8 - 240 - 16 - 24 - 8 - 16 - 16);
	assert_non_null(strstr(given.error.message, "at most 16384 bytes of Occlum's stack, "
						    "found 16400: give "
						    "process.default_stack_size 4198400 bytes"));
	assert_fits(OCIENV_LIBOS_GRAMINE, (256 << 10) - 240 - 8 * (1 + 2 + 3) - 16);
	assert_non_null(strstr(given.error.message, "sys.stack.size"));
	given.options.stack_size = 8 << 20;
	assert_fits(OCIENV_LIBOS_OCCLUM, 32768 - 8 - 240 - 16 - 24 - 8 - 16 - 16);
	given.options.stack_size = 128 << 10;
	assert_fits(OCIENV_LIBOS_GRAMINE, (128 << 10) - 240 - 8 * (1 + 2 + 3) - 16);
}

/* What the message says is the smallest one. */
static void the_stack_that_is_asked_for_is_enough(void **state)
{
	unsigned long long size = 0;

	(void)state;
	given.options.libos = OCIENV_LIBOS_OCCLUM;
	assert_no_config(NULL, sized(20000), OCIENV_ERR_UNSUPPORTED);
	assert_int_equal(sscanf(strstr(given.error.message, "default_stack_size "),
				"default_stack_size %llu", &size), 1);
	given.options.stack_size = size;
	(void)config_of(NULL, sized(20000));
	given.options.stack_size = size - 4096;
	assert_no_config(NULL, sized(20000), OCIENV_ERR_UNSUPPORTED);
}

static void a_stack_with_little_left_gets_a_warning(void **state)
{
	size_t fixed = 240 + 8 * (1 + 2 + 3) + 16, spare = 64 << 10;
	size_t most = (256 << 10) - fixed - spare;

	(void)state;
	given.options.libos = OCIENV_LIBOS_GRAMINE;
	given.options.limits = &(struct ocienv_limits){.size = sizeof(struct ocienv_limits),
						       .max_string = 1 << 20};
	assert_false(has_warning(config_of(NULL, sized(most)), "stack-tight", "sys.stack.size"));
	assert_true(has_warning(config_of(NULL, sized(most + 1)), "stack-tight",
				"sys.stack.size"));
	given.options.limits = NULL;
}

static struct ocienv_layer *many(size_t count)
{
	static char text[1 << 20];
	size_t at = (size_t)snprintf(text, sizeof(text),
				     "{\"process\": {\"cwd\": \"/\", \"args\": [\"/bin/app\"], "
				     "\"env\": [\"HOME=/\"");

	for (size_t i = 1; i < count; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, ", \"V%zu=\"", i);
	strcpy(text + at, "]}}");
	return spec_of(text);
}

static void gramine_stands_so_many_strings(void **state)
{
	(void)state;
	given.options.limits = &(struct ocienv_limits){.size = sizeof(struct ocienv_limits),
						       .max_env = 1 << 16};
	given.options.libos = OCIENV_LIBOS_GRAMINE;
	given.options.stack_size = 16 << 20;
	(void)config_of(NULL, many(15999));
	assert_no_config(NULL, many(16000), OCIENV_ERR_UNSUPPORTED);
	assert_non_null(strstr(given.error.message, "at most 16000 arguments and variables"));
	given.options.libos = OCIENV_LIBOS_OCCLUM;
	given.options.stack_size = 1 << 30;
	(void)config_of(NULL, many(16000));
	given.options.limits = NULL;
}

static void without_a_rootfs_the_rest_is_checked(void **state)
{
	struct ocienv_config *config;

	(void)state;
	given.rootfs = OCIENV_NO_ROOTFS;
	config = started(OCIENV_LIBOS_OCCLUM, "app", "\"cwd\": \"/app\"");
	assert_true(has_warning(config, "cannot-tell", "Occlum"));
	assert_true(has_warning(config, "needs-launcher", "cwd"));
	assert_stops(OCIENV_LIBOS_OCCLUM, "app", USER("\"uid\": 7"), "accept root");
	given.options.libos = OCIENV_LIBOS_OCCLUM;
	assert_no_config(NULL, sized(20000), OCIENV_ERR_UNSUPPORTED);
	assert_true(has_warning(started(OCIENV_LIBOS_GRAMINE, "app", ""), "cannot-tell",
				"Gramine"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROOTED(occlum_runs_everything_as_root),
		ROOTED(neither_has_supplementary_groups),
		ROOTED(occlum_starts_in_the_root),
		ROOTED(occlum_puts_the_base_name_into_argv_0),
		ROOTED(gramine_makes_no_working_directory),
		ROOTED(what_does_not_fit_on_the_stack_is_refused),
		ROOTED(the_stack_that_is_asked_for_is_enough),
		ROOTED(a_stack_with_little_left_gets_a_warning),
		ROOTED(gramine_stands_so_many_strings),
		ROOTED(without_a_rootfs_the_rest_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
