/* SPDX-License-Identifier: Apache-2.0 */
/* `ocienv resolve --output json`: a stable interface, keys in this order. */
#include "emit/report.h"

#include <stdio.h>

static void report_elf(struct json_writer *w, const struct ocienv_exec *exec)
{
	if (!exec->machine) {
		json_null(w);
		return;
	}
	json_open(w, '{');
	json_member_cstr(w, "machine", exec->machine);
	json_member_cstr(w, "type", exec->elf_type);
	json_member_cstr(w, "interp", exec->elf_interp);
	json_close(w, '}');
}

void report_exec(struct json_writer *w, const struct ocienv_config *config, bool masked)
{
	const struct ocienv_exec *exec = &config->exec;

	json_key(w, "exec");
	if (!config->has_exec) {
		json_null(w);
		return;
	}
	json_open(w, '{');
	json_member_cstr(w, "path", masked ? NULL : exec->path);
	json_member_cstr(w, "canonical", masked ? NULL : exec->canonical);
	json_key(w, "path_index");
	json_number(w, exec->path_index);
	json_key(w, "interpreters");
	json_open(w, '[');
	for (size_t i = 0; i < exec->interpreter_count; i++) {
		json_open(w, '{');
		json_member_cstr(w, "path", exec->interpreters[i].path);
		json_member_cstr(w, "arg", exec->interpreters[i].arg);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_key(w, "elf");
	report_elf(w, exec);
	json_close(w, '}');
}

static void report_user(struct json_writer *w, const struct config_user *user)
{
	json_key(w, "user");
	json_open(w, '{');
	if (!user->resolved) {
		json_member(w, "name", user->name);
		json_close(w, '}');
		return;
	}
	json_key(w, "uid");
	json_number(w, user->uid);
	json_key(w, "gid");
	json_number(w, user->gid);
	report_groups(w, user);
	json_close(w, '}');
}

const char *verdict_name(uint8_t verdict)
{
	static const char *const names[] = {
		[VERDICT_ALLOWED] = "allowed",
		[VERDICT_DROPPED] = "dropped",
		[VERDICT_KEPT] = "kept",
	};

	return names[verdict];
}

/* Names and numbers only: a value may be a secret. */
static void report_policy(struct json_writer *w, const struct config_policy *policy)
{
	const struct config_ruling *rulings = policy->rulings.items;

	if (!policy->applied)
		return;
	json_key(w, "policy");
	json_open(w, '{');
	json_member(w, "id", policy->id);
	json_key(w, "entries");
	json_open(w, '[');
	for (uint32_t i = 0; i < policy->rulings.count; i++) {
		json_open(w, '{');
		json_member(w, "name", rulings[i].name);
		json_member_cstr(w, "source", source_name(rulings[i].source));
		json_member_cstr(w, "verdict", verdict_name(rulings[i].verdict));
		json_key(w, "rule");
		if (rulings[i].rule == RULE_NONE)
			json_null(w);
		else
			json_number(w, rulings[i].rule);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

int32_t emit_config(const struct ocienv_config *config, const uint8_t *digest,
		    struct arena *scratch, struct sv *ret)
{
	struct json_writer w = {.out = {.arena = scratch}};

	json_open(&w, '{');
	json_key(&w, "ocienv");
	json_number(&w, 1);
	report_exec(&w, config, false);
	json_key(&w, "argv");
	json_open(&w, '[');
	for (uint32_t i = 0; i < config->argc; i++)
		json_element(&w, sv_of(config->argv[i]));
	json_close(&w, ']');
	json_member(&w, "cwd", config->cwd.value);
	report_user(&w, &config->user);
	json_key(&w, "env");
	json_open(&w, '[');
	for (uint32_t i = 0; i < config->env.count; i++)
		report_env(&w, config->documents, &config->env.items[i], true);
	json_close(&w, ']');
	json_key(&w, "warnings");
	report_warnings(&w, config->documents, &config->warnings);
	report_policy(&w, &config->policy);
	if (digest) {
		report_digest(&w, "sha384:", digest, OCIENV_DIGEST_SIZE);
	} else {
		json_key(&w, "digest");
		json_null(&w);
	}
	json_close(&w, '}');
	return json_finish(&w, ret);
}
