/* SPDX-License-Identifier: Apache-2.0 */
/* The command line, read by the table of flags. */
#include "command_line.h"

#include <stdlib.h>
#include <string.h>

static bool say_no_choice(const struct flag *flag, const char *value)
{
	struct nearest nearest = {value, strlen(value), NULL, 0};
	char what[192];
	size_t at = (size_t)snprintf(what, sizeof(what), "one of the values of %s (", flag->name);

	for (const struct choice *c = flag->choices; c->name; c++) {
		nearest_offer(&nearest, c->name);
		at += (size_t)snprintf(what + at, sizeof(what) - at, "%s%s", c->name,
				       c[1].name ? ", " : ")");
	}
	(void)say_unknown(what, &nearest);
	return false;
}

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
	return say_no_choice(flag, value);
}

static bool is_choice(const struct flag *flag)
{
	return flag->kind == CHOICE || flag->kind == LIBOS || flag->kind == OUTPUT;
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

	if (is_choice(flag))
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

/* Its place in the table; no such flag: the table's end. */
static size_t find_flag(const char *name, size_t length, unsigned int takes)
{
	size_t i = 0;

	for (; flag_at(i); i++) {
		const struct flag *flag = flag_at(i);

		if (strlen(flag->name) == length && strncmp(flag->name, name, length) == 0 &&
		    flag_is_taken(flag, takes))
			break;
	}
	return i;
}

static bool say_no_flag(const char *text, size_t length, unsigned int takes)
{
	struct nearest nearest = {text, length, NULL, 0};

	for (size_t i = 0; flag_at(i); i++)
		if (flag_is_taken(flag_at(i), takes))
			nearest_offer(&nearest, flag_at(i)->name);
	(void)say_unknown("a flag of this subcommand", &nearest);
	return false;
}

/* One without a value. */
static bool take_switch(const struct flag *flag, struct flags *flags, bool has_value)
{
	bool yes = true;

	if (has_value) {
		(void)say_usage("expected no value behind %s, found one", flag->name);
		return false;
	}
	if (flag->kind == OPTION)
		flags->options |= (uint32_t)flag->most;
	else
		memcpy((char *)flags + flag->at, &yes, sizeof(yes));
	return true;
}

/* "--flag value", "--flag=value", "-o value". */
static bool take_flag(struct flags *flags, char **argv, int argc, int *at, unsigned int takes)
{
	const char *text = argv[*at], *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : strlen(text);
	size_t place = find_flag(text, length, takes);
	const struct flag *flag = flag_at(place);

	if (!flag)
		return say_no_flag(text, length, takes);
	if (flags->given[place] && (is_choice(flag) || flag->kind == SIZE))
		return say_again(flag);
	flags->given[place] = true;
	if (flag->kind == SWITCH || flag->kind == OPTION)
		return take_switch(flag, flags, equals);
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

/* Two flags for one thing. */
static bool inputs_go_together(const struct flags *flags)
{
	const char *fault = NULL;

	if (flags->bundle && flags->spec)
		fault = "expected --bundle or --spec, found both";
	else if (flags->bundle && flags->rootfs)
		fault = "expected --bundle or --rootfs, found both";
	else if (flags->oci_layout && flags->image)
		fault = "expected --oci-layout or --image, found both";
	else if (flags->platform && !flags->oci_layout)
		fault = "expected --oci-layout beside --platform, found none";
	if (fault)
		(void)say_usage("%s", fault);
	return !fault;
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
	return flags->help || inputs_go_together(flags);
}
