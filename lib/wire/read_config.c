/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CONFIG blob to config, on top of the enclave's reader, so that host and enclave cannot
 * differ about what a blob is. Must never take a blob that the encoder would write in
 * another way, but for sections that it was told to skip.
 */
#include "wire/reader.h"

#include "base/limits.h"
#include "wire/wire.h"

_Static_assert((int)WIRE_INPUT_MAX == (int)INPUT_POLICY, "a place for each input");

static struct wire_list list_at(const struct ocienv_boot *boot, uint32_t type)
{
	return wire_list(boot->bytes + boot->section[type], boot->length[type]);
}

static struct origin origin_of(uint8_t source)
{
	return (struct origin){
		.source = source & WIRE_SOURCE_MASK,
		.secret = source & WIRE_SOURCE_SECRET,
		.document = DOCUMENT_NONE,
	};
}

static bool read_arguments(const struct ocienv_boot *boot, struct ocienv_config *config)
{
	const uint8_t *sources = boot->bytes + boot->section[WIRE_ARGSRC];
	struct wire_list list = list_at(boot, WIRE_ARGV);

	config->argv = ARENA_ARRAY(&config->arena, (size_t)list.count + 1, const char *);
	config->argv_from = ARENA_ARRAY(&config->arena, list.count, struct origin);
	if (!config->argv || !config->argv_from)
		return false;
	config->argc = list.count;
	for (uint32_t i = 0; i < list.count; i++) {
		config->argv[i] = wire_string(&list, i).ptr;
		config->argv_from[i] = origin_of(sources[i]);
	}
	config->cwd.from = origin_of(sources[list.count]);
	config->user.from = origin_of(sources[list.count + 1]);
	return true;
}

static bool read_env(const struct ocienv_boot *boot, struct ocienv_config *config)
{
	const uint8_t *sources = boot->bytes + boot->section[WIRE_ENVSRC];
	struct wire_list list = list_at(boot, WIRE_ENVP);
	struct env_list *env = &config->env;

	env->items = ARENA_ARRAY(&config->arena, list.count, struct env_entry);
	config->envp = ARENA_ARRAY(&config->arena, (size_t)list.count + 1, const char *);
	if (!env->items || !config->envp)
		return false;
	env->present = true;
	env->count = list.count;
	for (uint32_t i = 0; i < list.count; i++) {
		struct env_entry *entry = &env->items[i];

		entry->text = wire_string(&list, i);
		entry->name_length = (uint32_t)sv_find(entry->text, '=');
		entry->from = origin_of(sources[i]);
		config->envp[i] = entry->text.ptr;
	}
	return true;
}

static bool read_user(const struct ocienv_boot *boot, struct ocienv_config *config)
{
	struct config_user *user = &config->user;
	struct ocienv_boot_user from;

	ocienv_boot_user(boot, &from);
	user->groups = ARENA_ARRAY(&config->arena, from.group_count, uint32_t);
	if (!user->groups)
		return false;
	user->resolved = true;
	user->uid = from.uid;
	user->gid = from.gid;
	user->umask = from.umask;
	user->group_count = from.group_count;
	for (uint32_t i = 0; i < from.group_count; i++)
		user->groups[i] = ocienv_boot_group(&from, i);
	return true;
}

static void read_inputs(const struct ocienv_boot *boot, struct ocienv_config *config)
{
	const uint8_t *p = boot->bytes + boot->section[WIRE_INPUTS];

	for (uint32_t left = boot->length[WIRE_INPUTS]; left; left -= WIRE_INPUT_SIZE) {
		struct input_digest *input = &config->inputs[wire_u32(p)];

		input->known = true;
		memcpy(input->sha256, p + WIRE_INPUT_DIGEST + WIRE_DIGEST_BYTES,
		       sizeof(input->sha256));
		p += WIRE_INPUT_SIZE;
	}
}

static int32_t check_counts(const struct ocienv_boot *boot,
			    const struct ocienv_limits *limits, const struct diag *diag)
{
	size_t argc = ocienv_boot_argc(boot), envc = ocienv_boot_envc(boot);

	if (argc > limits->max_args)
		return diag_fail(diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, NULL,
				 "expected at most %u arguments, found %zu", limits->max_args, argc);
	if (envc > limits->max_env)
		return diag_fail(diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, NULL,
				 "expected at most %u variables, found %zu", limits->max_env, envc);
	return OCIENV_OK;
}

static bool read_all(const struct ocienv_boot *boot, struct ocienv_config *config)
{
	config->cwd.value = sv_of(ocienv_boot_cwd(boot));
	config->exec.path = ocienv_boot_exec(boot);
	config->exec.path_index = -1;
	config->exec.fd = -1;
	config->has_exec = config->exec.path != NULL;
	read_inputs(boot, config);
	return read_arguments(boot, config) && read_env(boot, config) &&
	       read_user(boot, config);
}

int32_t wire_decode_config(struct sv blob, struct ocienv_config *config,
			   const struct ocienv_limits *limits, const struct diag *diag)
{
	struct ocienv_limits bounds = limits_of(limits);
	const uint8_t *bytes = NULL;
	struct ocienv_boot boot;
	uint32_t fault;
	int32_t result = wire_copy(blob, &config->arena, &bounds, diag, &bytes);

	if (result)
		return result;
	fault = wire_check_config(&boot, bytes, blob.len);
	if (!fault)
		fault = wire_check_trailer(bytes + boot.size, blob.len - boot.size);
	/* To drop it would show an answer that is not what the enclave will do. */
	if (!fault && boot.section[WIRE_ROOTFS])
		fault = wire_fault(WIRE_ROOTFS, WIRE_FAULT_UNHELD);
	if (fault)
		return wire_say(diag, OCIENV_ERR_BLOB, fault);
	result = check_counts(&boot, &bounds, diag);
	if (result)
		return result;
	if (!read_all(&boot, config))
		return diag_memory(diag, arena_status(&config->arena));
	return OCIENV_OK;
}
