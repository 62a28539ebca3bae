/* SPDX-License-Identifier: Apache-2.0 */
/* The cluster: what may be referred to, collected call by call. */
#include "api/call.h"
#include "read/cluster.h"
#include "read/pod.h"

API int32_t ocienv_cluster_new(struct ocienv_cluster **ret, const struct ocienv_options *options,
			       struct ocienv_error *reterr)
{
	struct ocienv_cluster *cluster;
	struct arena arena;
	struct call call;
	int32_t status = call_begin(&call, FUNCTION_ocienv_cluster_new, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the cluster, found NULL");
	if (status)
		return call_end(&call, status, reterr);
	cluster = arena_object(&arena, call.options.allocator, call.limits.max_result,
			       sizeof(*cluster), &status);
	if (!cluster)
		return call_end(&call, diag_memory(&call.diag, status), reterr);
	cluster->arena = arena;
	cluster->limits = call.limits;
	cluster->objects.arena = &cluster->arena;
	*ret = cluster;
	return call_end(&call, OCIENV_OK, reterr);
}

/* The allocator and the limits of a cluster hold for everything that is done with it. */
static struct ocienv_options cluster_options(const struct ocienv_cluster *cluster)
{
	return (struct ocienv_options){.size = sizeof(struct ocienv_options),
				       .allocator = &cluster->arena.allocator,
				       .limits = &cluster->limits};
}

API int32_t ocienv_cluster_add_objects(struct ocienv_cluster *cluster,
				       const struct ocienv_document *document,
				       struct ocienv_error *reterr)
{
	struct ocienv_options options = {.size = sizeof(options)};
	struct call call;
	int32_t status;

	if (cluster)
		options = cluster_options(cluster);
	status = call_begin(&call, FUNCTION_ocienv_cluster_add_objects, &options);
	if (!status && !cluster)
		status = call_argument(&call, "expected a cluster, found NULL");
	if (!status)
		status = call_document(&call, document);
	if (!status) {
		struct read_input in = call_read_input(&call);

		/* Objects are only ever added, so the old view of the set stays whole. */
		struct arena_mark mark = arena_mark(&cluster->arena);
		struct objects before = cluster->objects;

		status = read_objects(&in, &cluster->objects);
		if (status) {
			cluster->objects = before;
			arena_rewind(&cluster->arena, &mark);
		}
	}
	return call_end(&call, status, reterr);
}

static int32_t set_fact(struct call *call, struct ocienv_cluster *cluster, const char *key,
			const char *value)
{
	struct arena_mark mark = arena_mark(&cluster->arena);
	int32_t status = cluster_set_fact(&call->diag, cluster, sv_of(key), sv_of(value));

	if (status)
		arena_rewind(&cluster->arena, &mark);
	return status;
}

API int32_t ocienv_cluster_add_fact(struct ocienv_cluster *cluster, const char *key,
				    const char *value, struct ocienv_error *reterr)
{
	struct ocienv_options options = {.size = sizeof(options)};
	char quoted[DIAG_QUOTE_SIZE];
	struct call call;
	int32_t status;

	if (cluster)
		options = cluster_options(cluster);
	status = call_begin(&call, FUNCTION_ocienv_cluster_add_fact, &options);
	if (!status && (!cluster || !key || !value))
		status = call_argument(&call, "expected a cluster, a fact and its value, found "
					      "NULL");
	if (!status && !fact_known(sv_of(key)))
		status = diag_fail(&call.diag, OCIENV_ERR_ARGUMENT, (struct mark){0, 0}, NULL,
				   "expected a fact of the downward API, found \"%s\"",
				   diag_quote(quoted, sv_of(key)));
	if (!status)
		status = set_fact(&call, cluster, key, value);
	return call_end(&call, status, reterr);
}

API void ocienv_cluster_free(struct ocienv_cluster *cluster)
{
	struct arena arena;

	if (!cluster)
		return;
	arena = cluster->arena; /* the cluster lies in it */
	arena_free(&arena);
}
