/* SPDX-License-Identifier: Apache-2.0 */
/* What the library read, in the JSON of tests/wire/oeb1.py: a character for each byte. */
#ifndef OCIENV_TESTS_WIRE_DUMP_H
#define OCIENV_TESTS_WIRE_DUMP_H

#include "ocienv/boot.h"
#include "wire/wire.h"

#include <stdio.h>

/* The host's object, or what the enclave has if the host refuses it: `config` NULL. */
void dump_config(FILE *to, const struct ocienv_config *config, const struct ocienv_boot *boot);
void dump_layer(FILE *to, const struct ocienv_layer *layer);

#endif
