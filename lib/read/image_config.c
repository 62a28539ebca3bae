/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OCI (and Docker) image config. Only `config` says anything about a process;
 * `container_config` is history and must never be taken for it.
 */
#include "read/read.h"

#include "read/shape.h"
#include "text/text.h"

struct image {
	struct text architecture;
	const struct node *config;
};

static const struct field image_fields[] = {
	FIELD("config", MAP, struct image, config),
	FIELD("architecture", STRING, struct image, architecture),
	FIELD_IGNORED("os"),
	FIELD_IGNORED("os.version"),
	FIELD_IGNORED("os.features"),
	FIELD_IGNORED("variant"),
	FIELD_IGNORED("author"),
	FIELD_IGNORED("created"),
	FIELD_IGNORED("history"),
	FIELD_IGNORED("rootfs"),
	FIELD_IGNORED("container"),
	FIELD_IGNORED("container_config"),
	FIELD_IGNORED("docker_version"),
	FIELD_IGNORED("id"),
	FIELD_IGNORED("parent"),
	FIELD_IGNORED("comment"),
	FIELD_IGNORED("Size"),
	FIELD_IGNORED("moby.buildkit.buildinfo.v1"),
	FIELD_IGNORED("moby.buildkit.cache.v0"),
};

struct image_process {
	struct text_list entrypoint, cmd, env;
	struct text working_dir, user;
};

static const struct field process_fields[] = {
	FIELD("Entrypoint", STRINGS, struct image_process, entrypoint),
	FIELD("Cmd", STRINGS, struct image_process, cmd),
	FIELD("Env", STRINGS, struct image_process, env),
	FIELD("WorkingDir", STRING, struct image_process, working_dir),
	FIELD("User", STRING, struct image_process, user),
	FIELD_IGNORED("ExposedPorts"),
	FIELD_IGNORED("Volumes"),
	FIELD_IGNORED("Labels"),
	FIELD_IGNORED("StopSignal"),
	FIELD_IGNORED("StopTimeout"),
	FIELD_IGNORED("ArgsEscaped"),
	FIELD_IGNORED("Memory"),
	FIELD_IGNORED("MemorySwap"),
	FIELD_IGNORED("CpuShares"),
	FIELD_IGNORED("Healthcheck"),
	FIELD_IGNORED("OnBuild"),
	FIELD_IGNORED("Shell"),
	FIELD_IGNORED("Hostname"),
	FIELD_IGNORED("Domainname"),
	FIELD_IGNORED("AttachStdin"),
	FIELD_IGNORED("AttachStdout"),
	FIELD_IGNORED("AttachStderr"),
	FIELD_IGNORED("Tty"),
	FIELD_IGNORED("OpenStdin"),
	FIELD_IGNORED("StdinOnce"),
	FIELD_IGNORED("Image"),
	FIELD_IGNORED("MacAddress"),
	FIELD_IGNORED("NetworkDisabled"),
	FIELD_IGNORED("PublishService"),
	FIELD_IGNORED("VolumeDriver"),
};

int32_t read_image_config(const struct read_input *in, struct ocienv_layer *layer)
{
	struct text_input text = {in->bytes, in->diag, in->limits, in->scratch, false, NULL};
	struct reader reader = {.diag = in->diag,
				.limits = in->limits,
				.scratch = in->scratch,
				.source = OCIENV_SOURCE_IMAGE,
				.document = document_ref(layer->kind, 0),
				.any_case = true,
				.strict = in->options->flags & OCIENV_STRICT};
	struct path root = {NULL, {NULL, 0}, 0};
	struct path config = path_key(&root, SV("config"));
	struct image_process process = {0};
	struct image image = {0};
	const struct node *document;
	int32_t status = json_parse(&text, &document);

	if (!status && document->kind == NODE_NULL)
		return OCIENV_OK; /* Go's Unmarshal makes an empty struct of it */
	if (!status)
		status = shape_check(&reader, document, &shape_image_config);
	if (!status)
		status = bind_members(&reader, document, &root, image_fields, FIELD_COUNT(image_fields),
			      &image);
	if (!status && image.config)
		status = bind_members(&reader, image.config, &config, process_fields,
			      FIELD_COUNT(process_fields), &process);
	if (!status)
		status = check_args(in, &config, SV("Entrypoint"), &process.entrypoint);
	if (!status)
		status = check_args(in, &config, SV("Cmd"), &process.cmd);
	if (!status)
		status = check_env(in, &config, SV("Env"), &process.env);
	if (status)
		return status;
	layer->entrypoint = text_list_keep(&layer->arena, process.entrypoint);
	layer->args = text_list_keep(&layer->arena, process.cmd);
	layer->env = env_list_keep(&layer->arena, process.env);
	layer->cwd = text_keep(&layer->arena, process.working_dir);
	layer->architecture = text_keep(&layer->arena, image.architecture);
	layer->user.image_user = text_keep(&layer->arena, process.user);
	return warn_repeats(in, layer);
}
