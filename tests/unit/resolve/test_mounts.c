/* SPDX-License-Identifier: Apache-2.0 */
/* What is found under a mount, or may be: exec.md, mounts. */
#include "unit/resolve/libos_given.h"

#include <stdarg.h>

/* Members behind "process"; the text around it closes two maps. */
#define MOUNTED(process, destinations)                                                   \
	process "}, \"mounts\": [{\"destination\": \"/proc\"}, " destinations            \
		"], \"annotations\": {"
#define AT(path)   "{\"destination\": \"" path "\", \"type\": \"bind\"}"
#define HOME	   "\"cwd\": \"/\""
#define PATH(list) HOME ", \"env\": [\"PATH=" list "\"]"


/* The subjects of the warnings, which name the mounts. */
static void assert_under(const char *program, const char *more, ...)
{
	struct ocienv_config *config = started(OCIENV_LIBOS_NONE, program, more);
	struct ocienv_warning w;
	const char *expected;
	va_list args;

	va_start(args, more);
	for (size_t i = 0; !ocienv_config_warning(config, i, &w); i++) {
		if (strcmp(w.code, "under-mount") != 0)
			continue;
		expected = va_arg(args, const char *);
		assert_non_null(expected);
		assert_string_equal(w.subject, expected);
		assert_string_equal(w.origin.document, "config.json");
		assert_true(w.origin.column > 0);
	}
	assert_null(va_arg(args, const char *));
	va_end(args);
}

static void the_program_lies_under_a_mount(void **state)
{
	(void)state;
	assert_under("/bin/app", MOUNTED(HOME, AT("/bin")), "/bin", NULL);
	assert_under("/bin/app", MOUNTED(HOME, AT("/bin/app")), "/bin/app", NULL);
	assert_under("/bin/app", MOUNTED(HOME, AT("/bin/../bin/./")), "/bin/../bin/./", NULL);
	/* runc: a relative one starts at the root */
	assert_under("/bin/app", MOUNTED(HOME, AT("bin")), "bin", NULL);
	/* the one on top */
	assert_under("/bin/app", MOUNTED(HOME, AT("/bin/app") ", " AT("/bin")), "/bin", NULL);
	assert_under("app", MOUNTED(PATH("/bin"), AT("/bin")), "/bin", NULL);
	assert_under("./app", MOUNTED("\"cwd\": \"/bin\"", AT("/bin")), "/bin", NULL);
	assert_under("/bin/app", MOUNTED(HOME, AT("/")), "/", "/", NULL); /* and its loader */
}

static void others_do_not_matter(void **state)
{
	(void)state;
	assert_under("/bin/app", MOUNTED(HOME, AT("/bi")), NULL);
	assert_under("/bin/app", MOUNTED(HOME, AT("/bin/app2")), NULL);
	assert_under("/bin/app", MOUNTED(HOME, AT("/bin/app/x")), NULL);
	assert_under("/bin/app", MOUNTED(HOME, AT("/etc/hosts") ", " AT("/dev/shm")), NULL);
	assert_under("/bin/app", MOUNTED("\"cwd\": \"/sub\"", AT("/sub")), NULL);
	/* no file is executed where a link leads nowhere */
	tree_link(&tree, "/loop", "loop");
	assert_under("/bin/app", MOUNTED(HOME, AT("/loop") ", " AT("/proc/self/fd")), NULL);
}

/* runc resolves the destination in the root; so an image can move a mount. */
/* Longer than a path may be: the runtime's problem. */
static void a_place_that_is_too_long_is_passed_over(void **state)
{
	static char more[8000];
	size_t used = (size_t)snprintf(more, sizeof(more), HOME "}, \"mounts\": [" AT("/bin")
				       ", {\"destination\": \"");

	(void)state;
	for (int i = 0; i < 1000; i++)
		used += (size_t)snprintf(more + used, sizeof(more) - used, "/abcd");
	(void)snprintf(more + used, sizeof(more) - used, "\"}], \"annotations\": {");
	assert_under("/bin/app", more, "/bin", NULL);
}

static void places_are_resolved_in_the_root(void **state)
{
	(void)state;
	tree_link(&tree, "/data", "bin");
	tree_link(&tree, "/far", "/sub/../../bin");
	assert_under("/bin/app", MOUNTED(HOME, AT("/data")), "/data", NULL);
	assert_under("/bin/app", MOUNTED(HOME, AT("/far/app")), "/far/app", NULL);
	assert_under("/data/app", MOUNTED(HOME, AT("/bin")), "/bin", NULL);
	assert_under("/data/app", MOUNTED(HOME, AT("/sub")), NULL);
}

static void the_loader_and_interpreters_count(void **state)
{
	(void)state;
	tree_text(&tree, "/app/run", 0755, "#!/bin/sh -e\n");
	assert_under("/bin/app", MOUNTED(HOME, AT("/lib64")), "/lib64", NULL);
	assert_under("/app/run", MOUNTED(HOME, AT("/bin")), "/bin", NULL);
	assert_under("/app/run", MOUNTED(HOME, AT("/app") ", " AT("/bin/sh")), "/app",
		     "/bin/sh", NULL);
}

/* A volume in front of the image's directory may bring a program of the same name along. */
static void places_searched_before_count(void **state)
{
	(void)state;
	assert_under("app", MOUNTED(PATH("/tools/bin:/bin"), AT("/tools")), "/tools", NULL);
	assert_under("app", MOUNTED(PATH("/sub:/bin"), AT("/sub/app")), "/sub/app", NULL);
	assert_under("app", MOUNTED(PATH("/bin:/tools"), AT("/tools")), NULL);
	assert_under("app", MOUNTED(PATH("/sub:/bin"), AT("/sub/other")), NULL);
	given.options.runtime = OCIENV_RUNTIME_CRUN;
	assert_under("app", MOUNTED("\"cwd\": \"/sub\", \"env\": [\"PATH=:/bin\"]", AT("/sub")),
		     "/sub", NULL);
}

static void a_missing_program_may_be_under_a_mount(void **state)
{
	static const struct {
		const char *program, *more, *message;
	} rows[] = {
		{"/tools/app", MOUNTED(HOME, AT("/tools")), "under the mount \"/tools\""},
		{"tool", MOUNTED(PATH("/bin:/opt"), AT("/opt")), "under the mount \"/opt\""},
		{"./tool", MOUNTED("\"cwd\": \"/sub\"", AT("/sub")), "under the mount \"/sub\""},
		{"tool", MOUNTED(PATH("/bin"), AT("/opt")), "expected \"tool\" in PATH"},
		{"/tools/app", MOUNTED(HOME, AT("/tool")), "\"/tools/app\" does not exist"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_no_config(NULL, start(rows[i].program, rows[i].more), OCIENV_ERR_NOTFOUND);
		if (!strstr(given.error.message, rows[i].message))
			fail_msg("\"%s\" says nothing of \"%s\"", given.error.message,
				 rows[i].message);
		assert_int_equal(given.error.line, 1);
		assert_null(strstr(given.error.message, "/bin:"));
	}
}

static void volume_mounts_of_a_pod_count(void **state)
{
	struct ocienv_config *config;

	(void)state;
	config = config_of(NULL, pod_of(POD("    command: [/bin/app]\n    volumeMounts:\n"
					    "    - {name: v, mountPath: /bin}\n    - null\n"
					    "    - {name: w}\n")));
	assert_true(has_warning(config, "under-mount", "/bin"));
}

/* What many mounts cost has an end. */
static void steps_are_counted(void **state)
{
	enum { MOUNTS = 30000 };
	char *text = test_malloc(MOUNTS * 24 + 200), *end = text;

	(void)state;
	end += sprintf(end, HOME ", \"env\": [\"PATH=");
	for (int i = 0; i < 4000; i++)
		end += sprintf(end, "/bin:");
	end += sprintf(end, "\"]}, \"mounts\": [");
	for (int i = 0; i < MOUNTS; i++)
		end += sprintf(end, "%s{\"destination\":\"/b\"}", i ? "," : "");
	sprintf(end, "], \"annotations\": {");
	given.options.limits = &(struct ocienv_limits){
		.size = sizeof(struct ocienv_limits), .max_nodes = 1 << 20};
	assert_no_config(NULL, start("tool", text), OCIENV_ERR_LIMIT);
	assert_non_null(strstr(given.error.message, "mounts take more steps"));
	test_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROOTED(the_program_lies_under_a_mount),
		ROOTED(others_do_not_matter),
		ROOTED(a_place_that_is_too_long_is_passed_over),
		ROOTED(places_are_resolved_in_the_root),
		ROOTED(the_loader_and_interpreters_count),
		ROOTED(places_searched_before_count),
		ROOTED(a_missing_program_may_be_under_a_mount),
		ROOTED(volume_mounts_of_a_pod_count),
		ROOTED(steps_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
