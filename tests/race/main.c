/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race [SECONDS]: two threads exchange directories, links and files, within the root and out
 * of it, while each walker looks for that long. What it finds must be a file that was in the
 * root at some time. A walker as one writes it without care must be seen to escape, else the
 * race proves nothing.
 */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/unit.h"

#include "rootfs/permission.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* --- the tree -------------------------------------------------------------------------- */

enum { INODES = 256 };

static struct {
	dev_t dev;
	ino_t inodes[INODES]; /* of all that is, or is put, into the root */
	size_t count;
} inside;

static int remember(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)type;
	(void)ftw;
	assert_true(inside.count < INODES);
	inside.dev = st->st_dev;
	inside.inodes[inside.count++] = st->st_ino;
	return 0;
}

static bool is_inside(const struct stat *st)
{
	for (size_t i = 0; i < inside.count; i++)
		if (inside.inodes[i] == st->st_ino)
			return st->st_dev == inside.dev;
	return false;
}

/* Programs out of the root are for another machine, so that what is read of them shows. */
static size_t program(unsigned char *buffer, bool foreign)
{
	size_t len = tree_elf(buffer, NULL);

	if (foreign)
		buffer[offsetof(Elf64_Ehdr, e_machine)] = EM_AARCH64;
	return len;
}

static void add_folder(const struct tree *tree, const char *path, bool foreign)
{
	unsigned char elf[TREE_ELF];
	char name[64];

	tree_dir(tree, path, 0755);
	snprintf(name, sizeof(name), "%s/prog", path);
	tree_file(tree, name, 0755, elf, program(elf, foreign));
	snprintf(name, sizeof(name), "%s/script", path);
	tree_text(tree, name, 0755, foreign ? "#!/outside\n" : "#!/bin/prog\n");
}

/* The directory above the root, as if it were one. */
static struct tree above(const struct tree *tree)
{
	struct tree ret = *tree;

	ret.fd = open(tree->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(ret.fd >= 0);
	return ret;
}

static void build(const struct tree *tree)
{
	struct tree top = above(tree);
	unsigned char elf[TREE_ELF];
	char target[128], path[128];

	add_folder(tree, "/bin", false);
	add_folder(tree, "/d", false);
	add_folder(tree, "/d/e", false);
	add_folder(tree, "/s", false);
	tree_file(tree, "/prog", 0755, elf, program(elf, false));
	tree_link(tree, "/l", "d/e");
	tree_link(tree, "/hop", "/d/e/../../l/prog");
	/* Never in the root. */
	add_folder(&top, "/never", true);
	tree_file(&top, "/prog", 0755, elf, program(elf, true));
	/* Goes into the root and out of it; then its ".." is here. */
	tree_dir(&top, "/out", 0755);
	tree_file(&top, "/out/prog", 0755, elf, program(elf, true));
	add_folder(&top, "/out/e", false);
	/* Links out, for whoever follows them from here. */
	snprintf(target, sizeof(target), "%s/never", tree->path);
	tree_link(tree, "/l-out", target);
	tree_link(tree, "/s-out", "../../../../../../../../never");
	snprintf(target, sizeof(target), "%s/never/prog", tree->path);
	tree_link(tree, "/bin/prog-out", target);
	tree_link(tree, "/bin/script-out", "../../never/script");
	close(top.fd);

	snprintf(path, sizeof(path), "%s/root", tree->path);
	assert_int_equal(nftw(path, remember, 8, FTW_PHYS), 0);
	snprintf(path, sizeof(path), "%s/out/e", tree->path);
	assert_int_equal(nftw(path, remember, 8, FTW_PHYS), 0);
}

/* --- those who change it --------------------------------------------------------------- */

static const char *const exchanges[][2] = {
	{"root/d/e", "out/e"},    {"root/l", "root/l-out"},
	{"root/s", "root/s-out"}, {"root/bin/prog", "root/bin/prog-out"},
	{"root/d/e", "root/s"},   {"root/bin/script", "root/bin/script-out"},
	{"root/d", "root/l"},     {"out/e", "root/d/e"},
};

enum { EXCHANGES = sizeof(exchanges) / sizeof(exchanges[0]), CHANGERS = 2 };

struct changer {
	pthread_t thread;
	int top;
	size_t first;
	uint64_t swaps;
};

static atomic_bool finished;

static void *change(void *argument)
{
	struct changer *changer = argument;

	for (size_t i = changer->first; !atomic_load(&finished); i++) {
		const char *const *pair = exchanges[i % EXCHANGES];

		changer->swaps +=
		    syscall(SYS_renameat2, changer->top, pair[0], changer->top, pair[1],
			    2 /* RENAME_EXCHANGE */) == 0;
	}
	return NULL;
}

/* --- those who look -------------------------------------------------------------------- */

enum { CODES = 256 };

struct tally {
	uint64_t tries, answers, escapes, wrong;
	uint64_t refused[CODES]; /* by errno, or by a status without its sign */
};

typedef void look(const struct tree *tree, enum walker walker, uint32_t turn,
		  struct tally *tally);

/* Absolute, and every name is one. */
static bool is_canonical(struct sv path)
{
	struct sv name;

	if (!path.len || path.ptr[0] != '/')
		return false;
	path = sv_skip(path, 1);
	if (!path.len)
		return true;
	while (sv_cut(&path, '/', &name))
		if (!name.len || sv_eq(name, SV(".")) || sv_eq(name, SV("..")))
			return false;
	return true;
}

static void judge(const struct found *found, struct tally *tally)
{
	struct stat st;

	tally->answers++;
	tally->escapes += !is_inside(&found->st);
	if (!is_canonical(found->canonical) || fstat(found->fd, &st) != 0 ||
	    st.st_ino != found->st.st_ino || st.st_dev != found->st.st_dev)
		tally->wrong++;
}

static const struct {
	const char *cwd, *path;
} places[] = {
	{"/", "/d/e/prog"},     {"/", "/d/e/../../prog"},
	{"/", "/l/prog"},       {"/", "/l/../../prog"},
	{"/", "/s/prog"},       {"/", "/s/../prog"},
	{"/", "/bin/prog"},     {"/d/e", "../../prog"},
	{"/l", "../s/../prog"}, {"/", "/hop"},
	{"/", "/bin/script"},   {"/", "/d/../d/./e/.."},
	{"/d/e", "../../.."},   {"/", "/s/../l/../d/e/../../bin/../s/prog"},
};

static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};

/* What rootfs_walk() may say of such a tree. */
static const struct {
	int error;
	const char *name;
} documented[] = {
	{ENOENT, "ENOENT"}, {ENOTDIR, "ENOTDIR"}, {EACCES, "EACCES"}, {ELOOP, "ELOOP"},
	{EPERM, "EPERM"},   {EXDEV, "EXDEV"},     {EAGAIN, "EAGAIN"},
};

enum { DOCUMENTED = sizeof(documented) / sizeof(documented[0]) };

static const char *error_name(int error)
{
	for (size_t i = 0; i < DOCUMENTED; i++)
		if (documented[i].error == error)
			return documented[i].name;
	return NULL;
}

static void look_walk(const struct tree *tree, enum walker walker, uint32_t turn,
		      struct tally *tally)
{
	struct rootfs rootfs = {.fd = tree->fd, .walker = walker};
	size_t i = turn % (sizeof(places) / sizeof(places[0]));
	struct found found;
	struct arena arena;
	int error;

	arena_init(&arena, NULL, 16 << 20);
	error = rootfs_walk(&rootfs, sv_of(places[i].cwd), sv_of(places[i].path),
			    turn & 1 ? &user : &identity_root, &arena, &found);
	if (!error) {
		judge(&found, tally);
		close(found.fd);
	} else {
		tally->wrong += !error_name(error);
		tally->refused[error & (CODES - 1)]++;
	}
	arena_free(&arena);
}

static const int32_t statuses[] = {OCIENV_ERR_NOTFOUND, OCIENV_ERR_ACCESS,
				   OCIENV_ERR_UNSUPPORTED, OCIENV_ERR_UNSAFE};

/* What was read came from inside, too. */
static void judge_facts(const struct lookup_result *result, struct tally *tally)
{
	judge(&result->file, tally);
	tally->escapes +=
	    !is_inside(&result->program.st) ||
	    (result->elf.machine && strcmp(result->elf.machine, "x86_64") != 0);
	for (uint32_t i = 0; i < result->interpreter_count; i++)
		tally->escapes += !sv_eq(result->interpreters[i].path, SV("/bin/prog"));
}

static void look_lookup(const struct tree *tree, enum walker walker, uint32_t turn,
			struct tally *tally)
{
	struct rootfs rootfs = {.fd = tree->fd, .walker = walker};
	const struct lookup_request request = {
	    .profile = (enum lookup_profile)(turn / 4 % 5),
	    .name = turn & 2 ? SV("prog") : SV("script"),
	    .path = SV("/l/..:/s:/d/e:/d/e/../../bin:/bin"),
	    .cwd = SV("/"),
	    .who = turn & 1 ? &user : &identity_root,
	};
	const struct diag diag = {0};
	struct lookup_result result;
	struct arena arena;
	bool known = false;
	int32_t status;

	arena_init(&arena, NULL, 16 << 20);
	status =
	    rootfs_lookup(&rootfs, &request, &arena, &diag, (struct mark){1, 1}, &result);
	if (!status) {
		judge_facts(&result, tally);
		close(result.file.fd);
	} else {
		for (size_t k = 0; k < sizeof(statuses) / sizeof(statuses[0]); k++)
			known |= statuses[k] == status;
		tally->wrong += !known;
		tally->refused[-status & (CODES - 1)]++;
	}
	arena_free(&arena);
}

/* The walker that this test must catch. */
static void look_carelessly(const struct tree *tree, enum walker walker, uint32_t turn,
			    struct tally *tally)
{
	size_t i = turn % (sizeof(places) / sizeof(places[0]));
	char path[256];
	struct stat st;
	int fd;

	(void)walker;
	snprintf(path, sizeof(path), "%s/root%s/%s", tree->path,
		 places[i].path[0] == '/' ? "" : places[i].cwd, places[i].path);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0) {
		tally->refused[errno & (CODES - 1)]++;
		return;
	}
	tally->answers++;
	assert_int_equal(fstat(fd, &st), 0);
	tally->escapes += !is_inside(&st);
	close(fd);
}

/* Who looks; a walker more is two lines more. */
static const struct contest {
	const char *name;
	look *look;
	enum walker walker;
	bool escapes; /* it must */
} contests[] = {
	{"careless open", look_carelessly, WALKER_AUTO, true},
	{"auto, walk", look_walk, WALKER_AUTO, false},
	{"auto, look-up", look_lookup, WALKER_AUTO, false},
	{"openat2, walk", look_walk, WALKER_OPENAT2, false},
	{"openat2, look-up", look_lookup, WALKER_OPENAT2, false},
	{"stack, walk", look_walk, WALKER_STACK, false},
	{"stack, look-up", look_lookup, WALKER_STACK, false},
	{"string, walk", look_walk, WALKER_STRING, false},
	{"string, look-up", look_lookup, WALKER_STRING, false},
};

/* --- the race -------------------------------------------------------------------------- */

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void print_row(const struct contest *contest, const struct tally *tally,
		      uint64_t swaps, uint64_t least)
{
	printf("%-17s %9ju %9ju %9ju %8ju %6ju  ", contest->name, (uintmax_t)swaps,
	       (uintmax_t)tally->tries, (uintmax_t)tally->answers,
	       (uintmax_t)tally->escapes, (uintmax_t)tally->wrong);
	for (int i = 0; i < CODES; i++) {
		if (!tally->refused[i])
			continue;
		if (contest->look == look_lookup)
			printf(" %s %ju", ocienv_status_name(-i),
			       (uintmax_t)tally->refused[i]);
		else
			printf(" %s %ju", error_name(i) ? error_name(i) : strerror(i),
			       (uintmax_t)tally->refused[i]);
	}
	printf("%s\n", least ? "" : " (a thread changed nothing)");
}

/* False: it escaped, or must have and did not, or there was no race. */
static bool run(const struct tree *tree, const struct contest *contest, double seconds,
		struct tally *total)
{
	struct changer changers[CHANGERS];
	struct tally tally = {0};
	int top = open(tree->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t swaps = 0, least = UINT64_MAX;
	double end = now() + seconds;
	int before = open_descriptors();

	atomic_store(&finished, false);
	for (size_t i = 0; i < CHANGERS; i++) {
		changers[i] =
		    (struct changer){.top = top, .first = i * EXCHANGES / CHANGERS};
		assert_int_equal(
		    pthread_create(&changers[i].thread, NULL, change, &changers[i]), 0);
	}
	while (tally.tries % 64 || now() < end)
		contest->look(tree, contest->walker, (uint32_t)tally.tries++, &tally);
	atomic_store(&finished, true);
	for (size_t i = 0; i < CHANGERS; i++) {
		assert_int_equal(pthread_join(changers[i].thread, NULL), 0);
		swaps += changers[i].swaps;
		least = changers[i].swaps < least ? changers[i].swaps : least;
	}
	tally.wrong += open_descriptors() != before;
	close(top);
	print_row(contest, &tally, swaps, least);
	if (!contest->escapes) { /* the careless one is a control */
		total->tries += tally.tries;
		total->escapes += tally.escapes;
	}
	return least && tally.answers && !tally.wrong &&
	       !tally.escapes == !contest->escapes;
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
	struct tally total = {0};
	bool good = true;
	struct tree tree;

	if (argc > 2 || !(seconds > 0)) {
		fprintf(stderr, "usage: %s [SECONDS]\n", argv[0]);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	tree_make(&tree);
	build(&tree);
	printf("%-17s %9s %9s %9s %8s %6s   refused\n", "who", "swaps", "tries",
	       "answers", "escapes", "wrong");
	for (size_t i = 0; i < sizeof(contests) / sizeof(contests[0]); i++)
		good &= run(&tree, &contests[i], seconds, &total);
	tree_remove(&tree);
	printf("%s: %ju tries by all walkers, %ju escapes\n", good ? "passed" : "FAILED",
	       (uintmax_t)total.tries, (uintmax_t)total.escapes);
	return good ? 0 : 1;
}
