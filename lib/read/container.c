/* SPDX-License-Identifier: Apache-2.0 */
#include "read/container.h"

#include "read/mounts.h"
#include "read/variables.h"

struct container {
	struct text name, working_dir;
	struct text_list command, args;
	struct number tty;
	const struct node *env, *env_from, *security, *resources, *mounts;
};

static const struct field container_fields[] = {
	FIELD("name", STRING, struct container, name),
	FIELD("command", STRINGS, struct container, command),
	FIELD("args", STRINGS, struct container, args),
	FIELD("workingDir", STRING, struct container, working_dir),
	FIELD("env", LIST, struct container, env),
	FIELD("envFrom", LIST, struct container, env_from),
	FIELD("tty", BOOL, struct container, tty),
	FIELD("securityContext", MAP, struct container, security),
	FIELD("resources", MAP, struct container, resources),
	FIELD("volumeMounts", LIST, struct container, mounts),
	FIELD_IGNORED("image"),
	FIELD_IGNORED("imagePullPolicy"),
	FIELD_IGNORED("lifecycle"),
	FIELD_IGNORED("livenessProbe"),
	FIELD_IGNORED("ports"),
	FIELD_IGNORED("readinessProbe"),
	FIELD_IGNORED("resizePolicy"),
	FIELD_IGNORED("restartPolicy"),
	FIELD_IGNORED("restartPolicyRules"),
	FIELD_IGNORED("startupProbe"),
	FIELD_IGNORED("stdin"),
	FIELD_IGNORED("stdinOnce"),
	FIELD_IGNORED("targetContainerName"),
	FIELD_IGNORED("terminationMessagePath"),
	FIELD_IGNORED("terminationMessagePolicy"),
	FIELD_IGNORED("volumeDevices"),
};

static const struct field resource_fields[] = {
	FIELD("limits", MAP, struct pod_resources, limits),
	FIELD("requests", MAP, struct pod_resources, requests),
	FIELD_IGNORED("claims"),
};

/* Of command and args the one with which there are too many is to blame. */
static int32_t check_arguments(const struct reader *reader, const struct path *path,
			       const struct container *container)
{
	const struct text_list *command = &container->command, *args = &container->args;
	uint32_t most = reader->limits->max_args;
	bool alone = command->count > most;
	struct path here = path_key(path, alone ? SV("command") : SV("args"));
	uint64_t count = (uint64_t)command->count + args->count;

	if (count <= most)
		return OCIENV_OK;
	return diag_fail(reader->diag, OCIENV_ERR_LIMIT,
			 alone ? command->from.mark : args->from.mark, &here,
			 "expected at most %u arguments, found %llu", most,
			 (unsigned long long)count);
}

static int32_t read_resources(const struct reader *reader, const struct node *node,
			      const struct path *up, struct pod_resources *ret)
{
	struct path path = path_key(up, SV("resources"));
	int32_t status = bind_members(reader, node, &path, resource_fields,
				      FIELD_COUNT(resource_fields), ret);

	if (!status)
		status = bind_keep(reader, &ret->limits);
	return status ? status : bind_keep(reader, &ret->requests);
}

int32_t read_container(const struct reader *reader, const struct node *node,
		       const struct path *path, struct pod *pod)
{
	struct path security = path_key(path, SV("securityContext"));
	struct path mounts = path_key(path, SV("volumeMounts"));
	struct container container = {0};
	int32_t status = bind_members(reader, node, path, container_fields,
			      FIELD_COUNT(container_fields), &container);

	if (!status && container.env)
		status = read_env_list(reader, container.env, path, pod);
	if (!status && container.env_from)
		status = read_env_from_list(reader, container.env_from, path, pod);
	if (!status && container.resources)
		status = read_resources(reader, container.resources, path, &pod->own_resources);
	if (!status && container.security)
		status = read_security(reader, container.security, &security, false,
				       &pod->security);
	if (!status)
		status = read_volume_mounts(reader, container.mounts, &mounts, &pod->mounts);
	if (!status)
		status = check_arguments(reader, path, &container);
	if (status)
		return status;
	pod->container_name = container.name;
	pod->own_resources.name = container.name.value;
	pod->command = container.command;
	pod->args = container.args;
	pod->working_dir = container.working_dir;
	pod->tty = container.tty;
	return OCIENV_OK;
}
