/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A config: the answer. Immutable once made; all of it lives in its arena.
 */
#ifndef OCIENV_RESOLVE_CONFIG_H
#define OCIENV_RESOLVE_CONFIG_H

#include "read/layer.h"
#include "rootfs/rootfs.h"

/* What the runtime hands to execve and to the set*id calls. */
struct config_user {
	bool resolved; /* false: `name` is what was asked for, "redis" or "999:50" */
	uint32_t uid, gid, umask;
	uint32_t group_count;
	uint32_t *groups; /* sorted, unique */
	struct sv name;
	struct origin from;
};

/* What a config was made from: the kinds of layers (enum ocienv_layer_kind), and one more. */
enum { INPUT_POLICY = 4, INPUT_COUNT = 5 };

/* The digest of an input, where somebody asked for it. */
struct input_digest {
	bool known;
	uint8_t sha256[DIGEST_SHA256];
};

/* What became of a variable under a policy. */
enum policy_verdict {
	VERDICT_ALLOWED,
	VERDICT_DROPPED, /* left out */
	VERDICT_KEPT,	 /* left out, and the image's value kept */
};

struct config_ruling {
	struct sv name;
	uint8_t source;	  /* enum ocienv_source */
	uint8_t verdict;  /* enum policy_verdict */
	uint32_t rule;	  /* its number, or RULE_NONE */
	uint32_t line;	  /* of the rule in the policy; 0: none */
	uint32_t repeats; /* values of the same source that it replaced */
};

#define RULE_NONE UINT32_MAX

/* What a policy was asked about the answer, and what it said. */
struct config_policy {
	bool applied;
	struct sv id;
	struct vec rulings; /* of struct config_ruling: those of env in its order, then others */
	bool has_image;
	uint8_t image[DIGEST_SHA256]; /* of the image config */
};

struct ocienv_config {
	struct arena arena;
	struct documents documents[4]; /* by kind of layer, and the LibOS's own one */
	struct input_digest inputs[INPUT_COUNT]; /* by kind; 0 is nobody's */

	uint32_t argc;
	const char **argv; /* NULL-terminated */
	struct origin *argv_from;

	struct env_list env; /* unique names, the runtime's order */
	const char **envp;   /* NULL-terminated: the texts of env */

	struct text cwd;
	struct config_user user;
	uint64_t capabilities; /* the effective set at the look-up */

	bool has_exec;
	struct ocienv_exec exec;

	struct config_policy policy;
	struct vec warnings; /* of struct layer_warning */
};

/* A new config that has its arena and nothing else. Errors: NOMEM, LIMIT. */
int32_t config_new(struct ocienv_config **ret, const struct ocienv_options *options);

/* Closes the descriptor too. */
void config_free(struct ocienv_config *config);

/* For whom permission is asked. */
struct identity config_identity(const struct ocienv_config *config);

/* Copies the arguments. Returns 0 or the arena's status. */
int32_t config_set_argv(struct ocienv_config *config, const struct text *items,
			uint32_t count);

/* Takes the entries, which lie in the config's arena. Returns 0 or the arena's status. */
int32_t config_set_env(struct ocienv_config *config, const struct env_list *env);

/* Where a value was written, in the form of the public header. */
struct ocienv_origin config_origin(const struct ocienv_config *config, struct origin from);

#endif
