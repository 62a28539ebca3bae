/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ConfigMaps, Secrets and Services: what a pod may refer to. A set of objects only grows;
 * of two with the same kind, namespace and name the later one counts.
 */
#ifndef OCIENV_READ_OBJECTS_H
#define OCIENV_READ_OBJECTS_H

#include "base/sort.h"
#include "read/bind.h"

enum object_kind { OBJECT_CONFIGMAP, OBJECT_SECRET, OBJECT_SERVICE };

/* One key of a ConfigMap or Secret; a Secret's value is decoded and may be any bytes. */
struct object_entry {
	struct sv key, value;
	struct mark mark; /* of the value */
};

struct service_port {
	struct sv name, protocol; /* name "": unnamed */
	uint32_t port;
};

struct object {
	uint8_t kind; /* enum object_kind */
	struct sv namespace, name;
	struct sv key; /* of the index */
	const char *document; /* name of the document that it came from */
	struct mark mark;     /* of its name */
	uint32_t count;	      /* entries, sorted by key */
	struct object_entry *entries;
	struct sv cluster_ip; /* Service; "" or "None": none */
	uint32_t port_count;
	struct service_port *ports;
};

struct objects {
	struct arena *arena;	/* everything below lives here */
	struct vec items;	/* of struct object, in the order of their addition */
	struct sort_item *index; /* by kind, namespace and name */
	uint32_t index_room;
};

/* What every Kubernetes object says of itself first. */
struct type_meta {
	struct text api_version, kind;
};

/*
 * If the object at `node` is of a kind that is kept, copies it into the set; *taken says so.
 * objects_index() must follow before the next objects_find().
 * Errors: NOMEM, LIMIT, AMBIGUOUS, TYPE, VALUE.
 */
int32_t objects_add(struct objects *objects, const struct reader *reader,
		    const struct type_meta *type, const struct node *node,
		    const struct path *path, bool *taken);

/* Sorts; returns 0 or the status of the arena that had no memory, and all is as it was then. */
int32_t objects_index(struct objects *objects, struct arena *scratch);

/* After a failure: what was too much once says nothing about later, smaller requests. */
static inline void objects_recover(struct objects *objects)
{
	objects->arena->out_of_memory = false;
	objects->arena->over_limit = false;
}

/* *ret NULL: there is no such object. Returns 0 or the status of the arena. */
int32_t objects_find(const struct objects *objects, struct arena *scratch,
		     enum object_kind kind, struct sv namespace, struct sv name,
		     const struct object **ret);

/* NULL: the object has no such key. */
const struct object_entry *object_entry(const struct object *object, struct sv key);

/* "ConfigMap" */
const char *object_kind_name(enum object_kind kind);

#endif
