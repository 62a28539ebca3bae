/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the user's step: fields, question, look-up, groups. */
#ifndef OCIENV_RESOLVE_USER_STEP_H
#define OCIENV_RESOLVE_USER_STEP_H

#include "resolve/user.h"

/* What a CRI plugin is told: LinuxContainerSecurityContext, and the image's User beside it. */
struct user_fields {
	struct text username;	     /* run_as_username; no bytes: none */
	struct number uid, gid;	     /* run_as_user, run_as_group */
	const struct number *groups; /* supplemental_groups */
	uint32_t group_count;
	bool groups_strict; /* supplemental_groups_policy Strict */
	struct text image;  /* User, whole; no bytes: none */
};

struct lookup;

/* supplementalGroupsPolicy Strict keeps the memberships of etc/group away. */
enum policy_rule {
	POLICY_KEPT,
	POLICY_UNKNOWN, /* some kubelets refuse such a pod, others start it with Merge */
	POLICY_IGNORED, /* nobody asks for it */
};

/* What a number in a question is that is no id, 0 to 2^31 - 1. */
enum number_rule {
	NUMBER_REFUSED,
	NUMBER_IS_NAME,
	NUMBER_IF_IN_FILE, /* refused unless a line has it; beyond 64 bits it is a name */
};

/* How the programs that look a user up differ. */
struct user_rules {
	int32_t (*look_up)(struct lookup *l);	  /* fills uid and gid */
	int32_t (*find_member)(struct lookup *l); /* fills member; NULL: look_up does */
	uint8_t policy;		  /* enum policy_rule */
	uint8_t numbers;	  /* enum number_rule */
	bool kubelet;		  /* the fields come through it */
	bool gid_replaces;	  /* run_as_group is no part of the question */
	bool own_group_left_out;  /* a group with the user's name is no membership */
	bool groups_checked;	  /* supplemental groups must be ids; else they are cut */
	bool lexical;		  /* links to the files are followed by their text */
	bool directory_is_absent; /* in place of a file */
	bool adds_passwd_line;	  /* for a uid that has none */
};

const struct user_rules *user_rules(uint32_t profile, uint32_t cri);

/* One run of the step. */
struct lookup {
	const struct user_input *in;
	const struct user_rules *rules;
	const struct user_fields *fields;
	bool strict;	    /* refuse what upstreams only get away with */
	struct sv question; /* "alice", "1000:50"; no bytes: nobody said */
	struct origin from;
	int64_t uid, gid;
	struct sv member;  /* memberships of this name count; ptr NULL: none do */
	struct vec groups; /* of uint32_t, in scratch */
};

/* What the plugin is told, by the kubelet or by whoever calls it. Errors: VALUE, NOMEM. */
int32_t user_fields(const struct user_input *in, struct user_fields *ret);

/* From the fields to the answer, or to the question if there is no rootfs. Errors: those of
 * user_resolve(). */
int32_t user_answer(const struct user_input *in, const struct user_fields *fields,
		    struct user_result *ret);

/* containerd WithUser and WithAdditionalGIDs; moby/sys/user GetExecUser. Errors: VALUE,
 * REFERENCE, those of user_read(). */
int32_t containerd_look_up(struct lookup *l);
int32_t containerd_find_member(struct lookup *l);
int32_t moby_look_up(struct lookup *l);

/* Primary group, memberships and supplemental groups, into `groups`. */
int32_t user_collect_groups(struct lookup *l);

/* One more group, cut to 32 bits as upstreams do. Errors: NOMEM, LIMIT. */
int32_t user_add_group(struct lookup *l, int64_t gid);

/* `groups` as a sorted set. Errors: NOMEM, LIMIT. */
int32_t user_sort_groups(const struct lookup *l, struct config_user *user);

/* runc before 1.3 takes an id of the spec for a name first: the group of that name may be any.
 * Errors: those of user_read(), VALUE. */
int32_t user_check_group_names(const struct user_input *in, const struct config_user *user);

/* The first line with the name, or, for a name without bytes, with the uid; strict: it must be
 * fit to be one. Errors: those of user_read(), VALUE. */
int32_t user_find_passwd(const struct lookup *l, struct sv name, int64_t uid, bool *found,
			 struct passwd_entry *ret);

/* The file's text. Errors: those of accounts_read(), VALUE for a line that is too long. */
int32_t user_read(struct accounts *accounts, const struct blame *b, enum account which,
		  struct sv *ret);

/* 0 to 2^31 - 1. */
static inline bool user_is_id(int64_t id)
{
	return id >= 0 && id <= INT32_MAX;
}

/* Errors: VALUE. */
int32_t user_check_id(const struct blame *b, const struct number *id);
int32_t user_check_passwd(const struct blame *b, const struct passwd_entry *entry);
int32_t user_check_group(const struct blame *b, const struct group_entry *entry);

int32_t user_no_memory(const struct user_input *in);

#endif
