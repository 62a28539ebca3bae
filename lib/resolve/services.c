/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/services.h"

#include <stdio.h>

/* Text put together from parts, with one allocation; ptr NULL: no memory. */
static struct sv join(struct arena *arena, const struct sv *parts, size_t count)
{
	size_t len = 0, at = 0;
	char *out;

	for (size_t i = 0; i < count; i++) {
		if (parts[i].len && !parts[i].ptr) /* a copy that found no memory */
			return SV_NONE;
		len += parts[i].len;
	}
	out = arena_chars(arena, len);
	for (size_t i = 0; out && i < count; i++) {
		if (parts[i].len)
			memcpy(out + at, parts[i].ptr, parts[i].len);
		at += parts[i].len;
	}
	return sv_from(out, len);
}

#define JOIN(arena, ...)                                                                 \
	join((arena), (const struct sv[]){__VA_ARGS__},                                  \
	     sizeof((const struct sv[]){__VA_ARGS__}) / sizeof(struct sv))

/* kubelet envvars: upper case, "-" becomes "_"; dots and leading digits stay. */
static struct sv variable_name(struct arena *arena, struct sv name)
{
	char *out = arena_strdup(arena, name);

	for (size_t i = 0; out && i < name.len; i++) {
		if (out[i] >= 'a' && out[i] <= 'z')
			out[i] = (char)(out[i] - 'a' + 'A');
		else if (out[i] == '-')
			out[i] = '_';
	}
	return sv_from(out, name.len);
}

static struct sv lower(struct arena *arena, struct sv text)
{
	char *out = arena_strdup(arena, text);

	for (size_t i = 0; out && i < text.len; i++)
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] = (char)(out[i] - 'A' + 'a');
	return sv_from(out, text.len);
}

struct maker {
	struct arena *arena;
	struct vec *out;
	const struct object *service;
	struct sv name; /* of the Service, as a variable's */
};

static void add(struct maker *maker, struct sv name, struct sv value)
{
	struct service_variable *variable = VEC_PUSH(maker->out, maker->arena,
						     struct service_variable);

	if (variable)
		*variable = (struct service_variable){
			JOIN(maker->arena, name, SV("="), value), maker->service};
}

/* proto://host:port, an IPv6 host in brackets. */
static struct sv url(struct maker *maker, const struct service_port *port, struct sv number)
{
	bool v6 = sv_contains(maker->service->cluster_ip, ':');

	return JOIN(maker->arena, lower(maker->arena, port->protocol), SV("://"),
		    v6 ? SV("[") : SV(""), maker->service->cluster_ip, v6 ? SV("]") : SV(""),
		    SV(":"), number);
}

static struct sv decimal(struct arena *arena, uint32_t number)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", number);

	return sv_from(arena_strdup(arena, sv_from(text, (size_t)n)), (size_t)n);
}

/* kubelet FromServices: what one Service gives, in this order. */
static void add_service(struct maker *maker)
{
	struct arena *arena = maker->arena;
	const struct object *service = maker->service;
	struct sv first = decimal(arena, service->ports[0].port);

	add(maker, JOIN(arena, maker->name, SV("_SERVICE_HOST")), service->cluster_ip);
	add(maker, JOIN(arena, maker->name, SV("_SERVICE_PORT")), first);
	for (uint32_t i = 0; i < service->port_count; i++) {
		const struct service_port *port = &service->ports[i];

		if (port->name.len)
			add(maker,
			    JOIN(arena, maker->name, SV("_SERVICE_PORT_"),
				 variable_name(arena, port->name)),
			    decimal(arena, port->port));
	}
	add(maker, JOIN(arena, maker->name, SV("_PORT")),
	    url(maker, &service->ports[0], first));
	for (uint32_t i = 0; i < service->port_count; i++) {
		const struct service_port *port = &service->ports[i];
		struct sv number = decimal(arena, port->port);
		struct sv prefix = JOIN(arena, maker->name, SV("_PORT_"), number, SV("_"),
					port->protocol);

		add(maker, prefix, url(maker, port, number));
		add(maker, JOIN(arena, prefix, SV("_PROTO")), lower(arena, port->protocol));
		add(maker, JOIN(arena, prefix, SV("_PORT")), number);
		add(maker, JOIN(arena, prefix, SV("_ADDR")), service->cluster_ip);
	}
}

/* kubelet: a Service without a cluster IP gives nothing. */
static bool has_address(const struct object *service)
{
	return service->kind == OBJECT_SERVICE && service->port_count &&
	       service->cluster_ip.len && !sv_eq(service->cluster_ip, SV("None"));
}

/* kubelet getServiceEnvVarMap: the API server's Service always, those of the pod's own
 * namespace with links. Keyed by bare name: one of the own namespace hides the API server. */
static bool is_visible(const struct object *service, struct sv namespace, bool links)
{
	if (links && sv_eq(service->namespace, namespace))
		return true;
	return sv_eq(service->namespace, SV("default")) && sv_eq(service->name, SV("kubernetes"));
}

/* The Service that counts for a name: of the last set that has one, of the own namespace
 * before the API server's. One without an address is not looked at upstream, so it hides
 * nothing of another namespace. */
static int32_t is_current(const struct objects *const *sets, size_t set_count,
			  const struct object *service, struct sv namespace, bool links,
			  struct arena *arena, bool *ret)
{
	const struct object *current = NULL, *found;

	for (size_t round = links ? 0 : 1; !current && round < 2; round++) {
		for (size_t i = set_count; !current && i > 0; i--) {
			int32_t status = objects_find(sets[i - 1], arena, OBJECT_SERVICE,
						      round ? SV("default") : namespace,
						      service->name, &found);

			if (status)
				return status;
			current = found;
		}
		if (current && !has_address(current))
			current = NULL;
	}
	*ret = current == service;
	return OCIENV_OK;
}

int32_t service_variables(const struct objects *const *sets, size_t set_count,
			  struct sv namespace, bool links, struct arena *arena,
			  struct vec *ret)
{
	for (size_t i = 0; i < set_count; i++) {
		const struct object *items = sets[i]->items.items;

		for (uint32_t k = 0; k < sets[i]->items.count; k++) {
			struct maker maker = {arena, ret, &items[k], SV_NONE};
			bool current = false;
			int32_t status;

			if (!has_address(&items[k]) || !is_visible(&items[k], namespace, links))
				continue;
			status = is_current(sets, set_count, &items[k], namespace, links, arena,
					    &current);
			if (status)
				return status;
			if (!current)
				continue;
			maker.name = variable_name(arena, items[k].name);
			add_service(&maker);
		}
	}
	return arena_failed(arena) ? arena_status(arena) : OCIENV_OK;
}
