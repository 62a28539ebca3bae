/* SPDX-License-Identifier: Apache-2.0 */
#include "read/cluster.h"

#include "base/utf8.h"
#include "read/env_name.h"

static const struct sv known[] = {
	{"metadata.name", 13},	    {"metadata.namespace", 18},
	{"metadata.uid", 12},	    {"spec.nodeName", 13},
	{"spec.serviceAccountName", 23}, {"status.hostIP", 13},
	{"status.hostIPs", 14},	    {"status.podIP", 12},
	{"status.podIPs", 13},
};

bool field_subscript(struct sv field, struct sv map, struct sv *key)
{
	struct sv rest = sv_skip(field, map.len);

	if (!sv_has_prefix(field, map) || !sv_has_prefix(rest, SV("['")) || rest.len < 5 ||
	    !sv_eq(sv_skip(rest, rest.len - 2), SV("']")))
		return false;
	*key = sv_from(rest.ptr + 2, rest.len - 4);
	return true;
}

bool fact_known(struct sv key)
{
	static const struct sv allocatable = {"allocatable.", 12};
	struct sv subscript;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sv_eq(key, known[i]))
			return true;
	if (field_subscript(key, SV("metadata.labels"), &subscript))
		return qualified_name_valid(subscript, false);
	if (field_subscript(key, SV("metadata.annotations"), &subscript))
		return qualified_name_valid(subscript, true);
	if (sv_has_prefix(key, SV("volume.")))
		return sv_contains(key, '/');
	return sv_has_prefix(key, allocatable) && key.len > allocatable.len;
}

int32_t cluster_set_fact(const struct diag *diag, struct ocienv_cluster *cluster,
			 struct sv key, struct sv value)
{
	struct fact *facts = cluster->facts.items, *slot = NULL;
	char *copy;

	if (!utf8_valid(value))
		return diag_fail(diag, OCIENV_ERR_ENCODING, (struct mark){0, 0}, NULL,
				 "expected the fact %s in UTF-8, found bytes that are not",
				 key.ptr);
	if (value.len > cluster->limits.max_string)
		return diag_fail(diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, NULL,
				 "expected at most %u bytes in the fact %s, found %zu",
				 cluster->limits.max_string, key.ptr, value.len);
	copy = arena_strdup(&cluster->arena, value);
	for (uint32_t i = 0; i < cluster->facts.count; i++)
		if (sv_eq(facts[i].key, key))
			slot = &facts[i];
	if (copy && !slot) {
		char *name = arena_strdup(&cluster->arena, key);

		slot = name ? VEC_PUSH(&cluster->facts, &cluster->arena, struct fact) : NULL;
		if (slot)
			slot->key = sv_from(name, key.len);
	}
	if (!copy || !slot) {
		int32_t status = arena_status(&cluster->arena);

		objects_recover(&cluster->objects);
		return diag_memory(diag, status);
	}
	slot->value = sv_from(copy, value.len);
	return OCIENV_OK;
}

struct sv cluster_fact(const struct ocienv_cluster *cluster, struct sv key)
{
	const struct fact *facts = cluster ? cluster->facts.items : NULL;

	for (uint32_t i = 0; cluster && i < cluster->facts.count; i++)
		if (sv_eq(facts[i].key, key))
			return facts[i].value;
	return SV_NONE;
}
