/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A layer: what one document says about a process, before anybody merges anything. Every
 * value carries where it was written. Immutable once made; all of it lives in its arena.
 */
#ifndef OCIENV_READ_LAYER_H
#define OCIENV_READ_LAYER_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"

enum { DOCUMENT_NONE = 0xffff, DOCUMENT_MAX = 0x3fff };

/* Names of the documents that values were written in. */
struct documents {
	uint16_t count, room; /* room: what layer_document() can fill without growing */
	struct sv *names;
};

/* Where a value was written, and what became of it on the way. */
struct origin {
	uint8_t source;	      /* enum ocienv_source */
	bool secret : 1;      /* came out of a Secret, or was expanded from such a value */
	bool expanded : 1;    /* the kubelet replaced a $(NAME) or an escape in it */
	bool altered : 1;     /* the runtime changed it */
	uint8_t lost_in : 3;  /* enum ocienv_step, for a value that another one overrode */
	uint16_t document;    /* document_ref(), or DOCUMENT_NONE */
	struct mark mark;
};

_Static_assert(sizeof(struct origin) == 12, "one stands beside every value");

/* In place of a kind of layer, which start at 1: the LibOS's own configuration. */
enum { DOCUMENTS_OF_LIBOS = 0 };

/* A document of a layer, told apart from those of the other kinds: so an origin keeps its
 * meaning when layers become a config. */
static inline uint16_t document_ref(uint32_t layer_kind, uint16_t index)
{
	return index < DOCUMENT_MAX ? (uint16_t)(layer_kind << 14 | index) : DOCUMENT_NONE;
}

static inline uint32_t document_layer(uint16_t ref)
{
	return ref >> 14;
}

static inline uint16_t document_index(uint16_t ref)
{
	return ref & DOCUMENT_MAX;
}

/* A value that lost: where it was written. */
struct overrode {
	struct origin from;
	const struct overrode *next; /* what that one had overrode itself, or NULL */
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
	const struct overrode *overrode; /* what it replaced, newest first, or NULL */
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

/* The first entry with the name; NULL: there is none. */
struct env_entry *env_find(const struct env_list *env, struct sv name);

/* Its value; ptr NULL: there is no such entry. */
struct sv env_get(const struct env_list *env, struct sv name);

/* One list behind the other, with room for `more` entries; NULLs are passed over. items NULL:
 * no memory. */
struct env_list env_list_join(struct arena *arena, const struct env_list *const *lists,
			      size_t count, size_t more);

/* Makes the texts of a list the arena's own, one behind the other. False: no memory. */
bool env_texts_keep(struct arena *arena, const struct env_list *env);

/* NAME=VALUE in the arena; ptr NULL: no room. */
struct sv env_text(struct arena *arena, struct sv name, struct sv value);

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
	struct documents documents; /* 0 is the layer's own */
	bool has_digest;
	uint8_t digest[DIGEST_SHA256]; /* of the document's bytes, if that was asked for */
	struct text_list entrypoint; /* image: Entrypoint; pod: command */
	struct text_list args; /* image: Cmd; pod: args; runtime spec: process.args */
	struct env_list env;
	struct text cwd;
	struct text hostname; /* pod: the sandbox's host name */
	struct text architecture; /* image: what its programs are for, in Go's words */
	struct text_list mounts;  /* runtime spec, pod: what is mounted over the rootfs */
	bool tty;
	bool links_off; /* pod: no variables of Services but those of the API server */
	struct user_request user;
	struct vec warnings; /* of struct layer_warning */
};

/* A new layer that has its arena, one document name and nothing else. Errors: NOMEM, LIMIT. */
int32_t layer_new(struct ocienv_layer **ret, uint32_t kind, const char *document,
		  const struct ocienv_options *options);

void layer_free(struct ocienv_layer *layer);

/* A reference to the document of that name, which is added if need be. DOCUMENT_NONE: no
 * memory, which shows in the arena, or too many. */
uint16_t layer_document(struct ocienv_layer *layer, struct sv name);

/*
 * Copies of what a reader saw, made once, into the arena of the object that keeps it. Failed
 * allocations show in the arena (a count with NULL items): look once, before the object is
 * handed out.
 */
struct text text_keep(struct arena *arena, struct text view);
struct text_list text_list_keep(struct arena *arena, struct text_list view);
struct env_list env_list_keep(struct arena *arena, struct text_list entries);

/* Remembers that a value lost, and in which step (enum ocienv_step). `next` is what it had
 * overrode itself. NULL: no memory. */
const struct overrode *overrode_new(struct arena *arena, struct origin from, uint32_t step,
				    const struct overrode *next);

/* A copy of `first` with `second` behind it; either may be NULL. Links are shared between
 * entries and layers, so they are never changed. */
const struct overrode *overrode_join(struct arena *arena, const struct overrode *first,
				     const struct overrode *second);

/* Splits off the name. */
void env_entry_set(struct env_entry *entry, struct sv text, struct origin from);

/* Adds a warning: `code` and `message` are static or in the arena, the subject is copied. */
void add_warning(struct vec *warnings, struct arena *arena, const char *code, struct sv subject,
	  const char *message, struct origin from);

#endif
