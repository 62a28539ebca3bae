/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a map node to the members of a struct, by a table: the only place that decides what
 * type a field may have, what null means and what happens to members nobody knows.
 */
#ifndef OCIENV_READ_BIND_H
#define OCIENV_READ_BIND_H

#include "read/layer.h"
#include "text/node.h"

/* One document that is being read. */
struct reader {
	const struct diag *diag;
	const struct ocienv_limits *limits;
	struct arena *scratch; /* for what lives only until the layer is made */
	uint8_t source;	       /* enum ocienv_source of its values */
	uint16_t document;     /* its index in the layer */
	bool any_case;	       /* OCI: Go takes names in any letter case, others do not */
	bool strict;	       /* members nobody knows are errors */
	bool lenient; /* pod: what only the API server refuses is taken as the kubelet does */
	struct vec *warnings;  /* where they are reported otherwise; NULL: nowhere */
	struct arena *keep;    /* the arena of the warnings */
};

enum field_type {
	FIELD_UNREAD,	/* known by name; any value */
	FIELD_STRING,	/* struct text */
	FIELD_STRINGS,	/* struct text_list; a null element is "" (Go) */
	FIELD_BOOL,	/* struct number, 0 or 1 */
	FIELD_UINT32,	/* struct number */
	FIELD_INT64,	/* struct number */
	FIELD_UINT32S,	/* struct number_list */
	FIELD_INT64S,	/* struct number_list */
	FIELD_MAP,	/* const struct node *, a map or NULL */
	FIELD_LIST,	/* const struct node *, a list or NULL */
	FIELD_ANY,	/* const struct node *, or NULL where it is absent */
};

struct number_list {
	uint32_t count;
	struct number *items;
};

struct field {
	struct sv name;
	uint8_t type;
	uint16_t offset; /* in the struct that is filled */
};

#define FIELD(name, type, object, member)                                                \
	{{name, sizeof(name) - 1}, FIELD_##type, offsetof(object, member)}
#define FIELD_IGNORED(name) {{name, sizeof(name) - 1}, FIELD_UNREAD, 0}
#define FIELD_COUNT(table)  (sizeof(table) / sizeof((table)[0]))

/*
 * Fills `object` (zeroed by the caller) from a map. null is the same as absent. Texts are
 * views: into the document or the scratch arena. `path` is the map's own place.
 * Errors: NOMEM, LIMIT, AMBIGUOUS (a name that differs from a field's only in case), TYPE,
 * VALUE (a number out of range; with strict an unknown member).
 */
int32_t bind_members(const struct reader *reader, const struct node *map, const struct path *path,
	     const struct field *fields, size_t count, void *object);

/* Fails at a node. */
int32_t bind_fail(const struct reader *reader, int32_t status, const struct node *node,
		  const struct path *path, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Fails with TYPE: "expected a string, found an integer". */
int32_t bind_fail_type(const struct reader *reader, const struct node *node,
		       const struct path *path, const char *expected);

/* Fails with AMBIGUOUS: the key is the name of a field in another letter case. */
int32_t bind_fail_case(const struct reader *reader, const struct node *key,
		       const struct path *path, struct sv name);

/* Fails unless the node is a map ("a map") or a list. */
int32_t bind_expect(const struct reader *reader, const struct node *node,
		    const struct path *path, enum node_kind kind);

/* The value of a string node as a text; null is absent. Errors: NOMEM, LIMIT, TYPE. */
int32_t bind_text(const struct reader *reader, const struct node *node,
		  const struct path *path, struct text *ret);

/* For equal_but_case(), of two names that begin alike. */
bool equal_folded(struct sv a, struct sv b);

/* Go: the same name but for letter case, by Unicode simple folding. Nearly all names differ in
 * their first letter, which is ASCII. */
static inline bool equal_but_case(struct sv a, struct sv b)
{
	if (a.len && b.len && !((a.ptr[0] | b.ptr[0]) & 0x80) &&
	    ((a.ptr[0] ^ b.ptr[0]) & ~0x20))
		return false;
	return sv_eq(a, b) || equal_folded(a, b);
}

/* Make a node that a member holds outlive the tree, as node_keep_flat() and node_keep() do; NULL is
 * left alone. Errors: NOMEM, LIMIT. */
int32_t bind_keep_flat(const struct reader *reader, const struct node **node);
int32_t bind_keep(const struct reader *reader, const struct node **node);

/* Where a map that lacks something is blamed: at its first key, if it has any. */
static inline const struct node *bind_first(const struct node *map)
{
	return map->kind == NODE_MAP && map->count ? node_key(map, 0) : map;
}

static inline struct origin bind_origin(const struct reader *reader, struct mark mark)
{
	return (struct origin){.source = reader->source, .document = reader->document,
			       .mark = mark};
}

static inline struct path path_key(const struct path *up, struct sv key)
{
	return (struct path){up, key, 0};
}

static inline struct path path_index(const struct path *up, size_t index)
{
	return (struct path){up, {NULL, 0}, index};
}

#endif
