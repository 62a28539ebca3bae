/* SPDX-License-Identifier: Apache-2.0 */
/* Statuses and messages of the look-up; what is found is in the vectors. */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/rootfs/walkers.h"
#include "unit/unit.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct identity root = {.known = true, .capabilities = UINT64_MAX};
static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};
static const struct identity nobody_known = {.known = false};

struct fixture {
	struct tree tree;
	struct rootfs rootfs;
	struct arena arena;
	struct ocienv_error error;
	struct lookup_request request;
	struct lookup_result result;
};

static int set_up(void **state)
{
	static struct fixture fixture;
	struct tree *tree = &fixture.tree;
	unsigned char elf[TREE_ELF];

	memset(&fixture, 0, sizeof(fixture));
	tree_make(tree);
	tree_dir(tree, "/bin", 0755);
	tree_dir(tree, "/sec", 0700);
	tree_dir(tree, "/work", 0755);
	tree_file(tree, "/bin/elf", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/dyn", 0755, elf, tree_elf(elf, "/lib/ld-nope.so"));
	tree_file(tree, "/bin/plain", 0755, "echo", 4);
	tree_file(tree, "/bin/private", 0700, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/nox", 0644, elf, tree_elf(elf, NULL));
	tree_file(tree, "/sec/hidden", 0755, elf, tree_elf(elf, NULL));
	tree_text(tree, "/bin/script", 0755, "#!/bin/nope\n");
	tree_text(tree, "/bin/good", 0755, "#! /bin/elf -x y \n");
	tree_text(tree, "/work/local", 0755, "#!/bin/elf\n");
	tree_fifo(tree, "/bin/fifo", 0755);
	tree_link(tree, "/bin/me", "/proc/self/exe");
	arena_init(&fixture.arena, NULL, 16 << 20);
	fixture.rootfs = (struct rootfs){.fd = tree->fd};
	fixture.request = (struct lookup_request){
		.path = SV("/secret-value:/bin"), .cwd = SV("/"), .who = &root};
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	arena_free(&fixture->arena);
	tree_remove(&fixture->tree);
	return 0;
}

static int32_t look_up(struct fixture *fixture, const char *name)
{
	const struct diag diag = {.error = &fixture->error};
	int before = open_descriptors();
	int32_t status;

	fixture->request.name = sv_of(name);
	fixture->error = (struct ocienv_error){0};
	status = rootfs_lookup(&fixture->rootfs, &fixture->request, &fixture->arena,
			       &diag, (struct mark){3, 7}, &fixture->result);
	if (!status)
		close(fixture->result.file.fd);
	assert_int_equal(open_descriptors(), before);
	assert_int_equal(fixture->error.status, status);
	assert_null(strstr(fixture->error.message, "secret-value"));
	return status;
}

#define assert_fails(fixture, name, name_of_status, text)                                \
	do {                                                                             \
		assert_int_equal(look_up(fixture, name), name_of_status);                \
		if (!strstr((fixture)->error.message, text))                             \
			fail_msg("\"%s\" lacks \"%s\"", (fixture)->error.message, text); \
	} while (0)

static void absence_tells_how_much_was_searched(void **state)
{
	struct fixture *fixture = *state;

	assert_fails(fixture, "nope", OCIENV_ERR_NOTFOUND, "found none in 2 entries");
	assert_int_equal(fixture->error.line, 3);
	fixture->request.path = SV_NONE;
	assert_fails(fixture, "elf", OCIENV_ERR_NOTFOUND, "there is no PATH");
	fixture->request.path = SV("");
	assert_fails(fixture, "elf", OCIENV_ERR_NOTFOUND, "in 0 entries");
}

/* Whichever walker looked. */
static void a_denied_candidate_is_told_of(void **state)
{
	enum walker walkers[WALKERS_MAX];
	unsigned int count = walkers_here(walkers);
	struct fixture *fixture = *state;

	fixture->request.who = &user;
	for (unsigned int i = 0; i < count; i++) {
		fixture->rootfs.walker = walkers[i];
		fixture->request.path = SV("/bin:/sec");
		assert_fails(fixture, "hidden", OCIENV_ERR_NOTFOUND,
			     "and 1 that it may not");
		assert_fails(fixture, "nope", OCIENV_ERR_NOTFOUND,
			     "and 1 that it may not");
		assert_fails(fixture, "/sec/nope", OCIENV_ERR_ACCESS, "closed to it");
		fixture->request.profile = LOOKUP_EXECVP;
		assert_fails(fixture, "nope", OCIENV_ERR_ACCESS, "and 1 that it may not");
		fixture->request.profile = LOOKUP_RUNC;
	}
}

static void a_name_with_a_slash_tells_its_own_error(void **state)
{
	struct fixture *fixture = *state;

	assert_fails(fixture, "/bin/nope", OCIENV_ERR_NOTFOUND,
		     "\"/bin/nope\" does not exist");
	assert_fails(fixture, "/bin/elf/", OCIENV_ERR_NOTFOUND, "directory");
	assert_fails(fixture, "/bin/nox", OCIENV_ERR_ACCESS, "not executable");
	assert_fails(fixture, "/bin", OCIENV_ERR_ACCESS, "is a directory");
	assert_fails(fixture, "/bin/fifo", OCIENV_ERR_ACCESS, "no regular file");
	assert_fails(fixture, "/bin/me", OCIENV_ERR_UNSAFE, "/proc");
	fixture->request.who = &user;
	assert_fails(fixture, "/bin/private", OCIENV_ERR_ACCESS, "not executable");
	fixture->request.who = &nobody_known;
	assert_int_equal(look_up(fixture, "/bin/private"), OCIENV_OK);
	assert_fails(fixture, "/bin/nox", OCIENV_ERR_ACCESS, "not executable");
}

static void what_execve_would_lack_is_named(void **state)
{
	struct fixture *fixture = *state;

	assert_fails(
		fixture, "script", OCIENV_ERR_UNSUPPORTED,
		"the interpreter \"/bin/nope\" of the script \"script\" is missing");
	assert_fails(fixture, "dyn", OCIENV_ERR_UNSUPPORTED,
		     "the interpreter \"/lib/ld-nope.so\" of the program \"dyn\" is missing");
	/* With a slash nothing of PATH is in it. */
	assert_fails(
		fixture, "/bin/script", OCIENV_ERR_UNSUPPORTED,
		"the interpreter \"/bin/nope\" of the script \"/bin/script\" is missing");
	assert_fails(fixture, "plain", OCIENV_ERR_UNSUPPORTED, "exec format");
	assert_fails(fixture, "fifo", OCIENV_ERR_ACCESS, "chosen by the runtime");
	assert_fails(fixture, "me", OCIENV_ERR_UNSAFE, "/proc");
}

static void a_script_gives_its_chain_and_the_program(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(look_up(fixture, "good"), OCIENV_OK);
	assert_sv_equal(fixture->result.path, "/bin/good");
	assert_int_equal(fixture->result.path_index, 1);
	assert_int_equal(fixture->result.interpreter_count, 1);
	assert_sv_equal(fixture->result.interpreters[0].path, "/bin/elf");
	assert_sv_equal(fixture->result.interpreters[0].arg, "-x y");
	assert_int_equal(fixture->result.interpreters[0].mode, S_IFREG | 0755);
	assert_int_equal(fixture->result.interpreters[0].bare, 0);
	assert_sv_equal(fixture->result.program.canonical, "/bin/elf");
	assert_int_equal(fixture->result.program.fd, -1);
	assert_string_equal(fixture->result.elf.machine, "x86_64");
	assert_string_equal(fixture->result.elf.type, "exec");
	assert_int_equal(fixture->result.elf.bits, 64);
	assert_null(fixture->result.elf.interp.ptr);
}

static void runc_a_hit_through_a_relative_entry_ends_the_search(void **state)
{
	struct fixture *fixture = *state;

	fixture->request.cwd = SV("/work");
	fixture->request.path = SV("/nope:.:/work");
	assert_fails(fixture, "local", OCIENV_ERR_UNSAFE, "relative entry of PATH");
	fixture->request.profile = LOOKUP_CRUN;
	assert_int_equal(look_up(fixture, "local"), OCIENV_OK);
	assert_sv_equal(fixture->result.path, "/work/local");
	assert_int_equal(fixture->result.path_index, 1);
}

static void crun_keeps_what_root_found(void **state)
{
	struct fixture *fixture = *state;

	fixture->request.profile = LOOKUP_CRUN;
	fixture->request.who = &user;
	fixture->request.path = SV("/bin/nox:/work:/bin:/sec");
	assert_fails(fixture, "private", OCIENV_ERR_ACCESS, "not executable");
	/* Where root found nothing, it is told what the user may not, /sec with the rest. */
	assert_fails(fixture, "nox", OCIENV_ERR_ACCESS, "in 4 entries, and 2 that it may not");
}

/* Its own look comes before execvp's, and asks for no x bit. */
static void the_kata_agent_must_see_the_file(void **state)
{
	struct fixture *fixture = *state;
	const char *text = "refused by the kata agent";

	fixture->request.profile = LOOKUP_KATA;
	fixture->request.path = SV("/bin");
	assert_int_equal(look_up(fixture, "elf"), OCIENV_OK);
	assert_fails(fixture, "nox", OCIENV_ERR_ACCESS, "and 1 that it may not");
	assert_fails(fixture, "plain", OCIENV_ERR_UNSUPPORTED, "exec format");
	fixture->request.path = SV("/");
	assert_fails(fixture, "bin", OCIENV_ERR_ACCESS, "and 1 that it may not"); /* in the cwd */
	fixture->request.cwd = SV("/work");
	assert_fails(fixture, "bin", OCIENV_ERR_NOTFOUND, text);
	fixture->request.path = SV_NONE; /* execvp has a default */
	assert_fails(fixture, "elf", OCIENV_ERR_NOTFOUND, text);
	assert_int_equal(look_up(fixture, "/bin/elf"), OCIENV_OK);
	fixture->request.cwd = SV("/bin");
	assert_int_equal(look_up(fixture, "elf"), OCIENV_OK);
	fixture->request.who = &user;
	assert_fails(fixture, "/sec/hidden", OCIENV_ERR_NOTFOUND, text);
	/* It joins such a name with each entry of PATH as well, which the search did not. */
	fixture->request.cwd = SV("/");
	fixture->request.path = SV("/bin:/proc/self");
	assert_fails(fixture, "sec/hidden", OCIENV_ERR_UNSAFE, "passes /proc");
}

static void the_working_directory_must_be_one(void **state)
{
	struct fixture *fixture = *state;

	fixture->request.cwd = SV("/bin/elf");
	assert_fails(fixture, "elf", OCIENV_ERR_NOTFOUND, "the working directory");
	fixture->request.cwd = SV("/missing");
	assert_int_equal(look_up(fixture, "elf"), OCIENV_OK);
	assert_fails(fixture, "./elf", OCIENV_ERR_NOTFOUND, "does not exist");
}

/* A name in it may be as long as a name may be, whether the directory is there or is made. */
static void names_of_the_working_directory_are_bounded(void **state)
{
	struct fixture *fixture = *state;
	static char cwd[300];

	for (size_t there = 0; there < 2; there++) {
		size_t start = there ? strlen("/bin/") : strlen("/missing/");

		memset(cwd, 'n', sizeof(cwd));
		memcpy(cwd, there ? "/bin/" : "/missing/", start);
		fixture->request.cwd = sv_from(cwd, start + 255);
		assert_int_equal(look_up(fixture, "elf"), OCIENV_OK);
		fixture->request.cwd = sv_from(cwd, start + 256);
		assert_fails(fixture, "elf", OCIENV_ERR_NOTFOUND, "longer than a path or name may be");
	}
}

/* The agent sees the directory that is made for the process. */
static void a_directory_that_is_made_is_seen_by_the_kata_agent(void **state)
{
	struct fixture *fixture = *state;

	fixture->request.profile = LOOKUP_KATA;
	fixture->request.path = SV("/bin");
	fixture->request.cwd = SV("/missing/made");
	assert_fails(fixture, "../made", OCIENV_ERR_ACCESS, "is a directory");
	assert_fails(fixture, "../other", OCIENV_ERR_NOTFOUND, "does not exist");
}

static void our_own_lack_of_permission_is_no_absence(void **state)
{
	struct fixture *fixture = *state;
	int32_t bare, slash;

	if (geteuid() != 0)
		skip();
	fixture->request.path = SV("/sec:/bin");
	assert_int_equal(seteuid(65534), 0);
	bare = look_up(fixture, "elf");
	slash = look_up(fixture, "/sec/hidden");
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(bare, OCIENV_ERR_ACCESS);
	assert_int_equal(slash, OCIENV_ERR_ACCESS);
	assert_non_null(
		strstr(fixture->error.message, "the library itself may not look"));
}

static void a_file_we_may_not_read_has_unknown_facts(void **state)
{
	struct fixture *fixture = *state;
	int32_t status;

	if (geteuid() != 0)
		skip();
	assert_int_equal(seteuid(65534), 0);
	status = look_up(fixture, "private");
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(status, OCIENV_OK);
	assert_null(fixture->result.elf.machine);
}

/* 65,000 entries that each lead over 40 long links: given up, not waited for. */
static void the_cost_of_a_search_is_bounded(void **state)
{
	enum { ENTRIES = 60000 };
	struct fixture *fixture = *state;
	char *path = malloc(2 * ENTRIES + 1), name[16], next[16];
	static char target[4001];

	assert_non_null(path);
	for (size_t i = 0; i < ENTRIES; i++)
		memcpy(path + 2 * i, "0:", 3);
	for (int i = 0; i < 35; i++) {
		snprintf(name, sizeof(name), "/%d", i);
		snprintf(next, sizeof(next), "/%d", i + 1);
		for (int k = 0; k < 3900; k += 2)
			memcpy(target + k, "./", 3);
		memcpy(target + 3900, next, strlen(next) + 1);
		tree_link(&fixture->tree, name, target);
	}
	tree_dir(&fixture->tree, "/35", 0755);
	fixture->request.path = sv_of(path);
	assert_fails(fixture, "x", OCIENV_ERR_LIMIT, "more steps");
	fixture->rootfs.walker = WALKER_STACK;
	assert_fails(fixture, "x", OCIENV_ERR_LIMIT, "more steps");
	fixture->rootfs.walker = WALKER_STRING;
	assert_fails(fixture, "x", OCIENV_ERR_LIMIT, "more steps");
	free(path);
}

/* --- memory that runs out ----------------------------------------------------------------- */

struct meter {
	unsigned int left;
};

static void *metered_alloc(void *ctx, size_t size)
{
	struct meter *meter = ctx;

	return meter->left && meter->left-- ? malloc(size) : NULL;
}

static void metered_free(void *ctx, void *ptr)
{
	(void)ctx;
	free(ptr);
}

static void out_of_memory_anywhere_fails_cleanly(void **state)
{
	enum walker walkers[WALKERS_MAX];
	unsigned int count = walkers_here(walkers);
	struct fixture *fixture = *state;
	struct meter meter;
	struct ocienv_allocator allocator = {metered_alloc, metered_free, &meter};

	for (unsigned int i = 0; i < count; i++) {
		int32_t status = OCIENV_ERR_NOMEM;

		fixture->rootfs.walker = walkers[i];
		for (unsigned int n = 0; status && n < 200; n++) {
			arena_free(&fixture->arena);
			arena_init(&fixture->arena, &allocator, 16 << 20);
			meter.left = n;
			status = look_up(fixture, "good");
			if (status)
				assert_int_equal(status, OCIENV_ERR_NOMEM);
		}
		assert_int_equal(status, OCIENV_OK);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* What no time of 32 bits holds must not keep fstat from answering. */
static void a_file_of_the_year_2100_is_found(void **state)
{
	const int64_t seconds = INT64_C(4102444800);
	const struct timespec times[] = {{.tv_sec = (time_t)seconds}, {.tv_sec = (time_t)seconds}};
	struct fixture *fixture = *state;
	enum walker walkers[WALKERS_MAX];
	unsigned int count = walkers_here(walkers);

	assert_true(times[0].tv_sec == seconds);
	assert_int_equal(utimensat(fixture->tree.fd, "bin/elf", times, 0), 0);
	for (unsigned int i = 0; i < count; i++) {
		fixture->rootfs.walker = walkers[i];
		assert_int_equal(look_up(fixture, "elf"), OCIENV_OK);
	}
}

/* Whoever makes the missing directory stands in it, and ".." leads out of it again. */
static void a_missing_directory_is_left_by_its_names(void **state)
{
	static const struct {
		const char *cwd, *name;
		int32_t status;
		bool missing;
	} rows[] = {
		{"/made", "../bin/elf", OCIENV_OK, true},
		{"/work/a/b", "../../local", OCIENV_OK, true},
		{"/work/a/b", ".././b/../..//local", OCIENV_OK, true},
		{"/work/a/b", "../../../bin/elf", OCIENV_OK, true},
		{"/work/a/b", "../local", OCIENV_ERR_NOTFOUND, true},
		{"/work/a/b", "../other/../../local", OCIENV_ERR_NOTFOUND, true},
		{"/work/a/b", "./local", OCIENV_ERR_NOTFOUND, true},
		{"/work/a/b", "..", OCIENV_ERR_NOTFOUND, true},
		{"/work/a/b", "../", OCIENV_ERR_ACCESS, true},
		{"/made/../work", "./local", OCIENV_OK, false},
		{"/made/./x//../../work/", "./local", OCIENV_OK, false},
		{"/made/../made/../work/a", "../local", OCIENV_OK, true},
		{"/made/../bin/elf", "/bin/elf", OCIENV_ERR_NOTFOUND, false},
		{"/made/../dangling", "/bin/elf", OCIENV_ERR_NOTFOUND, false},
		{"/dangling", "/bin/elf", OCIENV_ERR_NOTFOUND, false},
		{"/dangling/x", "/bin/elf", OCIENV_ERR_NOTFOUND, false},
		{"/made/../proc/x", "/bin/elf", OCIENV_ERR_UNSAFE, false},
	};
	enum walker walkers[WALKERS_MAX];
	unsigned int count = walkers_here(walkers);
	struct fixture *fixture = *state;

	tree_link(&fixture->tree, "/dangling", "/nowhere");
	for (size_t i = 0; i < count * sizeof(rows) / sizeof(rows[0]); i++) {
		fixture->rootfs.walker = walkers[i % count];
		fixture->request.cwd = sv_of(rows[i / count].cwd);
		if (look_up(fixture, rows[i / count].name) != rows[i / count].status)
			fail_msg("%s from %s: %s", rows[i / count].name, rows[i / count].cwd,
				 fixture->error.message);
		if (!rows[i / count].status)
			assert_int_equal(fixture->result.cwd_missing, rows[i / count].missing);
	}
	fixture->request.cwd = SV("/dangling");
	assert_fails(fixture, "/bin/elf", OCIENV_ERR_NOTFOUND, "a link that leads nowhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(absence_tells_how_much_was_searched),
		TEST(a_denied_candidate_is_told_of),
		TEST(a_name_with_a_slash_tells_its_own_error),
		TEST(what_execve_would_lack_is_named),
		TEST(a_script_gives_its_chain_and_the_program),
		TEST(runc_a_hit_through_a_relative_entry_ends_the_search),
		TEST(crun_keeps_what_root_found),
		TEST(the_kata_agent_must_see_the_file),
		TEST(the_working_directory_must_be_one),
		TEST(names_of_the_working_directory_are_bounded),
		TEST(a_directory_that_is_made_is_seen_by_the_kata_agent),
		TEST(a_missing_directory_is_left_by_its_names),
		TEST(a_file_of_the_year_2100_is_found),
		TEST(our_own_lack_of_permission_is_no_absence),
		TEST(a_file_we_may_not_read_has_unknown_facts),
		TEST(the_cost_of_a_search_is_bounded),
		TEST(out_of_memory_anywhere_fails_cleanly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
