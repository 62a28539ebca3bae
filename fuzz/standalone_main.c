/* SPDX-License-Identifier: Apache-2.0 */
/* In place of a fuzzing engine: runs a target over files and directories (not below). */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t inputs;

static bool run_bytes(int fd, size_t size)
{
	uint8_t *data = malloc(size ? size : 1); /* exact, so that ASan sees its end */
	bool ok = data && read(fd, data, size) == (ssize_t)size;

	if (ok) {
		(void)LLVMFuzzerTestOneInput(data, size);
		inputs++;
	}
	free(data);
	return ok;
}

static bool run_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool ok;

	(void)fprintf(stderr, "%s\n", name); /* the last one is the one that crashes */
	ok = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) &&
		  run_bytes(fd, (size_t)st.st_size);

	if (fd >= 0)
		(void)close(fd);
	if (!ok)
		(void)fprintf(stderr, "%s: expected a file that can be read\n", name);
	return ok;
}

static bool run_directory(const char *name)
{
	DIR *dir = opendir(name);
	struct dirent *entry;
	bool ok = dir;

	while (ok && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			ok = run_file(dirfd(dir), entry->d_name);
	if (dir)
		(void)closedir(dir);
	return ok;
}

int main(int argc, char **argv)
{
	fuzz_thorough = true;
	for (int i = 1; i < argc; i++) {
		struct stat st;
		bool ok = !stat(argv[i], &st) && (S_ISDIR(st.st_mode)
							  ? run_directory(argv[i])
							  : run_file(AT_FDCWD, argv[i]));

		if (!ok)
			return 2;
	}
	(void)printf("%zu inputs\n", inputs);
	return inputs ? 0 : 2; /* a corpus that is not there must not pass */
}
