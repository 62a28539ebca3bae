/* SPDX-License-Identifier: Apache-2.0 */
/* Layers: from documents and blobs, to blobs and reports. */
#include "api/call.h"
#include "emit/emit.h"
#include "read/cluster.h"
#include "resolve/kubelet.h"
#include "wire/wire.h"

/* Quarters of a document that reading it takes as working memory, as measured. A Pod takes it in
 * steps. */
static const uint8_t shares[] = {
	[OCIENV_LAYER_IMAGE] = 8, [OCIENV_LAYER_RUNTIME] = 14, [OCIENV_LAYER_POD] = 0};
enum { KUBELET_SHARE = 5 };

/* malloc keeps twice as much at hand as the largest block that came back of those that it maps by
 * themselves, and gives the rest to the kernel to ask for it again: what a large runtime spec asks
 * for, twice, is enough for a whole answer. Another allocator is asked for what is needed. */
static uint32_t share_of(uint32_t kind, size_t bytes, const struct ocienv_allocator *allocator)
{
	enum { MAPPED = 128 * 1024, AMPLE = 22 };
	bool ample = kind == OCIENV_LAYER_RUNTIME && bytes >= MAPPED / AMPLE * 4 && !allocator;

	return ample ? AMPLE : shares[kind];
}

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

	arena_expect_quarters(in->scratch, in->bytes.len, KUBELET_SHARE);
	return status ? status : kubelet(&kubelet_input, layer);
}

static int32_t from_blob(const struct read_input *in, struct ocienv_layer *layer,
			 const struct ocienv_cluster *cluster)
{
	(void)cluster;
	return wire_decode_layer(in->bytes, layer, in->limits, in->diag);
}

static int32_t make_layer(struct ocienv_layer **ret, enum function function, uint32_t kind,
			  layer_reader *reader, const struct ocienv_document *document,
			  const struct ocienv_cluster *cluster,
			  const struct ocienv_options *options, struct ocienv_error *reterr)
{
	struct ocienv_layer *layer = NULL;
	struct read_input in;
	struct call call;
	int32_t status = call_begin(&call, function, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the layer, found NULL");
	if (!status)
		status = call_document(&call, document);
	if (status)
		return call_end(&call, status, reterr);
	status = layer_new(&layer, kind, document->name, &call.options);
	if (status)
		return call_end(&call, diag_memory(&call.diag, status), reterr);
	in = call_read_input(&call);
	arena_expect_quarters(&call.scratch, in.bytes.len,
			      share_of(kind, in.bytes.len, call.options.allocator));
	status = reader(&in, layer, cluster);
	if (!status && reader != from_blob && call.options.flags & OCIENV_KEEP_DIGEST) {
		digest_sha256(in.bytes, layer->digest);
		layer->has_digest = true;
	}
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
	return make_layer(ret, FUNCTION_ocienv_layer_from_image_config, OCIENV_LAYER_IMAGE,
			  from_image, document, NULL, options, reterr);
}

API int32_t ocienv_layer_from_runtime_spec(struct ocienv_layer **ret,
					   const struct ocienv_document *document,
					   const struct ocienv_options *options,
					   struct ocienv_error *reterr)
{
	return make_layer(ret, FUNCTION_ocienv_layer_from_runtime_spec, OCIENV_LAYER_RUNTIME,
			  from_spec, document, NULL, options, reterr);
}

API int32_t ocienv_layer_from_pod(struct ocienv_layer **ret,
				  const struct ocienv_document *document,
				  const struct ocienv_cluster *cluster,
				  const struct ocienv_options *options,
				  struct ocienv_error *reterr)
{
	return make_layer(ret, FUNCTION_ocienv_layer_from_pod, OCIENV_LAYER_POD, from_pod,
			  document, cluster, options, reterr);
}

API int32_t ocienv_layer_decode(struct ocienv_layer **ret, const struct ocienv_document *blob,
				const struct ocienv_options *options,
				struct ocienv_error *reterr)
{
	return make_layer(ret, FUNCTION_ocienv_layer_decode, 0, from_blob, blob, NULL, options,
			  reterr);
}

static int32_t write_layer(struct call *call, const void *object, struct sv *ret)
{
	return wire_encode_layer(object, &call->scratch, &call->diag, ret);
}

API int32_t ocienv_layer_encode(struct ocienv_buffer *ret, const struct ocienv_layer *layer,
				const struct ocienv_options *options,
				struct ocienv_error *reterr)
{
	return call_buffer(ret, FUNCTION_ocienv_layer_encode, write_layer, layer, options,
			   reterr);
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
	return call_buffer(ret, FUNCTION_ocienv_layer_report, write_layer_report, layer, options,
			   reterr);
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
