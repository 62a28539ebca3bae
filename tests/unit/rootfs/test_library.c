/* SPDX-License-Identifier: Apache-2.0 */
/* The libraries of programs that no linker has made: bounds, lies and lack of permission. */
#define _GNU_SOURCE
#include "unit/rootfs/dynamic_elf.h"
#include "unit/rootfs/tree.h"
#include "unit/unit.h"

#include "rootfs/library_search.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define LOADER "/lib64/ld-linux-x86-64.so.2"

struct fixture {
	struct tree tree;
	struct rootfs rootfs;
	struct arena arena;
	struct ocienv_error error;
	struct library_list list;
	unsigned char bytes[DYNAMIC_ELF];
};

static const struct identity root = {.known = true, .capabilities = UINT64_MAX};

static void put(struct fixture *fixture, const char *path, const struct dynamic_elf *elf)
{
	size_t len = dynamic_elf(fixture->bytes, elf);

	tree_file(&fixture->tree, path, 0755, fixture->bytes, len);
}

static int set_up(void **state)
{
	static const struct dynamic_elf loader = {.soname = "ld-linux-x86-64.so.2"};
	static struct fixture fixture;

	memset(&fixture, 0, sizeof(fixture));
	tree_make(&fixture.tree);
	tree_dir(&fixture.tree, "/bin", 0755);
	tree_dir(&fixture.tree, "/lib64", 0755);
	tree_dir(&fixture.tree, "/l", 0755);
	fixture.rootfs.fd = fixture.tree.fd;
	put(&fixture, LOADER, &loader);
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

static int32_t find_as(struct fixture *fixture, const char *program, const char *library_path,
		       const struct identity *who)
{
	const struct diag diag = {.error = &fixture->error};
	struct library_request request = {.rootfs = &fixture->rootfs,
					  .who = who,
					  .cwd = SV("/"),
					  .library_path = sv_of(library_path)};
	int before = open_descriptors();
	struct found found;
	int32_t status;

	arena_free(&fixture->arena);
	arena_init(&fixture->arena, NULL, 64 << 20);
	assert_int_equal(rootfs_walk(&fixture->rootfs, SV("/"), sv_of(program), &root,
				     &fixture->arena, &found),
			 0);
	close(found.fd);
	request.program = &found;
	status = library_find(&request, &fixture->arena, &diag, (struct mark){0, 0},
			      &fixture->list);
	assert_int_equal(open_descriptors(), before);
	return status;
}

static int32_t find(struct fixture *fixture, const char *program, const char *library_path)
{
	return find_as(fixture, program, library_path, &root);
}

static void the_kind_of_a_program_is_told(void **state)
{
	static const struct {
		const char *path;
		struct dynamic_elf elf;
		bool linked, pie;
		enum libc_flavour libc;
	} rows[] = {
		{"/bin/dynamic", {.interp = LOADER}, true, true, LIBC_GLIBC},
		{"/bin/fixed", {.interp = LOADER, .type = ET_EXEC}, true, false, LIBC_GLIBC},
		{"/bin/musl", {.interp = "/lib/ld-musl-riscv64.so.1"}, true, true, LIBC_MUSL},
		{"/bin/other", {.interp = "/lib/ld-other"}, true, true, LIBC_UNKNOWN},
		{"/bin/static-pie", {.flags_1 = DF_1_PIE}, false, true, LIBC_UNKNOWN},
		{"/bin/static", {.type = ET_EXEC, .plain = true}, false, false, LIBC_UNKNOWN},
		{"/bin/library", {.soname = "libx.so"}, false, false, LIBC_UNKNOWN},
		{"/bin/big", {.interp = LOADER, .big = true}, true, true, LIBC_GLIBC},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(fixture, rows[i].path, &rows[i].elf);
		assert_int_equal(find(fixture, rows[i].path, NULL), OCIENV_OK);
		assert_true(fixture->list.readable);
		assert_int_equal(fixture->list.linked, rows[i].linked);
		assert_int_equal(fixture->list.pie, rows[i].pie);
		assert_int_equal(fixture->list.libc, rows[i].libc);
	}
}

static void names_are_listed_for_a_loader_that_is_not_known(void **state)
{
	static const struct dynamic_elf elf = {.interp = "/lib/ld-other", .needed = {"libx.so"}};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &elf);
	assert_int_equal(find(fixture, "/bin/p", "/l"), OCIENV_OK);
	assert_int_equal(fixture->list.count, 1);
	assert_sv_equal(fixture->list.items[0].name, "libx.so");
	assert_int_equal(fixture->list.items[0].rule, LIBRARY_MISSING);
	assert_int_equal(fixture->list.items[0].needed_by, -1);
}

/* Every library needs two more: they never end. */
static void the_number_of_files_is_bounded(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER, .needed = {"l0"}};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	for (int i = 0; i < LIBRARY_OBJECTS + 50; i++) {
		char path[16], next[16];
		struct dynamic_elf elf = {.needed = {next}};

		snprintf(path, sizeof(path), "/l/l%d", i);
		snprintf(next, sizeof(next), "l%d", i + 1);
		put(fixture, path, &elf);
	}
	assert_int_equal(find(fixture, "/bin/p", "/l"), OCIENV_OK);
	assert_true(fixture->list.cut);
	assert_true(fixture->list.count <= LIBRARY_OBJECTS + 1);
	assert_int_equal(fixture->list.items[9].needed_by, 8);
}

static void the_number_of_names_is_bounded(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER, .needed = {"libx.so"}};
	static const struct {
		uint32_t repeats;
		int32_t status;
	} rows[] = {{DYNAMIC_NEEDED - 1, OCIENV_OK}, {DYNAMIC_NEEDED, OCIENV_ERR_UNSUPPORTED}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < 2; i++) {
		struct dynamic_elf elf = program;
		char path[16];

		elf.repeats = rows[i].repeats;
		snprintf(path, sizeof(path), "/bin/p%zu", i);
		put(fixture, path, &elf);
		assert_int_equal(find(fixture, path, NULL), rows[i].status);
	}
	/* A name that is missing is looked for each time. */
	assert_int_equal(find(fixture, "/bin/p0", NULL), OCIENV_OK);
	assert_int_equal(fixture->list.count, DYNAMIC_NEEDED);
}

/* Where no directory of the system's is looked into afterwards, either. */
static void entries_without_a_walk_cost(struct fixture *fixture, const char *entry)
{
	static const struct dynamic_elf elf = {.interp = LOADER, .needed = {"libx.so"},
					       .repeats = 500, .flags_1 = DF_1_NODEFLIB};
	static char list[131072];
	size_t step = strlen(entry), len;

	for (len = 0; len + step < sizeof(list); len += step)
		memcpy(list + len, entry, step);
	list[len - 1] = '\0'; /* behind a last ":" were the working directory */
	put(fixture, "/bin/nodeflib", &elf);
	assert_int_equal(find(fixture, "/bin/nodeflib", list), OCIENV_ERR_LIMIT);
}

/* Lists that cost much and lead nowhere. The loaders have what counts the cost in common. */
static void the_cost_of_a_search_is_bounded(void **state)
{
	static const char *const loaders[] = {LOADER, "/lib/ld-musl-x86_64.so.1"};
	static const struct {
		const char *text;
		int32_t status;
	} fillings[] = {
		{":", OCIENV_ERR_LIMIT},
		{"x:", OCIENV_ERR_LIMIT},
		{"$PLATFORM:", OCIENV_ERR_LIMIT},
		{"$ORIGIN", OCIENV_OK}, /* one entry, too long for a path */
	};
	struct fixture *fixture = *state;
	static char list[131072];

	for (size_t i = 0; i < 2; i++) {
		struct dynamic_elf elf = {.interp = loaders[i], .needed = {"libx.so"}, .repeats = 500};
		char path[16];

		snprintf(path, sizeof(path), "/bin/p%zu", i);
		put(fixture, path, &elf);
		for (size_t n = 0; n < (i ? 1 : 4); n++) {
			size_t len = 0, step = strlen(fillings[n].text);

			for (; len + step < sizeof(list); len += step)
				memcpy(list + len, fillings[n].text, step + 1);
			assert_int_equal(find(fixture, path, list), fillings[n].status);
		}
	}
	entries_without_a_walk_cost(fixture, "$PLATFORM:");
}

static void a_library_is_broken_or_unread(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER, .needed = {"libx.so"}};
	static const struct dynamic_elf plain = {.plain = true};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	put(fixture, "/l/libx.so", &plain); /* without a dynamic section */
	assert_int_equal(find(fixture, "/bin/p", "/l"), OCIENV_OK);
	assert_int_equal(fixture->list.count, 1);
	assert_true(fixture->list.items[0].broken);
	assert_sv_equal(fixture->list.items[0].path, "/l/libx.so");
	assert_sv_equal(fixture->list.items[0].canonical, "/l/libx.so");
	assert_int_equal(fixture->list.items[0].rule, LIBRARY_ENVIRONMENT);
}

/* We may not read what the process may: nothing is said that is not known. */
static void our_own_lack_of_permission_is_told(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER, .needed = {"libx.so"}};
	static const struct dynamic_elf library = {.needed = {"liby.so"}};
	static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	put(fixture, "/l/libx.so", &library);
	tree_own(&fixture->tree, "/l/libx.so", 1000, 1000);
	assert_int_equal(fchmodat(fixture->tree.fd, "l/libx.so", 0400, 0), 0);
	assert_int_equal(seteuid(65534), 0);
	assert_int_equal(find_as(fixture, "/bin/p", "/l", &user), OCIENV_OK);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(fixture->list.count, 1);
	assert_true(fixture->list.items[0].unread);
	assert_false(fixture->list.items[0].broken);
	assert_int_equal(fchmodat(fixture->tree.fd, "bin/p", 0111, 0), 0);
	assert_int_equal(seteuid(65534), 0);
	assert_int_equal(find_as(fixture, "/bin/p", "/l", &user), OCIENV_OK);
	assert_int_equal(seteuid(0), 0);
	assert_false(fixture->list.readable);
	assert_int_equal(fixture->list.count, 0);
}

/* read() is asked of the group's bits for each of the groups, and of others' only for others. */
static void who_may_not_read_finds_nothing(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER, .needed = {"libx.so"}};
	static const struct dynamic_elf library = {.soname = "libx.so"};
	static const uint32_t groups[] = {7, 8};
	static const struct {
		struct identity who;
		unsigned int mode;
		bool found;
	} rows[] = {
		{{.known = true, .uid = 5, .gid = 6, .groups = groups, .group_count = 2}, 0040, true},
		{{.known = true, .uid = 5, .gid = 6, .groups = groups, .group_count = 2}, 0604, false},
		{{.known = true, .uid = 5, .gid = 6, .groups = groups, .group_count = 1}, 0604, true},
		{{.known = true, .uid = 5, .gid = 6, .groups = groups, .group_count = 1}, 0640, false},
		{{.known = true, .uid = 5, .gid = 8}, 0640, true},
		{{.known = true, .uid = 9, .gid = 8}, 0040, false},
		{{.known = true, .uid = 9, .gid = 1}, 0400, true},
		{{.known = false}, 0040, true},
		{{.known = false}, 0004, true},
		{{.known = false}, 0111, false},
	};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	put(fixture, "/l/libx.so", &library);
	tree_own(&fixture->tree, "/l/libx.so", 9, 8);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(fchmodat(fixture->tree.fd, "l/libx.so", rows[i].mode, 0), 0);
		assert_int_equal(find_as(fixture, "/bin/p", "/l", &rows[i].who), OCIENV_OK);
		assert_int_equal(fixture->list.count, 1);
		if (fixture->list.items[0].rule !=
		    (rows[i].found ? LIBRARY_ENVIRONMENT : LIBRARY_MISSING))
			fail_msg("row %zu: another rule", i);
	}
}

/* A directory that this process may not look into may hold it. */
static void a_directory_closed_to_us_is_told(void **state)
{
	static const struct dynamic_elf program = {.interp = "/lib/ld-musl-x86_64.so.1",
						   .needed = {"libx.so"}};
	static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	tree_dir(&fixture->tree, "/lib", 0755);
	put(fixture, "/lib/ld-musl-x86_64.so.1", &(struct dynamic_elf){.soname = "libc.so"});
	tree_dir(&fixture->tree, "/closed", 0700);
	tree_own(&fixture->tree, "/closed", 1000, 1000);
	assert_int_equal(find_as(fixture, "/bin/p", "/closed", &user), OCIENV_OK);
	assert_false(fixture->list.unsure);
	assert_int_equal(seteuid(65534), 0);
	assert_int_equal(find_as(fixture, "/bin/p", "/closed", &user), OCIENV_OK);
	assert_int_equal(seteuid(0), 0);
	assert_true(fixture->list.unsure);
}

#define LONG_NAME                                                                        \
	"0123456789012345678901234567890123456789012345678901234567890123456789"         \
	"0123456789012345678901234567890123456789012345678901234567890123456789"         \
	"0123456789012345678901234567890123456789012345678901234567890123456789"         \
	"0123456789012345678901234567890123456789012345678901234567890123456789"

/* Longer than a name may be: glibc asks the kernel, musl does not. Directories that are too long
 * are passed over. */
static void long_names_are_not_found(void **state)
{
	static const char *const loaders[] = {LOADER, "/lib/ld-musl-x86_64.so.1"};
	static char directories[6000];
	struct fixture *fixture = *state;

	tree_dir(&fixture->tree, "/lib", 0755);
	put(fixture, loaders[1], &(struct dynamic_elf){.soname = "libc.so"});
	put(fixture, "/l/libx.so", &(struct dynamic_elf){.soname = "libx.so"});
	memset(directories, 'd', sizeof(directories));
	directories[0] = '/';
	memcpy(directories + 5000, ":/l", 4);
	for (size_t i = 0; i < 2; i++) {
		struct dynamic_elf elf = {.interp = loaders[i], .needed = {LONG_NAME, "libx.so"}};

		put(fixture, i ? "/bin/m" : "/bin/g", &elf);
		assert_int_equal(find(fixture, i ? "/bin/m" : "/bin/g", directories), OCIENV_OK);
		assert_int_equal(fixture->list.count, 2);
		assert_int_equal(fixture->list.items[0].rule, LIBRARY_MISSING);
		assert_int_equal(fixture->list.items[1].rule, LIBRARY_ENVIRONMENT);
	}
}

/* What the loader of "/bin/p" is told by AT_SECURE. */
static bool is_secure(struct fixture *fixture, mode_t mode, const struct identity *who,
		      bool no_new_privileges)
{
	const struct diag diag = {.error = &fixture->error};
	struct found found;
	struct library_request request = {.rootfs = &fixture->rootfs,
					  .who = who,
					  .cwd = SV("/"),
					  .program = &found,
					  .no_new_privileges = no_new_privileges};

	assert_int_equal(fchmodat(fixture->tree.fd, "bin/p", mode, 0), 0);
	arena_free(&fixture->arena);
	arena_init(&fixture->arena, NULL, 1 << 20);
	assert_int_equal(rootfs_walk(&fixture->rootfs, SV("/"), SV("/bin/p"), &root,
				     &fixture->arena, &found),
			 0);
	close(found.fd);
	assert_int_equal(library_find(&request, &fixture->arena, &diag, (struct mark){0, 0},
				      &fixture->list),
			 OCIENV_OK);
	return fixture->list.secure;
}

/* execve(2) changes an ID where the file's is another one. The bit of the group without its x
 * is about locks. Set-user-ID means nothing to a process that may get no new privileges. */
static void bits_that_change_an_id_are_secure(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER};
	static const struct {
		mode_t mode;
		bool other_uid, other_gid, unknown, secure;
	} rows[] = {
		{0755, true, true, false, false},   {0755, false, false, true, false},
		{04755, true, false, false, true},  {04755, false, true, false, false},
		{04755, false, false, true, true},  {02755, false, true, false, true},
		{02755, true, false, false, false}, {02755, false, false, true, true},
		{02745, true, true, false, false},  {02745, false, false, true, false},
		{06755, true, false, false, true},  {06755, false, true, false, true},
	};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct identity who = {.known = !rows[i].unknown,
					     .uid = geteuid() + rows[i].other_uid,
					     .gid = getegid() + rows[i].other_gid};

		assert_int_equal(is_secure(fixture, rows[i].mode, &who, false), rows[i].secure);
		assert_false(is_secure(fixture, rows[i].mode, &who, true));
	}
}

/* $ORIGIN is where the library itself lies, also if it was found by a relative path. */
static void the_origin_is_that_of_who_needs_it(void **state)
{
	static const char *const loaders[] = {LOADER, "/lib/ld-musl-x86_64.so.1"};
	static const char *const paths[] = {"/l", "l"};
	struct fixture *fixture = *state;

	tree_dir(&fixture->tree, "/lib", 0755);
	tree_dir(&fixture->tree, "/l/sub", 0755);
	put(fixture, loaders[1], &(struct dynamic_elf){.soname = "libc.so"});
	put(fixture, "/l/libx.so",
	    &(struct dynamic_elf){.needed = {"liby.so"}, .runpath = "$ORIGIN/sub"});
	put(fixture, "/l/sub/liby.so", &(struct dynamic_elf){.soname = "liby.so"});
	for (size_t i = 0; i < 4; i++) {
		if (i % 2 == 0)
			put(fixture, i / 2 ? "/bin/m" : "/bin/g",
			    &(struct dynamic_elf){.interp = loaders[i / 2], .needed = {"libx.so"}});
		assert_int_equal(find(fixture, i / 2 ? "/bin/m" : "/bin/g", paths[i % 2]), OCIENV_OK);
		assert_int_equal(fixture->list.count, 2);
		assert_sv_equal(fixture->list.items[1].canonical, "/l/sub/liby.so");
		assert_int_equal(fixture->list.items[1].needed_by, 0);
	}
}

/* A name that is the path of what was loaded is that, found as it may be. */
static void a_path_that_was_loaded_is_not_searched(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER,
						   .needed = {"libx.so", "liby.so"}};
	static const struct dynamic_elf x = {.soname = "libother.so"};
	static const struct dynamic_elf y = {.needed = {"/l/libx.so"}};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	put(fixture, "/l/libx.so", &x);
	put(fixture, "/l/liby.so", &y);
	assert_int_equal(find(fixture, "/bin/p", "/l"), OCIENV_OK);
	assert_int_equal(fixture->list.count, 3);
	assert_sv_equal(fixture->list.items[2].name, "/l/libx.so");
	assert_int_equal(fixture->list.items[2].rule, LIBRARY_LOADED);
	assert_int_equal(fixture->list.items[2].same_as, 0);
}

/* A loader that is empty, or larger than one is, has no directories that can be told. */
static void a_loader_that_is_none_leaves_it_open(void **state)
{
	static const struct dynamic_elf program = {.interp = "/lib64/ld-linux.so.9",
						   .needed = {"libx.so"}};
	struct fixture *fixture = *state;
	int fd;

	put(fixture, "/bin/p", &program);
	tree_text(&fixture->tree, "/lib64/ld-linux.so.9", 0755, "");
	assert_int_equal(find(fixture, "/bin/p", NULL), OCIENV_OK);
	assert_true(fixture->list.unsure);
	fd = openat(fixture->tree.fd, "lib64/ld-linux.so.9", O_WRONLY);
	assert_int_equal(ftruncate(fd, (4 << 20) + 1), 0);
	close(fd);
	assert_int_equal(find(fixture, "/bin/p", NULL), OCIENV_OK);
	assert_true(fixture->list.unsure);
}

/* musl reads its path file up to a bound of ours; a directory in its place is an empty list. */
static void the_path_file_of_musl_has_an_end(void **state)
{
	static const struct dynamic_elf program = {.interp = "/lib/ld-musl-x86_64.so.1",
						   .needed = {"libx.so"}};
	static char text[70000];
	struct fixture *fixture = *state;

	tree_dir(&fixture->tree, "/lib", 0755);
	tree_dir(&fixture->tree, "/etc", 0755);
	put(fixture, "/lib/ld-musl-x86_64.so.1", &(struct dynamic_elf){.soname = "libc.so"});
	put(fixture, "/l/libx.so", &(struct dynamic_elf){.soname = "libx.so"});
	put(fixture, "/bin/p", &program);
	memset(text, '\n', sizeof(text) - 1);
	memcpy(text, "/l", 2);
	tree_text(&fixture->tree, "/etc/ld-musl-x86_64.path", 0644, text);
	assert_int_equal(find(fixture, "/bin/p", NULL), OCIENV_OK);
	assert_int_equal(fixture->list.items[0].rule, LIBRARY_FILE);
	assert_true(fixture->list.unsure);
	assert_int_equal(unlinkat(fixture->tree.fd, "etc/ld-musl-x86_64.path", 0), 0);
	tree_dir(&fixture->tree, "/etc/ld-musl-x86_64.path", 0755);
	assert_int_equal(find(fixture, "/bin/p", NULL), OCIENV_OK);
	assert_int_equal(fixture->list.items[0].rule, LIBRARY_MISSING);
	assert_false(fixture->list.unsure);
}

/* Eight libraries that need as many names as may be: more than are listed. */
static void the_list_of_names_is_cut(void **state)
{
	static const struct dynamic_elf program = {
		.interp = LOADER, .needed = {"/l/a", "/l/b", "/l/c", "/l/d"}};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	for (char name[] = "/l/a"; name[3] <= 'd'; name[3]++) {
		struct dynamic_elf elf = {.repeats = DYNAMIC_NEEDED - 1, .needed = {"/none"}};

		put(fixture, name, &elf);
	}
	assert_int_equal(find(fixture, "/bin/p", NULL), OCIENV_OK);
	assert_int_equal(fixture->list.count, LIBRARY_NAMES);
	assert_true(fixture->list.cut);
}

static void proc_is_refused(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER, .needed = {"libx.so"}};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	assert_int_equal(find(fixture, "/bin/p", "/proc/self/fd"), OCIENV_ERR_UNSAFE);
}

/* No byte of the value, wherever it is. */
static void no_value_is_in_a_message(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER, .needed = {"libx.so"}};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	assert_int_equal(find(fixture, "/bin/p", "/proc/hunter2"), OCIENV_ERR_UNSAFE);
	assert_null(strstr(fixture->error.message, "hunter2"));
}

static void the_directories_of_a_loader_are_found(void **state)
{
	static const struct {
		struct sv bytes;
		const char *first; /* NULL: none */
		size_t len;
	} rows[] = {
		{{"\0\1/lib/a/\0/usr/lib/a/\0/lib/\0x", 28}, "/lib/a/", 25},
		{{"9/lib64/\0/usr/lib64/\0\0", 22}, "/lib64/", 19},
		{{"/etc/\0/lib64/\0", 14}, "/etc/", 13},
		{{"/etc/\0\0/lib64/\0", 15}, "/lib64/", 7},
		{{"/nix/store/x-glibc/lib/\0", 24}, "/nix/store/x-glibc/lib/", 23},
		{{"/lib64/", 7}, NULL, 0},
		{{"/lib64\0", 7}, NULL, 0},
		{{"/\0/\0", 4}, NULL, 0},
		{{"/\0/lib/\0", 8}, "/lib/", 5}, /* "/" has no name */
		{{"", 0}, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv got = library_directories(rows[i].bytes), first;

		if (!rows[i].first) {
			assert_null(got.ptr);
			continue;
		}
		assert_int_equal(got.len, rows[i].len);
		assert_true(sv_cut(&got, '\0', &first));
		assert_true(sv_eq(first, sv_of(rows[i].first)));
	}
}

/* What would be quadratic is not: a loader of slashes. */
static void a_loader_of_slashes_costs_nothing(void **state)
{
	enum { SIZE = 4 << 20 };
	char *bytes = malloc(SIZE);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, '/', SIZE);
	assert_null(library_directories(sv_from(bytes, SIZE)).ptr);
	for (size_t i = 1; i < SIZE; i += 2)
		bytes[i] = 'l';
	assert_null(library_directories(sv_from(bytes, SIZE)).ptr);
	free(bytes);
}

static void the_path_file_of_musl_is_named(void **state)
{
	static const struct {
		const char *interp, *file;
	} rows[] = {
		{"/lib/ld-musl-x86_64.so.1", "/etc/ld-musl-x86_64.path"},
		{"/opt/m/lib/ld-musl-armhf.so.1", "/opt/m/etc/ld-musl-armhf.path"},
		{"/ld-musl-i386.so.1", "/etc/ld-musl-i386.path"},
		{"lib/ld-musl-i386.so.1", "/etc/ld-musl-i386.path"},
	};
	struct fixture *fixture = *state;

	arena_init(&fixture->arena, NULL, 1 << 20);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(sv_eq(library_musl_file(&fixture->arena, sv_of(rows[i].interp)),
				  sv_of(rows[i].file)));
}

/* Every byte of a program and of its library with the values that overflow sums. */
static void corrupted_files_fail_cleanly(void **state)
{
	static const struct dynamic_elf program = {.interp = LOADER, .needed = {"libx.so", "liby.so"},
						   .rpath = "/nope:$ORIGIN/../l"};
	static const struct dynamic_elf library = {.needed = {"libz.so"}, .soname = "libx.so"};
	static const unsigned char values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	static const char *const names[] = {"bin/p", "l/libx.so"};
	struct fixture *fixture = *state;

	put(fixture, "/bin/p", &program);
	put(fixture, "/l/libx.so", &library);
	for (int file = 0; file < 2; file++) {
		size_t len = dynamic_elf(fixture->bytes, file ? &library : &program);
		int fd = openat(fixture->tree.fd, names[file], O_WRONLY | O_CLOEXEC);

		assert_true(fd >= 0);
		for (size_t at = 0; at < len; at++) {
			/* Between the section and the strings there is nothing. */
			if (at == 1024)
				at = len - 100;
			for (size_t i = 0; i < sizeof(values); i++) {
				int32_t status;

				assert_int_equal(pwrite(fd, &values[i], 1, (off_t)at), 1);
				status = find(fixture, "/bin/p", "/l");
				assert_true(status == OCIENV_OK || status == OCIENV_ERR_UNSUPPORTED ||
					    status == OCIENV_ERR_LIMIT || status == OCIENV_ERR_UNSAFE);
			}
			assert_int_equal(pwrite(fd, fixture->bytes + at, 1, (off_t)at), 1);
		}
		close(fd);
	}
	assert_int_equal(find(fixture, "/bin/p", "/l"), OCIENV_OK);
	assert_int_equal(fixture->list.count, 3);
}

/* What the file does not hold is not made up from what was in memory. */
static void an_interpreter_that_the_file_does_not_hold_is_none(void **state)
{
	static const struct dynamic_elf elf = {.interp = LOADER};
	struct fixture *fixture = *state;
	size_t len = dynamic_elf(fixture->bytes, &elf);
	Elf64_Phdr *segments = (Elf64_Phdr *)(fixture->bytes + sizeof(Elf64_Ehdr));
	size_t i = 0;

	while (segments[i].p_type != PT_INTERP)
		i++;
	for (size_t beyond = 0; beyond < 2; beyond++) {
		segments[i].p_offset = beyond ? len : len - 3;
		segments[i].p_filesz = 16;
		memset(fixture->bytes + len - 3, 'x', 3);
		tree_file(&fixture->tree, beyond ? "/bin/beyond" : "/bin/short", 0755,
			  fixture->bytes, len);
		assert_int_equal(find(fixture, beyond ? "/bin/beyond" : "/bin/short", ""),
				 OCIENV_ERR_UNSUPPORTED);
	}
}

/* --- memory ------------------------------------------------------------------------- */

struct budget {
	size_t left, blocks;
};

static void *budget_alloc(void *ctx, size_t size)
{
	struct budget *budget = ctx;

	if (!budget->left)
		return NULL;
	budget->left--;
	budget->blocks++;
	return malloc(size);
}

static void budget_free(void *ctx, void *ptr)
{
	struct budget *budget = ctx;

	budget->blocks--;
	free(ptr);
}

static void out_of_memory_anywhere_fails_cleanly(void **state)
{
	static const struct dynamic_elf program = {
		.interp = LOADER, .needed = {"libx.so", "liby.so"}, .runpath = "$ORIGIN/../l"};
	static const struct dynamic_elf library = {.needed = {"libz.so"}, .soname = "libx.so"};
	struct fixture *fixture = *state;
	struct budget budget;
	const struct ocienv_allocator allocator = {budget_alloc, budget_free, &budget};
	const struct diag diag = {.error = &fixture->error};
	struct library_request request = {
		.rootfs = &fixture->rootfs, .who = &root, .cwd = SV("/")};
	int32_t status = OCIENV_ERR_NOMEM;
	struct found found;

	put(fixture, "/bin/p", &program);
	put(fixture, "/l/libx.so", &library);
	arena_init(&fixture->arena, NULL, 1 << 20);
	assert_int_equal(rootfs_walk(&fixture->rootfs, SV("/"), SV("/bin/p"), &root,
				     &fixture->arena, &found),
			 0);
	close(found.fd);
	request.program = &found;
	for (size_t n = 0; status; n++) {
		int before = open_descriptors();
		struct arena arena;

		assert_true(n < 100);
		budget = (struct budget){.left = n};
		arena_init(&arena, &allocator, 1 << 20);
		status = library_find(&request, &arena, &diag, (struct mark){0, 0}, &fixture->list);
		assert_true(status == OCIENV_OK || status == OCIENV_ERR_NOMEM);
		arena_free(&arena);
		assert_int_equal(budget.blocks, 0);
		assert_int_equal(open_descriptors(), before);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_kind_of_a_program_is_told),
		TEST(names_are_listed_for_a_loader_that_is_not_known),
		TEST(the_number_of_files_is_bounded),
		TEST(the_number_of_names_is_bounded),
		TEST(the_cost_of_a_search_is_bounded),
		TEST(a_library_is_broken_or_unread),
		TEST(our_own_lack_of_permission_is_told),
		TEST(who_may_not_read_finds_nothing),
		TEST(a_directory_closed_to_us_is_told),
		TEST(long_names_are_not_found),
		TEST(bits_that_change_an_id_are_secure),
		TEST(the_origin_is_that_of_who_needs_it),
		TEST(a_path_that_was_loaded_is_not_searched),
		TEST(a_loader_that_is_none_leaves_it_open),
		TEST(the_path_file_of_musl_has_an_end),
		TEST(the_list_of_names_is_cut),
		TEST(proc_is_refused),
		TEST(no_value_is_in_a_message),
		TEST(the_directories_of_a_loader_are_found),
		TEST(a_loader_of_slashes_costs_nothing),
		TEST(the_path_file_of_musl_is_named),
		TEST(corrupted_files_fail_cleanly),
		TEST(an_interpreter_that_the_file_does_not_hold_is_none),
		TEST(out_of_memory_anywhere_fails_cleanly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
