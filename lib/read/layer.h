/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A layer: what one document says about a process, before anybody merges anything. Every
 * value carries where it was written. Immutable once made; all of it lives in its arena.
 */
#ifndef OCIENV_READ_LAYER_H
#define OCIENV_READ_LAYER_H

#include "base/arena.h"
#include "base/error.h"

enum { DOCUMENT_NONE = 0xffff }; /* an origin without a document */

/* Where a value was written. */
struct origin {
	uint8_t source;	   /* enum ocienv_source */
	bool secret;	   /* came out of a Secret, or was expanded from such a value */
	uint16_t document; /* index into the owner's documents, or DOCUMENT_NONE */
	struct mark mark;
};

/* A string with its origin. value.ptr NULL: absent. */
struct text {
	struct sv value; /* NUL-terminated in the arena */
	struct origin from;
};

/* Absent, empty and filled are three things. */
struct text_list {
	bool present;
	uint32_t count;
	struct text *items;
	struct origin from; /* of the list itself */
};

/* One entry of an environment list, as written: usually NAME=VALUE. */
struct env_entry {
	struct sv text;	      /* NUL-terminated in the arena */
	uint32_t name_length; /* bytes before the first "=", or all of them */
	struct origin from;
	const struct env_entry *overrode; /* the entry that this one replaced, or NULL */
};

struct env_list {
	bool present;
	uint32_t count;
	struct env_entry *items;
};

static inline struct sv env_name(const struct env_entry *entry)
{
	return sv_from(entry->text.ptr, entry->name_length);
}

static inline bool env_has_value(const struct env_entry *entry)
{
	return entry->name_length < entry->text.len;
}

static inline struct sv env_value(const struct env_entry *entry)
{
	return sv_skip(entry->text, (size_t)entry->name_length + 1);
}

/* An integer that may be absent. */
struct number {
	bool present;
	int64_t value;
	struct origin from;
};

/* What a document asks for in the way of a user; which members can be there depends on the
 * kind of the layer. */
struct user_request {
	struct text image_user; /* image: User, whole */

	struct number uid; /* runtime spec: user.uid; pod: effective runAsUser */
	struct number gid; /* runtime spec: user.gid; pod: effective runAsGroup */
	struct number umask;
	struct number non_root; /* pod: effective runAsNonRoot, 0 or 1 */
	uint32_t group_count;	/* runtime spec: additionalGids; pod: fsGroup, then */
	struct number *groups;	/* supplementalGroups */
	bool groups_strict;	/* pod: supplementalGroupsPolicy Strict */

	bool capabilities_present; /* runtime spec: process.capabilities.effective */
	bool privileged;	   /* pod */
	uint64_t capabilities;	   /* runtime spec: the set, bit n is capability n */
	uint64_t capabilities_add, capabilities_drop; /* pod */
};

struct layer_warning {
	const char *code; /* static */
	struct sv subject;
	const char *message; /* static, or in the arena */
	struct origin from;
};

struct ocienv_layer {
	struct arena arena;
	uint32_t kind;	       /* enum ocienv_layer_kind */
	uint16_t document_count;
	struct sv *documents;  /* names; origins refer to them by index */
	struct text_list entrypoint; /* image: Entrypoint; pod: command */
	struct text_list args; /* image: Cmd; pod: args; runtime spec: process.args */
	struct env_list env;
	struct text cwd;
	struct text hostname; /* pod: the sandbox's host name */
	bool tty;
	struct user_request user;
	struct vec warnings; /* of struct layer_warning */
};

/* A new layer that has its arena, one document name and nothing else; NULL: no memory. */
struct ocienv_layer *layer_new(uint32_t kind, const char *document,
			       const struct ocienv_options *options);

/* Splits off the name. `text` must live in the layer's arena. */
void env_entry_set(struct env_entry *entry, struct sv text, struct origin from);

/* Adds a warning; a failed allocation shows in the arena. */
void layer_warn(struct ocienv_layer *layer, const char *code, struct sv subject,
		const char *message, struct origin from);

#endif
