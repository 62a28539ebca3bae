/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRI step, user, runtime step, lookup: each decides one thing and hands it on. A runtime
 * spec is what the CRI step would give, so it takes that step's place; an image beside it
 * lies below.
 */
#include "resolve/resolve.h"

#include "resolve/blame.h"
#include "resolve/cri.h"
#include "resolve/executable.h"
#include "resolve/home.h"
#include "resolve/inputs.h"
#include "resolve/libos.h"
#include "resolve/mounts.h"
#include "resolve/policy.h"
#include "resolve/remarks.h"
#include "resolve/runtime.h"
#include "resolve/user.h"
#include "rootfs/pathname.h"
#include "rootfs/rootfs.h"
#include "rootfs/shortcut.h"

struct resolver {
	const struct resolve_input *in;
	struct ocienv_config *config;
	struct blame blame; /* with the documents of the config */
	struct rootfs rootfs;
	bool has_rootfs;
	struct accounts accounts;
	struct cri_process process; /* its env becomes the runtime's */
	struct env_list *process_env; /* who wants it as the runtime got it; NULL: nobody */
	struct home home;
	struct lookup_result found;
	const struct ocienv_layer *image, *pod; /* as the policy lets them through */
	const struct ocienv_layer *spec;
	struct policy_input policy_input;
	struct policy_run policy; /* unused without one */
};

static int32_t no_memory(const struct resolver *r)
{
	return diag_memory(r->in->diag, arenas_status(&r->config->arena, r->in->scratch));
}

static int32_t keep_inputs(struct resolver *r)
{
	inputs_keep(r->in, r->config);
	return arena_failed(&r->config->arena) ? no_memory(r) : OCIENV_OK;
}

static int32_t open_rootfs(struct resolver *r)
{
	r->has_rootfs = r->in->rootfs_fd != OCIENV_NO_ROOTFS;
	if (!r->has_rootfs)
		return OCIENV_OK;
	r->rootfs = (struct rootfs){.fd = r->in->rootfs_fd,
				    .walker = r->in->options->flags & OCIENV_INSIDE_LIBOS
						      ? WALKER_STRING
						      : WALKER_AUTO,
				    .max_symlinks = r->in->limits->max_symlinks};
	r->accounts = (struct accounts){.rootfs = &r->rootfs,
					.arena = r->in->scratch,
					.diag = r->in->diag};
	return OCIENV_OK;
}

static bool has_policy(const struct resolver *r)
{
	return r->policy_input.policy != NULL;
}

static int32_t run_filter(struct resolver *r)
{
	int32_t status;

	if (!has_policy(r))
		return OCIENV_OK;
	status = policy_filter(&r->policy, &r->policy_input);
	r->image = r->in->image ? &r->policy.image : NULL;
	r->pod = r->in->pod ? &r->policy.pod : NULL;
	r->spec = r->in->spec ? &r->policy.spec : NULL;
	return status;
}

static int32_t keep_process_env(const struct resolver *r)
{
	const struct env_list *const lists[] = {&r->process.env};

	*r->process_env = env_list_join(r->in->scratch, lists, 1, 0);
	return r->process_env->items ? OCIENV_OK : no_memory(r);
}

static int32_t run_cri(struct resolver *r)
{
	const struct ocienv_layer *spec = r->spec;
	struct cri_input cri = {.image = r->image,
				.pod = r->pod,
				.blame = &r->blame,
				.arena = &r->config->arena,
				.scratch = r->in->scratch,
				.warnings = &r->config->warnings};

	int32_t status = spec ? cri_spec_process(&cri, spec, &r->process)
			      : cri_process(r->in->options->cri, &cri, &r->process);

	return status || !r->process_env ? status : keep_process_env(r);
}

/* A spec without process.user leaves the user to the image below it. */
static bool spec_has_user(const struct resolve_input *in)
{
	const struct user_request *user = in->spec ? &in->spec->user : NULL;

	return user && (!in->image || user->uid.present || user->gid.present || user->group_count);
}

static struct user_input user_input_of(struct resolver *r)
{
	return (struct user_input){.image = r->in->image,
				   .profile = r->in->options->user,
				   .cri = r->in->options->cri,
				   .direct = r->in->options->flags & OCIENV_CRI_DIRECT,
				   .accounts = r->has_rootfs ? &r->accounts : NULL,
				   .groups_by_name =
					  runtime_names_groups(r->in->options->runtime),
				   .blame = &r->blame,
				   .arena = &r->config->arena,
				   .scratch = r->in->scratch,
				   .warnings = &r->config->warnings};
}

static int32_t run_user(struct resolver *r)
{
	const struct ocienv_layer *spec = r->in->spec;
	struct user_input user = user_input_of(r);
	struct config_user *answer = &r->config->user;
	struct user_result result;
	int32_t status;

	user.pod = r->in->pod;
	user.spec = spec_has_user(r->in) ? spec : NULL;
	status = user_resolve(&user, &result);
	if (status)
		return status;
	*answer = result.user;
	r->config->capabilities = spec ? spec->user.capabilities : result.capabilities;
	r->home = (struct home){.source = {home_find},
				.runtime = r->in->options->runtime,
				.accounts = &r->accounts,
				.uid = answer->uid,
				.added_name = result.added_name,
				.added_gid = result.added_gid,
				.strict = r->in->options->user == OCIENV_USER_STRICT,
				.blame = &r->blame,
				.scratch = r->in->scratch};
	if (!answer->resolved)
		add_warning(&r->config->warnings, &r->config->arena, "user-unresolved", answer->name,
		     "there is no rootfs to look the user up in", answer->from);
	return OCIENV_OK;
}

/* The two lists of the image and of the pod may be within their limits and the result not. */
static int32_t check_args(const struct resolver *r)
{
	const struct text_list *args = &r->process.args;

	if (args->count <= r->in->limits->max_args)
		return OCIENV_OK;
	return blame(&r->blame, OCIENV_ERR_LIMIT, args->from,
		     "expected at most %u arguments, found %u", r->in->limits->max_args,
		     args->count);
}

/* Counted where names are unique: this is the list that the process gets. */
static int32_t check_env(const struct resolver *r, const struct env_list *env)
{
	uint32_t most = r->in->limits->max_env;

	if (env->count <= most)
		return OCIENV_OK;
	return blame(&r->blame, OCIENV_ERR_LIMIT, env->items[most].from,
		     "expected at most %u environment entries, found %u", most, env->count);
}

/* crun and kata enter a relative one with the root as current directory. */
static bool keep_cwd(struct resolver *r)
{
	struct text *cwd = &r->config->cwd;
	struct sv joined;
	char *path;

	*cwd = text_keep(&r->config->arena, r->process.cwd);
	if (!cwd->value.ptr || cwd->value.ptr[0] == '/')
		return cwd->value.ptr != NULL;
	joined = pathname_join(r->in->scratch, SV("/"), cwd->value);
	path = arena_strdup(&r->config->arena, joined);
	if (!joined.ptr || !path)
		return false;
	cwd->value = sv_from(path, pathname_squeeze(path, joined.len));
	path[cwd->value.len] = '\0';
	return true;
}

static int32_t run_runtime(struct resolver *r)
{
	struct runtime_input runtime = {.runtime = r->in->options->runtime,
					.lenient = r->in->options->flags & OCIENV_LENIENT,
					.home = r->has_rootfs ? &r->home.source : NULL,
					.blame = &r->blame,
					.warnings = &r->config->warnings,
					.arena = &r->config->arena,
					.scratch = r->in->scratch};
	struct env_list *env = &r->process.env;
	int32_t status;

	status = runtime_check(r->in->options->runtime, &r->process.args, &r->process.cwd,
			       &r->blame);
	if (!status)
		status = check_args(r);
	if (!status)
		status = runtime_env(&runtime, env);
	if (!status)
		status = check_env(r, env);
	if (status)
		return status;
	if (config_set_env(r->config, env) ||
	    config_set_argv(r->config, r->process.args.items, r->process.args.count))
		return no_memory(r);
	if (!keep_cwd(r))
		return no_memory(r);
	if (!r->has_rootfs && !env_get(env, SV("HOME")).len)
		add_warning(&r->config->warnings, &r->config->arena, "home-unresolved", SV("HOME"),
		     "there is no rootfs to take HOME from; it is not added",
		     ORIGIN_RUNTIME);
	return OCIENV_OK;
}

/* What the image alone says, for a policy that compares with it. */
static int32_t check_user(struct resolver *r)
{
	struct user_input input = user_input_of(r);
	struct vec warnings = {.items = NULL};
	struct user_result image;
	int32_t status;

	input.warnings = &warnings;
	if (!r->in->image || !policy_wants_user(&r->policy))
		return policy_check_user(&r->policy, NULL);
	status = user_resolve(&input, &image);
	return status ? status : policy_check_user(&r->policy, &image.user);
}

static int32_t run_policy(struct resolver *r)
{
	int32_t status = OCIENV_OK;

	if (!has_policy(r))
		return OCIENV_OK;
	status = policy_check_process(&r->policy, &r->process.args, &r->process.cwd);
	if (!status)
		status = check_user(r);
	return status ? status : policy_settle(&r->policy);
}

static int32_t run_lookup(struct resolver *r)
{
	const struct executable_input in = {
		.rootfs = &r->rootfs,
		.runtime = r->in->options->runtime,
		.architecture = r->in->image ? r->in->image->architecture.value : SV_NONE,
		.any_cwd = r->in->options->libos != OCIENV_LIBOS_NONE,
		.blame = &r->blame,
		.scratch = r->in->scratch,
		.candidates = r->in->candidates,
	};

	if (!r->has_rootfs)
		return OCIENV_OK;
	/* What it learns about paths, the mounts ask again. */
	r->rootfs.shortcut = ARENA_NEW(r->in->scratch, struct shortcut);
	return executable_find(&in, r->config, &r->found);
}

static int32_t check_exec(const struct resolver *r)
{
	return has_policy(r) ? policy_check_exec(&r->policy) : OCIENV_OK;
}

/* What the program needs is told as far as it is known; it is no part of the answer. */
static int32_t list_libraries(struct resolver *r)
{
	struct ocienv_config *config = r->config;
	struct identity who = config_identity(config);
	struct library_request request = {.rootfs = &r->rootfs,
					  .who = &who,
					  .cwd = config->cwd.value,
					  .program = &r->found.program,
					  .library_path =
						  env_get(&config->env, SV("LD_LIBRARY_PATH"))};
	const struct diag silent = {NULL, NULL, {NULL, 0}};
	int32_t status;

	if (!r->in->libraries || !r->found.elf.machine)
		return OCIENV_OK;
	status = library_find(&request, r->in->candidates->arena, &silent, (struct mark){0, 0},
			      r->in->libraries);
	return status == OCIENV_ERR_NOMEM || status == OCIENV_ERR_LIMIT
		       ? diag_memory(r->in->diag, status)
		       : OCIENV_OK;
}

static int32_t heed_mounts(struct resolver *r, int32_t status)
{
	struct mounts_input in = {.rootfs = &r->rootfs,
				  .layers = {r->in->spec, r->in->pod},
				  .blame = &r->blame,
				  .scratch = r->in->scratch};

	if (!r->has_rootfs)
		return status;
	status = status ? mounts_excuse(&in, r->config, status)
			: mounts_warn(&in, &r->found, r->config);
	r->rootfs.shortcut = NULL;
	return status;
}

static int32_t run_libos(struct resolver *r)
{
	struct libos_input in = {.options = r->in->options,
				 .limits = r->in->limits,
				 .occlum = r->in->occlum,
				 .rootfs = r->has_rootfs ? &r->rootfs : NULL,
				 .found = &r->found,
				 .blame = &r->blame,
				 .scratch = r->in->scratch};

	return libos_apply(&in, r->config);
}

static struct resolver resolver_of(const struct resolve_input *in, struct ocienv_config *config)
{
	return (struct resolver){
		.in = in,
		.config = config,
		.blame = {in->diag, config->documents},
		.image = in->image,
		.pod = in->pod,
		.spec = in->spec,
	};
}

/* Behind it, *r must not move. */
static void heed_policy(struct resolver *r)
{
	r->policy_input = (struct policy_input){.policy = r->in->options->policy,
						.image = r->in->image,
						.pod = r->in->pod,
						.spec = r->in->spec,
						.options = r->in->options,
						.blame = &r->blame,
						.config = r->config,
						.scratch = r->in->scratch};
}

static int32_t run_documents(struct resolver *r)
{
	int32_t (*const steps[])(struct resolver *) = {
		keep_inputs, open_rootfs, run_filter, run_cri, run_user, run_runtime, run_policy,
	};
	int32_t status = OCIENV_OK;

	for (size_t i = 0; !status && i < sizeof(steps) / sizeof(steps[0]); i++)
		status = steps[i](r);
	return status;
}

/* Some requests for memory are not looked at one by one. */
static int32_t end_run(const struct resolver *r, int32_t status)
{
	if (!status && (arena_failed(&r->config->arena) || arena_failed(r->in->scratch)))
		status = no_memory(r);
	return status;
}

int32_t resolve_documents(const struct resolve_input *in, struct ocienv_config *config,
			  struct env_list *process_env)
{
	struct resolver r = resolver_of(in, config);

	r.process_env = process_env;
	return end_run(&r, run_documents(&r));
}

int32_t resolve(const struct resolve_input *in, struct ocienv_config *config)
{
	struct resolver r = resolver_of(in, config);
	int32_t status;

	heed_policy(&r);
	status = run_documents(&r);
	if (!status)
		status = heed_mounts(&r, run_lookup(&r));
	if (!status)
		status = check_exec(&r);
	if (!status)
		status = run_libos(&r);
	if (!status)
		status = list_libraries(&r);
	if (!status && !has_policy(&r))
		status = remark_names(config, in);
	if (!status) {
		remark_values(config);
		inputs_keep_warnings(in, config);
	}
	return end_run(&r, status);
}
