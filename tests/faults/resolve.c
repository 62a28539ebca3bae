/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same for ocienv_resolve() with a rootfs: users by name, and what a LibOS is asked. For
 * each k and each errno the whole answer stays, or there is none and its status fits.
 */
#define _GNU_SOURCE
#include "faults.h"
#include "unit/resolve/libos_given.h"
#include "unit/rootfs/dynamic_elf.h"

#include <errno.h>

static const struct {
	int error;
	const char *name;
} errors[] = {
	{EINTR, "EINTR"},   {EMFILE, "EMFILE"}, {ENFILE, "ENFILE"},
	{EACCES, "EACCES"}, {ELOOP, "ELOOP"},	{ENOMEM, "ENOMEM"},
	{EIO, "EIO"},	    {ESTALE, "ESTALE"}, {EAGAIN, "EAGAIN"},
};

struct answer {
	int32_t status;
	int32_t sys_errno;
	struct ocienv_buffer report; /* of the config; no bytes: there is none */
	char message[256];
};

/* What is asked for: an answer, or what the look-up of its program and libraries tells. */
static bool looks;

static struct {
	unsigned int injected, absorbed, failed, wrong;
} tally;

static void look(const struct ocienv_layer *layer, struct answer *ret)
{
	const struct ocienv_layer *layers[] = {layer};
	struct ocienv_lookup *lookup = NULL;
	struct ocienv_error error = {0};

	faults.armed = true;
	ret->status = ocienv_lookup_new(&lookup, layers, 1, given.rootfs, &given.options, &error);
	faults.armed = false;
	if (!ret->status)
		ret->status = ocienv_lookup_status(lookup, &error);
	ret->sys_errno = error.sys_errno;
	memcpy(ret->message, error.message, sizeof(ret->message));
	if (!ret->status)
		assert_int_equal(ocienv_lookup_report(&ret->report, lookup, 1, NULL, NULL),
				 OCIENV_OK);
	ocienv_lookup_free(lookup);
}

static void ask(const struct ocienv_layer *layer, struct answer *ret)
{
	const struct ocienv_layer *layers[] = {layer};
	struct ocienv_config *config = NULL;
	struct ocienv_error error = {0};

	*ret = (struct answer){0};
	if (looks) {
		look(layer, ret);
		return;
	}
	faults.armed = true;
	ret->status = ocienv_resolve(&config, layers, 1, given.rootfs, &given.options, &error);
	faults.armed = false;
	ret->sys_errno = error.sys_errno;
	memcpy(ret->message, error.message, sizeof(ret->message));
	assert_int_equal(!config, !!ret->status);
	if (config)
		assert_int_equal(ocienv_config_report(&ret->report, config, NULL, NULL), OCIENV_OK);
	ocienv_config_free(config);
}

static void forget(struct answer *answer)
{
	ocienv_buffer_free(&answer->report);
}

static bool same(const struct answer *a, const struct answer *b)
{
	return a->status == b->status && a->report.size == b->report.size &&
	       (!a->report.size || memcmp(a->report.data, b->report.data, a->report.size) == 0);
}

/* What the errno may have become. */
static bool fits(int error, const struct answer *got)
{
	bool system = got->status == OCIENV_ERR_SYSTEM && got->sys_errno == error;

	switch (error) {
	case EACCES:
		/* A LibOS reads what it executes: then it is refused that we may not read. */
		return got->status == OCIENV_ERR_ACCESS || got->status == OCIENV_ERR_UNSUPPORTED ||
		       system;
	case ELOOP:
		return got->status == OCIENV_ERR_UNSAFE || got->status == OCIENV_ERR_ACCESS ||
		       system;
	case EAGAIN:
		return got->status == OCIENV_ERR_UNSAFE || system;
	case ENOMEM:
		return got->status == OCIENV_ERR_NOMEM || system;
	case EIO:
	case ESTALE: /* runc goes on behind a sick candidate */
		return system || (got->status == OCIENV_ERR_NOTFOUND &&
				  strstr(got->message, "in PATH"));
	default:
		return system;
	}
}

/* Where the file cannot be read, its facts are not known; all else is as it was. */
static bool lacks_facts_only(int error, const struct answer *got)
{
	return error == EACCES && !got->status &&
	       memmem(got->report.data, got->report.size, "\"elf\":null", 10);
}

/* Of libraries nothing is said where a call failed; EACCES and ELOOP may be told of a file. */
static bool lacks_libraries_only(int error, const struct answer *got)
{
	return looks && !got->status &&
	       (error == EACCES || error == ELOOP ||
		memmem(got->report.data, got->report.size, "\"libraries\":[]", 14));
}

static void inject(const struct ocienv_layer *layer, size_t e, const struct answer *expected)
{
	for (unsigned int k = 1;; k++) {
		int before = open_descriptors();
		struct answer got;
		bool good;

		faults = (struct faults){.at = k, .error = errors[e].error};
		ask(layer, &got);
		good = same(&got, expected);
		tally.absorbed += good && faults.hit;
		tally.failed += got.status != OCIENV_OK && faults.hit;
		good = good || (got.status && fits(errors[e].error, &got)) ||
		       lacks_facts_only(errors[e].error, &got) ||
		       lacks_libraries_only(errors[e].error, &got);
		good = good && open_descriptors() == before;
		if (faults.hit) {
			tally.injected++;
			tally.wrong += !good;
		}
		if (faults.hit && !good)
			printf("libos %u: %s in call %u, %s: status %d errno %d %s %.*s\n",
			       given.options.libos, errors[e].name, k, faults.hit, got.status,
			       got.sys_errno, got.message, (int)got.report.size,
			       (const char *)got.report.data);
		forget(&got);
		if (!faults.hit)
			return;
	}
}

static void run(const struct ocienv_layer *layer)
{
	uint32_t most = looks ? OCIENV_LIBOS_NONE : OCIENV_LIBOS_GRAMINE;

	for (uint32_t libos = OCIENV_LIBOS_NONE; libos <= most; libos++) {
		struct answer expected;

		given.options.libos = libos;
		faults = (struct faults){0};
		ask(layer, &expected);
		for (size_t e = 0; e < sizeof(errors) / sizeof(errors[0]); e++)
			inject(layer, e, &expected);
		forget(&expected);
	}
}

static void every_call_may_fail(void **state)
{
	static const char *const directories[] = {"/app", "/no", "/link", "/lib64"};

	(void)state;
	tree_dir(&tree, "/etc", 0755);
	tree_text(&tree, "/etc/passwd", 0644, "root:x:0:0::/root:/bin/sh\napp:x:7:8::/home:/x\n");
	tree_text(&tree, "/etc/group", 0644, "staff:x:9:app\n");
	tree_link(&tree, "/link", "app");
	tree_text(&tree, "/bin/run", 0755, "#!/bin/sh -e\n");
	given.options.library_path = directories;
	given.options.library_path_count = 4;
	run(start("/bin/app", ""));
	run(start("/bin/../bin/app", ""));
	run(start("/bin/run", ""));
	run(start("./app", "\"cwd\": \"/bin\""));
	run(start("app", "\"cwd\": \"/new/one\", \"env\": [\"PATH=/bin\"]"));
	run(image_of("{\"os\": \"linux\", \"architecture\": \"amd64\", \"config\": {"
		     "\"User\": \"app\", \"Entrypoint\": [\"/bin/app\"]}}"));
	run(image_of("{\"os\": \"linux\", \"architecture\": \"amd64\", \"config\": {"
		     "\"User\": \"app:staff\", \"Entrypoint\": [\"/bin/app\"]}}"));
	printf("%u faults: %u absorbed, %u failed, %u wrong\n", tally.injected, tally.absorbed,
	       tally.failed, tally.wrong);
	assert_int_equal(tally.wrong, 0);
	assert_true(tally.injected > 1000);
}

static void put(const char *path, const struct dynamic_elf *elf)
{
	static unsigned char bytes[DYNAMIC_ELF];
	size_t len = dynamic_elf(bytes, elf);

	tree_file(&tree, path, 0755, bytes, len);
}

/* Where a library is, or nothing: never that it is missing or broken. */
static void every_call_for_a_library_may_fail(void **state)
{
	(void)state;
	tally.injected = tally.wrong = 0;
	looks = true;
	tree_dir(&tree, "/l", 0755);
	tree_dir(&tree, "/etc", 0755);
	tree_text(&tree, "/etc/ld-musl-x86_64.path", 0644, "/lib64\n/l\n");
	put("/lib64/ld-musl-x86_64.so.1", &(struct dynamic_elf){.soname = "libc.musl-x86_64.so.1"});
	put("/l/libx.so", &(struct dynamic_elf){.soname = "libx.so", .needed = {"liby.so"}});
	put("/l/liby.so", &(struct dynamic_elf){.soname = "liby.so"});
	put("/bin/glibc", &(struct dynamic_elf){.interp = LOADER, .needed = {"libx.so", "none.so"},
						 .runpath = "$ORIGIN/../l"});
	put("/bin/musl", &(struct dynamic_elf){.interp = "/lib64/ld-musl-x86_64.so.1",
						.needed = {"libx.so", "none.so"}});
	run(start("/bin/glibc", "\"cwd\": \"/\", \"env\": [\"LD_LIBRARY_PATH=/no:/l\"]"));
	run(start("/bin/glibc", ""));
	run(start("/bin/musl", ""));
	put("/bin/rpath", &(struct dynamic_elf){.interp = LOADER, .needed = {"libx.so"},
						 .rpath = "/no:/l"});
	run(start("/bin/rpath", ""));
	given.options.runtime = OCIENV_RUNTIME_KATA;
	run(start("none", "\"cwd\": \"/\", \"env\": [\"PATH=/no:/bin\"]"));
	run(start("/bin", ""));
	tree_text(&tree, "/bin/nox", 0644, "");
	given.options.flags = OCIENV_INSIDE_LIBOS; /* where one failure is not made up for */
	run(start("nox", "\"cwd\": \"/\", \"env\": [\"PATH=/no:/bin\"]"));
	looks = false;
	printf("%u faults for libraries: %u wrong\n", tally.injected, tally.wrong);
	assert_int_equal(tally.wrong, 0);
	assert_true(tally.injected > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {ROOTED(every_call_may_fail),
					   ROOTED(every_call_for_a_library_may_fail)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
