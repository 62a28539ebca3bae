/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy: what may set what. docs/policy.md tells the language. Immutable once made; all of
 * it lives in its arena.
 */
#ifndef OCIENV_READ_POLICY_H
#define OCIENV_READ_POLICY_H

#include "base/sort.h"
#include "read/bind.h"

struct read_input;

enum policy_match {
	MATCH_IMAGE, /* what the image says, and nothing else */
	MATCH_EXACT,
	MATCH_PREFIX, /* arguments: these, then any others */
	MATCH_ANY,
};

/* What becomes of a value that a rule does not let through. */
enum policy_action {
	ACTION_UNSAID,
	ACTION_DROP,
	ACTION_REJECT,
};

enum policy_type {
	TYPE_NONE,
	TYPE_IPV4,
	TYPE_IPV6,
	TYPE_IP,
	TYPE_PORT,
	TYPE_UINT,
	TYPE_BOOL,
	TYPE_DNS_LABEL,
	TYPE_DNS_NAME,
	TYPE_ABS_PATH,
	TYPE_PATH_LIST,
	TYPE_URL,
	TYPE_HEX,
	TYPE_BASE64,
	TYPE_TEXT,
};

/* A set of enum ocienv_source. */
#define SOURCE_BIT(source) (1U << (source))

/* What a cluster says, whichever object of it says so. */
#define SOURCES_POD                                                                      \
	(SOURCE_BIT(OCIENV_SOURCE_POD) | SOURCE_BIT(OCIENV_SOURCE_SERVICE) |             \
	 SOURCE_BIT(OCIENV_SOURCE_CONFIGMAP) | SOURCE_BIT(OCIENV_SOURCE_SECRET) |        \
	 SOURCE_BIT(OCIENV_SOURCE_DOWNWARD))

struct env_rule {
	struct sv name; /* a glob, if `pattern` */
	struct mark mark;
	uint32_t from;	  /* SOURCE_BIT()s; of a deny rule that names none: all */
	uint32_t repeats; /* values of its own source that it replaces */
	bool pattern, required, override, sealed, dangerous, deny;
	bool has_digest, has_max;
	uint8_t otherwise; /* enum policy_action */
	uint8_t type;	   /* enum policy_type */
	uint8_t digest[DIGEST_SHA256]; /* of the value */
	uint64_t max;
	struct sv value;	  /* ptr NULL: any */
	struct text_list choices; /* enum */
};

/* Rules by their names, so that many are no slower than few. */
struct policy_index {
	struct sort_item *exact; /* sorted; the index of an item is its rule's */
	uint32_t exact_count;
	uint32_t *patterns; /* in the order of the rules */
	uint32_t pattern_count;
};

struct policy_env {
	struct mark mark; /* line 0: the policy says nothing about variables */
	bool reject;	  /* what is not listed; else it is dropped */
	uint32_t count;
	struct env_rule *rules;
	struct policy_index index;
};

struct policy_exec {
	struct text value; /* ptr NULL: any */
	bool must_exist;
};

struct policy_argv {
	struct mark mark; /* of its member; line 0: there is none */
	uint8_t match;	  /* enum policy_match */
	struct text_list value;
	bool has_digest; /* exact: of all arguments, each with its NUL, in place of them */
	uint8_t digest[DIGEST_SHA256];
	struct number max; /* prefix: arguments in all */
};

struct policy_cwd {
	struct mark mark;
	uint8_t match;
	struct text value;
};

struct policy_user {
	struct mark mark;
	uint8_t match;
	struct number uid, gid, umask;
	bool has_groups;
	uint32_t group_count;
	uint32_t *groups; /* sorted, unique */
};

struct ocienv_policy {
	struct arena arena;
	struct sv id; /* "" if it has none */
	struct number svn;
	bool observes; /* built in: lets everything through and keeps account of it */
	bool has_image, hostfs;
	struct mark image_mark;
	uint8_t image[DIGEST_SHA256];
	bool has_digest;
	uint8_t digest[DIGEST_SHA256]; /* of the policy's own text, if that was asked for */
	struct policy_exec exec;
	struct policy_argv argv;
	struct policy_cwd cwd;
	struct policy_user user;
	struct policy_env env;
	struct number max_env, max_bytes, max_value;
};

/* A new policy that has its arena and nothing else. Errors: NOMEM, LIMIT. */
int32_t policy_new(struct ocienv_policy **ret, const struct ocienv_options *options);

void policy_free(struct ocienv_policy *policy);

/* Fills a fresh policy. Errors: NOMEM, LIMIT, SYNTAX, ENCODING, TYPE, VALUE. */
int32_t read_policy(const struct read_input *in, struct ocienv_policy *policy);

/* The text of a policy that the library brings along; ptr NULL: there is none of that name. */
struct sv policy_builtin(struct sv name);

/* --- parts of the reader ------------------------------------------------------------- */

struct policy_reader {
	struct reader reader;
	struct ocienv_policy *policy;
};

/* The members of a map; null is no value here. Errors: those of bind_members(), TYPE. */
int32_t policy_bind(const struct reader *reader, const struct node *map, const struct path *path,
		    const struct field *fields, size_t count, void *object);

/* Fails at a member of the map at `up`, or at that map (NULL). */
int32_t policy_fail(const struct reader *reader, int32_t status, struct mark mark,
		    const struct path *up, const char *member, const char *message);

/* The word of a match; `exact`: something stands beside it that can be compared. */
int32_t policy_read_match(const struct policy_reader *r, const struct node *map,
			  const struct path *path, const struct text *word, bool exact,
			  uint8_t *ret);

int32_t policy_read_user(const struct policy_reader *r, const struct node *map,
			 const struct path *path);

/* Reads "env". */
int32_t policy_read_env(const struct policy_reader *r, const struct node *map,
			const struct path *path);

/* 64 hexadecimal digits in lower case. */
bool policy_digest(struct sv text, uint8_t ret[DIGEST_SHA256]);

#endif
