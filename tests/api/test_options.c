/* SPDX-License-Identifier: Apache-2.0 */
/* Options and limits: structs of other sizes, unknown numbers, and what each limit stops. */
#include "api.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

static int32_t read_spec(const struct ocienv_options *options, struct ocienv_error *error)
{
	struct ocienv_layer *layer = NULL;
	int32_t status;

	error_fill(error);
	status = ocienv_layer_from_runtime_spec(&layer, &spec_document, options, error);
	if (status) {
		assert_null(layer);
		check_error(status, error);
	} else {
		assert_non_null(layer);
		assert_true(error_is_filled(error));
	}
	ocienv_layer_free(layer);
	return status;
}

#define REFUSED(...) assert_int_equal(read_spec(OPTIONS(__VA_ARGS__), &error), OCIENV_ERR_ARGUMENT)

static void test_unknown_numbers(void **state)
{
	struct ocienv_error error;

	(void)state;
	for (uint32_t i = 0; i <= OCIENV_RUNTIME_CRUN_1_8; i++)
		assert_int_equal(read_spec(OPTIONS(.runtime = i), &error), 0);
	REFUSED(.runtime = OCIENV_RUNTIME_CRUN_1_8 + 1);
	REFUSED(.runtime = UINT32_MAX);
	REFUSED(.cri = OCIENV_CRI_CRIO + 1);
	REFUSED(.cri = UINT32_MAX);
	REFUSED(.flags = OCIENV_INSIDE_LIBOS << 1);
	REFUSED(.flags = UINT32_MAX);
	REFUSED(.pod_kind = OCIENV_POD_CONTAINER + 1);
	REFUSED(.pod_kind = UINT32_MAX);
	REFUSED(.pod_kind = OCIENV_POD_SPEC, .workload = "Pod/p");
	for (uint32_t i = 0; i <= OCIENV_POD_CONTAINER; i++)
		assert_int_equal(read_spec(OPTIONS(.pod_kind = i), &error), 0);
	REFUSED(.user = OCIENV_USER_DOCKER + 1);
	REFUSED(.user = UINT32_MAX);
	REFUSED(.libos = OCIENV_LIBOS_GRAMINE + 1);
	REFUSED(.stack_size = 1); /* of which LibOS? */
	assert_int_equal(read_spec(OPTIONS(.libos = OCIENV_LIBOS_OCCLUM, .stack_size = 1,
					   .flags = OCIENV_ACCEPT_ROOT), &error), 0);
	assert_int_equal(read_spec(OPTIONS(.flags = OCIENV_STRICT), &error), 0);
}

/* In a child that dies of openat2: how it ended. */
static int resolve_without_openat2(uint32_t flags)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = 4, .filter = filter};
	int root = tree_begin(), status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		struct ocienv_exec exec;

		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
			_exit(77);
		_exit(ocienv_config_exec(make_config(OPTIONS(.flags = flags), root), &exec) ||
		      strcmp(exec.canonical, "/bin/script") != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	tree_end();
	return status;
}

static void test_inside_a_libos(void **state)
{
	int status = resolve_without_openat2(OCIENV_INSIDE_LIBOS);

	(void)state;
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
	status = resolve_without_openat2(0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void test_library_paths(void **state)
{
	static const char *const good[] = {"/", "/a b", "/a/", "/\xc3\xa9"};
	static const char *const bad[] = {"", "a", "./a", "/a:/b", "/a;/b", "/a:", "/\xff", NULL};
	const char *many[257];
	struct ocienv_error error;

	(void)state;
	assert_int_equal(read_spec(OPTIONS(.library_path = good, .library_path_count = 4), &error),
			 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		REFUSED(.library_path = &bad[i], .library_path_count = 1);
	REFUSED(.library_path_count = 1);
	for (size_t i = 0; i < 257; i++)
		many[i] = "/a";
	assert_int_equal(read_spec(OPTIONS(.library_path = many, .library_path_count = 256),
				   &error), 0);
	REFUSED(.library_path = many, .library_path_count = 257);
}

static void *no_alloc(void *ctx, size_t size)
{
	(void)ctx;
	(void)size;
	return NULL;
}

static void no_free(void *ctx, void *ptr)
{
	(void)ctx;
	(void)ptr;
	fail();
}

static void test_allocators(void **state)
{
	const struct ocienv_allocator half = {no_alloc, NULL, NULL}, other = {NULL, no_free, NULL};
	const struct ocienv_allocator none = {no_alloc, no_free, NULL};
	struct ocienv_error error;

	(void)state;
	REFUSED(.allocator = &half);
	REFUSED(.allocator = &other);
	assert_int_equal(read_spec(OPTIONS(.allocator = &none), &error), OCIENV_ERR_NOMEM);
}

/* An older program's struct ends earlier: what it does not have is 0, and is not looked at. */
static void test_older_options(void **state)
{
	struct ocienv_options options;
	struct ocienv_error error;

	(void)state;
	memset(&options, 0xff, sizeof(options));
	options.size = offsetof(struct ocienv_options, allocator);
	assert_int_equal(read_spec(&options, &error), 0);
	options.allocator = NULL;
	options.limits = NULL;
	options.size = offsetof(struct ocienv_options, runtime);
	assert_int_equal(read_spec(&options, &error), 0);
	options.runtime = options.cri = 0;
	options.size = offsetof(struct ocienv_options, flags);
	assert_int_equal(read_spec(&options, &error), 0);
	options.flags = OCIENV_STRICT;
	options.user = 0;
	options.size = offsetof(struct ocienv_options, workload);
	assert_int_equal(read_spec(&options, &error), 0);
	options.workload = options.container = options.hostname = NULL;
	options.size = offsetof(struct ocienv_options, pod_kind);
	assert_int_equal(read_spec(&options, &error), 0);
}

/* A size that ends inside a member would make half a pointer of it. */
static void test_size_inside_a_member(void **state)
{
	struct ocienv_options options = {.size = 0};
	struct ocienv_limits limits = {.size = 0};
	struct ocienv_error error;

	(void)state;
	options.allocator = (const struct ocienv_allocator *)&options;
	options.size = SIZE_MAX & ~(size_t)15; /* nobody set it */
	assert_int_equal(read_spec(&options, &error), OCIENV_ERR_ARGUMENT);
	for (size_t size = 0; size < sizeof(options); size++) {
		options.size = size;
		if (size < sizeof(size_t) || size % sizeof(void *))
			assert_int_equal(read_spec(&options, &error), OCIENV_ERR_ARGUMENT);
	}
	for (size_t size = 0; size < sizeof(limits); size++) {
		limits.size = size;
		assert_int_equal(read_spec(OPTIONS(.limits = &limits), &error),
				 size < sizeof(size_t) || size % sizeof(uint32_t)
					 ? OCIENV_ERR_ARGUMENT
					 : 0);
	}
}

/* A newer program's struct is longer: what this library does not know must be unset. */
static void test_newer_structs(void **state)
{
	struct {
		struct ocienv_options options;
		uint64_t more[4];
	} longer = {.options = {.size = sizeof(longer)}};
	struct {
		struct ocienv_limits limits;
		uint32_t more[4];
	} bounds = {.limits = {.size = sizeof(bounds)}};
	struct ocienv_error error;

	(void)state;
	longer.options.limits = &bounds.limits;
	assert_int_equal(read_spec(&longer.options, &error), 0);
	longer.more[3] = 1;
	assert_int_equal(read_spec(&longer.options, &error), OCIENV_ERR_ARGUMENT);
	longer.more[3] = 0;
	bounds.more[0] = 1;
	assert_int_equal(read_spec(&longer.options, &error), OCIENV_ERR_ARGUMENT);
}

/* Every function looks at its options. */
static void test_everywhere(void **state)
{
	const struct ocienv_options *bad = OPTIONS(.user = OCIENV_USER_DOCKER + 1);
	struct ocienv_config *config = make_spec_config(NULL), *other = NULL;
	struct ocienv_layer *layer = make_spec(NULL), *another = NULL;
	const struct ocienv_layer *layers[] = {layer};
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_buffer buffer = {0};

	(void)state;
	assert_int_equal(ocienv_cluster_new(&cluster, bad, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_layer_from_image_config(&another, &image_document, bad, NULL),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_layer_from_pod(&another, &pod_document, NULL, bad, NULL),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_layer_decode(&another, &image_document, bad, NULL),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_decode(&other, &image_document, bad, NULL),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_resolve(&other, layers, 1, OCIENV_NO_ROOTFS, bad, NULL),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_layer_encode(&buffer, layer, bad, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_layer_report(&buffer, layer, bad, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_encode(&buffer, config, bad, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_encode_public(&buffer, config, public_key, sizeof(public_key), bad, NULL),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_report(&buffer, config, bad, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_gramine(&buffer, config, bad, NULL), OCIENV_ERR_ARGUMENT);
	assert_null(cluster);
	assert_null(another);
	assert_null(other);
	assert_null(buffer.data);
	ocienv_layer_free(layer);
	ocienv_config_free(config);
}

static void test_limits(void **state)
{
	struct ocienv_error error;

	(void)state;
#define STOPPED(...)                                                                      \
	assert_int_equal(read_spec(OPTIONS(.limits = LIMITS(__VA_ARGS__)), &error),       \
			 OCIENV_ERR_LIMIT)
#define PASSES(...) assert_int_equal(read_spec(OPTIONS(.limits = LIMITS(__VA_ARGS__)), &error), 0)
	STOPPED(.max_document = (uint32_t)spec_document.size - 1);
	PASSES(.max_document = (uint32_t)spec_document.size);
	STOPPED(.max_depth = 2);
	PASSES(.max_depth = 4);
	STOPPED(.max_nodes = 8);
	STOPPED(.max_string = 4);
	STOPPED(.max_env = 1);
	PASSES(.max_env = 2);
	PASSES(.max_args = 1);
	PASSES(.max_result = 65536);
	/* 64 times their sum is more than 32 bits hold, or nothing in 32 bits. */
	PASSES(.max_document = 48U << 20, .max_result = 16U << 20);
	PASSES(.max_document = UINT32_MAX, .max_result = UINT32_MAX);
#undef STOPPED
#undef PASSES
}

static void test_limit_of_arguments(void **state)
{
	const struct ocienv_document two =
		DOCUMENT("i.json", "{\"config\": {\"Cmd\": [\"a\", \"b\"]}}");
	struct ocienv_layer *layer = NULL;

	(void)state;
	assert_int_equal(ocienv_layer_from_image_config(
				 &layer, &two, OPTIONS(.limits = LIMITS(.max_args = 1)), NULL),
			 OCIENV_ERR_LIMIT);
	assert_null(layer);
	assert_int_equal(ocienv_layer_from_image_config(
				 &layer, &two, OPTIONS(.limits = LIMITS(.max_args = 2)), NULL),
			 0);
	ocienv_layer_free(layer);
}

/* The bound of what is made holds for buffers and for what is read back, too. */
static void test_limit_of_results(void **state)
{
	const struct ocienv_options *small = OPTIONS(.limits = LIMITS(.max_result = 100));
	struct ocienv_config *config = make_spec_config(NULL), *other = NULL;
	struct ocienv_layer *layer = make_spec(NULL), *another = NULL;
	struct ocienv_buffer buffer = {0}, blob = {0};
	struct ocienv_document document = {.name = "b"};
	struct ocienv_error error;

	(void)state;
	assert_int_equal(ocienv_config_encode(&buffer, config, small, &error), OCIENV_ERR_LIMIT);
	check_error(OCIENV_ERR_LIMIT, &error);
	assert_int_equal(ocienv_config_encode_public(&buffer, config, public_key, sizeof(public_key), small, NULL),
			 OCIENV_ERR_LIMIT);
	assert_int_equal(ocienv_config_report(&buffer, config, small, NULL), OCIENV_ERR_LIMIT);
	assert_int_equal(ocienv_layer_encode(&buffer, layer, small, NULL), OCIENV_ERR_LIMIT);
	assert_int_equal(ocienv_layer_report(&buffer, layer, small, NULL), OCIENV_ERR_LIMIT);
	assert_null(buffer.data);
	assert_int_equal(ocienv_config_encode(&blob, config, NULL, NULL), 0);
	document.data = blob.data;
	document.size = blob.size;
	assert_int_equal(ocienv_config_decode(&other, &document,
					      OPTIONS(.limits = LIMITS(.max_env = 1)), &error),
			 OCIENV_ERR_LIMIT);
	check_error(OCIENV_ERR_LIMIT, &error);
	ocienv_buffer_free(&blob);
	assert_int_equal(ocienv_layer_encode(&blob, layer, NULL, NULL), 0);
	document.data = blob.data;
	document.size = blob.size;
	assert_int_equal(ocienv_layer_decode(&another, &document,
					     OPTIONS(.limits = LIMITS(.max_env = 1)), NULL),
			 OCIENV_ERR_LIMIT);
	assert_null(other);
	assert_null(another);
	ocienv_buffer_free(&blob);
	ocienv_layer_free(layer);
	ocienv_config_free(config);
}

static void test_limits_of_a_cluster_stay(void **state)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_string = 4};
	struct ocienv_options options = {.size = sizeof(options), .limits = &limits};
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_error error;

	(void)state;
	assert_int_equal(ocienv_cluster_new(&cluster, &options, NULL), 0);
	memset(&limits, 0xff, sizeof(limits)); /* was copied */
	memset(&options, 0xff, sizeof(options));
	assert_int_equal(ocienv_cluster_add_fact(cluster, "spec.nodeName", MARKER, &error),
			 OCIENV_ERR_LIMIT);
	check_error(OCIENV_ERR_LIMIT, &error);
	assert_int_equal(ocienv_cluster_add_fact(cluster, "spec.nodeName", "node", NULL), 0);
	assert_int_equal(ocienv_cluster_add_objects(cluster, &objects_document, &error),
			 OCIENV_ERR_LIMIT);
	check_error(OCIENV_ERR_LIMIT, &error);
	ocienv_cluster_free(cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_numbers),
		cmocka_unit_test(test_inside_a_libos),
		cmocka_unit_test(test_library_paths),
		cmocka_unit_test(test_allocators),
		cmocka_unit_test(test_older_options),
		cmocka_unit_test(test_size_inside_a_member),
		cmocka_unit_test(test_newer_structs),
		cmocka_unit_test(test_everywhere),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_limit_of_arguments),
		cmocka_unit_test(test_limit_of_results),
		cmocka_unit_test(test_limits_of_a_cluster_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
