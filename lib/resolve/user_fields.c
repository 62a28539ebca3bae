/* SPDX-License-Identifier: Apache-2.0 */
/* What a CRI plugin is told about the user. */
#include "resolve/user_step.h"

/* "1000" and nothing like it: "+1000", "01000" and "-0" mean different things to different
 * programs, and an id above 2^31 - 1 has wrapped to root before. */
static int32_t check_number(const struct user_input *in, const struct text *user,
			    const char *what, struct sv part)
{
	int64_t value;

	if (sv_to_i64(part, &value) == SV_WORD ||
	    (sv_is_plain_number(part) && user_is_id(value)))
		return OCIENV_OK;
	return blame(in->blame, OCIENV_ERR_VALUE, user->from,
		     "expected a %s id from 0 to 2147483647 without sign or leading zeros, found "
		     "another number", what);
}

/* What upstreams cut, trim or read by luck. */
static int32_t check_image(const struct user_input *in, const struct text *user, bool whole)
{
	struct sv rest = user->value, name = SV(""), group = SV("");
	int32_t status;

	(void)sv_cut(&rest, ':', &name);
	if (rest.ptr && sv_contains(rest, ':'))
		return blame(in->blame, OCIENV_ERR_VALUE, user->from,
			     "expected at most one \":\" in the image's User, found more");
	if (sv_contains(user->value, '\n') || sv_contains(user->value, '\0'))
		return blame(in->blame, OCIENV_ERR_VALUE, user->from,
			     "expected one line as the image's User, found several or a NUL");
	if (whole && rest.ptr)
		group = rest;
	status = check_number(in, user, "user", name);
	return status ? status : check_number(in, user, "group", group);
}

/* kubelet getImageUser, on what the CRI plugin's getUserFromImage says: the text before the
 * first ":" is the user, a number or a name, else uid 0; what stands behind it does not
 * travel. */
static void take_image(const struct user_input *in, struct user_fields *ret)
{
	struct sv rest = ret->image.value, name = SV("");
	int64_t uid;

	(void)sv_cut(&rest, ':', &name);
	if (rest.ptr)
		add_warning(in->warnings, in->arena, "image-group-dropped", rest,
			    "the group of the image's User does not reach a container of a pod",
			    ret->image.from);
	if (name.len && sv_to_i64(name, &uid) != SV_NUMBER)
		ret->username = (struct text){name, ret->image.from};
	else
		ret->uid = (struct number){true, name.len ? uid : 0, ret->image.from};
}

/* kubelet verifyRunAsNonRoot: on these inputs alone, passwd is not looked at. A uid of the
 * pod is an id already. */
static int32_t check_non_root(const struct user_input *in, const struct user_fields *fields)
{
	const struct number *non_root = in->pod ? &in->pod->user.non_root : NULL;

	if (!non_root || !non_root->value)
		return OCIENV_OK;
	if (fields->username.value.len)
		return blame(in->blame, OCIENV_ERR_VALUE, non_root->from,
			     "expected a numeric user with runAsNonRoot, found a name");
	if (fields->uid.value == 0)
		return blame(in->blame, OCIENV_ERR_VALUE, non_root->from,
			     "expected a user that is not root with runAsNonRoot, found uid 0");
	if (!in->pod->user.uid.present && !user_is_id(fields->uid.value))
		return blame(in->blame, OCIENV_ERR_VALUE, non_root->from,
			     "expected a user id from 0 to 2147483647 with runAsNonRoot, found "
			     "another number");
	return OCIENV_OK;
}

/* kubelet determineEffectiveSecurityContext: the pod's numbers go before the image. */
int32_t user_fields(const struct user_input *in, struct user_fields *ret)
{
	const struct user_request *pod = in->pod ? &in->pod->user : NULL;
	bool kubelet = user_rules(in->profile, in->cri)->kubelet && !in->direct;
	int32_t status = OCIENV_OK;

	*ret = (struct user_fields){.username = {SV_NONE, ORIGIN_DEFAULT},
				    .image = {SV_NONE, ORIGIN_DEFAULT}};
	if (in->image && in->image->user.image_user.value.ptr)
		ret->image = in->image->user.image_user;
	if (pod) {
		ret->uid = pod->uid;
		ret->gid = pod->gid;
		ret->groups = pod->groups;
		ret->group_count = pod->group_count;
		ret->groups_strict = pod->groups_strict;
	}
	if (!ret->uid.present && in->profile == OCIENV_USER_STRICT)
		status = check_image(in, &ret->image, !kubelet);
	if (status || !kubelet)
		return status;
	if (!ret->uid.present)
		take_image(in, ret);
	return check_non_root(in, ret);
}
