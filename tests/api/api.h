/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the public interface share. They see the public header and nothing
 * else, and are linked with the shared library as programs are. */
#ifndef OCIENV_TESTS_API_H
#define OCIENV_TESTS_API_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ocienv/ocienv.h>

/* A value that no message may hold. */
#define MARKER "MARKER-5a1e"

/* A document out of a literal. */
#define DOCUMENT(name, text) ((struct ocienv_document){(name), (text), sizeof(text) - 1})

#define OPTIONS(...) (&(struct ocienv_options){.size = sizeof(struct ocienv_options), __VA_ARGS__})
#define LIMITS(...) (&(struct ocienv_limits){.size = sizeof(struct ocienv_limits), __VA_ARGS__})

/* A key for the public form. */
extern const uint8_t public_key[32];

extern const struct ocienv_document image_document, spec_document, pod_document,
	objects_document;

/* Layers and a config of the documents above; they fail the test if there are none. */
struct ocienv_layer *make_image(const struct ocienv_options *options);
struct ocienv_layer *make_spec(const struct ocienv_options *options);
struct ocienv_layer *make_pod(const struct ocienv_options *options);
struct ocienv_config *make_config(const struct ocienv_options *options, int rootfs);
struct ocienv_config *make_spec_config(const struct ocienv_options *options);

/* A rootfs in a new directory: its descriptor; ended by tree_end(). */
int tree_begin(void);
void tree_end(void);

/* Number of descriptors that this process has open. */
size_t open_descriptors(void);

/*
 * Allocator that counts and that can be told to fail. What is given back must have been
 * cleared; it is overwritten and kept until heap_end(), so that whoever still looks at it
 * finds rubbish, always.
 */
struct heap {
	size_t calls, live; /* requests; blocks that were not given back */
	size_t fail_at;	    /* number of the request that fails, from 1; 0: none */
	bool for_ever;	    /* and all behind it */
	void *kept;	    /* blocks that were given back */
	struct ocienv_allocator allocator;
};

/* A heap must not move: the allocator points to it. */
void heap_begin(struct heap *heap);

/* Fails the test if a block was not given back. */
void heap_end(struct heap *heap);

/* An error with a pattern in it, and whether it still has that pattern. */
void error_fill(struct ocienv_error *error);
bool error_is_filled(const struct ocienv_error *error);

/* Checks the error that belongs to a status: complete, one line, and MARKER not
 * in its message. */
void check_error(int32_t status, const struct ocienv_error *error);

#endif
