/* SPDX-License-Identifier: Apache-2.0 */
/* Configs: from layers and blobs, to blobs, digests and reports. */
#include "api/layers.h"
#include "emit/emit.h"
#include "emit/gramine.h"
#include "resolve/resolve.h"
#include "wire/wire.h"

API int32_t ocienv_resolve(struct ocienv_config **ret, const struct ocienv_layer *const *layers,
			   size_t count, int rootfs_fd, const struct ocienv_options *options,
			   struct ocienv_error *reterr)
{
	struct ocienv_config *config = NULL;
	struct resolve_input in;
	struct call call;
	int32_t status = call_begin(&call, FUNCTION_ocienv_resolve, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the config, found NULL");
	if (!status)
		status = call_resolve_input(&call, layers, count, rootfs_fd, &in);
	if (!status)
		status = call_one_side(&call, &in);
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
	int32_t status = call_begin(&call, FUNCTION_ocienv_config_decode, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the config, found NULL");
	if (!status)
		status = call_document(&call, blob);
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
	return call_buffer(ret, FUNCTION_ocienv_config_encode, write_config, config, options,
			   reterr);
}

struct public_input {
	const struct ocienv_config *config;
	struct sv key;
};

static int32_t write_public(struct call *call, const void *object, struct sv *ret)
{
	enum { KEY_LEAST = 32, KEY_MOST = DIGEST_SHA384_BLOCK };
	const struct public_input *in = object;

	if (!in->config || !in->key.ptr)
		return call_argument(call, "expected a config and a key, found NULL");
	if (in->key.len < KEY_LEAST || in->key.len > KEY_MOST)
		return call_argument(call, "expected a key of 32 to 128 bytes, found another size");
	return wire_encode_public(in->config, in->key, &call->scratch, &call->diag, ret);
}

API int32_t ocienv_config_encode_public(struct ocienv_buffer *ret,
					const struct ocienv_config *config, const void *key,
					size_t key_size, const struct ocienv_options *options,
					struct ocienv_error *reterr)
{
	struct public_input in = {config, sv_from(key, key_size)};

	return call_buffer(ret, FUNCTION_ocienv_config_encode_public, write_public, &in, options,
			   reterr);
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
	status = call_begin(&call, FUNCTION_ocienv_config_digest, &options);
	if (!status && (!ret || !config))
		status = call_argument(&call, "expected a config and a digest, found NULL");
	if (!status)
		status = write_config(&call, config, &blob);
	if (!status)
		digest_sha384(blob, ret);
	return call_end(&call, status, reterr);
}

/* *ret: NULL where there is no blob to take a digest of. */
static int32_t find_digest(struct call *call, const struct ocienv_config *config,
			   uint8_t digest[OCIENV_DIGEST_SIZE], const uint8_t **ret)
{
	struct sv blob;
	int32_t status;

	*ret = NULL;
	if (!config->user.resolved)
		return OCIENV_OK;
	status = write_config(call, config, &blob);
	/* Nobody's number in the user: the answer can be told, but not carried. */
	if (status == OCIENV_ERR_UNSUPPORTED)
		return OCIENV_OK;
	if (status)
		return status;
	digest_sha384(blob, digest);
	*ret = digest;
	return OCIENV_OK;
}

static int32_t write_report(struct call *call, const void *object, struct sv *ret)
{
	const struct ocienv_config *config = object;
	uint8_t room[OCIENV_DIGEST_SIZE];
	const uint8_t *digest;
	int32_t status = find_digest(call, config, room, &digest);

	if (status)
		return status;
	status = emit_config(config, digest, &call->scratch, ret);
	return status ? diag_memory(&call->diag, status) : OCIENV_OK;
}

static int32_t write_gramine(struct call *call, const void *object, struct sv *ret)
{
	uint8_t room[OCIENV_DIGEST_SIZE];
	struct gramine_input in = {.config = object,
				   .stack_size = call->options.stack_size,
				   .diag = &call->diag,
				   .scratch = &call->scratch};
	int32_t status = find_digest(call, in.config, room, &in.digest);

	return status ? status : emit_gramine(&in, ret);
}

API int32_t ocienv_config_gramine(struct ocienv_buffer *ret, const struct ocienv_config *config,
				  const struct ocienv_options *options,
				  struct ocienv_error *reterr)
{
	return call_buffer(ret, FUNCTION_ocienv_config_gramine, write_gramine, config, options,
			   reterr);
}

API int32_t ocienv_config_report(struct ocienv_buffer *ret, const struct ocienv_config *config,
				 const struct ocienv_options *options,
				 struct ocienv_error *reterr)
{
	return call_buffer(ret, FUNCTION_ocienv_config_report, write_report, config, options,
			   reterr);
}

API void ocienv_config_free(struct ocienv_config *config)
{
	if (config)
		config_free(config);
}
