/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table of checks per LibOS. Must never refuse what cannot be told: where this process may
 * not read the program, or there is no rootfs, a warning says so.
 */
#include "resolve/libos_preflight.h"

#include "rootfs/pathname.h"

int32_t preflight_memory(const struct preflight *p)
{
	return diag_memory(p->in->blame->diag, arenas_status(&p->config->arena, p->in->scratch));
}

int32_t preflight_refuse(const struct preflight *p, struct sv path, const char *expected,
			 const char *found, const char *fix)
{
	const struct ocienv_exec *exec = &p->config->exec;
	char quoted[DIAG_QUOTE_SIZE];

	/* What was found through PATH stands in a directory that its value tells. */
	if (path.ptr && exec->path_index >= 0 &&
	    (sv_eq(path, sv_of(exec->path)) || sv_eq(path, sv_of(exec->canonical))))
		path = pathname_last(path);
	if (p->asked_by.secret || p->asked_by.expanded)
		return blame(p->in->blame, OCIENV_ERR_UNSUPPORTED, p->asked_by,
			     "expected %s for %s, found %s: %s", expected, p->name, found, fix);
	return blame(p->in->blame, OCIENV_ERR_UNSUPPORTED, p->asked_by,
		     "expected %s for %s, found %s in \"%s\": %s", expected, p->name, found,
		     diag_quote(quoted, path), fix);
}

void preflight_warn(const struct preflight *p, const char *code, struct sv subject,
		    const char *message, struct origin from)
{
	add_warning(&p->config->warnings, &p->config->arena, code, subject, message, from);
}

typedef int32_t check(const struct preflight *p);

/* Checks of the program need a rootfs. Those of the budget come last: what comes before may
 * not be there to be counted. */
static const struct libos {
	const char *name;
	bool expands; /* it does not do all that the kernel does with a script */
	check *program[6], *always[6]; /* ended by NULL */
} table[] = {
	[OCIENV_LIBOS_OCCLUM] = {"Occlum",
				 true,
				 {libos_occlum_program},
				 {libos_occlum_user, libos_occlum_launch, libos_occlum_libraries,
				  libos_occlum_json, libos_occlum_budget}},
	[OCIENV_LIBOS_GRAMINE] = {"Gramine",
				  false,
				  {libos_gramine_program, libos_gramine_loader,
				   libos_gramine_cwd},
				  {libos_gramine_user, libos_gramine_budget}},
};

/* Without the LibOS asked for: what the file alone says. */
static check *const with_occlum_json[] = {libos_occlum_json, libos_occlum_budget, NULL};

static int32_t run(const struct preflight *p, check *const *checks)
{
	int32_t status = OCIENV_OK;

	for (size_t i = 0; !status && checks[i]; i++)
		status = checks[i](p);
	return status;
}

static int32_t run_libos(struct preflight *p, const struct libos *libos)
{
	int32_t status = OCIENV_OK;

	if (!p->in->rootfs)
		preflight_warn(p, "cannot-tell", sv_of(p->name),
			       "there is no rootfs, so nobody knows whether the LibOS can run the "
			       "program",
			       ORIGIN_DEFAULT);
	if (p->in->rootfs && libos->expands)
		status = libos_expand_script(p);
	if (!status && p->in->rootfs)
		status = run(p, libos->program);
	return status ? status : run(p, libos->always);
}

int32_t libos_apply(const struct libos_input *in, struct ocienv_config *config)
{
	const struct libos *libos = &table[in->options->libos];
	struct preflight p = {.in = in,
			      .config = config,
			      .name = libos->name,
			      .asked_by = config->argv_from[0]};
	int32_t status = libos_library_path(&p);

	if (!status && libos->name)
		status = run_libos(&p, libos);
	else if (!status && in->occlum)
		status = run(&p, with_occlum_json);
	if (!status && (arena_failed(&config->arena) || arena_failed(in->scratch)))
		status = preflight_memory(&p);
	return status;
}
