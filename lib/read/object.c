/* SPDX-License-Identifier: Apache-2.0 */
/* What one ConfigMap, Secret or Service holds. */
#include "read/object.h"

#include "base/base64.h"
#include "read/env_name.h"

struct body {
	const struct node *metadata, *data, *string_data, *spec;
};

static const struct field body_fields[] = {
	FIELD("metadata", MAP, struct body, metadata),
	FIELD("data", MAP, struct body, data),
	FIELD("stringData", MAP, struct body, string_data),
	FIELD("spec", MAP, struct body, spec),
};

struct metadata {
	struct text name, namespace;
};

static const struct field metadata_fields[] = {
	FIELD("name", STRING, struct metadata, name),
	FIELD("namespace", STRING, struct metadata, namespace),
};

struct service {
	struct text cluster_ip;
	const struct node *ports;
};

static const struct field service_fields[] = {
	FIELD("clusterIP", STRING, struct service, cluster_ip),
	FIELD("ports", LIST, struct service, ports),
};

struct port {
	struct text name, protocol;
	struct number port;
};

static const struct field port_fields[] = {
	FIELD("name", STRING, struct port, name),
	FIELD("protocol", STRING, struct port, protocol),
	FIELD("port", INT64, struct port, port),
};

static struct sv keep(struct arena *arena, struct sv text)
{
	return sv_from(arena_strdup(arena, text), text.len);
}

static int32_t no_memory(const struct objects *objects, const struct reader *reader)
{
	return diag_memory(reader->diag, arena_status(objects->arena));
}

/* A Secret's data is base64. */
static int32_t decode(struct objects *objects, const struct reader *reader,
		      const struct node *node, const struct path *path, struct sv *value)
{
	char *bytes = arena_chars(objects->arena, value->len / 4 * 3 + 3);
	size_t len = 0;

	if (!bytes)
		return no_memory(objects, reader);
	if (!base64_decode(*value, bytes, &len))
		return bind_fail(reader, OCIENV_ERR_VALUE, node, path,
				 "expected base64, found something else");
	*value = sv_from(bytes, len);
	return OCIENV_OK;
}

/* They become names of variables: a "=" in one would set another variable. */
static int32_t check_name(const struct reader *reader, struct mark mark,
			  const struct path *path, struct sv name, const char *what)
{
	char quoted[DIAG_QUOTE_SIZE];

	if (config_key_valid(name))
		return OCIENV_OK;
	return diag_fail(reader->diag, OCIENV_ERR_VALUE, mark, path,
			 "expected %s of letters, digits, \"-\", \"_\" and \".\", found \"%s\"",
			 what, diag_quote_name(quoted, name));
}

/* Appends the members of a map of strings; null is "". */
static int32_t read_data(struct objects *objects, const struct reader *reader,
			 const struct node *map, const struct path *path, bool base64,
			 struct vec *entries)
{
	for (uint32_t i = 0; map && i < node_size(map); i++) {
		const struct node *key = node_key(map, i), *node = node_value(map, i);
		struct path here = path_key(path, node_sv(key));
		struct text value = {.value = SV("")};
		struct object_entry *entry = VEC_PUSH(entries, reader->scratch, struct object_entry);
		int32_t status;

		if (!entry)
			return diag_memory(reader->diag, arena_status(reader->scratch));
		status = check_name(reader, key->mark, &here, node_sv(key), "a key");
		if (!status)
			status = bind_text(reader, node, &here, &value);
		if (!status && base64)
			status = decode(objects, reader, node, &here, &value.value);
		if (status)
			return status;
		*entry = (struct object_entry){node_sv(key), value.value, node->mark};
	}
	return OCIENV_OK;
}

/* Sorted by key; the API server writes stringData over data, so the later one stays. */
static int32_t keep_entries(struct objects *objects, const struct reader *reader,
			    const struct vec *entries, struct object *object)
{
	const struct object_entry *all = entries->items;
	struct sort_item *order = ARENA_ARRAY(reader->scratch, entries->count, struct sort_item);

	object->entries = ARENA_ARRAY(objects->arena, entries->count, struct object_entry);
	if (!order || !object->entries)
		return diag_memory(reader->diag, arena_status(order ? objects->arena
								     : reader->scratch));
	for (uint32_t i = 0; i < entries->count; i++)
		order[i] = sort_item(all[i].key, i);
	if (!sort_names(order, entries->count, reader->scratch))
		return diag_memory(reader->diag, arena_status(reader->scratch));
	for (uint32_t i = 0; i < entries->count; i++) {
		const struct object_entry *entry = &all[order[i].index];

		if (i + 1 < entries->count &&
		    sv_eq(sort_name(&order[i]), sort_name(&order[i + 1])))
			continue;
		object->entries[object->count++] =
			(struct object_entry){keep(objects->arena, entry->key),
					      keep(objects->arena, entry->value), entry->mark};
	}
	return OCIENV_OK;
}

/* Its name and protocol become parts of names of variables, too. */
static int32_t check_port(const struct reader *reader, const struct node *node,
			  const struct path *path, const struct port *port)
{
	static const struct sv protocols[] = {{"", 0}, {"TCP", 3}, {"UDP", 3}, {"SCTP", 4}};
	struct path name = path_key(path, SV("name")), number = path_key(path, SV("port"));
	struct path protocol = path_key(path, SV("protocol"));
	int32_t status = OCIENV_OK;

	if (!port->port.present)
		return bind_fail(reader, OCIENV_ERR_VALUE, bind_first(node), path,
				 "expected a port number, found none");
	if (port->port.value < 1 || port->port.value > 65535)
		return diag_fail(reader->diag, OCIENV_ERR_VALUE, port->port.from.mark, &number,
				 "expected a port from 1 to 65535, found another number");
	if (port->name.value.len)
		status = check_name(reader, port->name.from.mark, &name, port->name.value,
				    "a port name");
	for (size_t i = 0; !status && i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (sv_eq(port->protocol.value, protocols[i]))
			return OCIENV_OK;
	return status ? status : diag_fail(reader->diag, OCIENV_ERR_VALUE,
					   port->protocol.from.mark, &protocol,
					   "expected TCP, UDP or SCTP, found another text");
}

static int32_t read_port(struct objects *objects, const struct reader *reader,
			 const struct node *node, const struct path *path,
			 struct service_port *ret)
{
	struct port port = {0};
	int32_t status = bind_members(reader, node, path, port_fields, FIELD_COUNT(port_fields), &port);

	if (!status)
		status = check_port(reader, node, path, &port);
	if (status)
		return status;
	ret->port = (uint32_t)port.port.value;
	ret->name = keep(objects->arena, port.name.value);
	ret->protocol = keep(objects->arena, port.protocol.value.len ? port.protocol.value
								      : SV("TCP"));
	return OCIENV_OK;
}

static int32_t read_service(struct objects *objects, const struct reader *reader,
			    const struct node *node, const struct path *path,
			    struct object *object)
{
	struct path ports = path_key(path, SV("ports"));
	struct service service = {0};
	int32_t status = bind_members(reader, node, path, service_fields, FIELD_COUNT(service_fields),
			      &service);

	if (status)
		return status;
	object->cluster_ip = keep(objects->arena, service.cluster_ip.value);
	if (!service.ports)
		return OCIENV_OK;
	object->port_count = service.ports->count;
	object->ports = ARENA_ARRAY(objects->arena, object->port_count, struct service_port);
	if (!object->ports)
		return no_memory(objects, reader);
	for (uint32_t i = 0; !status && i < object->port_count; i++) {
		struct path here = path_index(&ports, i);

		status = read_port(objects, reader, &service.ports->children[i], &here,
				   &object->ports[i]);
	}
	return status;
}

static int32_t read_content(struct objects *objects, const struct reader *reader,
			    const struct body *body, const struct path *path,
			    struct object *object)
{
	struct path data = path_key(path, SV("data"));
	struct path string_data = path_key(path, SV("stringData"));
	struct path spec = path_key(path, SV("spec"));
	bool secret = object->kind == OBJECT_SECRET;
	struct vec entries = {0};
	int32_t status;

	if (object->kind == OBJECT_SERVICE)
		return body->spec ? read_service(objects, reader, body->spec, &spec, object)
				  : OCIENV_OK;
	status = read_data(objects, reader, body->data, &data, secret, &entries);
	if (!status && secret)
		status = read_data(objects, reader, body->string_data, &string_data, false,
				   &entries);
	return status ? status : keep_entries(objects, reader, &entries, object);
}

static int32_t fail_nameless(const struct reader *reader, const struct body *body,
			     const struct node *node, const struct path *path,
			     const struct text *name, uint8_t kind)
{
	struct path metadata_path = path_key(path, SV("metadata"));
	struct path name_path = path_key(&metadata_path, SV("name"));
	const struct path *place = body->metadata ? &metadata_path : path;
	struct mark mark = bind_first(body->metadata ? body->metadata : node)->mark;

	if (name->value.ptr) { /* "" */
		place = &name_path;
		mark = name->from.mark;
	}
	return diag_fail(reader->diag, OCIENV_ERR_VALUE, mark, place,
			 "expected a name for the %s, found none", object_kind_name(kind));
}

static int32_t read_metadata(struct objects *objects, const struct reader *reader,
			     const struct body *body, const struct node *node,
			     const struct path *path, struct object *object)
{
	struct path here = path_key(path, SV("metadata")), name = path_key(&here, SV("name"));
	struct metadata metadata = {0};
	int32_t status = OCIENV_OK;

	if (body->metadata)
		status = bind_members(reader, body->metadata, &here, metadata_fields,
			      FIELD_COUNT(metadata_fields), &metadata);
	if (status)
		return status;
	if (!metadata.name.value.len)
		return fail_nameless(reader, body, node, path, &metadata.name, object->kind);
	if (object->kind == OBJECT_SERVICE)
		status = check_name(reader, metadata.name.from.mark, &name, metadata.name.value,
				    "a name");
	if (status)
		return status;
	object->mark = metadata.name.from.mark;
	object->name = keep(objects->arena, metadata.name.value);
	object->namespace = keep(objects->arena, metadata.namespace.value.len
							 ? metadata.namespace.value
							 : SV("default"));
	return OCIENV_OK;
}

int32_t object_read(struct objects *objects, const struct reader *reader,
		    const struct node *node, const struct path *path, struct object *object)
{
	struct body body = {0};
	int32_t status = bind_members(reader, node, path, body_fields, FIELD_COUNT(body_fields), &body);

	if (!status)
		status = read_metadata(objects, reader, &body, node, path, object);
	if (!status)
		status = read_content(objects, reader, &body, path, object);
	if (!status && arena_failed(objects->arena))
		status = no_memory(objects, reader);
	return status;
}
