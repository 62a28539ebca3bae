/* SPDX-License-Identifier: Apache-2.0 */
/* What the getters say, and that eight threads at once are told the same. */
#include "api.h"

#include <pthread.h>

static const char *value_of(const struct ocienv_config *config, const char *name, size_t *ret)
{
	size_t count, length = strlen(name);
	const char *const *envp = ocienv_config_envp(config, &count);

	for (size_t i = 0; i < count; i++) {
		if (strncmp(envp[i], name, length) != 0 || envp[i][length] != '=')
			continue;
		*ret = i;
		return envp[i] + length + 1;
	}
	fail_msg("no %s", name);
	return NULL;
}

static void test_vectors_of_strings(void **state)
{
	int root = tree_begin();
	struct ocienv_config *config = make_config(NULL, root);
	size_t argc = 0, envc = 0, at;
	const char *const *argv = ocienv_config_argv(config, &argc);
	const char *const *envp = ocienv_config_envp(config, &envc);

	(void)state;
	assert_int_equal(argc, 3);
	assert_string_equal(argv[0], "script");
	assert_string_equal(argv[1], MARKER);
	assert_string_equal(argv[2], "$(NONE)");
	assert_null(argv[argc]);
	assert_null(envp[envc]);
	assert_ptr_equal(ocienv_config_argv(config, NULL), argv);
	assert_ptr_equal(ocienv_config_envp(config, NULL), envp);
	for (size_t i = 0; i < envc; i++)
		assert_non_null(strchr(envp[i], '='));
	assert_string_equal(value_of(config, "A", &at), "pod");
	assert_string_equal(value_of(config, "URL", &at), "x://" MARKER);
	assert_string_equal(value_of(config, "NODE", &at), "node-1");
	assert_string_equal(value_of(config, "HOME", &at), "/data");
	assert_string_equal(ocienv_config_cwd(config), "/data");
	ocienv_config_free(config);
	tree_end();
}

/* containerd makes 4294967295 of the id of "vast", which no kernel takes for a user: the answer
 * can be told, but there is no blob that holds it. */
static void test_nobodys_number(void **state)
{
	static const char image[] = "{\"config\": {\"Cmd\": [\"/bin/sh\"], \"User\": \"vast\"}}";
	const struct ocienv_document document = {"image", image, sizeof(image) - 1};
	const struct ocienv_options options = {.size = sizeof(options),
					       .user = OCIENV_USER_CONTAINERD};
	struct ocienv_layer *layer;
	struct ocienv_config *config;
	struct ocienv_buffer buffer;
	struct ocienv_error error;
	int root = tree_begin();
	static char report[4096];

	(void)state;
	assert_int_equal(ocienv_layer_from_image_config(&layer, &document, &options, &error), 0);
	assert_int_equal(ocienv_resolve(&config, (const struct ocienv_layer *const *)&layer, 1,
					root, &options, &error),
			 0);
	assert_int_equal(ocienv_config_encode(&buffer, config, &options, &error),
			 OCIENV_ERR_UNSUPPORTED);
	assert_int_equal(ocienv_config_gramine(&buffer, config, &options, &error),
			 OCIENV_ERR_UNSUPPORTED);
	assert_non_null(strstr(error.message, "means neither"));
	assert_int_equal(ocienv_config_report(&buffer, config, &options, &error), 0);
	(void)snprintf(report, sizeof(report), "%.*s", (int)buffer.size, (const char *)buffer.data);
	assert_non_null(strstr(report, "\"uid\":4294967295,\"gid\":5"));
	assert_non_null(strstr(report, "\"digest\":null"));
	ocienv_buffer_free(&buffer);
	ocienv_config_free(config);
	ocienv_layer_free(layer);
	tree_end();
}

static void test_executable_and_user(void **state)
{
	int root = tree_begin();
	struct ocienv_config *config = make_config(NULL, root);
	struct ocienv_exec exec;
	struct ocienv_user user;

	(void)state;
	assert_int_equal(ocienv_config_exec(config, &exec), 0);
	assert_string_equal(exec.path, "/bin/script");
	assert_string_equal(exec.canonical, "/bin/script");
	assert_int_equal(exec.path_index, 0);
	assert_int_equal(exec.interpreter_count, 1);
	assert_string_equal(exec.interpreters[0].path, "/bin/sh");
	assert_string_equal(exec.interpreters[0].arg, "-e");
	assert_string_equal(exec.machine, "x86_64");
	assert_string_equal(exec.elf_type, "exec");
	assert_null(exec.elf_interp);
	assert_true(exec.fd >= 0 && exec.inode);
	assert_int_equal(ocienv_config_user(config, &user), 0);
	assert_int_equal(user.uid, 7);
	assert_int_equal(user.gid, 8);
	assert_int_equal(user.umask, 022);
	assert_int_equal(user.group_count, 2);
	assert_int_equal(user.groups[0], 8);
	assert_int_equal(user.groups[1], 9);
	assert_null(user.name);
	ocienv_config_free(config);
	tree_end();
}

static void test_origins(void **state)
{
	int root = tree_begin();
	struct ocienv_config *config = make_config(NULL, root);
	struct ocienv_origin origin, before;
	size_t at = 0, argc, envc;

	(void)state;
	ocienv_config_argv(config, &argc);
	ocienv_config_envp(config, &envc);
	value_of(config, "A", &at);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, at, 0, &origin), 0);
	assert_int_equal(origin.source, OCIENV_SOURCE_POD);
	assert_string_equal(origin.document, "pod.yaml");
	assert_int_equal(origin.line, 10);
	/* The image has it twice: the later of its values goes first. */
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, at, 1, &origin), 0);
	assert_int_equal(origin.source, OCIENV_SOURCE_IMAGE);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, at, 2, &before), 0);
	assert_int_equal(before.source, OCIENV_SOURCE_IMAGE);
	assert_true(before.column < origin.column);
	value_of(config, "URL", &at);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, at, 0, &origin), 0);
	assert_int_equal(origin.secret, 1);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(origin.reserved[i], 0);

	memset(&origin, 0x5a, sizeof(origin));
	before = origin;
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, at, 1, &origin),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, at, SIZE_MAX, &origin),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, envc, 0, &origin),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ARGV, argc, 0, &origin),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ARGV, 0, 1, &origin),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, SIZE_MAX, 0, &origin),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(config, 0, 0, 0, &origin), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(config, 5, 0, 0, &origin), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(config, UINT32_MAX, 0, 0, &origin),
			 OCIENV_ERR_ARGUMENT);
	assert_memory_equal(&origin, &before, sizeof(origin));
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_CWD, 0, 0, &origin), 0);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_USER, 0, 0, &origin), 0);
	ocienv_config_free(config);
	tree_end();
}

static void test_warnings(void **state)
{
	struct ocienv_config *config = make_config(NULL, OCIENV_NO_ROOTFS);
	struct ocienv_warning warning;
	bool reference = false, home = false;
	struct ocienv_exec exec;
	size_t n = 0;

	(void)state;
	for (; !ocienv_config_warning(config, n, &warning); n++) {
		assert_non_null(warning.code);
		assert_non_null(warning.message);
		reference |= !strcmp(warning.code, "unexpanded-reference");
		home |= !strcmp(warning.code, "home-unresolved");
		assert_null(strstr(warning.message, MARKER));
	}
	assert_true(reference && home);
	assert_int_equal(ocienv_config_warning(config, SIZE_MAX, &warning), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_exec(config, &exec), OCIENV_ERR_ARGUMENT);
	ocienv_config_free(config);
}

/* A user that is still a name has no blob, but a report. */
static void test_without_rootfs(void **state)
{
	const struct ocienv_document document =
		DOCUMENT("i.json", "{\"config\": {\"Cmd\": [\"a\"], \"User\": \"redis\"}}");
	struct ocienv_layer *layer = NULL;
	struct ocienv_config *config = NULL;
	struct ocienv_buffer buffer = {0};
	uint8_t digest[OCIENV_DIGEST_SIZE];
	struct ocienv_user user;
	struct ocienv_error error;

	(void)state;
	assert_int_equal(ocienv_layer_from_image_config(&layer, &document, NULL, NULL), 0);
	assert_int_equal(ocienv_resolve(&config, (const struct ocienv_layer *[]){layer}, 1,
					OCIENV_NO_ROOTFS, NULL, NULL),
			 0);
	assert_int_equal(ocienv_config_user(config, &user), 0);
	assert_string_equal(user.name, "redis");
	assert_int_equal(ocienv_config_encode(&buffer, config, NULL, &error),
			 OCIENV_ERR_UNSUPPORTED);
	check_error(OCIENV_ERR_UNSUPPORTED, &error);
	assert_int_equal(ocienv_config_digest(digest, config, &error), OCIENV_ERR_UNSUPPORTED);
	assert_int_equal(ocienv_config_gramine(&buffer, config, NULL, &error),
			 OCIENV_ERR_UNSUPPORTED);
	check_error(OCIENV_ERR_UNSUPPORTED, &error);
	assert_null(buffer.data);
	assert_int_equal(ocienv_config_report(&buffer, config, NULL, NULL), 0);
	ocienv_buffer_free(&buffer);
	ocienv_config_free(config);
	ocienv_layer_free(layer);
}

/* --- threads ------------------------------------------------------------------------- */

struct shared {
	const struct ocienv_config *config;
	const struct ocienv_buffer *blob, *report;
	const uint8_t *digest;
};

static bool same(const struct ocienv_buffer *one, const struct ocienv_buffer *other)
{
	return one->size == other->size && !memcmp(one->data, other->data, one->size);
}

static bool ask_once(const struct shared *shared)
{
	struct ocienv_buffer blob = {0}, report = {0};
	uint8_t digest[OCIENV_DIGEST_SIZE];
	struct ocienv_origin origin;
	struct ocienv_warning warning;
	struct ocienv_user user;
	struct ocienv_exec exec;
	size_t count;
	bool good = !ocienv_config_encode(&blob, shared->config, NULL, NULL) &&
		    !ocienv_config_report(&report, shared->config, NULL, NULL) &&
		    !ocienv_config_digest(digest, shared->config, NULL) &&
		    !ocienv_config_exec(shared->config, &exec) &&
		    !ocienv_config_user(shared->config, &user) && user.uid == 7 &&
		    ocienv_config_argv(shared->config, &count) && count == 3 &&
		    ocienv_config_envp(shared->config, &count) &&
		    !ocienv_config_origin(shared->config, OCIENV_ITEM_ENV, 0, 0, &origin) &&
		    !ocienv_config_warning(shared->config, 0, &warning);

	good = good && same(&blob, shared->blob) && same(&report, shared->report) &&
	       !memcmp(digest, shared->digest, sizeof(digest));
	ocienv_buffer_free(&blob);
	ocienv_buffer_free(&report);
	return good;
}

static void *ask(void *arg)
{
	for (int i = 0; i < 200; i++)
		if (!ask_once(arg))
			return arg;
	return NULL;
}

static void test_eight_threads(void **state)
{
	int root = tree_begin();
	struct ocienv_config *config = make_config(NULL, root);
	struct ocienv_buffer blob = {0}, report = {0};
	uint8_t digest[OCIENV_DIGEST_SIZE];
	struct shared shared = {config, &blob, &report, digest};
	pthread_t threads[8];

	(void)state;
	assert_int_equal(ocienv_config_encode(&blob, config, NULL, NULL), 0);
	assert_int_equal(ocienv_config_report(&report, config, NULL, NULL), 0);
	assert_int_equal(ocienv_config_digest(digest, config, NULL), 0);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask, &shared), 0);
	for (size_t i = 0; i < 8; i++) {
		void *failed = NULL;

		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	ocienv_buffer_free(&blob);
	ocienv_buffer_free(&report);
	ocienv_config_free(config);
	tree_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobodys_number),
		cmocka_unit_test(test_vectors_of_strings), cmocka_unit_test(test_executable_and_user),
		cmocka_unit_test(test_origins),		   cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_without_rootfs),	   cmocka_unit_test(test_eight_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
