/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Config to CONFIG blob. Writes what docs/wire.md says a blob carries and must never put
 * more into it: no document, no position, no pointer, nothing that differs between two
 * configs which start the same process for the same reasons.
 */
#include "base/sort.h"
#include "wire/content.h"
#include "wire/reader.h"
#include "wire/writer.h"

uint8_t content_source(const struct origin *from)
{
	return (uint8_t)(from->source | (from->secret ? WIRE_SOURCE_SECRET : 0));
}

static bool collect_arguments(struct content *content, struct arena *arena)
{
	const struct ocienv_config *config = content->config;
	struct sv *arguments = ARENA_ARRAY(arena, config->argc, struct sv);

	if (!arguments)
		return false;
	for (uint32_t i = 0; i < config->argc; i++)
		arguments[i] = sv_of(config->argv[i]);
	content->arguments = arguments;
	return true;
}

/* By name. The order is not asked for again, so its memory goes back. */
static bool collect_variables(struct content *content, struct arena *arena)
{
	const struct env_list *env = &content->config->env;
	struct sv *variables = ARENA_ARRAY(arena, env->count, struct sv);
	uint8_t *sources = ARENA_ARRAY(arena, env->count, uint8_t);
	struct arena_mark before = arena_mark(arena);
	struct sort_item *items = ARENA_RAW(arena, env->count, struct sort_item);

	if (!items || !variables || !sources)
		return false;
	for (uint32_t i = 0; i < env->count; i++)
		items[i] = sort_item(env_name(&env->items[i]), i);
	if (!sort_names(items, env->count, arena))
		return false;
	for (uint32_t i = 0; i < env->count; i++) {
		const struct env_entry *entry = &env->items[items[i].index];

		variables[i] = entry->text;
		sources[i] = content_source(&entry->from);
		if (sv_has_prefix(env_value(entry), SV(WIRE_SEALED)))
			sources[i] |= WIRE_SOURCE_SEALED;
	}
	content->variables = variables;
	content->sources = sources;
	arena_rewind(arena, &before);
	return true;
}

static void put_path(struct writer *writer, uint32_t type, struct sv path)
{
	begin_section(writer, type, WIRE_ENTRY_CRITICAL);
	put_string(writer, path);
	end_section(writer);
}

static void put_list(struct writer *writer, uint32_t type, const struct sv *items,
		     uint32_t count)
{
	begin_section(writer, type, WIRE_ENTRY_CRITICAL);
	put_strings(writer, items, count);
	end_section(writer);
}

static void put_user(struct writer *writer, const struct config_user *user)
{
	begin_section(writer, WIRE_USER, WIRE_ENTRY_CRITICAL);
	put_u32(writer, user->uid);
	put_u32(writer, user->gid);
	put_u32(writer, user->umask);
	put_u32(writer, user->group_count);
	for (uint32_t i = 0; i < user->group_count; i++)
		put_u32(writer, user->groups[i]);
	end_section(writer);
}

/* Those that are known, by number; no section if none is, or NULL. */
static void put_inputs(struct writer *writer, const struct input_digest *inputs)
{
	bool begun = false;

	for (uint32_t i = 1; inputs && i < INPUT_COUNT; i++) {
		if (!inputs[i].known)
			continue;
		if (!begun)
			begin_section(writer, WIRE_INPUTS, 0);
		begun = true;
		put_u32(writer, i);
		put_digest(writer, inputs[i].sha256);
	}
	if (begun)
		end_section(writer);
}

static void put_config(struct writer *writer, const void *object)
{
	const struct content *content = object;
	const struct ocienv_config *config = content->config;

	if (content->exec.ptr)
		put_path(writer, WIRE_EXEC, content->exec);
	put_list(writer, WIRE_ARGV, content->arguments, config->argc);
	put_list(writer, WIRE_ENVP, content->variables, config->env.count);
	put_path(writer, WIRE_CWD, content->cwd);
	put_user(writer, &config->user);
	begin_section(writer, WIRE_ENVSRC, 0);
	for (uint32_t i = 0; i < config->env.count; i++)
		put_u8(writer, content->sources[i]);
	end_section(writer);
	put_inputs(writer, content->inputs);
	begin_section(writer, WIRE_ARGSRC, 0);
	for (uint32_t i = 0; i < config->argc; i++)
		put_u8(writer, content_source(&config->argv_from[i]));
	put_u8(writer, content_source(&config->cwd.from));
	put_u8(writer, content_source(&config->user.from));
	end_section(writer);
}

int32_t content_collect(struct content *ret, const struct ocienv_config *config,
			struct arena *arena, const struct diag *diag)
{
	*ret = (struct content){.config = config,
				.exec = config->has_exec ? sv_of(config->exec.path) : SV_NONE,
				.cwd = config->cwd.value,
				.inputs = config->inputs};
	if (!config->user.resolved)
		return diag_fail(
			diag, OCIENV_ERR_UNSUPPORTED, (struct mark){0, 0}, NULL,
			"the user is still a name: a rootfs is needed to look it up");
	if (!collect_arguments(ret, arena) || !collect_variables(ret, arena))
		return diag_memory(diag, arena_status(arena));
	return OCIENV_OK;
}

int32_t content_write(const struct content *content, struct arena *arena,
		      const struct diag *diag, struct sv *ret)
{
	struct ocienv_boot boot;
	struct sv blob = SV_NONE;
	uint32_t fault;
	int32_t result = write_blob(WIRE_CONFIG, put_config, content, arena, diag, &blob);

	if (result)
		return result;
	/* What no reader takes is not written: a relative cwd, a name twice... */
	fault = wire_check_config(&boot, (const uint8_t *)blob.ptr, blob.len);
	if (fault)
		return wire_say(diag, OCIENV_ERR_UNSUPPORTED, fault);
	*ret = blob;
	return OCIENV_OK;
}

int32_t wire_encode_config(const struct ocienv_config *config, struct arena *arena,
			   const struct diag *diag, struct sv *ret)
{
	struct content content;
	int32_t result = content_collect(&content, config, arena, diag);

	return result ? result : content_write(&content, arena, diag, ret);
}
