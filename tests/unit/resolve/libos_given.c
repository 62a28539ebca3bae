/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/resolve/libos_given.h"

struct tree tree;

void program(const char *path, unsigned int mode, uint16_t type, uint16_t machine,
	     const char *interp)
{
	unsigned char bytes[TREE_ELF];
	size_t len = tree_elf(bytes, interp);

	memcpy(bytes + offsetof(Elf64_Ehdr, e_type), &type, sizeof(type));
	memcpy(bytes + offsetof(Elf64_Ehdr, e_machine), &machine, sizeof(machine));
	tree_file(&tree, path, mode, bytes, len);
}

void pie(const char *path, unsigned int mode)
{
	program(path, mode, ET_DYN, EM_X86_64, LOADER);
}

int libos_set_up(void **state)
{
	given_setup(state);
	tree_make(&tree);
	given.rootfs = tree.fd;
	for (const char *const *dir = (const char *const[]){"/bin", "/lib64", "/app", "/sub", NULL};
	     *dir; dir++)
		tree_dir(&tree, *dir, 0755);
	program(LOADER, 0755, ET_DYN, EM_X86_64, NULL);
	pie("/bin/app", 0755);
	pie("/bin/sh", 0755);
	return 0;
}

int libos_tear_down(void **state)
{
	given_teardown(state);
	tree_remove(&tree);
	return 0;
}

/* Without the capability the
 * kernel itself would ask for the owner's bits. */
struct ocienv_layer *start(const char *program, const char *more)
{
	static char text[1 << 20];

	assert_true(snprintf(text, sizeof(text),
			     "{\"process\": {\"args\": [\"%s\", \"one\", \"two\"],"
			     "\"capabilities\": {\"effective\": [\"CAP_DAC_OVERRIDE\"]},"
			     " %s}}",
			     program, *more ? more : "\"cwd\": \"/\"") < (int)sizeof(text));
	return spec_of(text);
}

struct ocienv_config *started(uint32_t libos, const char *program, const char *more)
{
	given.options.libos = libos;
	return config_of(NULL, start(program, more));
}

void assert_stops(uint32_t libos, const char *program, const char *more,
		  const char *message)
{
	given.options.libos = libos;
	assert_no_config(NULL, start(program, more), OCIENV_ERR_UNSUPPORTED);
	if (!strstr(given.error.message, message))
		fail_msg("\"%s\" says nothing of \"%s\"", given.error.message, message);
	/* and Linux would have done it */
	given.options.libos = OCIENV_LIBOS_NONE;
	(void)config_of(NULL, start(program, more));
}
