/* SPDX-License-Identifier: Apache-2.0 */
/* test_occlum_init COMMAND: examples/occlum-init.c, with a function in place of Occlum. */
#define _GNU_SOURCE
#include "unit/unit.h"

#include "occlum-init.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY "c7-32-b3-ed-44-df-ec-7b-25-2d-9a-32-38-8d-58-61"

static const char *command;
static char folder[] = "/tmp/ocienv-init-XXXXXX";

/* What the call was given: the struct's strings must be there during the call alone. */
static struct {
	int calls;
	long result;
	unsigned char key[16];
	size_t len;
	char upper[64], lower[64], entry[64], env[256];
	bool hostfs;
} seen;

long mount_rootfs(const unsigned char *key, const struct ocienv_occlum_rootfs_config *config)
{
	seen.calls++;
	memcpy(seen.key, key, sizeof(seen.key));
	seen.len = config->len;
	snprintf(seen.upper, sizeof(seen.upper), "%s", config->upper_layer_path);
	snprintf(seen.lower, sizeof(seen.lower), "%s", config->lower_layer_path);
	snprintf(seen.entry, sizeof(seen.entry), "%s", config->entry_point);
	seen.hostfs = config->hostfs_source || config->hostfs_target;
	seen.env[0] = '\0';
	for (size_t i = 0; config->envp[i]; i++)
		snprintf(seen.env + strlen(seen.env), sizeof(seen.env) - strlen(seen.env), "%s;",
			 config->envp[i]);
	return seen.result;
}

static void put(const char *name, const char *text, unsigned int mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* A program in a rootfs, the command that starts it, and its blob. */
static int set_up(void **state)
{
	char line[1024];

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(system("mkdir -p root/bin root/lib64 && cp /bin/true root/bin/app &&"
				" cp /lib64/ld-linux-x86-64.so.2 root/lib64"), 0);
	put("spec.json",
	    "{\"process\": {\"args\": [\"app\", \"x\"], \"cwd\": \"/\","
	    " \"env\": [\"PATH=/bin\", \"B=2\", \"A=1\", \"A=3\", \"HOME=/\"],"
	    " \"capabilities\": {\"effective\": [\"CAP_DAC_OVERRIDE\"]}}}", 0644);
	for (int i = 0; i < 2; i++) {
		snprintf(line, sizeof(line),
			 "'%s' resolve --spec spec.json %s --output blob -o %s", command,
			 i ? "" : "--rootfs root", i ? "none.oeb" : "c.oeb");
		assert_int_equal(system(line), 0);
	}
	put("key", KEY "\n", 0600);
	return 0;
}

static int tear_down(void **state)
{
	char line[128];

	(void)state;
	snprintf(line, sizeof(line), "rm -rf '%s'", folder);
	return chdir("/") || system(line);
}

static int reset(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	return 0;
}

static void the_struct_is_filled(void **state)
{
	static const unsigned char key[16] = {0xc7, 0x32, 0xb3, 0xed, 0x44, 0xdf, 0xec, 0x7b,
					      0x25, 0x2d, 0x9a, 0x32, 0x38, 0x8d, 0x58, 0x61};

	(void)state;
	assert_int_equal(occlum_init("c.oeb", "key", NULL), 0);
	assert_int_equal(seen.calls, 1);
	assert_memory_equal(seen.key, key, sizeof(key));
	assert_int_equal(seen.len, 56);
	assert_string_equal(seen.upper, "/sefs/upper");
	assert_string_equal(seen.lower, "/sefs/lower");
	assert_string_equal(seen.entry, "/bin/app");
	assert_false(seen.hostfs);
	assert_string_equal(seen.env, "A=3;B=2;HOME=/;PATH=/bin;");
}

static void a_launcher_is_all_that_the_host_may_start(void **state)
{
	char launcher[128], beside[160];
	struct stat blob, copy;

	(void)state;
	snprintf(launcher, sizeof(launcher), "%s/launch", folder);
	snprintf(beside, sizeof(beside), "%s.oeb", launcher);
	assert_int_equal(occlum_init("c.oeb", "key", launcher), 0);
	assert_string_equal(seen.entry, launcher);
	assert_int_equal(stat("c.oeb", &blob), 0);
	assert_int_equal(stat(beside, &copy), 0);
	assert_int_equal(copy.st_size, blob.st_size);
	assert_int_equal(copy.st_mode & 0777, 0400);
}

static void refusals_mount_nothing(void **state)
{
	static const char *const keys[] = {
		"", "c7", KEY "-00", "c7 32-b3-ed-44-df-ec-7b-25-2d-9a-32-38-8d-58-61",
		"g7-32-b3-ed-44-df-ec-7b-25-2d-9a-32-38-8d-58-61", KEY "\n\n",
	};

	(void)state;
	assert_int_equal(occlum_init("missing.oeb", "key", NULL), 1);
	assert_int_equal(occlum_init("spec.json", "key", NULL), 1);
	assert_int_equal(occlum_init("none.oeb", "key", NULL), 1);
	assert_int_equal(occlum_init("c.oeb", "missing", NULL), 1);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		put("bad", keys[i], 0600);
		assert_int_equal(occlum_init("c.oeb", "bad", NULL), 1);
	}
	assert_int_equal(seen.calls, 0);
}

static void what_occlum_says_counts(void **state)
{
	char launcher[128];

	(void)state;
	snprintf(launcher, sizeof(launcher), "%s/other", folder);
	seen.result = -1; /* EPERM */
	assert_int_equal(occlum_init("c.oeb", "key", launcher), 1);
	assert_int_equal(seen.calls, 1);
	snprintf(launcher, sizeof(launcher), "%s/other.oeb", folder);
	assert_int_not_equal(access(launcher, F_OK), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_struct_is_filled, reset),
		cmocka_unit_test_setup(a_launcher_is_all_that_the_host_may_start, reset),
		cmocka_unit_test_setup(refusals_mount_nothing, reset),
		cmocka_unit_test_setup(what_occlum_says_counts, reset),
	};

	if (argc != 2)
		return 2;
	command = realpath(argv[1], NULL);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
