/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile documents as patterns. In a unit these bytes stand for something else:
 *
 *	\1  the number of the repetition, six digits
 *	\2  the one before
 *	\3  its bits as "Ez" and "FY", which collide under h * 33 + c; \4 as "Aa" and "BB",
 *	    which collide under h * 31 + c
 *	\5  blanks, one for each repetition
 *	\6  a run of 512 letters
 */
#ifndef OCIENV_BENCH_SHAPE_H
#define OCIENV_BENCH_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

enum shape_reader { READ_IMAGE, READ_SPEC, READ_POD };

/* A text: head, the unit as often as fits into half or all of the size, tail. */
struct pattern {
	const char *head, *unit, *tail;
};

struct shape {
	const char *name;
	enum shape_reader reader;
	struct pattern document;
	struct pattern second; /* more of the document, in units of their own */
	struct pattern objects; /* for the cluster; head NULL: none */
	bool bounded; /* grows faster than its text by what it says: keeps its limits */
};

struct shape_table {
	const struct shape *shapes;
	size_t count;
};

extern const struct shape_table json_shapes, yaml_shapes, pod_shapes;

struct text {
	char *data;
	size_t size, room;
};

/* About `size` bytes in document and objects together. False: no memory. */
bool shape_write(const struct shape *shape, size_t size, struct text *document,
		 struct text *objects);

#define SHAPE_TABLE(name, table)                                                         \
	const struct shape_table name = {table, sizeof(table) / sizeof((table)[0])}

#endif
