/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "situation.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const input_names[INPUTS] = {
	"image", "spec", "pod", "objects", "policy", "occlum-json",
};

/* What an option may say, and the number for it. */
static const struct {
	const char *key, *value;
	size_t member;
	uint32_t number;
} words[] = {
#define WORD(key, value, member, number)                                                  \
	{                                                                                 \
		key, value, offsetof(struct ocienv_options, member), number               \
	}
	WORD("runtime", "runc", runtime, OCIENV_RUNTIME_RUNC),
	WORD("runtime", "crun", runtime, OCIENV_RUNTIME_CRUN),
	WORD("runtime", "kata", runtime, OCIENV_RUNTIME_KATA),
	WORD("runtime", "execvp", runtime, OCIENV_RUNTIME_EXECVP),
	WORD("cri", "containerd", cri, OCIENV_CRI_CONTAINERD),
	WORD("cri", "crio", cri, OCIENV_CRI_CRIO),
	WORD("libos", "occlum", libos, OCIENV_LIBOS_OCCLUM),
	WORD("libos", "gramine", libos, OCIENV_LIBOS_GRAMINE),
	WORD("accept-root", "true", flags, OCIENV_ACCEPT_ROOT),
};

static void fail(const char *what, const char *text)
{
	(void)fprintf(stderr, "situation: %s: %s\n", what, text);
	exit(2);
}

static void *checked(void *ptr)
{
	if (!ptr)
		fail("memory", "none left");
	return ptr;
}

static struct ocienv_document read_document(const char *name, const char *path)
{
	FILE *file = fopen(path, "rb");
	char *data = NULL;
	size_t size = 0, got;

	if (!file)
		fail("cannot open", path);
	do {
		data = checked(realloc(data, size + 65536));
		got = fread(data + size, 1, 65536, file);
		size += got;
	} while (got);
	(void)fclose(file);
	return (struct ocienv_document){name, data, size};
}

static char *keep(struct situation *situation, const char *value)
{
	if (situation->text_count == sizeof(situation->texts) / sizeof(situation->texts[0]))
		fail("too many texts", value);
	return situation->texts[situation->text_count++] = checked(strdup(value));
}

static bool set_word(struct situation *situation, const char *key, const char *value)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *member = (char *)&situation->options + words[i].member;

		if (strcmp(words[i].key, key) != 0 || strcmp(words[i].value, value) != 0)
			continue;
		memcpy(member, &words[i].number, sizeof(words[i].number));
		return true;
	}
	return false;
}

static bool add_fact(struct situation *situation, const char *text)
{
	char *key, *value;

	if (situation->fact_count == MOST_FACTS)
		return false;
	key = keep(situation, text);
	value = strchr(key, '=');
	if (!value)
		return false;
	*value++ = '\0';
	situation->facts[situation->fact_count].key = key;
	situation->facts[situation->fact_count++].value = value;
	return true;
}

static bool set_text(struct situation *situation, const char *key, const char *value)
{
	struct ocienv_options *options = &situation->options;

	if (strcmp(key, "container") == 0)
		options->container = keep(situation, value);
	else if (strcmp(key, "hostname") == 0)
		options->hostname = keep(situation, value);
	else if (strcmp(key, "builtin") == 0)
		situation->builtin = keep(situation, value);
	else if (strcmp(key, "fact") == 0)
		return add_fact(situation, value);
	else if (strcmp(key, "library-path") == 0 &&
		 options->library_path_count < MOST_DIRECTORIES)
		situation->directories[options->library_path_count++] = keep(situation, value);
	else
		return false;
	return true;
}

static void set(struct situation *situation, const char *key, const char *value)
{
	for (size_t i = 0; i < INPUTS; i++)
		if (strcmp(input_names[i], key) == 0) {
			situation->inputs[i] = read_document(input_names[i], value);
			return;
		}
	if (strcmp(key, "rootfs") == 0) {
		situation->rootfs = open(value, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (situation->rootfs < 0)
			fail("no rootfs", value);
	} else if (!set_word(situation, key, value) && !set_text(situation, key, value)) {
		fail("unknown line", key);
	}
}

bool situation_next(struct situation *ret, FILE *list)
{
	char line[2048];

	*ret = (struct situation){.rootfs = OCIENV_NO_ROOTFS, .options = {.size = sizeof(ret->options)}};
	while (fgets(line, sizeof(line), list)) {
		char *value = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "end") == 0) {
			if (ret->options.library_path_count)
				ret->options.library_path = ret->directories;
			return true;
		}
		if (!value)
			fail("unknown line", line);
		*value++ = '\0';
		if (strcmp(line, "name") == 0)
			ret->name = checked(strdup(value));
		else
			set(ret, line, value);
	}
	return false;
}

void situation_free(struct situation *situation)
{
	for (size_t i = 0; i < INPUTS; i++)
		free((void *)(uintptr_t)situation->inputs[i].data);
	for (size_t i = 0; i < situation->text_count; i++)
		free(situation->texts[i]);
	free(situation->name);
	if (situation->rootfs != OCIENV_NO_ROOTFS)
		(void)close(situation->rootfs);
}
