/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gramine-run.md, what an emitter should do. A manifest is first a Jinja template, which is code
 * on the machine that signs, then TOML that the tools read and write anew, then TOML that the
 * loader reads; so no text of a document may get out of its quotes, and what one of the three
 * would change is refused.
 *
 * Must never write text of a document outside of quotes, a comment included.
 */
#include "emit/gramine.h"

#include "base/utf8.h"
#include "emit/out.h"
#include "resolve/blame.h"
#include "resolve/libos_budget.h"

#include <stdio.h>

#define WAY_OUT "leave it out, or let the program's launcher set it"

struct manifest {
	const struct gramine_input *in;
	struct out out;
	struct blame blame;
};

/* What something in quotes may not hold, and why. */
struct bar {
	bool (*holds)(struct sv text);
	const char *what;
};

static bool is_not_utf8(struct sv text)
{
	return !utf8_valid(text);
}

/* Their codes have a letter. The tools write it in lower case, which the loader refuses. */
static bool has_lettered_control(struct sv text)
{
	static const char lettered[] = "\x0b\x0e\x0f\x1a\x1b\x1c\x1d\x1e\x1f\x7f";

	for (size_t i = 0; i < sizeof(lettered) - 1; i++)
		if (sv_contains(text, lettered[i]))
			return true;
	return false;
}

static bool has_line_feed(struct sv text)
{
	return sv_contains(text, '\n');
}

static const struct bar bars_of_values[] = {
	{is_not_utf8, "bytes that are not UTF-8, which the manifest's renderer refuses"},
	{has_lettered_control, "a control character that the loader takes from no rendered manifest"},
	{NULL, NULL},
};

static const struct bar bars_of_names[] = {
	{is_not_utf8, "bytes that are not UTF-8, which the manifest's renderer refuses"},
	{has_lettered_control, "a control character that the loader takes from no rendered manifest"},
	{has_line_feed, "a line feed, which the loader takes in no name"},
	{NULL, NULL},
};

static const char *barred(const struct bar *bars, struct sv text)
{
	for (; bars->holds; bars++)
		if (bars->holds(text))
			return bars->what;
	return NULL;
}

/* A brace alone would be harmless, but "{{" is code; codes in upper case. */
static void put_escaped(struct manifest *m, char c)
{
	static const char short_form[] = "\"\"\\\\\bb\tt\nn\ff\rr";
	char text[8];

	for (size_t i = 0; i + 1 < sizeof(short_form); i += 2) {
		if (short_form[i] != c)
			continue;
		(void)snprintf(text, sizeof(text), "\\%c", short_form[i + 1]);
		out_cstr(&m->out, text);
		return;
	}
	(void)snprintf(text, sizeof(text), "\\u%04X", (unsigned int)(unsigned char)c);
	out_cstr(&m->out, text);
}

static void put_string(struct manifest *m, struct sv text)
{
	size_t plain = 0;

	out_cstr(&m->out, "\"");
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c >= 0x20 && c != '"' && c != '\\' && c != '{' && c != 0x7f)
			continue;
		out_bytes(&m->out, sv_from(text.ptr + plain, i - plain));
		put_escaped(m, text.ptr[i]);
		plain = i + 1;
	}
	out_bytes(&m->out, sv_skip(text, plain));
	out_cstr(&m->out, "\"");
}

static void put_line(struct manifest *m, const char *key, struct sv text)
{
	out_cstr(&m->out, key);
	out_cstr(&m->out, " = ");
	put_string(m, text);
	out_cstr(&m->out, "\n");
}

/* --- what is told ----------------------------------------------------------------------- */

static int32_t put_program(struct manifest *m)
{
	const struct ocienv_config *config = m->in->config;
	bool whole = config->has_exec && config->user.resolved;
	struct sv path = whole ? sv_of(config->exec.path) : SV_NONE;
	const char *why = barred(bars_of_values, path);

	if (!path.ptr)
		return diag_fail(m->in->diag, OCIENV_ERR_UNSUPPORTED, (struct mark){0, 0}, NULL,
				 "expected a program for Gramine, found an answer without one: "
				 "resolve with the rootfs");
	if (why)
		return blame(&m->blame, OCIENV_ERR_UNSUPPORTED, config->argv_from[0],
			     "expected a program path that a manifest can carry, found %s: rename "
			     "the file",
			     why);
	put_line(m, "libos.entrypoint", path);
	return OCIENV_OK;
}

static int32_t put_arguments(struct manifest *m)
{
	const struct ocienv_config *config = m->in->config;

	out_cstr(&m->out, "loader.argv = [\n");
	for (uint32_t i = 0; i < config->argc; i++) {
		struct sv text = sv_of(config->argv[i]);
		const char *why = barred(bars_of_values, text);

		if (why)
			return blame(&m->blame, OCIENV_ERR_UNSUPPORTED, config->argv_from[i],
				     "expected arguments that a manifest can carry, found %s in "
				     "argument %u: " WAY_OUT,
				     why, i);
		out_cstr(&m->out, "  ");
		put_string(m, text);
		out_cstr(&m->out, ",\n");
	}
	out_cstr(&m->out, "]\n");
	return OCIENV_OK;
}

/* Gramine looks for the loader, by its base name, in the variable as it is at the start. Where
 * an image sets it for its own libraries, the loader's directory goes behind. */
static struct sv value_of(struct manifest *m, const struct env_entry *entry)
{
	const struct ocienv_exec *exec = &m->in->config->exec;
	struct sv value = env_value(entry), rest = value, directory;
	const char *slash = exec->elf_interp ? strrchr(exec->elf_interp, '/') : NULL;
	struct sv wanted = slash ? sv_from(exec->elf_interp, (size_t)(slash - exec->elf_interp))
				 : SV_NONE;
	char *text, *end;

	if (!wanted.len || !sv_eq(env_name(entry), SV("LD_LIBRARY_PATH")))
		return value;
	while (sv_cut(&rest, ':', &directory))
		if (sv_eq(directory, wanted))
			return value;
	text = arena_chars(m->in->scratch, value.len + 1 + wanted.len);
	if (!text) {
		m->out.failed = true;
		return value;
	}
	end = sv_write(text, value);
	if (value.len)
		*end++ = ':';
	end = sv_write(end, wanted);
	return sv_from(text, (size_t)(end - text));
}

/* One quoted name a line: a section or an inline table would clash with those of the rest of
 * the manifest. */
static int32_t put_variables(struct manifest *m)
{
	const struct env_list *env = &m->in->config->env;

	for (uint32_t i = 0; i < env->count; i++) {
		const struct env_entry *entry = &env->items[i];
		struct sv name = env_name(entry), value = value_of(m, entry);
		const char *why = barred(bars_of_names, name);
		char quoted[DIAG_QUOTE_SIZE];

		if (!why)
			why = barred(bars_of_values, value);
		if (why)
			return blame(&m->blame, OCIENV_ERR_UNSUPPORTED, entry->from,
				     "expected variables that a manifest can carry, found %s in "
				     "\"%s\": " WAY_OUT,
				     why, diag_quote_name(quoted, name));
		out_cstr(&m->out, "loader.env.");
		put_string(m, name);
		out_cstr(&m->out, " = ");
		put_string(m, value);
		out_cstr(&m->out, "\n");
	}
	return OCIENV_OK;
}

static int32_t put_cwd(struct manifest *m)
{
	const struct text *cwd = &m->in->config->cwd;
	const char *why = barred(bars_of_values, cwd->value);

	if (why)
		return blame(&m->blame, OCIENV_ERR_UNSUPPORTED, cwd->from,
			     "expected a working directory that a manifest can carry, found %s: "
			     "rename the directory",
			     why);
	put_line(m, "fs.start_dir", cwd->value);
	return OCIENV_OK;
}

/* (uid_t)-1 starts, as a user whom every set*id call takes for "unchanged". */
static int32_t put_user(struct manifest *m)
{
	const struct config_user *user = &m->in->config->user;

	if (user->uid == UINT32_MAX || user->gid == UINT32_MAX)
		return blame(&m->blame, OCIENV_ERR_UNSUPPORTED, user->from,
			     "expected a user and a group for Gramine, found the number that "
			     "means neither: ask for another");
	out_cstr(&m->out, "loader.uid = ");
	out_number(&m->out, user->uid);
	out_cstr(&m->out, "\nloader.gid = ");
	out_number(&m->out, user->gid);
	out_cstr(&m->out, "\n");
	return OCIENV_OK;
}

/* Arguments and variables lie on the program's stack, and what is left is all it has. */
static int32_t put_stack(struct manifest *m)
{
	enum { SPARE = 64 << 10, PAGE = 4 << 10 };
	struct strings strings = config_strings(m->in->config);
	uint64_t need = gramine_stack_need(&strings), size = m->in->stack_size;

	if ((uint64_t)strings.argc + strings.envc > GRAMINE_STRINGS)
		return diag_fail(m->in->diag, OCIENV_ERR_UNSUPPORTED, (struct mark){0, 0}, NULL,
				 "expected at most %d arguments and variables for Gramine, found "
				 "%llu: leave some out, no stack size helps",
				 GRAMINE_STRINGS,
				 (unsigned long long)strings.argc + strings.envc);
	if (size && size < need)
		return diag_fail(m->in->diag, OCIENV_ERR_UNSUPPORTED, (struct mark){0, 0}, NULL,
				 "expected arguments and variables that take at most %llu bytes "
				 "of Gramine's stack, found %llu: give a larger one",
				 (unsigned long long)size, (unsigned long long)need);
	if (!size && need + SPARE > GRAMINE_STACK_SIZE)
		size = (need + SPARE + PAGE - 1) / PAGE * PAGE;
	if (!size)
		return OCIENV_OK;
	out_cstr(&m->out, "sys.stack.size = \"");
	out_number(&m->out, (int64_t)size);
	out_cstr(&m->out, "\"\n");
	return OCIENV_OK;
}

/* The digest is that of the blob of the same answer: it tells which one this is. */
static int32_t put_digest(struct manifest *m)
{
	char text[2 * OCIENV_DIGEST_SIZE + 1];

	if (!m->in->digest)
		return OCIENV_OK;
	out_cstr(&m->out, "# sha384:");
	*digest_hex(text, m->in->digest, OCIENV_DIGEST_SIZE) = '\0';
	out_cstr(&m->out, text);
	out_cstr(&m->out, "\n");
	return OCIENV_OK;
}

int32_t emit_gramine(const struct gramine_input *in, struct sv *ret)
{
	int32_t (*const parts[])(struct manifest *m) = {
		put_digest, put_program, put_arguments, put_variables,
		put_cwd,    put_user,	 put_stack,
	};
	struct manifest m = {.in = in,
			     .out = {.arena = in->scratch},
			     .blame = {in->diag, in->config->documents}};
	int32_t status = OCIENV_OK;

	for (size_t i = 0; !status && i < sizeof(parts) / sizeof(parts[0]); i++)
		status = parts[i](&m);
	if (status)
		return status;
	status = out_finish(&m.out, ret);
	return status ? diag_memory(in->diag, status) : OCIENV_OK;
}
