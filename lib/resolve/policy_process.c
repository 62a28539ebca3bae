/* SPDX-License-Identifier: Apache-2.0 */
/* What is not a variable: the image, the arguments, the working directory, the user, the
 * program. Values are compared, never origins: those are what a document says of itself. */
#include "resolve/policy.h"

#include <stdio.h>

static int32_t refuse(const struct policy_run *run, struct origin from, const char *message,
		      struct mark rule)
{
	if (!rule.line)
		return blame(run->in->blame, OCIENV_ERR_POLICY, from, "%s", message);
	return blame(run->in->blame, OCIENV_ERR_POLICY, from, "%s: policy line %u", message,
		     rule.line);
}

static int32_t check_image(const struct policy_run *run)
{
	const struct ocienv_policy *policy = run->in->policy;
	const struct ocienv_layer *image = run->in->image;

	if (!policy->has_image)
		return OCIENV_OK;
	if (!image)
		return refuse(run, ORIGIN_DEFAULT,
			      "expected the image config that the policy names, found no image",
			      policy->image_mark);
	if (!image->has_digest)
		return refuse(run, ORIGIN_DEFAULT,
			      "expected an image config with its digest, found one whose digest was "
			      "not kept", policy->image_mark);
	if (memcmp(image->digest, policy->image, sizeof(policy->image)) == 0)
		return OCIENV_OK;
	return refuse(run, ORIGIN_DEFAULT,
		      "expected the image config that the policy names, found another one",
		      policy->image_mark);
}

/* --- arguments ----------------------------------------------------------------------- */

static int32_t differ(const struct policy_run *run, const struct text_list *args, uint32_t at)
{
	const struct text *arg = at < args->count ? &args->items[at] : NULL;
	const struct policy_argv *pin = &run->in->policy->argv;
	const char *whose = pin->match == MATCH_IMAGE ? "the image gives" : "the policy pins";
	struct origin from = arg ? arg->from : args->from;
	char line[32] = "";

	if (pin->mark.line)
		(void)snprintf(line, sizeof(line), ": policy line %u", pin->mark.line);
	if (!arg)
		return blame(run->in->blame, OCIENV_ERR_POLICY, from,
			     "expected the arguments that %s, found %u of them%s", whose,
			     args->count, line);
	return blame(run->in->blame, OCIENV_ERR_POLICY, from,
		     "expected the arguments that %s, found another argv[%u]%s", whose, at, line);
}

static int32_t compare_image(const struct policy_run *run, const struct text_list *args)
{
	const struct ocienv_layer *image = run->in->image;
	const struct text_list *lists[2];
	uint32_t at = 0;

	if (!image)
		return refuse(run, args->from,
			      "expected an image to compare the arguments with, found none",
			      run->in->policy->argv.mark);
	lists[0] = &image->entrypoint;
	lists[1] = &image->args;
	for (size_t i = 0; i < 2; i++) {
		bool blank = !i && lists[0]->count == 1 && !lists[0]->items[0].value.len &&
			     run->in->options->cri == OCIENV_CRI_CONTAINERD;

		for (uint32_t k = 0; !blank && k < lists[i]->count; k++, at++)
			if (at >= args->count ||
			    !sv_eq(args->items[at].value, lists[i]->items[k].value))
				return differ(run, args, at);
	}
	return at == args->count ? OCIENV_OK : differ(run, args, at);
}

static int32_t compare_list(const struct policy_run *run, const struct text_list *args)
{
	const struct policy_argv *pin = &run->in->policy->argv;

	for (uint32_t i = 0; i < pin->value.count; i++)
		if (i >= args->count || !sv_eq(args->items[i].value, pin->value.items[i].value))
			return differ(run, args, i);
	if (pin->match == MATCH_EXACT && args->count > pin->value.count)
		return differ(run, args, pin->value.count);
	if (pin->max.present && args->count > (uint64_t)pin->max.value)
		return differ(run, args, (uint32_t)pin->max.value);
	return OCIENV_OK;
}

/* Each argument with its NUL, as /proc/PID/cmdline has them. */
static int32_t compare_digest(const struct policy_run *run, const struct text_list *args)
{
	uint8_t digest[DIGEST_SHA256];
	size_t size = 0;
	char *bytes, *to;

	for (uint32_t i = 0; i < args->count; i++)
		size += args->items[i].value.len + 1;
	bytes = to = arena_chars(run->in->scratch, size);
	if (!bytes)
		return policy_memory(run);
	for (uint32_t i = 0; i < args->count; i++) {
		to = sv_write(to, args->items[i].value);
		*to++ = '\0';
	}
	digest_sha256(sv_from(bytes, size), digest);
	if (memcmp(digest, run->in->policy->argv.digest, sizeof(digest)) == 0)
		return OCIENV_OK;
	return refuse(run, args->from, "expected the arguments that the policy pins, found others",
		      run->in->policy->argv.mark);
}

static int32_t check_argv(const struct policy_run *run, const struct text_list *args)
{
	const struct policy_argv *pin = &run->in->policy->argv;

	if (pin->match == MATCH_ANY)
		return OCIENV_OK;
	if (pin->match == MATCH_IMAGE)
		return compare_image(run, args);
	return pin->has_digest ? compare_digest(run, args) : compare_list(run, args);
}

static int32_t check_cwd(const struct policy_run *run, const struct text *cwd)
{
	const struct policy_cwd *pin = &run->in->policy->cwd;
	const struct ocienv_layer *image = run->in->image;
	struct sv wanted = pin->value.value;

	if (pin->match == MATCH_ANY)
		return OCIENV_OK;
	if (pin->match == MATCH_IMAGE)
		wanted = image && image->cwd.value.len ? image->cwd.value : SV("/");
	if (sv_eq(cwd->value, wanted) || sv_eq(run->in->config->cwd.value, wanted))
		return OCIENV_OK;
	return refuse(run, cwd->from,
		      pin->match == MATCH_IMAGE
			      ? "expected the working directory of the image, found another one"
			      : "expected the working directory that the policy pins, found another "
				"one",
		      pin->mark);
}

int32_t policy_check_process(const struct policy_run *run, const struct text_list *args,
			     const struct text *cwd)
{
	int32_t status;

	if (run->in->policy->observes)
		return OCIENV_OK;
	status = check_image(run);
	if (!status)
		status = check_argv(run, args);
	return status ? status : check_cwd(run, cwd);
}

/* --- user ---------------------------------------------------------------------------- */

/* To become root takes the image's word, or the policy's. */
static bool is_raised(const struct policy_run *run)
{
	const struct policy_user *pin = &run->in->policy->user;
	const struct config_user *user = &run->in->config->user;

	return pin->match != MATCH_IMAGE && !pin->uid.present && user->resolved && !user->uid;
}

bool policy_wants_user(const struct policy_run *run)
{
	return !run->in->policy->observes &&
	       (run->in->policy->user.match == MATCH_IMAGE || is_raised(run));
}

static bool same_groups(const struct config_user *user, const uint32_t *groups, uint32_t count)
{
	return user->group_count == count &&
	       (!count || memcmp(user->groups, groups, count * sizeof(*groups)) == 0);
}

static bool same_user(const struct config_user *a, const struct config_user *b)
{
	if (!a->resolved || !b->resolved)
		return a->resolved == b->resolved && sv_eq(a->name, b->name);
	return a->uid == b->uid && a->gid == b->gid && a->umask == b->umask &&
	       same_groups(a, b->groups, b->group_count);
}

static int32_t differ_in(const struct policy_run *run, const char *what)
{
	return blame(run->in->blame, OCIENV_ERR_POLICY, run->in->config->user.from,
		     "expected the user that the policy pins, found another %s: policy line %u",
		     what, run->in->policy->user.mark.line);
}

static int32_t compare_user(const struct policy_run *run)
{
	const struct policy_user *pin = &run->in->policy->user;
	const struct config_user *user = &run->in->config->user;

	if (!user->resolved)
		return refuse(run, user->from,
			      "expected a user of numbers, found a name and no rootfs to look it up "
			      "in", pin->mark);
	if (pin->uid.present && user->uid != pin->uid.value)
		return differ_in(run, "uid");
	if (pin->gid.present && user->gid != pin->gid.value)
		return differ_in(run, "gid");
	if (pin->umask.present && user->umask != pin->umask.value)
		return differ_in(run, "umask");
	if (pin->has_groups && !same_groups(user, pin->groups, pin->group_count))
		return differ_in(run, "list of groups");
	return OCIENV_OK;
}

int32_t policy_check_user(const struct policy_run *run, const struct config_user *image)
{
	const struct policy_user *pin = &run->in->policy->user;
	const struct config_user *user = &run->in->config->user;

	if (run->in->policy->observes)
		return OCIENV_OK;
	if (pin->match == MATCH_IMAGE && !image)
		return refuse(run, user->from,
			      "expected an image to compare the user with, found none", pin->mark);
	if (pin->match == MATCH_IMAGE && user->resolved && !image->resolved)
		return refuse(run, user->from,
			      "expected a rootfs to look the user of the image up in, found none",
			      pin->mark);
	if (pin->match == MATCH_IMAGE && !same_user(user, image))
		return refuse(run, user->from, "expected the user of the image, found another one",
			      pin->mark);
	if (is_raised(run) && (!image || !image->resolved || image->uid))
		return refuse(run, user->from,
			      "expected no user 0 that neither image nor policy names, found it",
			      pin->mark);
	return pin->match == MATCH_EXACT ? compare_user(run) : OCIENV_OK;
}

/* --- program ------------------------------------------------------------------------- */

int32_t policy_check_exec(const struct policy_run *run)
{
	const struct policy_exec *pin = &run->in->policy->exec;
	const struct ocienv_config *config = run->in->config;
	struct sv name = sv_of(config->argv[0]);

	if (!pin->value.value.ptr)
		return OCIENV_OK;
	if (!config->has_exec && pin->must_exist)
		return refuse(run, config->argv_from[0],
			      "expected the program that the policy pins, found no rootfs to look "
			      "it up in", pin->value.from.mark);
	if (config->has_exec)
		name = sv_of(config->exec.path);
	else if (name.ptr[0] != '/')
		return OCIENV_OK; /* asked for: nobody can tell */
	if (sv_eq(name, pin->value.value))
		return OCIENV_OK;
	return refuse(run, config->argv_from[0],
		      "expected the program that the policy pins, found another one",
		      pin->value.from.mark);
}
