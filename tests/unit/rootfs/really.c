/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "unit/rootfs/really.h"

#include "unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void show_argv_load(struct show_argv *ret, const char *path)
{
	FILE *file = fopen(path, "re");
	long len;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	len = ftell(file);
	assert_true(len > 0);
	rewind(file);
	ret->len = (size_t)len;
	ret->bytes = malloc(ret->len);
	assert_non_null(ret->bytes);
	assert_int_equal(fread(ret->bytes, 1, ret->len, file), ret->len);
	fclose(file);
}

static void say(int fd, int error)
{
	_exit(write(fd, &error, sizeof(error)) == sizeof(error) ? 0 : 1);
}

/* A file that is corrupted may do anything: it gets little to do it with. */
static void limit(void)
{
	static const struct rlimit second = {1, 1}, none = {0, 0};

	(void)setrlimit(RLIMIT_CPU, &second);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)setrlimit(RLIMIT_FSIZE, &none);
	(void)alarm(2);
}

static void child(const struct tree *tree, const char *cwd, const char *path, unsigned int uid,
		  const int *argv, const int *verdict)
{
	char *arguments[] = {"zero", "one", NULL}, *env[] = {NULL};

	/* The tree may have the descriptor that show_argv wants. */
	if (fchdir(tree->fd) || chroot(".") || chdir(cwd) || dup3(argv[1], 3, 0) < 0)
		say(verdict[1], -1);
	if (uid && (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
		say(verdict[1], -1);
	limit();
	execve(path, arguments, env);
	say(verdict[1], errno);
}

static size_t read_all(int fd, void *buffer, size_t size)
{
	size_t len = 0;
	ssize_t got;

	while (len < size && (got = read(fd, (char *)buffer + len, size - len)) > 0)
		len += (size_t)got;
	close(fd);
	return len;
}

/* The pipes are kept away from 3, where show_argv wants its own. */
static void make_pipe(int *ends)
{
	int low[2];

	assert_int_equal(pipe2(low, O_CLOEXEC), 0);
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 10);
		assert_true(ends[i] >= 10);
		close(low[i]);
	}
}

void really_execute(const struct tree *tree, const char *cwd, const char *path, unsigned int uid,
		    struct really *ret)
{
	int argv[2], verdict[2], status;
	pid_t pid;

	make_pipe(argv);
	make_pipe(verdict);
	*ret = (struct really){.error = 0};
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		child(tree, cwd, path, uid, argv, verdict);
	close(argv[1]);
	close(verdict[1]);
	if (read_all(verdict[0], &ret->error, sizeof(ret->error)) == 0)
		ret->error = 0;
	ret->len = read_all(argv[0], ret->argv, sizeof(ret->argv));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_not_equal(ret->error, -1);
	ret->crashed = !ret->error && (!WIFEXITED(status) || WEXITSTATUS(status));
}

static bool add(char *buffer, size_t size, size_t *len, struct sv text)
{
	if (text.len + 1 > size - *len)
		return false;
	(void)sv_write(buffer + *len, text);
	buffer[*len + text.len] = '\0';
	*len += text.len + 1;
	return true;
}

size_t really_expect(const struct lookup_result *told, const char *path, char *buffer,
		     size_t size)
{
	size_t len = 0;
	bool good = true;

	if (!told->interpreter_count)
		good = add(buffer, size, &len, SV("zero"));
	for (uint32_t i = told->interpreter_count; i--;) {
		good = good && add(buffer, size, &len, told->interpreters[i].path);
		if (told->interpreters[i].arg.ptr)
			good = good && add(buffer, size, &len, told->interpreters[i].arg);
	}
	if (told->interpreter_count)
		good = good && add(buffer, size, &len, sv_of(path));
	good = good && add(buffer, size, &len, SV("one"));
	return good ? len : 0;
}
