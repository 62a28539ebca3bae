/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/downward.h"

#include "resolve/blame.h"

#include "base/sort.h"

#include "read/env_name.h"
#include "text/text.h"

static struct text stated(const struct downward *d, struct sv key)
{
	struct text text = {.value = cluster_fact(d->cluster, key)};

	text.from = (struct origin){.source = OCIENV_SOURCE_DOWNWARD,
				    .document = DOCUMENT_NONE};
	return text;
}

/* A fact is what is true in the cluster, so it goes before the document. */
static struct text fact_or(const struct downward *d, struct sv key, const struct text *written)
{
	struct text text = stated(d, key);

	return text.value.ptr || !written ? text : *written;
}

struct text downward_pod_name(const struct downward *d)
{
	return fact_or(d, SV("metadata.name"), &d->pod->metadata.name);
}

struct text downward_namespace(const struct downward *d)
{
	struct text text = fact_or(d, SV("metadata.namespace"), &d->pod->metadata.namespace);

	if (!text.value.len)
		text = (struct text){SV("default"),
				     ORIGIN_DEFAULT};
	return text;
}

static struct text uid(const struct downward *d)
{
	return fact_or(d, SV("metadata.uid"), &d->pod->metadata.uid);
}

static struct text node_name(const struct downward *d)
{
	return fact_or(d, SV("spec.nodeName"), &d->pod->node_name);
}

/* API defaulting: the deprecated name of the field stands in for it; neither: "default". Of a
 * container alone nobody knows what its pod says. */
static struct text service_account(const struct downward *d)
{
	const struct text *written = d->pod->service_account.value.len
					     ? &d->pod->service_account
					     : &d->pod->service_account_old;
	struct text text = fact_or(d, SV("spec.serviceAccountName"), written);

	if (!text.value.len && pod_has_spec(d->pod))
		text = (struct text){SV("default"),
				     ORIGIN_DEFAULT};
	return text;
}

/* The one address is the first of the list, and a list nobody stated is the one address. */
static struct text first_of(const struct downward *d, struct sv one, struct sv list)
{
	struct text text = stated(d, one);

	if (!text.value.ptr) {
		text = stated(d, list);
		text.value.len = text.value.ptr ? sv_find(text.value, ',') : 0;
	}
	return text;
}

static struct text pod_ip(const struct downward *d)
{
	return first_of(d, SV("status.podIP"), SV("status.podIPs"));
}

static struct text host_ip(const struct downward *d)
{
	return first_of(d, SV("status.hostIP"), SV("status.hostIPs"));
}

static struct text pod_ips(const struct downward *d)
{
	struct text text = stated(d, SV("status.podIPs"));

	return text.value.ptr ? text : stated(d, SV("status.podIP"));
}

static struct text host_ips(const struct downward *d)
{
	struct text text = stated(d, SV("status.hostIPs"));

	return text.value.ptr ? text : stated(d, SV("status.hostIP"));
}

static const struct {
	struct sv path;
	struct sv fact; /* what to state if it is not known */
	struct text (*get)(const struct downward *downward);
} fields[] = {
	{{"metadata.name", 13}, {"metadata.name", 13}, downward_pod_name},
	{{"metadata.namespace", 18}, {"metadata.namespace", 18}, downward_namespace},
	{{"metadata.uid", 12}, {"metadata.uid", 12}, uid},
	{{"spec.nodeName", 13}, {"spec.nodeName", 13}, node_name},
	{{"spec.host", 9}, {"spec.nodeName", 13}, node_name},
	{{"spec.serviceAccountName", 23}, {"spec.serviceAccountName", 23}, service_account},
	{{"status.podIP", 12}, {"status.podIP", 12}, pod_ip},
	{{"status.podIPs", 13}, {"status.podIPs", 13}, pod_ips},
	{{"status.hostIP", 13}, {"status.hostIP", 13}, host_ip},
	{{"status.hostIPs", 14}, {"status.hostIPs", 14}, host_ips},
};

static int32_t fail_subscript(const struct downward *d, const struct text *field,
			      const struct path *path)
{
	char quoted[DIAG_QUOTE_SIZE];

	return diag_fail(d->diag, OCIENV_ERR_VALUE, field->from.mark, path,
			 "expected the key of a label or annotation in brackets, found \"%s\"",
			 diag_quote(quoted, field->value));
}

static const struct sort_item *sorted_keys(struct arena *arena, const struct node *map)
{
	uint32_t count = map ? node_size(map) : 0;
	struct sort_item *keys = ARENA_ARRAY(arena, count, struct sort_item);

	for (uint32_t i = 0; keys && i < count; i++)
		keys[i] = sort_item(node_sv(node_key(map, i)), i);
	return keys && sort_names(keys, count, arena) ? keys : NULL;
}

int32_t downward_init(struct downward *d)
{
	d->labels = sorted_keys(d->scratch, d->pod->metadata.labels);
	d->annotations = sorted_keys(d->scratch, d->pod->metadata.annotations);
	return d->labels && d->annotations
		       ? OCIENV_OK
		       : diag_memory(d->diag, arena_status(d->scratch));
}

static int32_t fail_fact(const struct downward *d, const struct text *field,
			 const struct path *path, struct sv fact)
{
	char quoted[DIAG_QUOTE_SIZE];

	return diag_fail(d->diag, OCIENV_ERR_REFERENCE, field->from.mark, path,
			 "expected the fact %s, found none: no document holds it",
			 diag_quote(quoted, fact));
}

/* A missing key gives "". */
static int32_t map_value(const struct downward *d, const struct node *map,
			 const struct sort_item *keys, struct sv key,
			 const struct text *field, struct text *ret)
{
	size_t count = map ? node_size(map) : 0, at = sort_find(keys, count, key);
	const struct node *value = at < count ? node_value(map, keys[at].index) : NULL;
	int32_t status;

	*ret = (struct text){SV(""), field->from};
	ret->from.source = OCIENV_SOURCE_DOWNWARD;
	if (!value || value->kind != NODE_STRING)
		return OCIENV_OK;
	status = node_string(value, d->scratch, &ret->value);
	if (status)
		return diag_memory(d->diag, status);
	ret->from.mark = value->mark;
	return OCIENV_OK;
}

/* Controllers add labels and annotations to the pods they make, so there are facts for them. */
static int32_t subscript_field(const struct downward *d, const struct text *field,
			       struct sv key, bool label, const struct path *path,
			       struct text *ret)
{
	const struct pod_metadata *metadata = &d->pod->metadata;

	if (!qualified_name_valid(key, !label))
		return fail_subscript(d, field, path);
	*ret = stated(d, field->value);
	if (ret->value.ptr)
		return OCIENV_OK;
	if (!pod_has_metadata(d->pod))
		return fail_fact(d, field, path, field->value);
	return label ? map_value(d, metadata->labels, d->labels, key, field, ret)
		     : map_value(d, metadata->annotations, d->annotations, key, field, ret);
}

int32_t downward_field(const struct downward *d, const struct text *field,
		       const struct path *path, struct text *ret)
{
	char quoted[DIAG_QUOTE_SIZE];
	struct sv key;

	if (field_subscript(field->value, SV("metadata.labels"), &key))
		return subscript_field(d, field, key, true, path, ret);
	if (field_subscript(field->value, SV("metadata.annotations"), &key))
		return subscript_field(d, field, key, false, path, ret);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!sv_eq(field->value, fields[i].path))
			continue;
		*ret = fields[i].get(d);
		if (!ret->value.ptr)
			return fail_fact(d, field, path, fields[i].fact);
		ret->from.source = OCIENV_SOURCE_DOWNWARD;
		return OCIENV_OK;
	}
	return diag_fail(d->diag, OCIENV_ERR_VALUE, field->from.mark, path,
			 "expected a field that the downward API has, found \"%s\"",
			 diag_quote(quoted, field->value));
}

/* /spec/MEMBER; the container stands below the spec, whatever the workload. A container alone
 * has none of these members. */
static int32_t fail_member(const struct downward *d, int32_t status, struct mark mark,
			   struct sv member, const char *message)
{
	struct path path = path_key(d->pod->container_path->up->up, member);

	return diag_fail(d->diag, status, mark, &path, "%s", message);
}

static int32_t check_names(const struct downward *d)
{
	const struct pod *pod = d->pod;
	const struct text *host = &pod->hostname, *sub = &pod->subdomain;
	const struct text *override = &pod->hostname_override;

	if (host->value.len && !dns_label_valid(host->value))
		return fail_member(d, OCIENV_ERR_VALUE, host->from.mark, SV("hostname"),
				   "expected a DNS label of at most 63 characters, found another "
				   "text");
	if (sub->value.len && !dns_label_valid(sub->value))
		return fail_member(d, OCIENV_ERR_VALUE, sub->from.mark, SV("subdomain"),
				   "expected a DNS label of at most 63 characters, found another "
				   "text");
	if (override->value.len && !dns_subdomain_valid(override->value))
		return fail_member(d, OCIENV_ERR_VALUE, override->from.mark,
				   SV("hostnameOverride"),
				   "expected a DNS subdomain, found another text");
	return OCIENV_OK;
}

static struct text host_name(const struct downward *d)
{
	const struct pod *pod = d->pod;

	if (pod->host_network.value) /* no name is sent then: the node's is used */
		return node_name(d);
	if (pod->hostname_override.value.len)
		return pod->hostname_override;
	return pod->hostname.value.len ? pod->hostname : downward_pod_name(d);
}

/* kubelet truncatePodHostnameIfNeeded: 63 bytes, and no "-" or "." at the end. A name that
 * nobody checked could end in half a character, or in nothing. */
static int32_t truncate_name(const struct downward *d, struct text *name)
{
	struct sv *text = &name->value;

	if (text->len <= 63)
		return OCIENV_OK;
	text->len = 63;
	while (text->len && (text->ptr[text->len - 1] == '-' || text->ptr[text->len - 1] == '.'))
		text->len--;
	if (dns_subdomain_valid(*text))
		return OCIENV_OK;
	return diag_fail(d->diag, OCIENV_ERR_VALUE, name->from.mark, NULL,
			 "expected a DNS subdomain as the name of the pod, found another text");
}

int32_t downward_hostname(const struct downward *d, const char *given, struct text *ret)
{
	const struct pod *pod = d->pod;
	int32_t status;

	*ret = (struct text){sv_of(given),
			     {.source = OCIENV_SOURCE_CALLER, .document = DOCUMENT_NONE}};
	if (given)
		return OCIENV_OK;
	status = check_names(d);
	if (status)
		return status;
	if (pod->fqdn.value && pod->subdomain.value.len)
		return fail_member(d, OCIENV_ERR_REFERENCE, pod->fqdn.from.mark,
				   SV("setHostnameAsFQDN"),
				   "expected the host name from the caller, found "
				   "setHostnameAsFQDN: no document holds the cluster's domain");
	*ret = host_name(d);
	if (!ret->value.len)
		return diag_fail(d->diag, OCIENV_ERR_REFERENCE, (struct mark){0, 0}, NULL,
				 "expected the host name or the fact %s, found neither: no "
				 "document holds it",
				 pod->host_network.value ? "spec.nodeName" : "metadata.name");
	return pod->host_network.value ? OCIENV_OK : truncate_name(d, ret);
}
