/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: one table of flags. */
#include "tool.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct choice {
	const char *name;
	uint32_t value;
};

static const struct choice runtimes[] = {
	{"runc", OCIENV_RUNTIME_RUNC},
	{"runc-1.1", OCIENV_RUNTIME_RUNC_1_1},
	{"runc-1.2", OCIENV_RUNTIME_RUNC_1_2},
	{"runc-1.3", OCIENV_RUNTIME_RUNC_1_3},
	{"crun", OCIENV_RUNTIME_CRUN},
	{"crun-1.8", OCIENV_RUNTIME_CRUN_1_8},
	{"kata", OCIENV_RUNTIME_KATA},
	{"execvp", OCIENV_RUNTIME_EXECVP},
	{NULL, 0},
};

static const struct choice cris[] = {
	{"containerd", OCIENV_CRI_CONTAINERD},
	{"crio", OCIENV_CRI_CRIO},
	{NULL, 0},
};

static const struct choice pod_kinds[] = {
	{"object", OCIENV_POD_OBJECT},
	{"podspec", OCIENV_POD_SPEC},
	{"container", OCIENV_POD_CONTAINER},
	{NULL, 0},
};

static const struct choice user_profiles[] = {
	{"strict", OCIENV_USER_STRICT},
	{"containerd", OCIENV_USER_CONTAINERD},
	{"containerd-1.7", OCIENV_USER_CONTAINERD_1_7},
	{"crio", OCIENV_USER_CRIO},
	{"docker", OCIENV_USER_DOCKER},
	{NULL, 0},
};

static const struct choice liboses[] = {
	{"occlum", OCIENV_LIBOS_OCCLUM},
	{"gramine", OCIENV_LIBOS_GRAMINE},
	{NULL, 0},
};

static const struct choice outputs[] = {
	{"text", OUTPUT_TEXT}, {"json", OUTPUT_JSON},	{"blob", OUTPUT_BLOB},
	{"env0", OUTPUT_ENV0}, {"argv0", OUTPUT_ARGV0}, {"occlum", OUTPUT_OCCLUM},
	{"gramine", OUTPUT_GRAMINE}, {"public", OUTPUT_PUBLIC}, {NULL, 0},
};

enum kind {
	ONE,	/* const char *, given at most once */
	MANY,	/* const char *[], with a counter behind `count` */
	CHOICE, /* uint32_t from a table */
	OUTPUT, /* enum output from a table */
	SIZE,	/* uint64_t: bytes, or K, M or G of them */
	OPTION, /* sets a bit of ocienv_options.flags, which stands in `most` */
	SWITCH, /* bool */
};

struct flag {
	const char *name;
	enum kind kind;
	unsigned int takes;
	size_t at, count, most;
	const struct choice *choices;
};

#define AT(member) offsetof(struct flags, member)
#define TABLE_SIZE (sizeof(table) / sizeof(table[0]))

static const struct flag table[] = {
	{"--image", ONE, TAKES_INPUTS, AT(image), 0, 0, NULL},
	{"--pod", ONE, TAKES_INPUTS, AT(pod), 0, 0, NULL},
	{"--spec", ONE, TAKES_INPUTS, AT(spec), 0, 0, NULL},
	{"--layer", MANY, TAKES_INPUTS, AT(layers), AT(layer_count), MAX_LAYERS, NULL},
	{"--objects", MANY, TAKES_INPUTS, AT(objects), AT(object_count), MAX_OBJECTS, NULL},
	{"--fact", MANY, TAKES_INPUTS, AT(facts), AT(fact_count), MAX_FACTS, NULL},
	{"--pod-kind", CHOICE, TAKES_INPUTS, AT(pod_kind), 0, 0, pod_kinds},
	{"--workload", ONE, TAKES_INPUTS, AT(workload), 0, 0, NULL},
	{"--container", ONE, TAKES_INPUTS, AT(container), 0, 0, NULL},
	{"--hostname", ONE, TAKES_INPUTS, AT(hostname), 0, 0, NULL},
	{"--runtime", CHOICE, TAKES_INPUTS, AT(runtime), 0, 0, runtimes},
	{"--cri", CHOICE, TAKES_INPUTS, AT(cri), 0, 0, cris},
	{"--user-profile", CHOICE, TAKES_INPUTS, AT(user), 0, 0, user_profiles},
	{"--cri-direct", OPTION, TAKES_INPUTS, AT(options), 0, OCIENV_CRI_DIRECT, NULL},
	{"--strict", OPTION, TAKES_INPUTS, AT(options), 0, OCIENV_STRICT, NULL},
	{"--lenient", OPTION, TAKES_INPUTS, AT(options), 0, OCIENV_LENIENT, NULL},
	{"--digests", OPTION, TAKES_INPUTS, AT(options), 0, OCIENV_KEEP_DIGEST, NULL},
	{"--libos", CHOICE, TAKES_LIBOS, AT(libos), 0, 0, liboses},
	{"--stack-size", SIZE, TAKES_LIBOS, AT(stack_size), 0, 0, NULL},
	{"--library-path", MANY, TAKES_LIBOS, AT(library_path), AT(library_count), MAX_LIBRARIES,
	 NULL},
	{"--occlum-json", ONE, TAKES_LIBOS, AT(occlum_json), 0, 0, NULL},
	{"--accept-root", OPTION, TAKES_LIBOS, AT(options), 0, OCIENV_ACCEPT_ROOT, NULL},
	{"--policy", ONE, TAKES_POLICY, AT(policy), 0, 0, NULL},
	{"--rootfs", ONE, TAKES_ROOTFS, AT(rootfs), 0, 0, NULL},
	{"--output", OUTPUT, TAKES_OUTPUT, AT(output), 0, 0, outputs},
	{"--digest-key", ONE, TAKES_KEY, AT(digest_key), 0, 0, NULL},
	{"--show-secrets", SWITCH, TAKES_SECRETS, AT(show_secrets), 0, 0, NULL},
	{"--exec", SWITCH, TAKES_EXEC, AT(exec), 0, 0, NULL},
	{"-o", ONE, TAKES_OUT, AT(out), 0, 0, NULL},
	{"--help", SWITCH, 0, AT(help), 0, 0, NULL},
};

_Static_assert(TABLE_SIZE <= MAX_FLAGS, "flags.given has a place for each");

static bool set_choice(const struct flag *flag, const char *value, void *member)
{
	for (const struct choice *c = flag->choices; c->name; c++) {
		enum output output = (enum output)c->value;

		if (strcmp(c->name, value) != 0)
			continue;
		if (flag->kind == OUTPUT)
			memcpy(member, &output, sizeof(output));
		else
			memcpy(member, &c->value, sizeof(c->value));
		return true;
	}
	(void)say_usage("expected one of the values of %s, found another text", flag->name);
	return false;
}

/* As Gramine's manifest takes a size: digits, and a letter of either case. */
static bool set_size(const struct flag *flag, const char *text, uint64_t *ret)
{
	static const char letters[] = "KkMmGg";
	const char *end = text + strspn(text, "0123456789");
	const char *letter = *end ? strchr(letters, *end) : NULL;
	unsigned int shift = letter ? 10 * (unsigned int)((letter - letters) / 2 + 1) : 0;
	uint64_t size = end - text <= 18 ? strtoull(text, NULL, 10) : 0;

	if (size && !*(letter ? end + 1 : end) && size <= UINT64_MAX >> shift) {
		*ret = size << shift;
		return true;
	}
	(void)say_usage("expected a number of bytes, or K, M or G of them, behind %s, found another "
			"text", flag->name);
	return false;
}

static bool say_again(const struct flag *flag)
{
	(void)say_usage("expected %s fewer times, found it again", flag->name);
	return false;
}

static bool set_value(const struct flag *flag, struct flags *flags, const char *value)
{
	void *member = (char *)flags + flag->at;
	const char **texts = member;
	size_t *count = (size_t *)(void *)((char *)flags + flag->count);

	if (flag->kind == CHOICE || flag->kind == OUTPUT)
		return set_choice(flag, value, member);
	if (flag->kind == SIZE)
		return set_size(flag, value, member);
	if (flag->kind == MANY && *count < flag->most) {
		texts[(*count)++] = value;
		return true;
	}
	if (flag->kind == ONE && !*texts) {
		*texts = value;
		return true;
	}
	return say_again(flag);
}

static const struct flag *find_flag(const char *name, size_t length, unsigned int takes)
{
	for (size_t i = 0; i < TABLE_SIZE; i++) {
		const struct flag *flag = &table[i];

		if (strlen(flag->name) == length && strncmp(flag->name, name, length) == 0 &&
		    (flag->takes & takes || !flag->takes))
			return flag;
	}
	return NULL;
}

/* "--flag value", "--flag=value", "-o value". */
static bool take_flag(struct flags *flags, char **argv, int argc, int *at, unsigned int takes)
{
	const char *text = argv[*at], *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : strlen(text);
	const struct flag *flag = find_flag(text, length, takes);
	bool yes = true, *given;

	if (!flag) {
		(void)say_usage("expected a flag of this subcommand, found \"%.*s\"",
				(int)(length < 64 ? length : 64), text);
		return false;
	}
	given = &flags->given[flag - table];
	if (*given && (flag->kind == CHOICE || flag->kind == OUTPUT || flag->kind == SIZE))
		return say_again(flag);
	*given = true;
	if (flag->kind == SWITCH || flag->kind == OPTION) {
		if (equals) {
			(void)say_usage("expected no value behind %s, found one", flag->name);
			return false;
		}
		if (flag->kind == OPTION)
			flags->options |= (uint32_t)flag->most;
		else
			memcpy((char *)flags + flag->at, &yes, sizeof(yes));
		return true;
	}
	if (equals)
		return set_value(flag, flags, equals + 1);
	if (*at + 1 >= argc) {
		(void)say_usage("expected a value behind %s, found none", flag->name);
		return false;
	}
	return set_value(flag, flags, argv[++*at]);
}

static size_t count_stdin(const struct flags *flags, unsigned int takes)
{
	const char *const files[] = {flags->image, flags->pod, flags->spec, flags->occlum_json,
				     flags->policy, flags->digest_key,
				     takes & TAKES_BLOB ? flags->operands[0] : NULL};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		n += files[i] && strcmp(files[i], "-") == 0;
	for (size_t i = 0; i < flags->layer_count; i++)
		n += strcmp(flags->layers[i], "-") == 0;
	for (size_t i = 0; i < flags->object_count; i++)
		n += strcmp(flags->objects[i], "-") == 0;
	return n;
}

bool flags_parse(struct flags *flags, int argc, char **argv, unsigned int takes)
{
	size_t most = takes & TAKES_NAMES ? MAX_NAMES : takes & TAKES_BLOB ? 1 : 0;

	for (int i = 0; i < argc; i++) {
		bool is_flag = argv[i][0] == '-' && argv[i][1];

		if (is_flag) {
			if (!take_flag(flags, argv, argc, &i, takes))
				return false;
		} else if (flags->operand_count < most) {
			flags->operands[flags->operand_count++] = argv[i];
		} else {
			(void)say_usage("expected a flag, found another argument");
			return false;
		}
	}
	if (count_stdin(flags, takes) > 1) {
		(void)say_usage("expected \"-\" for one file, found it for several");
		return false;
	}
	return true;
}
