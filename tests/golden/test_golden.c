/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads every document below a directory with the reader that its name starts with, and
 * holds the outcome against the .expect file beside it (README.md tells the form).
 *
 *	test_golden DIRECTORY		all of json/ and yaml/, valid/ and invalid/
 *	test_golden --show FILE...	what the library says, for whoever adds a document
 */
#include "golden.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The least number of documents that each directory must have. */
static const struct {
	const char *path;
	bool valid;
	unsigned int least;
} directories[] = {
	{"json/invalid", false, 80},
	{"json/valid", true, 40},
	{"yaml/invalid", false, 80},
	{"yaml/valid", true, 40},
};

struct counts {
	unsigned int passed, failed;
};

/* The first line of an .expect file: LINE:COLUMN OFFSET STATUS POINTER. */
static void print_place(const struct ocienv_error *error, char *out, size_t size)
{
	snprintf(out, size, "%u:%u %llu %s%s%s", error->line, error->column,
		 (unsigned long long)error->offset, ocienv_status_name(error->status),
		 error->pointer[0] ? " " : "", error->pointer);
}

static bool complain(const char *name, const char *what)
{
	printf("%s: %s\n", name, what);
	return false;
}

static bool differ(const char *name, const char *expected, const char *found)
{
	printf("%s:\n  expected %s\n  found    %s\n", name, expected, found);
	return false;
}

/* Style of a message: lower case, one sentence without a stop, expected and found. */
static bool message_is_clean(const char *message)
{
	size_t n = strlen(message);

	return n && strstr(message, "expected ") == message && strstr(message, ", found ") &&
	       message[n - 1] != '.' && !strchr(message, '\n');
}

static bool check_invalid(const struct golden *g, const struct golden_run *run)
{
	struct golden_run again;
	char place[320], found[640];
	int32_t status;

	if (!run->status)
		return complain(g->name, "expected a failure, found none");
	if (run->ret_touched)
		return complain(g->name, "expected ret untouched on failure, found it changed");
	golden_read(g, 0x5a, &again);
	if (memcmp(&again.error, &run->error, sizeof(again.error)))
		return complain(g->name, "expected the same error again, found another one");
	status = golden_status(g);
	if (status != run->status || run->error.status != status)
		return complain(g->name, "expected one status everywhere, found two");
	print_place(&run->error, place, sizeof(place));
	snprintf(found, sizeof(found), "%s\n%s\n", place, run->error.message);
	if (strcmp(found, g->expect.data))
		return differ(g->name, g->expect.data, found);
	if (strcmp(run->error.document, g->name))
		return differ(g->name, g->name, run->error.document);
	return message_is_clean(run->error.message) ||
	       complain(g->name, "expected \"expected ..., found ...\", found another style");
}

static bool check_valid(const struct golden *g, const struct golden_run *run)
{
	if (run->status) {
		char place[320];

		print_place(&run->error, place, sizeof(place));
		differ(g->name, "success", place);
		return differ(g->name, "success", run->error.message);
	}
	if (run->error_touched)
		return complain(g->name, "expected reterr untouched on success, found it changed");
	return strcmp(run->report, g->expect.data) == 0 ||
	       differ(g->name, g->expect.data, run->report);
}

static bool check(const char *directory, const char *name, bool valid)
{
	struct golden g;
	struct golden_run run;
	bool good;

	if (!golden_load(&g, directory, name))
		return complain(name, "expected a document, an .expect file and known options");
	golden_read(&g, 0xa5, &run);
	good = valid ? check_valid(&g, &run) : check_invalid(&g, &run);
	free(run.report);
	golden_free(&g);
	return good;
}

static int is_document(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return end && (!strcmp(end, ".json") || !strcmp(end, ".yaml"));
}

/* The form in which .expect files are written. */
static int show(int count, char **files)
{
	for (int i = 0; i < count; i++) {
		char *slash = strrchr(files[i], '/'), place[320];
		struct golden g;
		struct golden_run run;

		if (slash)
			*slash = '\0';
		if (!golden_load(&g, slash ? files[i] : ".", slash ? slash + 1 : files[i]))
			return EXIT_FAILURE;
		golden_read(&g, 0xa5, &run);
		print_place(&run.error, place, sizeof(place));
		if (run.status)
			printf("%s\n%s\n", place, run.error.message);
		else
			printf("%s", run.report);
		free(run.report);
		golden_free(&g);
	}
	return EXIT_SUCCESS;
}

static struct counts run_directory(const char *directory, bool valid)
{
	struct counts counts = {0, 0};
	struct dirent **entries;
	int n = scandir(directory, &entries, is_document, alphasort);

	for (int i = 0; i < n; i++) {
		if (check(directory, entries[i]->d_name, valid))
			counts.passed++;
		else
			counts.failed++;
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return counts;
}

int main(int argc, char **argv)
{
	struct counts total = {0, 0};

	if (argc > 2 && !strcmp(argv[1], "--show"))
		return show(argc - 2, argv + 2);
	if (argc != 2)
		return 2;
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		struct counts counts;
		char directory[512];

		snprintf(directory, sizeof(directory), "%s/%s", argv[1], directories[i].path);
		counts = run_directory(directory, directories[i].valid);
		printf("%s: %u documents, %u failed\n", directories[i].path,
		       counts.passed + counts.failed, counts.failed);
		if (counts.passed + counts.failed < directories[i].least) {
			printf("%s: expected at least %u documents\n", directories[i].path,
			       directories[i].least);
			counts.failed++;
		}
		total.passed += counts.passed;
		total.failed += counts.failed;
	}
	printf("%u passed, %u failed\n", total.passed, total.failed);
	return total.failed || !total.passed ? EXIT_FAILURE : EXIT_SUCCESS;
}
