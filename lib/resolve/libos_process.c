/* SPDX-License-Identifier: Apache-2.0 */
/* What a LibOS makes of the rest of the answer: user, working directory, argv[0], and how much
 * room there is for arguments and variables. */
#include "resolve/libos_preflight.h"

#include "resolve/libos_budget.h"
#include "rootfs/outcome.h"
#include "rootfs/permission.h"

#include <unistd.h>

static bool is_group(const struct preflight *p, uint32_t group)
{
	const struct config_user *user = &p->config->user;

	return group == (p->in->options->libos == OCIENV_LIBOS_OCCLUM ? 0 : user->gid);
}

static bool has_other_groups(const struct preflight *p)
{
	const struct config_user *user = &p->config->user;

	for (uint32_t i = 0; i < user->group_count; i++)
		if (!is_group(p, user->groups[i]))
			return true;
	return !is_group(p, user->gid);
}

/* Neither LibOS has supplementary groups. */
static void warn_about_groups(const struct preflight *p)
{
	if (has_other_groups(p))
		preflight_warn(p, "user-not-honoured", SV("groups"),
			       p->in->options->libos == OCIENV_LIBOS_OCCLUM
				       ? "Occlum runs everything in group 0 alone"
				       : "Gramine gives no supplementary groups",
			       p->config->user.from);
}

/* Occlum runs everything as 0:0. Who asked for less than root has to agree. */
int32_t libos_occlum_user(const struct preflight *p)
{
	const struct config_user *user = &p->config->user;

	if (!user->resolved)
		return OCIENV_OK;
	warn_about_groups(p);
	if (!user->uid)
		return OCIENV_OK;
	if (!(p->in->options->flags & OCIENV_ACCEPT_ROOT))
		return blame(p->in->blame, OCIENV_ERR_UNSUPPORTED, user->from,
			     "expected user 0 for Occlum, which runs everything as root, found "
			     "user %u: ask for user 0, or accept root",
			     user->uid);
	preflight_warn(p, "user-not-honoured", SV("uid"), "Occlum runs everything as root",
		       user->from);
	return OCIENV_OK;
}

int32_t libos_gramine_user(const struct preflight *p)
{
	if (p->config->user.resolved)
		warn_about_groups(p);
	return OCIENV_OK;
}

/* Is it a directory in the rootfs? *leaves: by a link that leads out of it. */
static int32_t find_cwd(const struct preflight *p, bool *ret, bool *leaves)
{
	struct found found;
	int error = rootfs_walk(p->in->rootfs, SV("/"), p->config->cwd.value, &identity_root,
				p->in->scratch, &found);

	*ret = false;
	if (error)
		return outcome_is_known(error)
			       ? OCIENV_OK
			       : outcome_fail(p->in->blame->diag, (struct mark){0, 0}, error,
					      "the working directory");
	(void)close(found.fd);
	*ret = S_ISDIR(found.st.st_mode);
	*leaves = found.leaves_root;
	return OCIENV_OK;
}

/* A process that the host starts is in "/", and its argv[0] is the base name of its path. Only
 * a program that the host starts, and that executes this one, can do better. */
int32_t libos_occlum_launch(const struct preflight *p)
{
	const struct text *cwd = &p->config->cwd;
	const char *path = p->config->exec.path, *base = path ? strrchr(path, '/') : NULL;
	int32_t status = OCIENV_OK;
	bool there = true, leaves;

	if (!sv_eq(cwd->value, SV("/")))
		preflight_warn(p, "needs-launcher", SV("cwd"),
			       "Occlum starts everything in \"/\": let a launcher in the enclave "
			       "change the directory and execute the program",
			       cwd->from);
	if (base && strcmp(base + 1, p->config->argv[0]) != 0)
		preflight_warn(p, "needs-launcher", SV("argv[0]"),
			       "Occlum puts the base name of the program there: let a launcher in "
			       "the enclave execute the program",
			       p->config->argv_from[0]);
	if (p->in->rootfs)
		status = find_cwd(p, &there, &leaves);
	if (!there)
		preflight_warn(p, "cwd-missing", cwd->value,
			       "the working directory is not in the rootfs; Occlum does not make it",
			       cwd->from);
	return status;
}

int32_t libos_gramine_cwd(const struct preflight *p)
{
	bool there, leaves = false;
	int32_t status = find_cwd(p, &there, &leaves);

	if (!status && leaves)
		return blame(p->in->blame, OCIENV_ERR_UNSUPPORTED, p->config->cwd.from,
			     "expected a working directory behind links that stay in the root for "
			     "Gramine, found one that the host would follow out of it: make it "
			     "relative");
	if (status || there)
		return status;
	return blame(p->in->blame, OCIENV_ERR_NOTFOUND, p->config->cwd.from,
		     "expected the working directory in the rootfs, found none: Gramine does not "
		     "make it; make it in the image");
}

/* What the strings leave is the program's whole stack, so that some must be left. */
int32_t libos_gramine_budget(const struct preflight *p)
{
	enum { SPARE = 64 << 10 };
	struct strings strings = config_strings(p->config);
	uint64_t need = gramine_stack_need(&strings);
	uint64_t asked = p->in->options->stack_size;
	uint64_t room = asked ? asked : GRAMINE_STACK_SIZE;

	if ((uint64_t)strings.argc + strings.envc > GRAMINE_STRINGS)
		return blame(p->in->blame, OCIENV_ERR_UNSUPPORTED, ORIGIN_DEFAULT,
			     "expected at most %d arguments and variables for Gramine, found %llu: "
			     "leave some out, no stack size helps",
			     GRAMINE_STRINGS, (unsigned long long)strings.argc + strings.envc);
	if (need > room)
		return blame(p->in->blame, OCIENV_ERR_UNSUPPORTED, ORIGIN_DEFAULT,
			     "expected arguments and variables that take at most %llu bytes of "
			     "Gramine's stack, found %llu: give sys.stack.size %lluK or more",
			     (unsigned long long)room, (unsigned long long)need,
			     (unsigned long long)((need + SPARE + 1023) >> 10));
	if (room - need < SPARE)
		preflight_warn(p, "stack-tight", SV("sys.stack.size"),
			       "arguments and variables leave the program less than 64 KiB of "
			       "stack: raise sys.stack.size",
			       ORIGIN_DEFAULT);
	return OCIENV_OK;
}
