/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of the entries of a mapping: no key twice, merge keys ("<<") applied. */
#ifndef OCIENV_TEXT_YAML_MAP_H
#define OCIENV_TEXT_YAML_MAP_H

#include "base/arena.h"
#include "text/node.h"

/* The kind of a key "<<" that asks for a merge, until the mapping is complete. Its
 * value is a map or a list of maps. */
enum { YAML_NODE_MERGE = 0x80 };

/* Why two entries cannot both stand. */
struct yaml_clash {
	bool twice;		    /* both are written in the map itself; else: */
	const char *before, *after; /* the message: what stands around the quoted key */
	struct mark mark, first;    /* first: where the key stood before */
	struct sv key;
};

/* The entries of one mapping, as they were written. */
struct yaml_entries {
	const struct node *children; /* key, value, ... */
	uint32_t count;              /* of entries */
	bool merges;                 /* there is a key of kind YAML_NODE_MERGE */
};

/* Puts the final children into `arena` and into *map. `scratch` is for passing needs.
 * OK, AMBIGUOUS (with *clash filled), or what arena_status() says. */
int32_t yaml_map_finish(const struct yaml_entries *entries, struct arena *arena,
			struct arena *scratch, struct node *map,
			struct yaml_clash *clash);

#endif
