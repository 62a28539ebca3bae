/* SPDX-License-Identifier: Apache-2.0 */
/* Of a mount only its place is read: what it brings along is not in any document. */
#include "read/mounts.h"

struct mount {
	struct text destination;
};

static const struct field mount_fields[] = {
	FIELD("destination", STRING, struct mount, destination),
	FIELD_IGNORED("type"),
	FIELD_IGNORED("source"),
	FIELD_IGNORED("options"),
	FIELD_IGNORED("uidMappings"),
	FIELD_IGNORED("gidMappings"),
};

static const struct field volume_mount_fields[] = {
	FIELD("mountPath", STRING, struct mount, destination),
	FIELD_IGNORED("name"),
	FIELD_IGNORED("readOnly"),
	FIELD_IGNORED("recursiveReadOnly"),
	FIELD_IGNORED("mountPropagation"),
	FIELD_IGNORED("subPath"),
	FIELD_IGNORED("subPathExpr"),
};

static int32_t read_destinations(const struct reader *reader, const struct node *list,
				 const struct path *path, const struct field *fields,
				 size_t field_count, struct text_list *ret)
{
	uint32_t count = list ? list->count : 0;

	ret->present = list != NULL;
	ret->items = ARENA_ARRAY(reader->scratch, count, struct text);
	if (!ret->items)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	for (uint32_t i = 0; i < count; i++) {
		struct path here = path_index(path, i);
		struct mount mount = {0};
		int32_t status;

		if (list->children[i].kind == NODE_NULL)
			continue;
		status = bind_members(reader, &list->children[i], &here, fields, field_count,
				      &mount);
		if (status)
			return status;
		if (mount.destination.value.len)
			ret->items[ret->count++] = mount.destination;
	}
	return OCIENV_OK;
}

int32_t read_mounts(const struct reader *reader, const struct node *list,
		    const struct path *path, struct text_list *ret)
{
	return read_destinations(reader, list, path, mount_fields, FIELD_COUNT(mount_fields),
				 ret);
}

int32_t read_volume_mounts(const struct reader *reader, const struct node *list,
			   const struct path *path, struct text_list *ret)
{
	return read_destinations(reader, list, path, volume_mount_fields,
				 FIELD_COUNT(volume_mount_fields), ret);
}
