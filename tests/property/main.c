/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_walkers COUNT [SEED]: COUNT random trees, and in each random questions of random
 * users, to all walkers. They must give one answer, and it must be the kernel's, where that
 * can be asked: as root, without /proc, by openat2.
 */
#define _GNU_SOURCE
#include "property/forest.h"
#include "property/kernel.h"
#include "property/random.h"
#include "unit/rootfs/walkers.h"

#include "rootfs/permission.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { QUESTIONS = 8 };

struct question {
	char cwd_text[TEXT], path_text[TEXT];
	struct sv cwd, path;
	const struct identity *who;
};

struct answer {
	int error;
	struct found found; /* closed */
	struct stat st;	    /* of the descriptor itself */
};

static struct {
	unsigned long questions, differences, of_kernel, found, leave;
	enum walker walkers[WALKERS_MAX];
	unsigned int count;
	bool kernel, protects_links;
} run;

static const uint32_t groups[] = {5, 2000};

static const struct identity identities[] = {
	{.known = true, .capabilities = UINT64_MAX},
	{.known = true, .capabilities = UINT64_MAX},
	{.known = true},
	{.known = true, .uid = 1000, .gid = 1000},
	{.known = true, .uid = 1000, .gid = 1000, .groups = groups, .group_count = 2},
	{.known = true, .uid = 1001, .gid = 2000},
	{.known = true, .uid = 1001, .capabilities = 1U << CAPABILITY_DAC_OVERRIDE},
	{.known = true, .uid = 1000, .capabilities = 1U << CAPABILITY_DAC_READ_SEARCH},
	{.known = false},
};

static struct answer ask(enum walker walker, int root, const struct question *question,
			 struct arena *arena)
{
	struct rootfs rootfs = {.fd = root, .walker = walker, .max_symlinks = 40};
	struct answer answer = {0};

	answer.error = rootfs_walk(&rootfs, question->cwd, question->path, question->who,
				   arena, &answer.found);
	if (!answer.error) {
		if (fstat(answer.found.fd, &answer.st) < 0)
			answer.error = -1;
		close(answer.found.fd);
	}
	return answer;
}

static bool is_same(const struct answer *a, const struct answer *b)
{
	if (a->error || b->error)
		return a->error == b->error;
	return sv_eq(a->found.canonical, b->found.canonical) &&
	       a->found.leaves_root == b->found.leaves_root && a->st.st_ino == b->st.st_ino &&
	       a->st.st_dev == b->st.st_dev && b->found.st.st_ino == b->st.st_ino &&
	       a->found.st.st_ino == a->st.st_ino && a->found.st.st_mode == b->found.st.st_mode;
}

static void tell(const char *of, const struct answer *answer)
{
	(void)printf("  %s: errno %d, %.*s, inode %lu%s\n", of, answer->error,
		     answer->error ? 0 : (int)answer->found.canonical.len,
		     answer->error ? "" : answer->found.canonical.ptr,
		     (unsigned long)answer->st.st_ino,
		     answer->found.leaves_root ? ", leaves the root" : "");
}

/* Whatever the walkers agree on, the tree itself knows what that file is called. */
static bool is_its_name(const struct forest *forest, const struct answer *answer)
{
	static char text[NODES * (NAME_MAX + 1)];

	return answer->error ||
	       sv_eq(forest_canonical(forest, answer->st.st_ino, text, sizeof(text)),
		     answer->found.canonical);
}

/* Links alone make the kernel's RESOLVE_BENEATH refuse a path that has no ".." and no slash in
 * front. */
static bool is_told_by_beneath(const struct question *question)
{
	struct sv path = question->path;
	static char all[TEXT + 8];

	(void)snprintf(all, sizeof(all), "/%s/", path.ptr);
	return path.ptr[0] != '/' && !strstr(all, "/../");
}

static bool kernel_agrees(const struct forest *forest, const struct question *question,
			  const struct answer *answer)
{
	int root = forest->nodes[0].fd;
	struct stat st;
	int error;

	/* The kernel knows no refused /proc and no unknown user, and would enter a working
	 * directory as the user. Nor is it sure to protect links here. */
	if (!run.kernel || answer->error == EXDEV || !question->who->known ||
	    (question->path.ptr[0] != '/' && !sv_eq(question->cwd, SV("/"))))
		return true;
	if (forest->sticky && !run.protects_links && answer->error == EACCES)
		return true;
	run.of_kernel++;
	error = kernel_resolve(root, question->path.ptr, question->who, false, &st);
	if (error != answer->error || (!error && st.st_ino != answer->st.st_ino)) {
		(void)printf("  kernel: errno %d, inode %lu\n", error,
			     error ? 0 : (unsigned long)st.st_ino);
		return false;
	}
	if (error || !is_told_by_beneath(question))
		return true;
	error = kernel_resolve(root, question->path.ptr, question->who, true, &st);
	if (error == (answer->found.leaves_root ? EXDEV : 0))
		return true;
	(void)printf("  kernel, beneath: errno %d\n", error);
	return false;
}

static void compare(const struct forest *forest, const struct question *question,
		    unsigned long tree)
{
	struct answer answers[WALKERS_MAX];
	struct arena arena;
	bool same = true;

	arena_init(&arena, NULL, SIZE_MAX);
	for (unsigned int i = 0; i < run.count; i++) {
		answers[i] = ask(run.walkers[i], forest->nodes[0].fd, question, &arena);
		same = same && is_same(&answers[0], &answers[i]);
	}
	same = same && is_its_name(forest, &answers[0]);
	same = kernel_agrees(forest, question, &answers[0]) && same;
	run.questions++;
	run.found += !answers[0].error;
	run.leave += !answers[0].error && answers[0].found.leaves_root;
	if (!same) {
		run.differences++;
		(void)printf("tree %lu, uid %u, \"%s\" from \"%s\"\n", tree, question->who->uid,
			     question->path.ptr, question->cwd.ptr);
		for (unsigned int i = 0; i < run.count; i++)
			tell(walker_name(run.walkers[i]), &answers[i]);
	}
	arena_free(&arena);
}

static void ask_about(struct forest *forest, unsigned long tree)
{
	static struct question question;

	for (int i = 0; i < QUESTIONS; i++) {
		question.who = &identities[below(&forest->random,
						 sizeof(identities) / sizeof(identities[0]))];
		question.cwd = SV("/");
		if (one_in(&forest->random, 4))
			question.cwd = forest_path(forest, question.cwd_text);
		question.path = forest_path(forest, question.path_text);
		compare(forest, &question, tree);
	}
}

static bool grow_and_ask(int root, uint64_t seed, unsigned long tree)
{
	static struct forest forest;
	bool ok = forest_grow(&forest, root, seed + tree);

	if (ok)
		ask_about(&forest, tree);
	return forest_cut(&forest) && ok;
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, i;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	/* In memory, where there is one. */
	char place[] = "/dev/shm/ocienv-walkers-XXXXXX", slow[] = "/tmp/ocienv-walkers-XXXXXX";
	const char *made = mkdtemp(place);
	int root = -1;

	if (!count) {
		(void)fprintf(stderr, "usage: test_walkers COUNT [SEED]\n");
		return 2;
	}
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)umask(0);
	run.count = walkers_here(run.walkers);
	run.kernel = kernel_can_be_asked();
	run.protects_links = kernel_protects_links();
	if (!made)
		made = mkdtemp(slow);
	if (made && chmod(made, 0755) == 0)
		root = open(made, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0) {
		perror("mkdtemp");
		return 1;
	}
	(void)printf("seed %llu\n", (unsigned long long)seed);
	for (i = 0; i < count; i++)
		if (!grow_and_ask(root, seed, i))
			break;
	if (i < count)
		(void)printf("tree %lu: %s\n", i, strerror(errno));
	close(root);
	(void)rmdir(made);
	(void)printf("%lu found, of which %lu leave the root; %lu asked of the kernel, %s\n",
		     run.found, run.leave, run.of_kernel,
		     run.protects_links ? "which protects links" : "which protects no links");
	(void)printf("%lu trees, %lu questions, %lu differences\n", i, run.questions,
		     run.differences);
	return i < count || run.differences || !run.found;
}
