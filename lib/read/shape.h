/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types of the members that nobody reads. Go refuses a document for a wrong type in any
 * member that its structs have, so whoever answers as a Go program does must look at them.
 */
#ifndef OCIENV_READ_SHAPE_H
#define OCIENV_READ_SHAPE_H

#include "read/bind.h"

enum shape_type {
	SHAPE_ANY,
	SHAPE_STRING,
	SHAPE_TIME, /* an RFC 3339 string, as Go takes it */
	SHAPE_BOOL,
	SHAPE_INT,   /* int64 */
	SHAPE_INT32,
	SHAPE_UINT,  /* uint64 */
	SHAPE_UINT32,
	SHAPE_UINT16,
	SHAPE_LIST,  /* of `of` */
	SHAPE_MAP,   /* names to `of` */
	SHAPE_STRUCT, /* members */
};

struct shape_member;

struct shape {
	uint8_t type; /* enum shape_type */
	uint8_t count; /* members */
	const struct shape *of;
	const struct shape_member *members;
};

struct shape_member {
	struct sv name;
	const struct shape *shape;
};

/* Shapes that need no name of their own. */
extern const struct shape shape_string, shape_time, shape_bool, shape_int, shape_int32,
	shape_uint, shape_uint32, shape_uint16, shape_strings, shape_string_map, shape_empty;

#define SHAPE_MEMBER(name, shape)                                                        \
	{                                                                                \
		{name, sizeof(name) - 1}, &(shape)                                       \
	}
#define SHAPE_OF_MEMBERS(table)                                                          \
	{                                                                                \
		SHAPE_STRUCT, sizeof(table) / sizeof((table)[0]), NULL, table            \
	}
#define SHAPE_LIST_OF(shape)                                                             \
	{                                                                                \
		SHAPE_LIST, 0, &(shape), NULL                                            \
	}
#define SHAPE_MAP_OF(shape)                                                              \
	{                                                                                \
		SHAPE_MAP, 0, &(shape), NULL                                             \
	}

/* The whole documents. */
extern const struct shape shape_runtime_spec, shape_image_config;

/* Member `linux` of the runtime spec, and the mappings that mounts have too. */
extern const struct shape shape_linux, shape_id_mappings;

/*
 * Checks a tree against a shape; null is fine everywhere, and so are members that the shape
 * does not have. Names match in any letter case. An explicit stack, no recursion.
 * Errors: NOMEM, LIMIT, TYPE, VALUE (a number out of range, a time that is none).
 */
int32_t shape_check(const struct reader *reader, const struct node *root,
		    const struct shape *shape);

/* Go time.Time: RFC 3339, but for a comma as the point of the fraction, an hour of one digit
 * and a zone of 24 hours, which it takes. */
bool go_time_valid(struct sv text);

#endif
