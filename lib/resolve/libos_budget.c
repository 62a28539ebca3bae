/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Must be right to the byte: one too many and the process is not made, long after anybody
 * looks.
 */
#include "resolve/libos_budget.h"

#include "resolve/config.h"

enum { WORD = 8, PAGE = 4096 };

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

struct strings config_strings(const struct ocienv_config *config)
{
	struct strings strings = {.argc = config->argc, .envc = config->env.count};

	for (uint32_t i = 0; i < config->argc; i++)
		strings.bytes += strlen(config->argv[i]) + 1;
	for (uint32_t i = 0; i < config->env.count; i++)
		strings.bytes += config->env.items[i].text.len + 1;
	return strings;
}

/* Occlum's init_stack: random bytes and strings, a word to align them, the auxiliary vector
 * with its end, both lists with theirs, argc; the whole a multiple of 16. */
uint64_t occlum_stack_need(const struct strings *strings)
{
	enum { RANDOM = 16, AUXV = 15 * 16 };
	uint64_t pointers = (uint64_t)strings->argc + 1 + strings->envc + 1;

	return round_up(round_up(strings->bytes + RANDOM, WORD) + WORD + AUXV +
				pointers * WORD + WORD,
			16);
}

uint64_t occlum_stack_room(uint64_t stack_size)
{
	uint64_t room = stack_size >> 8 > PAGE ? stack_size >> 8 : PAGE;

	return room < stack_size ? room : stack_size;
}

uint64_t occlum_stack_for(uint64_t need)
{
	return need > PAGE ? need << 8 : PAGE;
}

/* Measured: the strings, both lists with their ends and argc, and 240 bytes. */
uint64_t gramine_stack_need(const struct strings *strings)
{
	enum { FIXED = 240 };

	return strings->bytes + ((uint64_t)strings->argc + strings->envc + 3) * WORD + FIXED;
}
