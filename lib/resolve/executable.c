/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/executable.h"

#include "resolve/runtime.h"

static int32_t no_memory(const struct executable_input *in, const struct ocienv_config *config)
{
	return diag_memory(in->blame->diag, arenas_status(&config->arena, in->scratch));
}

static int32_t keep_exec(const struct executable_input *in, struct ocienv_config *config,
			 const struct lookup_result *found)
{
	struct arena *arena = &config->arena;
	struct ocienv_exec *exec = &config->exec;
	struct ocienv_interpreter *chain =
		ARENA_ARRAY(arena, found->interpreter_count, struct ocienv_interpreter);

	*exec = (struct ocienv_exec){
		.path = found->path.ptr,
		.canonical = found->file.canonical.ptr,
		.path_index = found->path_index,
		.fd = found->file.fd,
		.device = found->file.st.st_dev,
		.inode = found->file.st.st_ino,
		.interpreters = chain,
		.interpreter_count = found->interpreter_count,
		.machine = found->elf.machine,
		.elf_type = found->elf.machine ? found->elf.type : NULL,
		.elf_interp = found->elf.interp.ptr,
	};
	config->has_exec = true; /* from here on config_free() closes fd */
	if (!chain)
		return no_memory(in, config);
	for (uint32_t i = 0; i < found->interpreter_count; i++)
		chain[i] = (struct ocienv_interpreter){found->interpreters[i].path.ptr,
						       found->interpreters[i].arg.ptr};
	return OCIENV_OK;
}

/* Most runtimes make a working directory that is not there; whoever does not is surprised. */
static int32_t report_missing_cwd(const struct executable_input *in, struct ocienv_config *config)
{
	struct text *cwd = &config->cwd;

	if (runtime_needs_cwd(in->runtime))
		return blame(in->blame, OCIENV_ERR_NOTFOUND, cwd->from,
			     "expected the working directory in the rootfs, found none: this "
			     "runtime does not make it");
	add_warning(&config->warnings, &config->arena, "cwd-missing", cwd->value,
	     "the working directory is not in the rootfs; the runtime makes it", cwd->from);
	return OCIENV_OK;
}

/* What was found is said with the path, which begins with an entry of PATH. */
static bool tells_path(const struct ocienv_config *config, int32_t status)
{
	const struct env_entry *path = env_find(&config->env, SV("PATH"));

	return path && path->from.secret && !sv_contains(sv_of(config->argv[0]), '/') &&
	       status != OCIENV_ERR_NOTFOUND && status != OCIENV_ERR_LIMIT &&
	       status != OCIENV_ERR_SYSTEM;
}

/* Messages of a look-up quote the program's name, or its path; where that came out of a
 * Secret, or is the value of a variable, they say nothing of it. */
static int32_t hide_value(const struct ocienv_config *config, const struct diag *diag,
				int32_t status)
{
	const struct origin *from = &config->argv_from[0];
	int32_t sys_errno = diag->error ? diag->error->sys_errno : 0;

	if (!status || status == OCIENV_ERR_NOMEM ||
	    (!from->secret && !from->expanded && !tells_path(config, status)))
		return status;
	(void)diag_fail(diag, status, from->mark, NULL,
			"expected a program that can be run, found none by a %s",
			from->secret	 ? "name that is part of a Secret"
			: from->expanded ? "name that was expanded"
					 : "path that is part of a Secret");
	if (diag->error)
		diag->error->sys_errno = sys_errno;
	return status;
}

int32_t executable_find(const struct executable_input *in, struct ocienv_config *config,
			struct lookup_result *found)
{
	static const enum lookup_profile profiles[] = {
		[OCIENV_RUNTIME_RUNC] = LOOKUP_RUNC,	 [OCIENV_RUNTIME_RUNC_1_2] = LOOKUP_RUNC,
		[OCIENV_RUNTIME_RUNC_1_3] = LOOKUP_RUNC, [OCIENV_RUNTIME_CRUN] = LOOKUP_CRUN,
		[OCIENV_RUNTIME_KATA] = LOOKUP_KATA,	 [OCIENV_RUNTIME_EXECVP] = LOOKUP_EXECVP,
		[OCIENV_RUNTIME_RUNC_1_1] = LOOKUP_RUNC_1_1,
		[OCIENV_RUNTIME_CRUN_1_8] = LOOKUP_CRUN_1_8,
	};
	struct identity who = config_identity(config);
	struct lookup_request request = {
		.profile = profiles[in->runtime],
		.name = sv_of(config->argv[0]),
		.path = env_get(&config->env, SV("PATH")),
		.cwd = config->cwd.value,
		.who = &who,
		.architecture = in->architecture,
		.candidates = in->candidates,
	};
	struct diag diag = *in->blame->diag;
	int32_t status;

	if (in->candidates)
		in->candidates->made = true;
	diag.document = config_origin(config, config->argv_from[0]).document;
	status = rootfs_lookup(in->rootfs, &request, &config->arena, &diag,
			       config->argv_from[0].mark, found);
	status = hide_value(config, &diag, status);
	if (!status)
		status = keep_exec(in, config, found);
	if (!status && found->cwd_missing && !in->any_cwd)
		status = report_missing_cwd(in, config);
	return status;
}
