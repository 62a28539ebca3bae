/* SPDX-License-Identifier: Apache-2.0 */
/* LD_LIBRARY_PATH: what goes in front of it, and where Gramine finds a loader. */
#include "unit/resolve/libos_given.h"

#define ENV(value) "\"cwd\": \"/\", \"env\": [\"HOME=/\", \"LD_LIBRARY_PATH=" value "\", \"Z=\"]"
#define NO_ENV	   "\"cwd\": \"/\", \"env\": [\"HOME=/\"]"

static void libraries(const char *const *directories)
{
	given.options.library_path = directories;
	for (given.options.library_path_count = 0; directories[given.options.library_path_count];)
		given.options.library_path_count++;
}

#define LIBRARIES(...) libraries((const char *const[]){__VA_ARGS__, NULL})

static void directories_go_in_front(void **state)
{
	static const struct {
		const char *given, *result;
	} rows[] = {
		{ENV("/app/lib"), "LD_LIBRARY_PATH=/app:/lib64:/app/lib"},
		{ENV("/lib64:/x"), "LD_LIBRARY_PATH=/app:/lib64:/lib64:/x"},
		/* no entry is empty */
		{ENV(""), "LD_LIBRARY_PATH=/app:/lib64"},
		{ENV(":"), "LD_LIBRARY_PATH=/app:/lib64"},
		{ENV("/a:"), "LD_LIBRARY_PATH=/app:/lib64:/a"},
		{ENV("::/a::/b:"), "LD_LIBRARY_PATH=/app:/lib64:/a:/b"},
	};

	(void)state;
	LIBRARIES("/app", "/lib64");
	for (uint32_t libos = OCIENV_LIBOS_NONE; libos <= OCIENV_LIBOS_GRAMINE; libos++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			assert_config_env(started(libos, "/bin/app", rows[i].given), "HOME=/",
					  rows[i].result, "Z=", NULL);
	assert_config_env(started(OCIENV_LIBOS_OCCLUM, "/bin/app", NO_ENV), "HOME=/",
			  "LD_LIBRARY_PATH=/app:/lib64", NULL);
}

static void only_directories_of_the_rootfs_and_each_once(void **state)
{
	(void)state;
	tree_text(&tree, "/file", 0644, "");
	tree_link(&tree, "/lib", "lib64");
	tree_link(&tree, "/dangling", "nowhere");
	tree_link(&tree, "/loop", "loop");
	LIBRARIES("/no", "/file", "/lib", "/lib64", "/dangling", "/loop", "/file/x", "/app/", "/app");
	assert_config_env(started(OCIENV_LIBOS_OCCLUM, "/bin/app", NO_ENV), "HOME=/",
			  "LD_LIBRARY_PATH=/lib:/app/", NULL);
}

static void none_of_them_changes_nothing(void **state)
{
	struct ocienv_config *config;

	(void)state;
	LIBRARIES("/no", "/nothing");
	config = started(OCIENV_LIBOS_OCCLUM, "/bin/app", ENV(":/a"));
	assert_config_env(config, "HOME=/", "LD_LIBRARY_PATH=:/a", "Z=", NULL);
	assert_true(has_warning(config, "library-path-missing", "LD_LIBRARY_PATH"));
	assert_config_env(started(OCIENV_LIBOS_OCCLUM, "/bin/app", NO_ENV), "HOME=/", NULL);
	given.rootfs = OCIENV_NO_ROOTFS;
	LIBRARIES("/app");
	config = started(OCIENV_LIBOS_OCCLUM, "/bin/app", ENV("/a"));
	assert_config_env(config, "HOME=/", "LD_LIBRARY_PATH=/a", "Z=", NULL);
	assert_true(has_warning(config, "library-path-missing", "LD_LIBRARY_PATH"));
}

static void the_variable_says_what_became_of_it(void **state)
{
	struct ocienv_config *config;
	struct ocienv_origin origin;

	(void)state;
	LIBRARIES("/app");
	config = started(OCIENV_LIBOS_OCCLUM, "/bin/app", ENV("/a"));
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, 1, 0, &origin), 0);
	assert_int_equal(origin.source, OCIENV_SOURCE_LIBOS);
	assert_int_equal(origin.line, 0);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, 1, 1, &origin), 0);
	assert_int_equal(origin.source, OCIENV_SOURCE_RUNTIME);
	assert_string_equal(origin.document, "config.json");
	assert_int_equal(origin.lost_in, OCIENV_STEP_LIBOS);
	assert_false(has_warning(config, "library-path-replaced", "LD_LIBRARY_PATH"));
}

static void a_secret_stays_one(void **state)
{
	struct ocienv_origin origin;
	struct ocienv_layer *pod;

	(void)state;
	cluster_has("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n"
		    "stringData: {l: /secret}\n");
	pod = pod_of(POD("    command: [/bin/app]\n    env:\n    - name: LD_LIBRARY_PATH\n"
			 "      valueFrom: {secretKeyRef: {name: s, key: l}}\n"));
	LIBRARIES("/app");
	for (size_t i = 0;; i++) {
		struct ocienv_config *config = config_of(NULL, pod);

		if (strncmp(ocienv_config_envp(config, NULL)[i], "LD_LIB", 6) != 0)
			continue;
		assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, i, 0, &origin), 0);
		break;
	}
	assert_int_equal(origin.source, OCIENV_SOURCE_LIBOS);
	assert_int_equal(origin.secret, 1);
}

static void occlums_own_libraries_may_be_lost(void **state)
{
	(void)state;
	assert_true(has_warning(started(OCIENV_LIBOS_OCCLUM, "/bin/app", ENV("/a")),
				"library-path-replaced", "LD_LIBRARY_PATH"));
	assert_false(has_warning(started(OCIENV_LIBOS_OCCLUM, "/bin/app", NO_ENV),
				 "library-path-replaced", "LD_LIBRARY_PATH"));
}

/* What Gramine did with such a value; the loader is in /lib64, and /lib is not there. */
static void gramine_finds_the_loader_by_its_base_name(void **state)
{
	static const char *const good[] = {NO_ENV, ENV("/lib64"), ENV("/no:/lib64"), ENV("/lib64/"),
					   ENV(":/lib64"), ENV("lib64")};
	static const char *const bad[] = {ENV(""), ENV(":"), ENV("/no"), ENV("/app"),
					  ENV("/no;/lib64")};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		(void)started(OCIENV_LIBOS_GRAMINE, "/bin/app", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_stops(OCIENV_LIBOS_GRAMINE, "/bin/app", bad[i],
			     "give \"/lib64\" as library path");
	/* and that helps */
	LIBRARIES("/lib64");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		(void)started(OCIENV_LIBOS_GRAMINE, "/bin/app", bad[i]);
}

static void gramine_needs_no_loader_for_a_static_program(void **state)
{
	(void)state;
	program("/bin/static", 0755, ET_EXEC, EM_X86_64, NULL);
	(void)started(OCIENV_LIBOS_GRAMINE, "/bin/static", ENV(""));
}

static void a_relative_entry_starts_at_the_working_directory(void **state)
{
	(void)state;
	(void)started(OCIENV_LIBOS_GRAMINE, "/bin/app",
		      "\"cwd\": \"/app\", \"env\": [\"LD_LIBRARY_PATH=../lib64\"]");
	assert_stops(OCIENV_LIBOS_GRAMINE, "/bin/app",
		     "\"cwd\": \"/app\", \"env\": [\"LD_LIBRARY_PATH=lib64\"]", "library path");
}

/* Elsewhere than PT_INTERP says, even only there. */
static void a_loader_of_that_name_elsewhere_will_do(void **state)
{
	(void)state;
	tree_dir(&tree, "/opt", 0755);
	program("/opt/ld-linux-x86-64.so.2", 0644, ET_DYN, EM_X86_64, NULL);
	(void)started(OCIENV_LIBOS_GRAMINE, "/bin/app", ENV("/opt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROOTED(directories_go_in_front),
		ROOTED(only_directories_of_the_rootfs_and_each_once),
		ROOTED(none_of_them_changes_nothing),
		ROOTED(the_variable_says_what_became_of_it),
		ROOTED(a_secret_stays_one),
		ROOTED(occlums_own_libraries_may_be_lost),
		ROOTED(gramine_finds_the_loader_by_its_base_name),
		ROOTED(gramine_needs_no_loader_for_a_static_program),
		ROOTED(a_relative_entry_starts_at_the_working_directory),
		ROOTED(a_loader_of_that_name_elsewhere_will_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
