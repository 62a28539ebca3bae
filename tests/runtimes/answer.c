/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer RUNTIME SPEC ROOTFS: what the library says of a config.json, in the records that
 * the program in the container writes. A refusal is one record: '!', the status and the
 * message.
 */
#define _GNU_SOURCE
#include <ocienv/ocienv.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE = 1 << 20 };

static const struct {
	const char *name;
	uint32_t runtime;
} runtimes[] = {
	{"runc-1.1", OCIENV_RUNTIME_RUNC_1_1},
	{"crun-1.8", OCIENV_RUNTIME_CRUN_1_8},
};

static void record(char letter, const char *text)
{
	printf("%c%s", letter, text);
	putchar('\0');
}

static void number(char letter, unsigned long value)
{
	printf("%c%lu", letter, value);
	putchar('\0');
}

static int stop(const char *what)
{
	fprintf(stderr, "answer: %s\n", what);
	return 2;
}

static int refuse(const struct ocienv_error *error)
{
	printf("!%s: %s", ocienv_status_name(error->status), error->message);
	putchar('\0');
	record('.', "");
	return 0;
}

/* The kernel puts the interpreters, and their argument, in front of a script's path. */
static void show_argv(const struct ocienv_config *config, const struct ocienv_exec *exec)
{
	const char *const *argv = ocienv_config_argv(config, NULL);

	for (size_t i = exec->interpreter_count; i > 0; i--) {
		record('a', exec->interpreters[i - 1].path);
		if (exec->interpreters[i - 1].arg)
			record('a', exec->interpreters[i - 1].arg);
	}
	record('a', exec->interpreter_count ? exec->path : argv[0]);
	while (*++argv)
		record('a', *argv);
}

static void show(const struct ocienv_config *config)
{
	const char *const *envp = ocienv_config_envp(config, NULL);
	struct ocienv_exec exec;
	struct ocienv_user user;

	if (ocienv_config_exec(config, &exec) || ocienv_config_user(config, &user))
		exit(stop("no program or no user"));
	show_argv(config, &exec);
	for (; *envp; envp++)
		record('e', *envp);
	record('c', ocienv_config_cwd(config));
	record('x', exec.interpreter_count
			    ? exec.interpreters[exec.interpreter_count - 1].path
			    : exec.canonical);
	record('p', exec.path);
	number('u', user.uid);
	number('g', user.gid);
	for (uint32_t i = 0; i < user.group_count; i++)
		number('s', user.groups[i]);
	number('m', user.umask);
	record('.', "");
}

static int answer(const struct ocienv_options *options, const char *name, int root)
{
	static char data[SIZE];
	struct ocienv_document document = {"config.json", data, 0};
	struct ocienv_layer *layer = NULL;
	struct ocienv_config *config = NULL;
	struct ocienv_error error;
	FILE *file = fopen(name, "rb");

	if (!file)
		return stop("cannot open the spec");
	document.size = fread(data, 1, SIZE, file);
	if (ferror(file) || !feof(file))
		return stop("cannot read the spec");
	(void)fclose(file);
	if (ocienv_layer_from_runtime_spec(&layer, &document, options, &error))
		return refuse(&error);
	if (ocienv_resolve(&config, (const struct ocienv_layer *const *)&layer, 1, root, options,
			   &error))
		return refuse(&error);
	show(config);
	ocienv_config_free(config);
	ocienv_layer_free(layer);
	return 0;
}

int main(int argc, char **argv)
{
	struct ocienv_options options = {.size = sizeof(options)};
	int root = argc == 4 ? open(argv[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (root < 0)
		return stop("usage: answer RUNTIME SPEC ROOTFS");
	for (size_t i = 0; i < sizeof(runtimes) / sizeof(runtimes[0]); i++) {
		if (strcmp(runtimes[i].name, argv[1]) != 0)
			continue;
		options.runtime = runtimes[i].runtime;
		return answer(&options, argv[2], root);
	}
	return stop("no such runtime");
}
