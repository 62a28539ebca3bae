/* SPDX-License-Identifier: Apache-2.0 */
/* What Occlum and Gramine cannot run, and what is done so that they can. */
#define _GNU_SOURCE
#include "unit/resolve/libos_given.h"

#include <unistd.h>

static void what_both_can_run_is_left_alone(void **state)
{
	struct ocienv_exec exec;

	(void)state;
	for (uint32_t libos = OCIENV_LIBOS_NONE; libos <= OCIENV_LIBOS_GRAMINE; libos++) {
		struct ocienv_config *config = started(libos, "/bin/app", "");

		assert_int_equal(ocienv_config_exec(config, &exec), 0);
		assert_string_equal(exec.path, "/bin/app");
		assert_argv(config, "/bin/app", "one", "two", NULL);
		assert_false(has_warning(config, "cannot-tell", "Occlum"));
		assert_false(has_warning(config, "cannot-tell", "Gramine"));
	}
}

/* Occlum takes no "..", wherever it comes from; a directory of PATH is not told. */
static void occlum_takes_no_dotdot_from_path(void **state)
{
	(void)state;
	given.options.runtime = OCIENV_RUNTIME_CRUN; /* runc takes it off as text */
	assert_stops(OCIENV_LIBOS_OCCLUM, "app", "\"cwd\": \"/\", \"env\": [\"PATH=/sub/../bin\"]",
		     "a program path without \"..\"");
	assert_null(strstr(given.error.message, "/sub/"));
}

/* More than fit on the stack that Gramine builds, whatever its size. */
static void a_manifest_has_so_many_strings(void **state)
{
	static const struct ocienv_limits limits = {.size = sizeof(limits), .max_args = 1 << 16};
	static char text[1 << 20];
	struct ocienv_buffer buffer = {0};

	(void)state;
	given.options.limits = &limits;
	for (int count = 15990; count <= 16010; count += 20) {
		size_t used = (size_t)snprintf(text, sizeof(text), "\"cwd\": \"/\", \"args\": [\"/bin/app\"");
		struct ocienv_config *config;
		int32_t status;

		for (int i = 1; i < count; i++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, ",\"x\"");
		(void)snprintf(text + used, sizeof(text) - used,
			       "], \"capabilities\": {\"effective\": [\"CAP_DAC_OVERRIDE\"]}");
		memmove(text + 13, text, strlen(text) + 1);
		memcpy(text, "{\"process\": {", 13);
		strcat(text, "}}");
		config = config_of(NULL, spec_of(text));
		status = ocienv_config_gramine(&buffer, config, &given.options, &given.error);
		assert_int_equal(status, count < 16000 ? OCIENV_OK : OCIENV_ERR_UNSUPPORTED);
		if (status)
			assert_non_null(strstr(given.error.message, "at most 16000 arguments"));
		ocienv_buffer_free(&buffer);
	}
}

/* What the LibOS step made would not be found again by a policy, which is asked before it. */
static void answers_for_a_libos_are_not_pinned(void **state)
{
	static const char *const directories[] = {"/app"};
	struct ocienv_policy *policy = NULL;
	struct ocienv_buffer buffer = {0};

	(void)state;
	assert_int_equal(ocienv_policy_builtin(&policy, "observe", NULL, NULL), 0);
	given.options.policy = policy;
	tree_text(&tree, "/bin/run", 0755, "#!/bin/app -x\n");
	(void)config_of(NULL, start("/bin/run", ""));
	for (int i = 0; i < 3; i++) {
		struct ocienv_config *config;

		given.options.library_path = directories;
		given.options.library_path_count = i == 1;
		config = started(i ? OCIENV_LIBOS_OCCLUM : OCIENV_LIBOS_NONE,
				 i == 2 ? "/bin/run" : "/bin/app", "");
		assert_int_equal(ocienv_policy_pin(&buffer, config, NULL, &given.error),
				 i ? OCIENV_ERR_UNSUPPORTED : OCIENV_OK);
		ocienv_buffer_free(&buffer);
	}
	assert_non_null(strstr(given.error.message, "without a LibOS"));
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

static void the_owner_has_to_have_x(void **state)
{
	(void)state;
	pie("/bin/group", 0011);
	pie("/bin/others", 0611);
	pie("/bin/owner", 0100);
	tree_text(&tree, "/bin/plain", 0611, "#!/bin/app\n");
	tree_text(&tree, "/bin/through", 0755, "#!/bin/others\n");
	for (uint32_t libos = OCIENV_LIBOS_OCCLUM; libos <= OCIENV_LIBOS_GRAMINE; libos++) {
		assert_stops(libos, "/bin/group", "", "in \"/bin/group\": chmod u+x");
		/* A directory of PATH is part of its value. */
		assert_stops(libos, "group", "\"cwd\": \"/\", \"env\": [\"PATH=/bin\"]",
			     "in \"group\": chmod u+x");
		assert_stops(libos, "/bin/others", "", "the owner's x bit");
		assert_stops(libos, "/bin/plain", "", "in \"/bin/plain\"");
		assert_stops(libos, "/bin/through", "", "in \"/bin/others\"");
		(void)started(libos, "/bin/owner", "");
	}
	/* A script that is taken apart is only read. */
	tree_text(&tree, "/bin/read", 0611, "#!/bin/app -x\n");
	tree_text(&tree, "/bin/read-by", 0755, "#!/bin/others -x\n");
	(void)started(OCIENV_LIBOS_OCCLUM, "/bin/read", "");
	assert_stops(OCIENV_LIBOS_OCCLUM, "/bin/read-by", "", "in \"/bin/others\"");
	assert_stops(OCIENV_LIBOS_GRAMINE, "/bin/read", "", "in \"/bin/read\"");
}

static void occlum_wants_a_pie_with_a_loader(void **state)
{
	(void)state;
	program("/bin/fixed", 0755, ET_EXEC, EM_X86_64, LOADER);
	program("/bin/static", 0755, ET_EXEC, EM_X86_64, NULL);
	program("/bin/static-pie", 0755, ET_DYN, EM_X86_64, NULL);
	tree_text(&tree, "/bin/script", 0755, "#!/bin/static-pie\n");
	assert_stops(OCIENV_LIBOS_OCCLUM, "/bin/fixed", "", "\"/bin/fixed\": compile it with -fPIE");
	assert_stops(OCIENV_LIBOS_OCCLUM, "/bin/static", "", "a position-independent program");
	assert_stops(OCIENV_LIBOS_OCCLUM, "/bin/static-pie", "", "link it dynamically");
	assert_stops(OCIENV_LIBOS_OCCLUM, "/bin/script", "", "\"/bin/static-pie\": link");
	for (const char *const *name =
		     (const char *const[]){"/bin/fixed", "/bin/static", "/bin/static-pie",
					   "/bin/script", NULL};
	     *name; name++)
		(void)started(OCIENV_LIBOS_GRAMINE, *name, "");
}

static void the_machine_is_x86_64(void **state)
{
	unsigned char bytes[TREE_ELF];
	size_t len = tree_elf(bytes, NULL);

	(void)state;
	program("/bin/arm", 0755, ET_DYN, EM_AARCH64, LOADER);
	assert_stops(OCIENV_LIBOS_OCCLUM, "/bin/arm", "", "linux/amd64");
	assert_stops(OCIENV_LIBOS_GRAMINE, "/bin/arm", "", "a program for x86_64 for Gramine");
	/* A header of the 32-bit class, its program header where that has it: x32. */
	memset(bytes + 24, 0, sizeof(bytes) - 24);
	bytes[EI_CLASS] = ELFCLASS32;
	bytes[offsetof(Elf32_Ehdr, e_phoff)] = sizeof(Elf32_Ehdr);
	bytes[offsetof(Elf32_Ehdr, e_phentsize)] = sizeof(Elf32_Phdr);
	bytes[offsetof(Elf32_Ehdr, e_phnum)] = 1;
	bytes[sizeof(Elf32_Ehdr)] = PT_LOAD;
	tree_file(&tree, "/bin/x32", 0755, bytes, len);
	assert_stops(OCIENV_LIBOS_GRAMINE, "/bin/x32", "", "another machine");
}

static void occlum_takes_no_path_with_dots(void **state)
{
	(void)state;
	tree_dir(&tree, "/sub/deep", 0755);
	tree_link(&tree, "/link", "sub/deep");
	pie("/sub/app", 0755);
	assert_stops(OCIENV_LIBOS_OCCLUM, "/app/../bin/app", "",
		     "expected \"/bin/app\", or another path without \"..\"");
	(void)started(OCIENV_LIBOS_OCCLUM, "/bin/./app", "");
	/* Gramine goes up in the text, not from where the link leads. */
	(void)started(OCIENV_LIBOS_GRAMINE, "/app/../bin/app", "");
	assert_stops(OCIENV_LIBOS_GRAMINE, "/link/../app", "", "canonical path");
}

/* gramine-run.md, host links: an absolute target is a path of the host. Linux and Occlum follow
 * it in the container. */
static void gramine_lets_the_host_follow_links(void **state)
{
	(void)state;
	tree_link(&tree, "/bin/absolute", "/bin/app");
	tree_link(&tree, "/bin/above", "../../../bin/app");
	tree_link(&tree, "/far", "/bin");
	tree_link(&tree, "/bin/beside", "app");
	tree_link(&tree, "/near", "sub/../bin");
	tree_link(&tree, "/app/sh", "/bin/sh");
	tree_text(&tree, "/app/run", 0755, "#!/app/sh\n");
	assert_stops(OCIENV_LIBOS_GRAMINE, "/bin/absolute", "", "in \"/bin/absolute\": make it");
	assert_stops(OCIENV_LIBOS_GRAMINE, "/bin/above", "", "the host would follow");
	assert_stops(OCIENV_LIBOS_GRAMINE, "/far/app", "", "the host would follow");
	assert_stops(OCIENV_LIBOS_GRAMINE, "/app/run", "", "in \"/app/sh\": make it");
	(void)started(OCIENV_LIBOS_GRAMINE, "/bin/beside", "");
	(void)started(OCIENV_LIBOS_GRAMINE, "/near/app", "");
	(void)started(OCIENV_LIBOS_OCCLUM, "/bin/absolute", "");
	/* the loader, and the directory to start in */
	assert_stops(OCIENV_LIBOS_GRAMINE, "/bin/app", "\"cwd\": \"/far\"", "working directory");
	assert_int_equal(mkdirat(tree.fd, "lib", 0755), 0);
	tree_link(&tree, "/lib/ld-linux-x86-64.so.2", LOADER);
	assert_stops(OCIENV_LIBOS_GRAMINE, "/bin/app", "", "the host would follow");
}

/* --- scripts ------------------------------------------------------------------------ */

static void assert_expanded(const char *path, const char *exec_path, ...)
	__attribute__((sentinel));

static void assert_expanded(const char *path, const char *exec_path, ...)
{
	struct ocienv_config *config = started(OCIENV_LIBOS_OCCLUM, path, "");
	struct ocienv_origin origin;
	struct ocienv_exec exec;
	const char *expected;
	size_t argc, i = 0;
	const char *const *argv = ocienv_config_argv(config, &argc);
	va_list args;

	assert_int_equal(ocienv_config_exec(config, &exec), 0);
	assert_string_equal(exec.path, exec_path);
	va_start(args, exec_path);
	for (; (expected = va_arg(args, const char *)); i++) {
		assert_true(i < argc);
		assert_string_equal(argv[i], expected);
		assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ARGV, i, 0, &origin), 0);
		assert_int_equal(origin.source, OCIENV_SOURCE_LIBOS);
	}
	va_end(args);
	assert_int_equal(argc, i + 2);
	assert_string_equal(argv[i], "one");
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ARGV, i, 0, &origin), 0);
	assert_int_equal(origin.source, OCIENV_SOURCE_RUNTIME);
}

static void occlum_gets_a_script_that_it_cannot_read_taken_apart(void **state)
{
	(void)state;
	tree_link(&tree, "/usr", "/");
	tree_text(&tree, "/bin/env-script", 0755, "#!/usr/bin/app sh  -e \n");
	assert_expanded("/bin/env-script", "/usr/bin/app", "/usr/bin/app", "sh  -e",
			"/bin/env-script", NULL);
	tree_text(&tree, "/bin/blank", 0755, "#!/bin/app \n");
	assert_expanded("/bin/blank", "/bin/app", "/bin/app", "/bin/blank", NULL);
	tree_text(&tree, "/bin/no-newline", 0755, "#!/bin/app");
	assert_expanded("/bin/no-newline", "/bin/app", "/bin/app", "/bin/no-newline", NULL);
	tree_text(&tree, "/bin/relative", 0755, "#!bin/app\n");
	assert_expanded("/bin/relative", "/bin/app", "bin/app", "/bin/relative", NULL);
	tree_text(&tree, "/bin/outer", 0755, "#!/bin/inner -o\n");
	tree_text(&tree, "/bin/inner", 0755, "#! /bin/app -i\n");
	assert_expanded("/bin/outer", "/bin/app", "/bin/app", "-i", "/bin/inner", "-o",
			"/bin/outer", NULL);
	assert_expanded("bin/outer", "/bin/app", "/bin/app", "-i", "/bin/inner", "-o",
			"/bin/outer", NULL);
}

/* Byte 127 of the file is the last that may be the line feed. */
static void occlum_looks_for_the_line_feed_in_127_bytes(void **state)
{
	(void)state;
	for (size_t length = 126; length <= 128; length++) {
		char path[128] = "/bin/", text[160];
		struct ocienv_exec exec;

		memset(path + 5, 'n', length - 3 - 5);
		pie(path, 0755);
		(void)snprintf(text, sizeof(text), "#!%s\n", path);
		assert_int_equal(strlen(text), length);
		(void)unlinkat(tree.fd, "bin/script", 0);
		tree_text(&tree, "/bin/script", 0755, text);
		assert_int_equal(ocienv_config_exec(started(OCIENV_LIBOS_OCCLUM, "/bin/script", ""),
						    &exec), 0);
		assert_string_equal(exec.path, length > 127 ? path : "/bin/script");
	}
}

static void a_script_that_occlum_reads_is_executed_itself(void **state)
{
	struct ocienv_config *config;
	struct ocienv_exec exec;

	(void)state;
	tree_text(&tree, "/bin/script", 0755, "#! \t/bin/app\nrest");
	config = started(OCIENV_LIBOS_OCCLUM, "/bin/script", "");
	assert_int_equal(ocienv_config_exec(config, &exec), 0);
	assert_string_equal(exec.path, "/bin/script");
	assert_int_equal(exec.interpreter_count, 1);
	assert_argv(config, "/bin/script", "one", "two", NULL);
}

static void gramine_reads_scripts_as_the_kernel_does(void **state)
{
	struct ocienv_config *config;

	(void)state;
	tree_text(&tree, "/bin/script", 0755, "#!/bin/inner -x y \n");
	tree_text(&tree, "/bin/inner", 0755, "#!/bin/app\n");
	config = started(OCIENV_LIBOS_GRAMINE, "/bin/script", "");
	assert_argv(config, "/bin/script", "one", "two", NULL);
}

/* --- what goes wrong ---------------------------------------------------------------- */

struct meter {
	size_t asked, live, fail_at; /* fail_at 0: never */
	bool for_ever;
};

static void *meter_alloc(void *ctx, size_t size)
{
	struct meter *meter = ctx;
	bool fails = ++meter->asked >= meter->fail_at && meter->fail_at &&
		     (meter->for_ever || meter->asked == meter->fail_at);
	void *ptr = fails ? NULL : malloc(size);

	meter->live += ptr != NULL;
	return ptr;
}

static void meter_free(void *ctx, void *ptr)
{
	((struct meter *)ctx)->live--;
	free(ptr);
}

/* Each request for memory fails, once or from then on; variables move the ends of the arenas' blocks. */
static void out_of_memory_anywhere_fails_cleanly(void **state)
{
	static const char *const libraries[] = {"/app", "/lib64"};
	static char more[40000];
	struct meter meter = {0};
	const struct ocienv_allocator allocator = {meter_alloc, meter_free, &meter};
	const struct ocienv_layer *spec;
	int descriptors;

	(void)state;
	tree_text(&tree, "/bin/script", 0755, "#!/bin/app -x\n");
	for (size_t length = 0; length < sizeof(more) - 100; length += 3511) {
		size_t at = (size_t)sprintf(more, "\"cwd\": \"/\", \"env\": [\"A=");

		memset(more + at, 'x', length);
		strcpy(more + at + length, "\", \"LD_LIBRARY_PATH=/a\"]");
		spec = start("/bin/script", more);
		descriptors = open_descriptors();
		given.options.library_path = libraries;
		given.options.library_path_count = 2;
		given.options.stack_size = 64 << 20;
		given.options.allocator = &allocator;
		for (uint32_t i = 0; i < 4; i++) {
			size_t requests = 1, failures = 0;

			given.options.libos = i & 1 ? OCIENV_LIBOS_GRAMINE : OCIENV_LIBOS_OCCLUM;
			meter.for_ever = i & 2;
			for (meter.fail_at = 0; meter.fail_at <= requests; meter.fail_at++) {
				struct ocienv_config *config = NULL;
				int32_t status;

				meter.asked = 0;
				status = ocienv_resolve(&config, &spec, 1, given.rootfs,
							&given.options, NULL);
				if (!meter.fail_at)
					requests = meter.asked;
				/* where openat2 lacks memory another walker may have it */
				if (status)
					assert_int_equal(status, OCIENV_ERR_NOMEM);
				failures += status != OCIENV_OK;
				ocienv_config_free(config);
				assert_int_equal(meter.live, 0);
				assert_int_equal(open_descriptors(), descriptors);
			}
			assert_true(failures > 0);
		}
		given.options = (struct ocienv_options){.size = sizeof(given.options)};
	}
}

static void a_refusal_leaves_nothing_open(void **state)
{
	int descriptors;

	(void)state;
	program("/bin/static", 0755, ET_DYN, EM_X86_64, NULL);
	tree_text(&tree, "/bin/script", 0755, "#!/bin/static -x\n");
	descriptors = open_descriptors();
	given.options.libos = OCIENV_LIBOS_OCCLUM;
	assert_no_config(NULL, start("/bin/script", ""), OCIENV_ERR_UNSUPPORTED);
	assert_int_equal(open_descriptors(), descriptors);
}

static void the_arguments_of_interpreters_count(void **state)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_args = 4};

	(void)state;
	tree_text(&tree, "/bin/script", 0755, "#!/bin/app -x\n");
	given.options.libos = OCIENV_LIBOS_OCCLUM;
	given.options.limits = &limits;
	assert_no_config(NULL, start("/bin/script", ""), OCIENV_ERR_LIMIT);
	limits.max_args = 5;
	(void)config_of(NULL, start("/bin/script", ""));
	given.options.limits = NULL;
}

static void interpreters_on_the_host_are_refused(void **state)
{
	(void)state;
	tree_dir(&tree, "/host", 0755);
	pie("/host/sh", 0755);
	tree_text(&tree, "/bin/script", 0755, "#!/host/sh -x\n");
	assert_stops(OCIENV_LIBOS_OCCLUM, "/bin/script", "", "put it into the image");
	(void)started(OCIENV_LIBOS_OCCLUM, "/host/sh", "");
	(void)started(OCIENV_LIBOS_GRAMINE, "/bin/script", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROOTED(what_both_can_run_is_left_alone),
		ROOTED(occlum_takes_no_dotdot_from_path),
		ROOTED(a_manifest_has_so_many_strings),
		ROOTED(answers_for_a_libos_are_not_pinned),
		ROOTED(the_owner_has_to_have_x),
		ROOTED(occlum_wants_a_pie_with_a_loader),
		ROOTED(the_machine_is_x86_64),
		ROOTED(occlum_takes_no_path_with_dots),
		ROOTED(occlum_gets_a_script_that_it_cannot_read_taken_apart),
		ROOTED(occlum_looks_for_the_line_feed_in_127_bytes),
		ROOTED(a_script_that_occlum_reads_is_executed_itself),
		ROOTED(gramine_reads_scripts_as_the_kernel_does),
		ROOTED(gramine_lets_the_host_follow_links),
		ROOTED(out_of_memory_anywhere_fails_cleanly),
		ROOTED(a_refusal_leaves_nothing_open),
		ROOTED(the_arguments_of_interpreters_count),
		ROOTED(interpreters_on_the_host_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
