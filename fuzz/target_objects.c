/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An input is a file of ConfigMaps, Secrets and Services. What a set of objects keeps is found
 * again by its name, a file that is refused leaves the set as it was, and what is added twice
 * counts once.
 */
#include "fuzz.h"

#include "ledger.h"
#include "promise.h"
#include "read/cluster.h"

#include <string.h>

enum { MOST = 64 * 1024 };

#define OBJECT_ERRORS                                                                    \
	(MAY(LIMIT) | MAY(SYNTAX) | MAY(ENCODING) | MAY(AMBIGUOUS) | MAY(TYPE) | MAY(VALUE))

static bool add(struct run *run, struct ocienv_cluster *cluster)
{
	uint32_t before = cluster->objects.items.count;
	int32_t status;

	error_prepare(&run->error);
	status = ocienv_cluster_add_objects(cluster, run->documents[0], &run->error);
	if (call_succeeded(run, status, OBJECT_ERRORS, &run->error))
		return true;
	PROMISE(cluster->objects.items.count == before);
	return false;
}

/* A file in reverse, at worst: entries stand sorted, each once. */
static void check_entries(struct run *run, const struct object *object)
{
	for (uint32_t i = 0; i < object->count; i++) {
		const struct object_entry *entry = &object->entries[i];

		PROMISE(!i || sv_cmp(entry[-1].key, entry->key) < 0);
		PROMISE(object_entry(object, entry->key) == entry);
		PROMISE(entry->value.ptr && entry->mark.line && entry->mark.column);
		/* A Secret may hold any bytes, a ConfigMap text. */
		PROMISE(object->kind == OBJECT_SECRET || !sv_contains(entry->value, '\0'));
		outcome_add(run->outcome, entry->value.ptr, entry->value.len);
	}
	PROMISE(!object_entry(object, SV("no such key, as it has blanks")));
}

static void check_ports(const struct object *object)
{
	PROMISE(object->kind == OBJECT_SERVICE || !object->port_count);
	PROMISE(object->kind != OBJECT_SERVICE || !object->count);
	for (uint32_t i = 0; i < object->port_count; i++)
		PROMISE(object->ports[i].port >= 1 && object->ports[i].port <= 65535);
}

static bool is_same(const struct object *a, const struct object *b)
{
	return a->kind == b->kind && sv_eq(a->namespace, b->namespace) && sv_eq(a->name, b->name);
}

/* The one that counts is the last of its kind, namespace and name. */
static void check_object(struct run *run, const struct ocienv_cluster *cluster, uint32_t at)
{
	const struct object *all = cluster->objects.items.items, *found, *wanted = &all[at];
	struct arena scratch;

	for (uint32_t i = at + 1; i < cluster->objects.items.count; i++)
		wanted = is_same(&all[i], wanted) ? &all[i] : wanted;
	arena_init(&scratch, NULL, SIZE_MAX);
	PROMISE(!objects_find(&cluster->objects, &scratch, all[at].kind, all[at].namespace,
			      all[at].name, &found));
	arena_free(&scratch);
	PROMISE(found == wanted);
	PROMISE(found->name.len && found->namespace.len && found->mark.line);
	PROMISE(!strcmp(found->document, run->documents[0]->name));
	check_entries(run, found);
	check_ports(found);
}

static void check_all(struct run *run, const struct ocienv_cluster *cluster)
{
	uint32_t count = cluster->objects.items.count;

	for (uint32_t i = 0; i < count && i < 64; i++)
		check_object(run, cluster, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ocienv_document document = {"objects", data, size};
	struct ledger ledger = {.fail_at = 0};
	struct ocienv_allocator allocator = ledger_allocator(&ledger);
	const struct ocienv_options options = {.size = sizeof(options), .allocator = &allocator};
	struct outcome outcome = {.status = OCIENV_OK}, again = {.status = OCIENV_OK};
	struct run run = {.documents = {&document}, .outcome = &outcome};
	struct ocienv_cluster *cluster = NULL;
	bool added;

	if (size > MOST)
		return 0;
	PROMISE(!ocienv_cluster_new(&cluster, &options, NULL));
	added = add(&run, cluster);
	check_all(&run, cluster);
	run.outcome = &again;
	PROMISE(add(&run, cluster) == added || again.status == OCIENV_ERR_LIMIT);
	PROMISE(added || outcome_equal(&outcome, &again));
	check_all(&run, cluster);
	ocienv_cluster_free(cluster);
	PROMISE(!ledger.blocks);
	return 0;
}
