/* SPDX-License-Identifier: Apache-2.0 */
/* How much of a process's first stack its arguments and variables take in a LibOS. Pure. */
#ifndef OCIENV_RESOLVE_LIBOS_BUDGET_H
#define OCIENV_RESOLVE_LIBOS_BUDGET_H

#include <stdint.h>

/* What is laid out: all strings of both lists, each with its NUL. */
struct strings {
	uint64_t bytes;
	uint32_t argc, envc;
};

struct ocienv_config;

/* What an answer lays out. */
struct strings config_strings(const struct ocienv_config *config);

/* Occlum: process.default_stack_size of the template Occlum.json. */
#define OCCLUM_STACK_SIZE ((uint64_t)4 << 20)

/* Gramine: sys.stack.size where the manifest says nothing. */
#define GRAMINE_STACK_SIZE ((uint64_t)256 << 10)

/* Gramine: beyond some 16,200 strings its PAL dies, whatever the stack's size. */
enum { GRAMINE_STRINGS = 16000 };

/* Bytes that Occlum needs, and those it has: a 256th of the stack, 4 KiB at least. */
uint64_t occlum_stack_need(const struct strings *strings);
uint64_t occlum_stack_room(uint64_t stack_size);

/* The smallest stack that has `need` bytes for them. */
uint64_t occlum_stack_for(uint64_t need);

/* Bytes that Gramine needs; it has the whole stack, and what is left is the program's. */
uint64_t gramine_stack_need(const struct strings *strings);

#endif
