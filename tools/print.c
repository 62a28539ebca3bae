/* SPDX-License-Identifier: Apache-2.0 */
/* The answer for people. What came from a Secret is masked; nothing that a document holds
 * can reach the terminal as a control sequence. */
#include "oci.h"
#include "tool.h"

#include "ocienv/boot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A blob is called by its digest, which is too long for a line of text. */
void print_document(FILE *to, const char *name)
{
	enum { SHORT = 7 + 12 };
	size_t length = strlen(name);

	if (length < DIGEST_TEXT && oci_digest_is_valid(sv_of(name)))
		(void)fprintf(to, "%.*s...", SHORT, name);
	else
		print_escaped(to, name, length);
}

void print_origin(FILE *to, const struct ocienv_origin *origin)
{
	(void)fputs(ocienv_source_name(origin->source), to);
	if (!origin->document)
		return;
	(void)fputc(' ', to);
	print_document(to, origin->document);
	if (origin->line)
		(void)fprintf(to, ":%u:%u", origin->line, origin->column);
}

void print_exec(FILE *to, const struct ocienv_config *config, bool masked)
{
	const char *script = "is a script for";
	struct ocienv_origin origin;
	struct ocienv_exec exec;

	(void)fputs("exec  ", to);
	if (ocienv_config_exec(config, &exec)) {
		(void)fputs("(no rootfs to look in)\n", to);
		return;
	}
	if (masked)
		(void)fputs("********", to);
	else
		print_quoted(to, exec.path);
	if (exec.path_index >= 0)
		(void)fprintf(to, "  (entry %d of PATH)", exec.path_index + 1);
	(void)fputc('\n', to);
	if (!masked && exec.canonical && strcmp(exec.canonical, exec.path) != 0) {
		(void)fputs("      is ", to);
		print_quoted(to, exec.canonical);
		(void)fputc('\n', to);
	}
	if (!ocienv_config_origin(config, OCIENV_ITEM_ARGV, 0, 0, &origin) &&
	    origin.source == OCIENV_SOURCE_LIBOS)
		script = "in place of a script for";
	for (size_t i = 0; i < exec.interpreter_count; i++) {
		(void)fprintf(to, "      %s ", script);
		print_quoted(to, exec.interpreters[i].path);
		if (exec.interpreters[i].arg) {
			(void)fputc(' ', to);
			print_quoted(to, exec.interpreters[i].arg);
		}
		(void)fputc('\n', to);
	}
	if (!exec.machine)
		return;
	(void)fprintf(to, "      runs as ELF %s %s, loader ", exec.machine, exec.elf_type);
	if (exec.elf_interp)
		print_quoted(to, exec.elf_interp);
	else
		(void)fputs("none (static)", to);
	(void)fputc('\n', to);
}

static void print_user(FILE *to, const struct ocienv_config *config)
{
	struct ocienv_user user;

	if (ocienv_config_user(config, &user))
		return;
	(void)fputs("user  ", to);
	if (user.name) {
		print_quoted(to, user.name);
		(void)fputs(" (no rootfs to look it up in)\n", to);
		return;
	}
	(void)fprintf(to, "%u:%u", user.uid, user.gid);
	for (uint32_t i = 0; i < user.group_count; i++)
		(void)fprintf(to, "%s%u", i ? "," : " groups ", user.groups[i]);
	(void)fputc('\n', to);
}

/* Only its owner can open it; to everybody else it says nothing. */
static bool is_sealed(const char *value)
{
	return strncmp(value, "sealed.", 7) == 0;
}

void print_variable(FILE *to, const char *entry, bool secret, bool show_secrets)
{
	const char *equals = strchr(entry, '=');
	size_t name = equals ? (size_t)(equals - entry) : strlen(entry);

	print_escaped(to, entry, name);
	(void)fputc('=', to);
	if (equals && !show_secrets && (secret || is_sealed(equals + 1)))
		(void)fputs("********", to);
	else if (equals)
		print_quoted(to, equals + 1);
}

static void print_env(FILE *to, const struct ocienv_config *config, const char *entry,
		      size_t index, bool show_secrets)
{
	struct ocienv_origin origin;

	if (ocienv_config_origin(config, OCIENV_ITEM_ENV, index, 0, &origin))
		return;
	(void)fputs("env   ", to);
	print_variable(to, entry, origin.secret, show_secrets);
	(void)fputs("\n      from ", to);
	print_origin(to, &origin);
	for (size_t depth = 1; !ocienv_config_origin(config, OCIENV_ITEM_ENV, index, depth, &origin);
	     depth++) {
		(void)fputs(", over ", to);
		print_origin(to, &origin);
	}
	(void)fputc('\n', to);
}

void print_config(FILE *to, const struct ocienv_config *config, bool show_secrets)
{
	size_t argc, envc;
	const char *const *argv = ocienv_config_argv(config, &argc);
	const char *const *envp = ocienv_config_envp(config, &envc);
	struct ocienv_origin origin;

	print_exec(to, config, false);
	for (size_t i = 0; i < argc; i++) {
		bool known = !ocienv_config_origin(config, OCIENV_ITEM_ARGV, i, 0, &origin);

		(void)fprintf(to, "%s", i ? "      " : "argv  ");
		if (known && origin.secret && !show_secrets)
			(void)fputs("********", to);
		else
			print_quoted(to, argv[i]);
		(void)fputc('\n', to);
	}
	(void)fputs("cwd   ", to);
	print_quoted(to, ocienv_config_cwd(config));
	(void)fputc('\n', to);
	print_user(to, config);
	for (size_t i = 0; i < envc; i++)
		print_env(to, config, envp[i], i, show_secrets);
}

static void print_field(FILE *to, const char *name, const char *value)
{
	(void)fprintf(to, "%-17s ", name);
	if (value)
		print_quoted(to, value);
	else
		(void)fputs("NULL", to);
	(void)fputc('\n', to);
}

/* libos.md, trust: what the struct cannot take out of the host's hands. */
static void say_what_the_host_may_change(void)
{
	static const char *const notes[] = {
		"upper_layer_path: a host path: the host chooses what lies there, the key decides",
		"lower_layer_path: the same; once it is set, no MAC of the image is checked",
		"entry_point: the host may start this file, and what lies below it, as often as it likes",
		"hostfs_source, hostfs_target: all files there are the host's",
		"envp: the host adds or replaces the names in env.untrusted (--occlum-json tells which)",
		"argv: not in the struct: all arguments come from the host, argv[0] is the base name",
		"cwd, user: not in the struct: always \"/\" and 0:0",
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		(void)fprintf(stderr, "ocienv: note: %s\n", notes[i]);
}

int print_occlum(FILE *to, const struct ocienv_buffer *blob)
{
	struct ocienv_occlum_rootfs_config filled;
	struct ocienv_boot boot;
	size_t capacity;
	char **vec;
	int32_t status;

	if (ocienv_boot_open(&boot, blob->data, blob->size))
		return say_unreadable();
	capacity = ocienv_boot_envc(&boot) + 1;
	vec = calloc(capacity, sizeof(*vec));
	if (!vec)
		return say_system("ocienv", "cannot print", errno);
	status = ocienv_boot_occlum(&boot, &filled, vec, capacity);
	if (status) {
		free(vec);
		return say_refused("ocienv", "expected paths and variables in UTF-8, found others",
				   ocienv_status_name(status));
	}
	(void)fprintf(to, "%-17s %zu\n", "len", filled.len);
	print_field(to, "upper_layer_path", filled.upper_layer_path);
	print_field(to, "lower_layer_path", filled.lower_layer_path);
	print_field(to, "entry_point", filled.entry_point);
	print_field(to, "hostfs_source", filled.hostfs_source);
	print_field(to, "hostfs_target", filled.hostfs_target);
	(void)fprintf(to, "%-17s %zu entries\n", "envp", capacity - 1);
	say_what_the_host_may_change();
	free(vec);
	return EXIT_ANSWER;
}
