/* SPDX-License-Identifier: Apache-2.0 */
/* explain: one value after the other, with everything that happened to it. */
#include "tool.h"

#include <string.h>

static const struct {
	uint32_t bit;
	const char *text;
} changes[] = {
	{OCIENV_CHANGED_BY_EXPANSION, ", changed by expansion"},
	{OCIENV_CHANGED_BY_DEFAULT, ", built in"},
	{OCIENV_CHANGED_BY_RUNTIME, ", set by the runtime"},
};

static const char *const steps[] = {
	[OCIENV_STEP_NONE] = "",
	[OCIENV_STEP_KUBELET] = ", in the kubelet step",
	[OCIENV_STEP_CRI] = ", in the CRI step",
	[OCIENV_STEP_RUNTIME] = ", in the runtime step",
	[OCIENV_STEP_LIBOS] = ", in the LibOS step",
};

static void explain_origin(FILE *to, const char *word, const struct ocienv_origin *origin)
{
	(void)fprintf(to, "  %s ", word);
	print_origin(to, origin);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		if (origin->changed & changes[i].bit)
			(void)fputs(changes[i].text, to);
	if (origin->lost_in < sizeof(steps) / sizeof(steps[0]))
		(void)fputs(steps[origin->lost_in], to);
	(void)fputc('\n', to);
}

/* The value's own origin, then those that it overrode. */
static void explain_item(FILE *to, const struct ocienv_config *config, uint32_t item,
			 size_t index)
{
	struct ocienv_origin origin;

	for (size_t depth = 0; !ocienv_config_origin(config, item, index, depth, &origin); depth++)
		explain_origin(to, depth ? "over" : "from", &origin);
}

/* What the policy said; without one nothing. */
static void explain_ruling(FILE *to, const struct ocienv_config *config, const char *entry)
{
	size_t length = (size_t)(strchr(entry, '=') - entry);
	struct ocienv_ruling ruling;

	for (size_t i = 0; !ocienv_config_ruling(config, i, &ruling); i++) {
		if (strncmp(ruling.name, entry, length) != 0 || ruling.name[length])
			continue;
		(void)fprintf(to, "  policy %s from %s", ruling.verdict,
			      ocienv_source_name(ruling.source));
		if (ruling.rule != UINT32_MAX)
			(void)fprintf(to, ", rule %u, policy line %u", ruling.rule, ruling.line);
		(void)fputc('\n', to);
	}
}

static void explain_variable(FILE *to, const struct ocienv_config *config, const char *entry,
			     size_t index, bool show_secrets)
{
	struct ocienv_origin origin;

	if (ocienv_config_origin(config, OCIENV_ITEM_ENV, index, 0, &origin))
		return;
	print_variable(to, entry, origin.secret, show_secrets);
	(void)fputc('\n', to);
	explain_item(to, config, OCIENV_ITEM_ENV, index);
	explain_ruling(to, config, entry);
}

static void explain_all(FILE *to, const struct ocienv_config *config, bool show_secrets)
{
	size_t argc, envc;
	const char *const *envp = ocienv_config_envp(config, &envc);

	(void)ocienv_config_argv(config, &argc);
	for (size_t i = 0; i < argc; i++) {
		(void)fprintf(to, "argv[%zu]\n", i);
		explain_item(to, config, OCIENV_ITEM_ARGV, i);
	}
	(void)fputs("cwd\n", to);
	explain_item(to, config, OCIENV_ITEM_CWD, 0);
	(void)fputs("user\n", to);
	explain_item(to, config, OCIENV_ITEM_USER, 0);
	for (size_t i = 0; i < envc; i++)
		explain_variable(to, config, envp[i], i, show_secrets);
}

static int explain_name(FILE *to, const struct ocienv_config *config, const char *name,
			bool show_secrets)
{
	const char *const *envp = ocienv_config_envp(config, NULL);
	size_t length = strlen(name);

	for (size_t i = 0; envp[i]; i++) {
		if (strncmp(envp[i], name, length) != 0 || envp[i][length] != '=')
			continue;
		explain_variable(to, config, envp[i], i, show_secrets);
		return EXIT_ANSWER;
	}
	say_place(NULL, 0, 0);
	(void)fputs("expected a variable \"", stderr);
	print_escaped(stderr, name, length);
	(void)fputs("\" in the answer, found none of that name", stderr);
	say_status("reference");
	return EXIT_REFUSED;
}

int explain_names(FILE *to, const struct flags *flags, const struct ocienv_config *config)
{
	int status = EXIT_ANSWER;

	for (size_t i = 0; !status && i < flags->operand_count; i++)
		status = explain_name(to, config, flags->operands[i], flags->show_secrets);
	return status;
}

static int explain(FILE *to, const struct flags *flags, const struct ocienv_config *config)
{
	if (flags->operand_count)
		return explain_names(to, flags, config);
	explain_all(to, config, flags->show_secrets);
	return EXIT_ANSWER;
}

int command_explain(const struct flags *flags)
{
	struct ocienv_config *config = NULL;
	struct printed text;
	int status;

	if (flags->exec)
		return command_explain_exec(flags);
	if (flags->output != OUTPUT_TEXT)
		return say_usage("expected --output text without --exec, found another form");
	status = text_begin(&text);
	if (!status)
		status = resolve_inputs(flags, &config);
	text.labels = true;
	if (!status) {
		say_warnings(config);
		status = explain(text.to, flags, config);
	}
	status = text_end(&text, status, NULL);
	ocienv_config_free(config);
	return status;
}
