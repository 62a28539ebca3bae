/* SPDX-License-Identifier: Apache-2.0 */
/* What a LibOS asks of the program: its file, its path. */
#include "resolve/libos_preflight.h"

#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"

#include <unistd.h>

/* Both LibOSes ask for the owner's x bit, whoever the user is, of what they execute. */
static bool lacks_owner_x(const struct preflight *p, struct sv *ret)
{
	const struct lookup_result *found = p->in->found;
	uint32_t first = p->expanded ? found->interpreter_count - 1 : 0;

	*ret = found->path;
	if (!p->expanded && !(found->file.st.st_mode & S_IXUSR))
		return true;
	for (uint32_t i = first; i < found->interpreter_count; i++) {
		*ret = found->interpreters[i].path;
		if (!(found->interpreters[i].mode & S_IXUSR))
			return true;
	}
	return false;
}

/* Occlum refuses it for programs that it starts as interpreters; taken apart, a script would
 * get round that. */
static bool has_interpreter_on_host(const struct preflight *p, struct sv *ret)
{
	const struct lookup_result *found = p->in->found;

	for (uint32_t i = 0; i < found->interpreter_count; i++) {
		*ret = found->interpreters[i].path;
		if (sv_has_prefix(*ret, SV("/host/")))
			return true;
	}
	return false;
}

/* The host follows links for Gramine, in its own tree. */
static bool is_followed_by_host(const struct preflight *p, struct sv *ret)
{
	const struct lookup_result *found = p->in->found;

	*ret = found->path;
	if (found->file.leaves_root)
		return true;
	for (uint32_t i = 0; i < found->interpreter_count; i++) {
		*ret = found->interpreters[i].path;
		if (found->interpreters[i].leaves_root)
			return true;
	}
	return false;
}

static bool is_for_another_machine(const struct preflight *p, struct sv *ret)
{
	const struct elf_facts *elf = &p->in->found->elf;

	*ret = p->in->found->program.canonical;
	return elf->machine && (strcmp(elf->machine, "x86_64") != 0 || elf->bits != 64);
}

static bool has_fixed_address(const struct preflight *p, struct sv *ret)
{
	const struct elf_facts *elf = &p->in->found->elf;

	*ret = p->in->found->program.canonical;
	return elf->machine && strcmp(elf->type, "dyn") != 0;
}

static bool is_static(const struct preflight *p, struct sv *ret)
{
	const struct elf_facts *elf = &p->in->found->elf;

	*ret = p->in->found->program.canonical;
	return elf->machine && !elf->interp.ptr;
}

struct rule {
	bool (*broken)(const struct preflight *p, struct sv *ret_path);
	const char *expected, *found, *fix;
};

static const struct rule occlum_program[] = {
	{has_interpreter_on_host, "an interpreter outside /host/", "one that the host may change",
	 "put it into the image"},
	{lacks_owner_x, "the owner's x bit", "none", "chmod u+x it in the image"},
	{is_for_another_machine, "a program for x86_64", "one for another machine",
	 "take the image for linux/amd64"},
	{has_fixed_address, "a position-independent program", "one with a fixed address",
	 "compile it with -fPIE and link it with -pie"},
	{is_static, "a program with a loader", "a static one",
	 "link it dynamically, without -static or -static-pie"},
	{NULL, NULL, NULL, NULL},
};

static const struct rule gramine_program[] = {
	{is_followed_by_host, LIBOS_LINKS},
	{lacks_owner_x, "the owner's x bit", "none", "chmod u+x it in the image"},
	{is_for_another_machine, "a program for x86_64", "one for another machine",
	 "take the image for linux/amd64"},
	{NULL, NULL, NULL, NULL},
};

static int32_t check_program(const struct preflight *p, const struct rule *rules)
{
	struct sv path = SV_NONE;

	for (const struct rule *rule = rules; rule->broken; rule++)
		if (rule->broken(p, &path))
			return preflight_refuse(p, path, rule->expected, rule->found, rule->fix);
	if (!p->in->found->elf.machine)
		preflight_warn(p, "cannot-tell", sv_of(p->name),
			       "the library may not read the program, so nobody knows whether the "
			       "LibOS can run it",
			       p->asked_by);
	return OCIENV_OK;
}

static bool has_dotdot(struct sv path)
{
	struct sv component;

	while (pathname_next(&path, &component))
		if (sv_eq(component, SV("..")))
			return true;
	return false;
}

/* Occlum validate_program_path: absolute, which it always is here, and without "..". */
static int32_t check_occlum_path(const struct preflight *p)
{
	const struct ocienv_exec *exec = &p->config->exec;
	char quoted[DIAG_QUOTE_SIZE], other[DIAG_QUOTE_SIZE];

	if (!has_dotdot(sv_of(exec->path)))
		return OCIENV_OK;
	if (p->asked_by.secret || p->asked_by.expanded || exec->path_index >= 0)
		return preflight_refuse(p, sv_of(exec->path), "a program path without \"..\"", "one",
					"name the file by its canonical path");
	return blame(p->in->blame, OCIENV_ERR_UNSUPPORTED, p->asked_by,
		     "expected \"%s\", or another path without \"..\", for Occlum, found \"%s\"",
		     diag_quote(quoted, sv_of(exec->canonical)),
		     diag_quote(other, sv_of(exec->path)));
}

/* Gramine takes ".." off as text, the kernel goes up from where a link has led. */
static int32_t check_gramine_path(const struct preflight *p)
{
	struct ocienv_exec *exec = &p->config->exec;
	char *text = arena_strdup(p->in->scratch, sv_of(exec->path));
	struct found found;
	bool same = false;
	size_t len;
	int error;

	if (!has_dotdot(sv_of(exec->path)))
		return OCIENV_OK;
	if (!text)
		return preflight_memory(p);
	len = pathname_clean(text, strlen(text));
	text[len] = '\0';
	error = rootfs_walk(p->in->rootfs, SV("/"), sv_from(text, len), &identity_root,
			    p->in->scratch, &found);
	if (error && !outcome_is_known(error))
		return outcome_fail(p->in->blame->diag, (struct mark){0, 0}, error, "the program");
	if (!error) {
		same = found.st.st_dev == exec->device && found.st.st_ino == exec->inode;
		(void)close(found.fd);
	}
	if (same)
		return OCIENV_OK;
	return preflight_refuse(p, sv_of(exec->path), "a path that means the same without \"..\"",
				"a link before \"..\"", "name the file by its canonical path");
}

int32_t libos_occlum_program(const struct preflight *p)
{
	int32_t status = check_occlum_path(p);

	return status ? status : check_program(p, occlum_program);
}

int32_t libos_gramine_program(const struct preflight *p)
{
	int32_t status = check_gramine_path(p);

	return status ? status : check_program(p, gramine_program);
}
