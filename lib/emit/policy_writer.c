/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy that pins an answer. It is for people too: one rule a line, so that the line in
 * a refusal leads to it. A value that came out of a Secret stands as its digest; a sealed one
 * says nothing to anybody and stands as it is.
 */
#include "emit/emit.h"

#include "base/names.h"
#include "base/source.h"
#include "base/utf8.h"
#include "emit/report.h"

static void put_hex(struct json_writer *w, const char *prefix,
		    const uint8_t digest[DIGEST_SHA256])
{
	char text[sizeof("sha256:") + 2 * DIGEST_SHA256];

	*digest_hex(sv_write(text, sv_of(prefix)), digest, DIGEST_SHA256) = '\0';
	json_cstr(w, text);
}

/* JSON cannot say it, or must not. */
static bool is_hidden(struct sv value, bool secret)
{
	return !utf8_valid(value) || (secret && !sv_has_prefix(value, SV("sealed.")));
}

static void put_digest(struct json_writer *w, struct sv bytes)
{
	uint8_t digest[DIGEST_SHA256];

	digest_sha256(bytes, digest);
	json_key(w, "value_sha256");
	put_hex(w, "", digest);
}

static void put_image(struct json_writer *w, const struct ocienv_config *config)
{
	if (!config->policy.has_image)
		return;
	json_line(w);
	json_key(w, "image");
	json_open(w, '{');
	json_key(w, "digest");
	put_hex(w, "sha256:", config->policy.image);
	json_close(w, '}');
}

static void put_exec(struct json_writer *w, const struct ocienv_config *config)
{
	if (!config->has_exec)
		return;
	json_line(w);
	json_key(w, "exec");
	json_open(w, '{');
	json_member_cstr(w, "value", config->exec.path);
	json_key(w, "must_exist");
	json_bool(w, true);
	json_close(w, '}');
}

/* Each argument with its NUL, one behind the other. */
static struct sv joined_argv(struct json_writer *w, const struct ocienv_config *config)
{
	size_t size = 0;
	char *bytes, *to;

	for (uint32_t i = 0; i < config->argc; i++)
		size += strlen(config->argv[i]) + 1;
	bytes = to = arena_chars(w->out.arena, size);
	if (!bytes)
		w->out.failed = true;
	for (uint32_t i = 0; bytes && i < config->argc; i++) {
		to = sv_write(to, sv_of(config->argv[i]));
		*to++ = '\0';
	}
	return sv_from(bytes, bytes ? size : 0);
}

static void put_argv(struct json_writer *w, const struct ocienv_config *config)
{
	bool hidden = false;

	for (uint32_t i = 0; i < config->argc; i++)
		hidden = hidden || is_hidden(sv_of(config->argv[i]), config->argv_from[i].secret);
	json_line(w);
	json_key(w, "argv");
	json_open(w, '{');
	json_member_cstr(w, "match", "exact");
	if (hidden) {
		put_digest(w, joined_argv(w, config));
	} else {
		json_key(w, "value");
		json_open(w, '[');
		for (uint32_t i = 0; i < config->argc; i++)
			json_cstr(w, config->argv[i]);
		json_close(w, ']');
	}
	json_close(w, '}');
}

static void put_number(struct json_writer *w, const char *key, uint32_t number)
{
	json_key(w, key);
	json_number(w, number);
}

static void put_user(struct json_writer *w, const struct config_user *user)
{
	json_line(w);
	json_key(w, "user");
	json_open(w, '{');
	put_number(w, "uid", user->uid);
	put_number(w, "gid", user->gid);
	put_number(w, "umask", user->umask);
	report_groups(w, user);
	json_close(w, '}');
}

/* The second net of names.md holds back what a pod or a host has of these. */
static bool is_dangerous(const struct env_entry *entry)
{
	return names_find(env_name(entry), NAME_CONSTRAINED) ||
	       sv_has_prefix(env_value(entry), SV("()"));
}

static void put_rule(struct json_writer *w, const struct env_entry *entry,
		     const struct config_ruling *ruling)
{
	bool outside = ruling->source != OCIENV_SOURCE_IMAGE &&
		       ruling->source != OCIENV_SOURCE_DEFAULT &&
		       ruling->source != OCIENV_SOURCE_POLICY;

	json_line(w);
	json_open(w, '{');
	json_member(w, "name", env_name(entry));
	json_key(w, "from");
	json_open(w, '[');
	json_cstr(w, source_name(ruling->source));
	json_close(w, ']');
	if (is_hidden(env_value(entry), entry->from.secret))
		put_digest(w, env_value(entry));
	else
		json_member(w, "value", env_value(entry));
	json_key(w, "required");
	json_bool(w, true);
	if (outside && entry->overrode) {
		json_key(w, "override");
		json_bool(w, true);
	}
	if (outside && is_dangerous(entry)) {
		json_key(w, "dangerous");
		json_bool(w, true);
	}
	if (ruling->repeats)
		put_number(w, "repeats", ruling->repeats);
	json_close(w, '}');
}

static void put_env(struct json_writer *w, const struct ocienv_config *config)
{
	const struct config_ruling *rulings = config->policy.rulings.items;

	json_line(w);
	json_key(w, "env");
	json_open(w, '{');
	json_member_cstr(w, "unlisted", "reject");
	json_key(w, "rules");
	json_open(w, '[');
	for (uint32_t i = 0; i < config->env.count; i++)
		put_rule(w, &config->env.items[i], &rulings[i]);
	json_close(w, ']');
	json_close(w, '}');
}

int32_t emit_policy(const struct ocienv_config *config, struct arena *scratch, struct sv *ret)
{
	struct json_writer w = {.out = {.arena = scratch}};

	json_open(&w, '{');
	json_key(&w, "ocienv_policy");
	json_number(&w, 1);
	put_image(&w, config);
	put_exec(&w, config);
	put_argv(&w, config);
	json_line(&w);
	json_key(&w, "cwd");
	json_open(&w, '{');
	json_member(&w, "value", config->cwd.value);
	json_close(&w, '}');
	put_user(&w, &config->user);
	put_env(&w, config);
	json_close(&w, '}');
	return json_finish(&w, ret);
}
