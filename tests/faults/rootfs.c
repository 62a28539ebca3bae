/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faults: for every question, every errno and every k, the k-th system call fails with it.
 * The answer must be the one without a failure, or a failure that the header documents for
 * that errno; no descriptor stays open, and the result is written only with an answer.
 */
#define _GNU_SOURCE
#include "faults.h"
#include "leave.h"
#include "unit/rootfs/person.h"
#include "unit/unit.h"

#include "rootfs/accounts.h"
#include "rootfs/cwd.h"
#include "rootfs/file.h"
#include "rootfs/lexical.h"
#include "rootfs/permission.h"
#include "rootfs/shortcut.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* Walkers that are tried; a new one is a line here. */
static const struct {
	enum walker walker;
	const char *name;
} walkers[] = {
	{WALKER_AUTO, "auto"},
	{WALKER_OPENAT2, "openat2"},
	{WALKER_STACK, "stack"},
	{WALKER_STRING, "string"},
};

static const struct {
	int error;
	const char *name;
} errors[] = {
	{EINTR, "EINTR"},   {EMFILE, "EMFILE"}, {ENFILE, "ENFILE"},
	{EACCES, "EACCES"}, {ELOOP, "ELOOP"},	{ENOMEM, "ENOMEM"},
	{EIO, "EIO"},	    {ESTALE, "ESTALE"}, {EAGAIN, "EAGAIN"},
};

enum {
	WALKERS = sizeof(walkers) / sizeof(walkers[0]),
	ERRORS = sizeof(errors) / sizeof(errors[0]),
};

static const struct identity owner = {.known = true};
static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};

/* --- what is asked --------------------------------------------------------------------- */

struct question {
	enum { WALK, LOOKUP, ACCOUNTS, CWD, LEXICAL } kind;
	const char *name; /* the path, or the program's name */
	const char *path; /* PATH; NULL: none */
	const char *cwd;
	const struct identity *who;
	enum lookup_profile profile;
};

static const struct question questions[] = {
	{WALK, "/usr/lib/ld", NULL, "/", &identity_root, 0},
	{WALK, "/lib/ld", NULL, "/", &identity_root, 0},
	{WALK, "lib/../../bin/elf", NULL, "/usr", &user, 0},
	{WALK, "/bin/nope", NULL, "/", &user, 0},
	{WALK, "/bin/elf/x", NULL, "/", &identity_root, 0},
	{WALK, "/closed/elf", NULL, "/", &user, 0},
	{WALK, "/listed/elf", NULL, "/", &user, 0},
	{WALK, "/loop", NULL, "/", &identity_root, 0},
	{WALK, "/deep/up", NULL, "/", &identity_root, 0},
	{WALK, "/procfs/self/exe", NULL, "/", &identity_root, 0},
	{WALK, "/", NULL, "/", &user, 0},
	{WALK, "/j/j/j/../..", NULL, "/", &identity_root, 0},
	{LOOKUP, "elf", "/a:/bin", "/", &identity_root, LOOKUP_RUNC},
	{LOOKUP, "elf", "/a:/bin", "/", &user, LOOKUP_RUNC},
	{LOOKUP, "elf", "/closed:/nope:/listed:/bin", "/", &user, LOOKUP_RUNC},
	{LOOKUP, "only", "/a:/bin", "/", &user, LOOKUP_RUNC},
	{LOOKUP, "nope", "/a:/bin", "/", &user, LOOKUP_RUNC},
	{LOOKUP, "dyn", "/a:/bin", "/", &user, LOOKUP_RUNC},
	{LOOKUP, "s1", "/a:/bin", "/", &user, LOOKUP_RUNC},
	{LOOKUP, "/bin/s1", NULL, "/usr", &user, LOOKUP_RUNC},
	{LOOKUP, "./made", NULL, "/missing/below", &user, LOOKUP_RUNC},
	{LOOKUP, "elf", "/a:/bin", "/", &user, LOOKUP_CRUN},
	{LOOKUP, "elf", "/closed:/bin", "/", &user, LOOKUP_CRUN},
	{LOOKUP, "elf", "/nox:/a:/bin", "/", &user, LOOKUP_CRUN},
	{LOOKUP, "s1", "/a:/bin", "/", &user, LOOKUP_CRUN},
	{LOOKUP, "dyn", "/a:/bin", "/", &user, LOOKUP_EXECVP},
	{LOOKUP, "s1", "/a:/bin", "/", &user, LOOKUP_EXECVP},
	{LOOKUP, "text", "/a:/bin", "/", &user, LOOKUP_EXECVP},
	{LOOKUP, "elf", "/a:/bin", "/usr", &user, LOOKUP_RUNC_1_1},
	{LOOKUP, "s1", "/a:/bin", "/", &identity_root, LOOKUP_CRUN_1_8},
	{ACCOUNTS, "passwd", NULL, "", NULL, 0},
	{ACCOUNTS, "group", NULL, "", NULL, 0},
	{ACCOUNTS, "group", NULL, "lexical", NULL, 0},
	{CWD, "/usr/lib", NULL, NULL, NULL, 0},
	{CWD, "/usr/x/../y/z", NULL, NULL, NULL, 0},
	{CWD, "/dangling/x", NULL, NULL, NULL, 0},
	{LEXICAL, "/lib/x/../ld", NULL, NULL, NULL, 0},
	{LEXICAL, "/nope/../loop2/x", NULL, NULL, NULL, 0},
};

/* --- what is answered ------------------------------------------------------------------ */

enum { TEXT = 512 };

struct answer {
	int code; /* an errno of the walk, or a status */
	int sys_errno;
	bool untouched;	  /* the result, where code is a failure */
	char text[TEXT];  /* the answer in words */
	char facts[TEXT]; /* of the file; may be missing where it cannot be read */
};

static struct sv text_of(const char *text)
{
	return text ? sv_of(text) : SV_NONE;
}

static bool is_pattern(const void *object, size_t size)
{
	const unsigned char *p = object;

	for (size_t i = 0; i < size; i++)
		if (p[i] != 0xa5)
			return false;
	return true;
}

#define PATTERN(object) memset(&(object), 0xa5, sizeof(object))

static void ask_walk(const struct rootfs *rootfs, const struct question *q, struct arena *arena,
		     struct answer *ret)
{
	struct found found;

	PATTERN(found);
	faults.armed = true;
	ret->code = rootfs_walk(rootfs, sv_of(q->cwd), sv_of(q->name), q->who, arena, &found);
	faults.armed = false;
	ret->untouched = is_pattern(&found, sizeof(found));
	if (ret->code)
		return;
	snprintf(ret->text, TEXT, "%s inode %ju", found.canonical.ptr,
		 (uintmax_t)found.st.st_ino);
	close(found.fd);
}

static void ask_lookup(const struct rootfs *rootfs, const struct question *q,
		       struct arena *arena, struct answer *ret)
{
	const struct lookup_request request = {.profile = q->profile,
					       .name = sv_of(q->name),
					       .path = text_of(q->path),
					       .cwd = sv_of(q->cwd),
					       .who = q->who};
	struct ocienv_error error = {0};
	const struct diag diag = {.error = &error};
	struct lookup_result result;

	PATTERN(result);
	faults.armed = true;
	ret->code = rootfs_lookup(rootfs, &request, arena, &diag, (struct mark){1, 1}, &result);
	faults.armed = false;
	ret->sys_errno = error.sys_errno;
	ret->untouched = is_pattern(&result, sizeof(result));
	if (ret->code)
		return;
	snprintf(ret->text, TEXT, "%s (%s) entry %d", result.path.ptr, result.file.canonical.ptr,
		 (int)result.path_index);
	snprintf(ret->facts, TEXT, "%s %s %u scripts, %s",
		 result.elf.machine ? result.elf.machine : "?",
		 result.elf.interp.ptr ? result.elf.interp.ptr : "static", result.interpreter_count,
		 result.program.canonical.ptr);
	close(result.file.fd);
}

static void ask_accounts(const struct rootfs *rootfs, const struct question *q,
			 struct arena *arena, struct answer *ret)
{
	struct ocienv_error error = {0};
	const struct diag diag = {.error = &error};
	struct accounts accounts = {
		.rootfs = rootfs, .arena = arena, .diag = &diag, .lexical = *q->cwd};
	enum account which = *q->name == 'p' ? ACCOUNT_PASSWD : ACCOUNT_GROUP;

	faults.armed = true;
	ret->code = accounts_read(&accounts, which);
	faults.armed = false;
	ret->sys_errno = error.sys_errno;
	ret->untouched = !accounts.files[which].read;
	if (!ret->code)
		snprintf(ret->text, TEXT, "%.*s", (int)accounts.files[which].text.len,
			 accounts.files[which].text.ptr);
}

static void ask_cwd(const struct rootfs *rootfs, const struct question *q, struct arena *arena,
		    struct answer *ret)
{
	uint32_t steps = 1000;
	struct cwd cwd;

	PATTERN(cwd);
	faults.armed = true;
	ret->code = cwd_find(rootfs, sv_of(q->name), &steps, arena, &cwd);
	faults.armed = false;
	ret->untouched = is_pattern(&cwd, sizeof(cwd));
	if (!ret->code)
		snprintf(ret->text, TEXT, "%s and %.*s", cwd.real.ptr, (int)cwd.made.len,
			 cwd.made.ptr);
}

static void ask_lexical(const struct rootfs *rootfs, const struct question *q,
			struct arena *arena, struct answer *ret)
{
	uint32_t steps = ROOTFS_STEPS;
	struct sv joined;

	PATTERN(joined);
	faults.armed = true;
	ret->code = lexical_join(rootfs, sv_of(q->name), &steps, arena, &joined);
	faults.armed = false;
	ret->untouched = is_pattern(&joined, sizeof(joined));
	if (!ret->code)
		snprintf(ret->text, TEXT, "%.*s", (int)joined.len, joined.ptr);
}

static void ask(const struct rootfs *rootfs, const struct question *q, struct answer *ret)
{
	static void (*const ways[])(const struct rootfs *, const struct question *,
				    struct arena *, struct answer *) = {
		[WALK] = ask_walk, [LOOKUP] = ask_lookup,   [ACCOUNTS] = ask_accounts,
		[CWD] = ask_cwd,   [LEXICAL] = ask_lexical,
	};
	struct arena arena;

	*ret = (struct answer){0};
	arena_init(&arena, NULL, 32 << 20);
	ways[q->kind](rootfs, q, &arena, ret);
	arena_free(&arena);
}

/* --- what may be answered -------------------------------------------------------------- */

static bool gives_errno(const struct question *q)
{
	return q->kind == WALK || q->kind == CWD || q->kind == LEXICAL;
}

/* The errno that a walk may make of a failed call, besides itself. */
static bool may_be_errno(int error, int got)
{
	switch (error) {
	case EACCES: /* ours: it says nothing about who looks */
		return got == EPERM;
	case ELOOP: /* no call here follows a link: the tree changed, or we cannot tell */
		return got == EAGAIN || got == EPERM;
	default:
		return got == error;
	}
}

static bool may_be_status(int error, const struct answer *got)
{
	bool system = got->code == OCIENV_ERR_SYSTEM && got->sys_errno == error;

	switch (error) {
	case EACCES:
		return got->code == OCIENV_ERR_ACCESS || system;
	case ELOOP:
		return got->code == OCIENV_ERR_UNSAFE || got->code == OCIENV_ERR_ACCESS || system;
	case EAGAIN:
		return got->code == OCIENV_ERR_UNSAFE || system;
	case ENOMEM:
		return got->code == OCIENV_ERR_NOMEM || system;
	default:
		return system;
	}
}

/* K11: runc and crun go on behind a sick candidate, execvp only behind ESTALE. */
static bool may_go_on(const struct question *q, int error)
{
	if (q->kind != LOOKUP || !q->path)
		return false;
	return error == ESTALE || (error == EIO && q->profile != LOOKUP_EXECVP);
}

static const char *judge(const struct question *q, int error, const struct answer *expected,
			 const struct answer *got)
{
	bool same = got->code == expected->code && strcmp(got->text, expected->text) == 0;

	if (got->code && !got->untouched)
		return "the result was written";
	if (same && strcmp(got->facts, expected->facts) == 0)
		return NULL;
	/* The look-up must not need the right to read. */
	if (same && error == EACCES)
		return NULL;
	if (same)
		return "other facts";
	if (may_go_on(q, error))
		return got->code == OCIENV_OK || got->code == OCIENV_ERR_NOTFOUND ||
				       got->code == OCIENV_ERR_ACCESS || may_be_status(error, got)
			       ? NULL
			       : "not a status of a sick file system";
	if (!got->code)
		return "another answer";
	if (gives_errno(q) ? may_be_errno(error, got->code) : may_be_status(error, got))
		return NULL;
	return "not a failure that is documented for this";
}

/* --- the run --------------------------------------------------------------------------- */

struct tally {
	unsigned int injected, same, failed, went_on, wrong;
};

static void count(struct tally *tally, const struct answer *expected, const struct answer *got)
{
	tally->injected++;
	if (got->code == expected->code && strcmp(got->text, expected->text) == 0)
		tally->same++;
	else if (got->code == OCIENV_OK)
		tally->went_on++;
	else
		tally->failed++;
}

static void inject(const struct rootfs *rootfs, const char *walker, const struct question *q,
		   size_t e, const struct answer *expected, struct tally *tally)
{
	for (unsigned int k = 1;; k++) {
		int before = open_descriptors(), after;
		struct answer got;
		const char *wrong;

		faults = (struct faults){.at = k, .error = errors[e].error};
		ask(rootfs, q, &got);
		if (!faults.hit)
			return;
		after = open_descriptors();
		wrong = after != before ? "a descriptor stays open"
					: judge(q, errors[e].error, expected, &got);
		count(&tally[e], expected, &got);
		if (!wrong)
			continue;
		tally[e].wrong++;
		printf("%s: kind %d \"%s\" profile %d: %s in call %u, %s: %s: got %d errno %d "
		       "\"%s\" %s, expected %d \"%s\" %s\n",
		       walker, q->kind, q->name, (int)q->profile, errors[e].name, k, faults.hit,
		       wrong, got.code, got.sys_errno, got.text, got.facts, expected->code,
		       expected->text, expected->facts);
	}
}

static void run_question(const struct rootfs *rootfs, const char *walker,
			 const struct question *q, struct tally *tally)
{
	struct answer expected;

	faults = (struct faults){0};
	ask(rootfs, q, &expected);
	for (size_t e = 0; e < ERRORS; e++)
		inject(rootfs, walker, q, e, &expected, tally);
}

/* The first question of a process also asks for openat2; so each is put to a new one. */
static unsigned int run_fresh(const struct tree *tree, unsigned int *wrong)
{
	static const struct question q = {LOOKUP, "elf", "/a:/bin", "/", &user, LOOKUP_RUNC};
	struct rootfs rootfs = {.fd = tree->fd};
	unsigned int injected = 0;

	for (size_t e = 0; e < ERRORS; e++) {
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			struct answer expected, first;
			const char *fault;

			faults = (struct faults){.at = 1, .error = errors[e].error};
			ask(&rootfs, &q, &first);
			if (!faults.hit || strcmp(faults.hit, "syscall") != 0)
				leave(3);
			faults = (struct faults){0};
			ask(&rootfs, &q, &expected);
			fault = judge(&q, errors[e].error, &expected, &first);
			if (fault)
				fprintf(stderr, "probe fails with %s: %s\n", errors[e].name,
					fault);
			leave(fault ? 1 : 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		injected++;
		*wrong += status != 0;
	}
	return injected;
}

/* What permission costs in calls: nothing for who may search all, else one for each directory
 * that is asked, and one to see that procfs is there. */
static unsigned int check_costs(const struct tree *tree)
{
	static const struct {
		struct question question;
		enum walker walker;
		unsigned int calls;
	} rows[] = {
		/* openat2 and fstat */
		{{WALK, "/usr/lib/ld", NULL, "/", &identity_root, 0}, WALKER_AUTO, 2},
		/* fstat of the root; openat and fstat of each name */
		{{WALK, "/usr/lib/ld", NULL, "/", &identity_root, 0}, WALKER_STACK, 7},
		/* the same; statfs; getxattr of three directories */
		{{WALK, "/usr/lib/ld", NULL, "/", &user, 0}, WALKER_STACK, 11},
		/* no list opens a directory to others whose mode is 0700 */
		{{WALK, "/closed/elf", NULL, "/", &user, 0}, WALKER_STACK, 5},
		/* the owner's bits decide for the owner */
		{{WALK, "/usr/lib/ld", NULL, "/", &owner, 0}, WALKER_STACK, 7},
	};
	unsigned int wrong = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rootfs rootfs = {.fd = tree->fd, .walker = rows[i].walker};
		struct answer answer;

		faults = (struct faults){0};
		ask(&rootfs, &rows[i].question, &answer);
		if (faults.count == rows[i].calls)
			continue;
		wrong++;
		printf("%s for %u: %u calls, expected %u\n", rows[i].question.name,
		       rows[i].question.who->uid, faults.count, rows[i].calls);
	}
	return wrong;
}

/* What a file has is what counts, not the size that it had before: all of it is read, up to
 * the bound. Number of answers that were wrong. */
static unsigned int check_growing(const struct tree *tree)
{
	enum { MANY = 11 << 20 };
	static const struct diag silent = {NULL, NULL, {NULL, 0}};
	const struct rootfs rootfs = {.fd = tree->fd};
	char *text = malloc(MANY);
	unsigned int wrong = 0;

	assert_non_null(text);
	memset(text, '#', MANY);
	for (size_t i = 100; i < MANY; i += 100)
		text[i] = '\n';
	for (size_t length = 1000; length <= MANY; length = length < MANY ? MANY : MANY + 1) {
		struct arena arena;
		struct accounts accounts = {.rootfs = &rootfs, .arena = &arena, .diag = &silent};
		int32_t status;

		arena_init(&arena, NULL, SIZE_MAX);
		assert_int_equal(unlinkat(tree->fd, "etc/passwd", 0), 0);
		tree_file(tree, "/etc/passwd", 0644, text, length);
		faults = (struct faults){.grows = true};
		status = accounts_read(&accounts, ACCOUNT_PASSWD);
		faults = (struct faults){0};
		wrong += length == MANY ? status != OCIENV_ERR_LIMIT
					: status || accounts.files[ACCOUNT_PASSWD].text.len != length;
		arena_free(&arena);
	}
	free(text);
	if (wrong)
		printf("a file that grows: %u wrong\n", wrong);
	return wrong;
}

/* File systems of other kernels may have links that Linux does not make: without a target, and
 * with one that is as long as a path may be. Number of answers that were wrong. */
static unsigned int check_links(const struct tree *tree)
{
	static const struct {
		long link;
		int error;
	} rows[] = {{-1, ENOENT}, {PATH_MAX, ENAMETOOLONG}};
	unsigned int wrong = 0;

	for (size_t i = 0; i < WALKERS; i++) {
		struct rootfs rootfs = {.fd = tree->fd, .walker = walkers[i].walker};

		for (size_t k = 0; k < 4; k++) {
			struct shortcut shortcut = {0};
			struct arena arena;
			struct found found;

			rootfs.shortcut = k & 1 ? &shortcut : NULL;
			arena_init(&arena, NULL, SIZE_MAX);
			faults = (struct faults){.link = rows[k / 2].link};
			wrong += rootfs_walk(&rootfs, SV("/"), SV("/lib/ld"), &identity_root, &arena,
					     &found) != rows[k / 2].error;
			wrong += rootfs_walk(&rootfs, SV("/"), SV("/a/dyn"), &identity_root, &arena,
					     &found) != rows[k / 2].error;
			faults = (struct faults){0};
			arena_free(&arena);
		}
	}
	if (wrong)
		printf("links of other kernels: %u wrong\n", wrong);
	return wrong;
}

/* Nothing is believed of files that are others at each look, and no walk goes on for ever.
 * Number of answers that were wrong. */
static unsigned int check_moves(const struct tree *tree)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < WALKERS; i++) {
		struct rootfs rootfs = {.fd = tree->fd, .walker = walkers[i].walker};
		int before = open_descriptors(), error;
		struct arena arena;
		struct found found;

		arena_init(&arena, NULL, SIZE_MAX);
		faults = (struct faults){.moves = true};
		error = rootfs_walk(&rootfs, SV("/"), SV("/lib/ld"), &identity_root, &arena, &found);
		if (!error)
			close(found.fd);
		wrong += error && error != EAGAIN;
		wrong += walkers[i].walker == WALKER_STRING && !error;
		faults = (struct faults){0};
		wrong += rootfs_walk(&rootfs, SV("/"), SV("/usr/lib/ld"), &identity_root, &arena,
				     &found) != 0;
		close(found.fd);
		faults = (struct faults){.moves = true};
		wrong += file_open(&rootfs, &found, &error) != -1 || error != EAGAIN;
		faults = (struct faults){0};
		arena_free(&arena);
		wrong += open_descriptors() != before;
	}
	if (wrong)
		printf("files that move: %u wrong\n", wrong);
	return wrong;
}

/* Directories with long names, and links that go down eight at a time: deeper than a path. */
static void build_long(const struct tree *tree)
{
	char name[NAME_MAX + 1], way[8 * (NAME_MAX + 1) + 1];
	int dir = dup(tree->fd), fd;

	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	for (size_t i = 0; i < 8; i++)
		snprintf(way + i * (NAME_MAX + 1), NAME_MAX + 2, "/%s", name);
	for (int i = 0; i < 26; i++) {
		assert_int_equal(symlinkat(way + 1, dir, "j"), 0);
		assert_int_equal(mkdirat(dir, name, 0755), 0);
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(fd >= 0);
		close(dir);
		dir = fd;
	}
	close(dir);
}

static void build(const struct tree *tree)
{
	static const char *const folders[] = {
		"/a",	      "/bin",	 "/etc",    "/usr",    "/usr/lib",
		"/usr/local", "/closed", "/listed", "/procfs", "/deep",	  "/nox",
	};
	unsigned char elf[TREE_ELF];
	char path[512] = "/deep", up[256] = "";

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		tree_dir(tree, folders[i], 0755);
	build_long(tree);
	tree_file(tree, "/a/elf", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/elf", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/only", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/sh", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/dyn", 0755, elf, tree_elf(elf, "/lib/ld"));
	tree_file(tree, "/closed/elf", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/listed/elf", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/usr/lib/ld", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/usr/local/dyn", 0755, elf, tree_elf(elf, "/lib/ld"));
	tree_text(tree, "/nox/elf", 0644, "");
	tree_link(tree, "/lib", "usr/lib");
	tree_link(tree, "/a/dyn", "../bin/dyn");
	tree_link(tree, "/loop", "loop");
	tree_link(tree, "/loop2", "/usr/lib");
	tree_link(tree, "/dangling", "nowhere");
	tree_text(tree, "/bin/s1", 0755, "#!/bin/s2 x\n");
	tree_text(tree, "/bin/s2", 0755, "#!/usr/local/dyn\n");
	tree_text(tree, "/bin/text", 0755, "echo\n");
	tree_text(tree, "/etc/passwd", 0644, "root:x:0:0::/:/bin/sh\n");
	tree_text(tree, "/usr/group", 0644, "root:x:0:\n");
	tree_link(tree, "/etc/group", "../usr/group");
	assert_int_equal(fchmodat(tree->fd, "closed", 0700, 0), 0);
	list_name(tree, "/listed", TAG_USER, 1000, 6, 5);
	/* More levels than descriptors are kept. */
	for (int i = 0; i < 70; i++) {
		strcat(path, "/x");
		tree_dir(tree, path, 0755);
		strcat(up, "../");
	}
	strcat(path, "/");
	strcat(path, up);
	tree_link(tree, "/deep/up", path);
}

/* A procfs that is not where it is expected. */
static void mount_procfs(struct tree *tree)
{
	char path[128];

	assert_int_equal(unshare(CLONE_NEWNS), 0);
	assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	snprintf(path, sizeof(path), "%s/root/procfs", tree->path);
	assert_int_equal(mount("none", path, "proc", 0, NULL), 0);
	path[strlen(path) - strlen("/procfs")] = '\0';
	close(tree->fd);
	tree->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(tree->fd >= 0);
}

static void take_procfs_away(const struct tree *tree)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/root/procfs", tree->path);
	assert_int_equal(umount2(path, MNT_DETACH), 0);
}

int main(void)
{
	static struct tally tally[ERRORS];
	unsigned int injected = 0, wrong = 0;
	struct tree tree;

	if (geteuid() != 0) {
		printf("this test takes root\n");
		return 77;
	}
	tree_make(&tree);
	build(&tree);
	mount_procfs(&tree);
	injected = run_fresh(&tree, &wrong);
	(void)openat2_works();
	wrong += check_costs(&tree);
	for (size_t i = 0; i < WALKERS; i++) {
		struct rootfs rootfs = {.fd = tree.fd, .walker = walkers[i].walker};

		for (size_t k = 0; k < sizeof(questions) / sizeof(questions[0]); k++)
			run_question(&rootfs, walkers[i].name, &questions[k], tally);
	}
	wrong += check_growing(&tree) + check_links(&tree) + check_moves(&tree);
	take_procfs_away(&tree);
	tree_remove(&tree);
	printf("%-8s %9s %9s %9s %9s %6s\n", "errno", "injected", "absorbed", "failed", "went on",
	       "wrong");
	for (size_t e = 0; e < ERRORS; e++) {
		printf("%-8s %9u %9u %9u %9u %6u\n", errors[e].name, tally[e].injected,
		       tally[e].same, tally[e].failed, tally[e].went_on, tally[e].wrong);
		injected += tally[e].injected;
		wrong += tally[e].wrong;
	}
	printf("%u faults, %u wrong\n", injected, wrong);
	return wrong || injected < 1000 ? 1 : 0;
}
