/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exported functions: they check arguments, complete the options, lend the scratch
 * arena, keep the rule that outputs are touched on one outcome only, and let no status out
 * that the header does not list. What is done is done below.
 */
#include "base/limits.h"
#include "emit/emit.h"
#include "read/cluster.h"
#include "read/read.h"
#include "resolve/kubelet.h"
#include "resolve/resolve.h"
#include "wire/wire.h"


#define API __attribute__((visibility("default")))

#define TEXT_OF(number) #number
#define VERSION(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

/* One call: its options with every default filled in, its memory, its error. */
struct call {
	struct ocienv_options options;
	struct ocienv_limits limits;
	struct ocienv_error error;
	struct diag diag;
	struct arena scratch;
};

static int32_t call_argument(struct call *call, const char *message)
{
	return diag_fail(&call->diag, OCIENV_ERR_ARGUMENT, (struct mark){0, 0}, NULL, "%s",
			 message);
}

/*
 * Is `size` that of a struct which begins with it? An older program's ends between two
 * members; of a newer program's, members that are not known here must not be set.
 */
enum { MAX_STRUCT = 4096 }; /* a larger one is a size that nobody set */

static bool size_fits(const void *given, size_t size, size_t known, size_t member)
{
	const unsigned char *bytes = given;

	if (size < sizeof(size_t) || size > MAX_STRUCT || size % member)
		return false;
	for (size_t i = known; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

static int32_t check_sizes(struct call *call, const struct ocienv_options *given)
{
	struct ocienv_options *options = &call->options;
	const struct ocienv_limits *limits;

	if (given && !size_fits(given, given->size, sizeof(*given), sizeof(void *)))
		return call_argument(call, "expected options of a known size, found another");
	if (given)
		memcpy(options, given,
		       given->size < sizeof(*options) ? given->size : sizeof(*options));
	options->size = sizeof(*options);
	limits = options->limits;
	if (limits && !size_fits(limits, limits->size, sizeof(*limits), sizeof(uint32_t)))
		return call_argument(call, "expected limits of a known size, found another");
	return OCIENV_OK;
}

static int32_t check_options(struct call *call, const struct ocienv_options *given)
{
	const struct ocienv_options *options = &call->options;

	if (check_sizes(call, given))
		return OCIENV_ERR_ARGUMENT;
	if (options->allocator && (!options->allocator->alloc || !options->allocator->free))
		return call_argument(call, "expected an allocator with both functions, found "
					   "NULL");
	if (options->runtime > OCIENV_RUNTIME_EXECVP)
		return call_argument(call, "expected a known runtime, found another number");
	if (options->cri > OCIENV_CRI_CRIO)
		return call_argument(call, "expected a known CRI plugin, found another number");
	if (options->flags & ~(uint32_t)(OCIENV_STRICT | OCIENV_LENIENT) || options->reserved)
		return call_argument(call, "expected known flags, found others");
	return OCIENV_OK;
}

/* Begins a call; call_end() must follow whatever this answers. */
static int32_t call_begin(struct call *call, const struct ocienv_options *options)
{
	int32_t status;

	*call = (struct call){.diag = {.error = &call->error}};
	status = check_options(call, options);
	call->limits = limits_of(status ? NULL : call->options.limits);
	/* Working memory: the tree of one document, and what is made of it. */
	arena_init(&call->scratch, status ? NULL : call->options.allocator,
		   64 * ((size_t)call->limits.max_document + call->limits.max_result));
	return status;
}

static int32_t call_end(struct call *call, int32_t status, struct ocienv_error *reterr)
{
	arena_free(&call->scratch);
	if (status > 0 || status < OCIENV_ERR_SYSTEM) /* no such number gets out */
		status = diag_fail(&call->diag, OCIENV_ERR_SYSTEM, (struct mark){0, 0}, NULL,
				   "expected a known status, found %d", status);
	if (status && reterr)
		*reterr = call->error;
	return status;
}

static int32_t check_document(struct call *call, const struct ocienv_document *document)
{
	if (!document || (!document->data && document->size))
		return call_argument(call, "expected a document, found NULL");
	call->diag.document = document->name;
	call->diag.text = sv_from(document->data ? document->data : "", document->size);
	return OCIENV_OK;
}

static struct read_input read_input_of(struct call *call)
{
	return (struct read_input){call->diag.text, &call->diag, &call->options, &call->limits,
				   &call->scratch};
}

API const char *ocienv_version(void)
{
	return VERSION(OCIENV_VERSION_MAJOR, OCIENV_VERSION_MINOR, OCIENV_VERSION_PATCH);
}

API const char *ocienv_status_name(int32_t status)
{
	return status_name(status);
}

API const char *ocienv_source_name(uint32_t source)
{
	return source_name(source);
}

/* --- cluster ------------------------------------------------------------------------ */

API int32_t ocienv_cluster_new(struct ocienv_cluster **ret, const struct ocienv_options *options,
			       struct ocienv_error *reterr)
{
	struct ocienv_cluster *cluster;
	struct arena arena;
	struct call call;
	int32_t status = call_begin(&call, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the cluster, found NULL");
	if (status)
		return call_end(&call, status, reterr);
	arena_init(&arena, call.options.allocator, call.limits.max_result);
	cluster = ARENA_NEW(&arena, struct ocienv_cluster);
	if (!cluster) {
		status = diag_memory(&call.diag, arena_status(&arena));
		arena_free(&arena);
		return call_end(&call, status, reterr);
	}
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
	status = call_begin(&call, &options);
	if (!status && !cluster)
		status = call_argument(&call, "expected a cluster, found NULL");
	if (!status)
		status = check_document(&call, document);
	if (!status) {
		struct read_input in = read_input_of(&call);

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
	status = call_begin(&call, &options);
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

/* --- layers ------------------------------------------------------------------------- */

typedef int32_t layer_reader(const struct read_input *in, struct ocienv_layer *layer,
			     const struct ocienv_cluster *cluster);

static int32_t from_image(const struct read_input *in, struct ocienv_layer *layer,
			  const struct ocienv_cluster *cluster)
{
	(void)cluster;
	return read_image_config(in, layer);
}

static int32_t from_spec(const struct read_input *in, struct ocienv_layer *layer,
			 const struct ocienv_cluster *cluster)
{
	(void)cluster;
	return read_runtime_spec(in, layer);
}

static int32_t from_pod(const struct read_input *in, struct ocienv_layer *layer,
			const struct ocienv_cluster *cluster)
{
	struct objects own = {.arena = in->scratch};
	struct pod pod = {.from_template = false};
	struct kubelet_input kubelet_input = {&pod,	  &own,	    cluster,  in->options,
					      in->limits, in->diag, in->scratch};
	int32_t status = read_pod(in, layer, &own, &pod);

	return status ? status : kubelet(&kubelet_input, layer);
}

static int32_t from_blob(const struct read_input *in, struct ocienv_layer *layer,
			 const struct ocienv_cluster *cluster)
{
	(void)cluster;
	return wire_decode_layer(in->bytes, layer, in->limits, in->diag);
}

static int32_t make_layer(struct ocienv_layer **ret, uint32_t kind, layer_reader *reader,
			  const struct ocienv_document *document,
			  const struct ocienv_cluster *cluster,
			  const struct ocienv_options *options, struct ocienv_error *reterr)
{
	struct ocienv_layer *layer = NULL;
	struct read_input in;
	struct call call;
	int32_t status = call_begin(&call, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the layer, found NULL");
	if (!status)
		status = check_document(&call, document);
	if (status)
		return call_end(&call, status, reterr);
	status = layer_new(&layer, kind, document->name, &call.options);
	if (status)
		return call_end(&call, diag_memory(&call.diag, status), reterr);
	in = read_input_of(&call);
	status = reader(&in, layer, cluster);
	if (!status && arena_failed(&layer->arena))
		status = diag_memory(&call.diag, arena_status(&layer->arena));
	if (status)
		layer_free(layer);
	else
		*ret = layer;
	return call_end(&call, status, reterr);
}

API int32_t ocienv_layer_from_image_config(struct ocienv_layer **ret,
					   const struct ocienv_document *document,
					   const struct ocienv_options *options,
					   struct ocienv_error *reterr)
{
	return make_layer(ret, OCIENV_LAYER_IMAGE, from_image, document, NULL, options, reterr);
}

API int32_t ocienv_layer_from_runtime_spec(struct ocienv_layer **ret,
					   const struct ocienv_document *document,
					   const struct ocienv_options *options,
					   struct ocienv_error *reterr)
{
	return make_layer(ret, OCIENV_LAYER_RUNTIME, from_spec, document, NULL, options, reterr);
}

API int32_t ocienv_layer_from_pod(struct ocienv_layer **ret,
				  const struct ocienv_document *document,
				  const struct ocienv_cluster *cluster,
				  const struct ocienv_options *options,
				  struct ocienv_error *reterr)
{
	return make_layer(ret, OCIENV_LAYER_POD, from_pod, document, cluster, options, reterr);
}

API int32_t ocienv_layer_decode(struct ocienv_layer **ret, const struct ocienv_document *blob,
				const struct ocienv_options *options,
				struct ocienv_error *reterr)
{
	return make_layer(ret, 0, from_blob, blob, NULL, options, reterr);
}

/* What the writers of a buffer have in common. */
typedef int32_t writer(struct call *call, const void *object, struct sv *ret);

static int32_t make_buffer(struct ocienv_buffer *ret, writer *write, const void *object,
			   const struct ocienv_options *options, struct ocienv_error *reterr)
{
	struct sv bytes = SV_NONE;
	struct call call;
	int32_t status = call_begin(&call, options);

	if (!status && (!ret || !object))
		status = call_argument(&call, "expected an object and a buffer, found NULL");
	if (!status)
		status = write(&call, object, &bytes);
	if (!status && bytes.len > call.limits.max_result)
		status = diag_memory(&call.diag, OCIENV_ERR_LIMIT);
	if (!status && buffer_export(ret, call.options.allocator, bytes))
		status = diag_memory(&call.diag, OCIENV_ERR_NOMEM);
	return call_end(&call, status, reterr);
}

static int32_t write_layer(struct call *call, const void *object, struct sv *ret)
{
	return wire_encode_layer(object, &call->scratch, &call->diag, ret);
}

API int32_t ocienv_layer_encode(struct ocienv_buffer *ret, const struct ocienv_layer *layer,
				const struct ocienv_options *options,
				struct ocienv_error *reterr)
{
	return make_buffer(ret, write_layer, layer, options, reterr);
}

static int32_t write_layer_report(struct call *call, const void *object, struct sv *ret)
{
	int32_t status = emit_layer(object, &call->scratch, ret);

	return status ? diag_memory(&call->diag, status) : OCIENV_OK;
}

API int32_t ocienv_layer_report(struct ocienv_buffer *ret, const struct ocienv_layer *layer,
				const struct ocienv_options *options,
				struct ocienv_error *reterr)
{
	return make_buffer(ret, write_layer_report, layer, options, reterr);
}

API uint32_t ocienv_layer_kind(const struct ocienv_layer *layer)
{
	return layer ? layer->kind : 0;
}

API void ocienv_layer_free(struct ocienv_layer *layer)
{
	if (layer)
		layer_free(layer);
}

/* --- resolving ---------------------------------------------------------------------- */

/* Sorts the layers by kind: at most one of each. */
static int32_t take_layers(struct call *call, const struct ocienv_layer *const *layers,
			   size_t count, struct resolve_input *in)
{
	const struct ocienv_layer **slots[] = {
		[OCIENV_LAYER_IMAGE] = &in->image,
		[OCIENV_LAYER_RUNTIME] = &in->spec,
		[OCIENV_LAYER_POD] = &in->pod,
	};

	if (!layers || !count)
		return call_argument(call, "expected at least one layer, found none");
	for (size_t i = 0; i < count; i++) {
		if (!layers[i])
			return call_argument(call, "expected a layer, found NULL");
		if (*slots[layers[i]->kind])
			return call_argument(call, "expected at most one layer of each kind, "
						   "found two");
		*slots[layers[i]->kind] = layers[i];
	}
	if (in->spec && in->pod)
		return call_argument(call, "expected a pod or a runtime spec, found both: the "
					   "spec already holds the pod's result");
	return OCIENV_OK;
}

API int32_t ocienv_resolve(struct ocienv_config **ret, const struct ocienv_layer *const *layers,
			   size_t count, int rootfs_fd, const struct ocienv_options *options,
			   struct ocienv_error *reterr)
{
	struct ocienv_config *config = NULL;
	struct resolve_input in = {.rootfs_fd = rootfs_fd};
	struct call call;
	int32_t status = call_begin(&call, options);

	in.options = &call.options;
	in.limits = &call.limits;
	in.diag = &call.diag;
	in.scratch = &call.scratch;
	if (!status && !ret)
		status = call_argument(&call, "expected a place for the config, found NULL");
	if (!status && rootfs_fd < 0 && rootfs_fd != OCIENV_NO_ROOTFS)
		status = call_argument(&call, "expected a descriptor of the rootfs, found a "
					      "negative number");
	if (!status)
		status = take_layers(&call, layers, count, &in);
	if (status)
		return call_end(&call, status, reterr);
	status = config_new(&config, &call.options);
	if (status)
		return call_end(&call, diag_memory(&call.diag, status), reterr);
	status = resolve(&in, config);
	if (status)
		config_free(config);
	else
		*ret = config;
	return call_end(&call, status, reterr);
}

API int32_t ocienv_config_decode(struct ocienv_config **ret, const struct ocienv_document *blob,
				 const struct ocienv_options *options,
				 struct ocienv_error *reterr)
{
	struct ocienv_config *config = NULL;
	struct call call;
	int32_t status = call_begin(&call, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the config, found NULL");
	if (!status)
		status = check_document(&call, blob);
	if (status)
		return call_end(&call, status, reterr);
	status = config_new(&config, &call.options);
	if (status)
		return call_end(&call, diag_memory(&call.diag, status), reterr);
	status = wire_decode_config(call.diag.text, config, &call.limits, &call.diag);
	if (status)
		config_free(config);
	else
		*ret = config;
	return call_end(&call, status, reterr);
}

static int32_t write_config(struct call *call, const void *object, struct sv *ret)
{
	return wire_encode_config(object, &call->scratch, &call->diag, ret);
}

API int32_t ocienv_config_encode(struct ocienv_buffer *ret, const struct ocienv_config *config,
				 const struct ocienv_options *options,
				 struct ocienv_error *reterr)
{
	return make_buffer(ret, write_config, config, options, reterr);
}

API int32_t ocienv_config_digest(uint8_t ret[OCIENV_DIGEST_SIZE],
				 const struct ocienv_config *config,
				 struct ocienv_error *reterr)
{
	struct ocienv_options options = {.size = sizeof(options)};
	struct sv blob = SV_NONE;
	struct call call;
	int32_t status;

	if (config)
		options.allocator = &config->arena.allocator;
	status = call_begin(&call, &options);
	if (!status && (!ret || !config))
		status = call_argument(&call, "expected a config and a digest, found NULL");
	if (!status)
		status = write_config(&call, config, &blob);
	if (!status)
		emit_digest(blob, ret);
	return call_end(&call, status, reterr);
}

API const char *const *ocienv_config_argv(const struct ocienv_config *config, size_t *ret_count)
{
	if (config && ret_count)
		*ret_count = config->argc;
	return config ? config->argv : NULL;
}

API const char *const *ocienv_config_envp(const struct ocienv_config *config, size_t *ret_count)
{
	if (config && ret_count)
		*ret_count = config->env.count;
	return config ? config->envp : NULL;
}

API const char *ocienv_config_cwd(const struct ocienv_config *config)
{
	return config ? config->cwd.value.ptr : NULL;
}

API int32_t ocienv_config_exec(const struct ocienv_config *config, struct ocienv_exec *ret)
{
	if (!config || !ret || !config->has_exec)
		return OCIENV_ERR_ARGUMENT;
	*ret = config->exec;
	return OCIENV_OK;
}

API int32_t ocienv_config_user(const struct ocienv_config *config, struct ocienv_user *ret)
{
	const struct config_user *user;

	if (!config || !ret)
		return OCIENV_ERR_ARGUMENT;
	user = &config->user;
	*ret = (struct ocienv_user){user->uid,	       user->gid,    user->umask,
				    user->group_count, user->groups,
				    user->resolved ? NULL : user->name.ptr};
	return OCIENV_OK;
}

/* The origin at a depth: the value's own, then those that it overrode. */
static int32_t env_origin(const struct ocienv_config *config, size_t index, size_t depth,
			  struct origin *ret)
{
	const struct overrode *lost;

	if (index >= config->env.count)
		return OCIENV_ERR_ARGUMENT;
	*ret = config->env.items[index].from;
	lost = config->env.items[index].overrode;
	for (size_t i = 0; i < depth; i++) {
		if (!lost)
			return OCIENV_ERR_ARGUMENT;
		*ret = lost->from;
		lost = lost->next;
	}
	return OCIENV_OK;
}

API int32_t ocienv_config_origin(const struct ocienv_config *config, uint32_t item, size_t index,
				 size_t depth, struct ocienv_origin *ret)
{
	struct origin from;
	int32_t status = OCIENV_OK;

	if (!config || !ret || (item != OCIENV_ITEM_ENV && depth))
		return OCIENV_ERR_ARGUMENT;
	switch (item) {
	case OCIENV_ITEM_ENV:
		status = env_origin(config, index, depth, &from);
		break;
	case OCIENV_ITEM_ARGV:
		if (index >= config->argc)
			return OCIENV_ERR_ARGUMENT;
		from = config->argv_from[index];
		break;
	case OCIENV_ITEM_CWD:
		from = config->cwd.from;
		break;
	case OCIENV_ITEM_USER:
		from = config->user.from;
		break;
	default:
		return OCIENV_ERR_ARGUMENT;
	}
	if (!status)
		*ret = config_origin(config, from);
	return status;
}

API int32_t ocienv_config_warning(const struct ocienv_config *config, size_t index,
				  struct ocienv_warning *ret)
{
	const struct layer_warning *warning;

	if (!config || !ret || index >= config->warnings.count)
		return OCIENV_ERR_ARGUMENT;
	warning = (const struct layer_warning *)config->warnings.items + index;
	*ret = (struct ocienv_warning){warning->code, warning->subject.ptr, warning->message,
				       config_origin(config, warning->from)};
	return OCIENV_OK;
}

static int32_t write_report(struct call *call, const void *object, struct sv *ret)
{
	const struct ocienv_config *config = object;
	uint8_t digest[OCIENV_DIGEST_SIZE];
	struct sv blob;
	int32_t status = OCIENV_OK;

	if (config->user.resolved) { /* else there is no blob to take a digest of */
		status = write_config(call, config, &blob);
		if (status)
			return status;
		emit_digest(blob, digest);
	}
	status = emit_config(config, config->user.resolved ? digest : NULL, &call->scratch, ret);
	return status ? diag_memory(&call->diag, status) : OCIENV_OK;
}

API int32_t ocienv_config_report(struct ocienv_buffer *ret, const struct ocienv_config *config,
				 const struct ocienv_options *options,
				 struct ocienv_error *reterr)
{
	return make_buffer(ret, write_report, config, options, reterr);
}

API void ocienv_config_free(struct ocienv_config *config)
{
	if (config)
		config_free(config);
}

API void ocienv_buffer_free(struct ocienv_buffer *buffer)
{
	if (!buffer)
		return;
	if (buffer->data)
		buffer->allocator.free(buffer->allocator.ctx, buffer->data);
	*buffer = (struct ocienv_buffer){NULL, 0, {NULL, NULL, NULL}};
}
