/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents in, layers and configs out, through the public functions. All that is made here
 * ends with the test; what a test changes in `given` is reset for the next one.
 */
#ifndef OCIENV_TESTS_GIVEN_H
#define OCIENV_TESTS_GIVEN_H

#include "unit/unit.h"

#include "read/layer.h"
#include "resolve/config.h"

struct given {
	struct ocienv_options options;
	int rootfs; /* OCIENV_NO_ROOTFS unless a test sets it */
	struct ocienv_cluster *cluster; /* NULL until cluster_has() */
	struct ocienv_error error;	/* of the last call that failed */
};

extern struct given given;

#define TEST(function)                                                                   \
	cmocka_unit_test_setup_teardown(function, given_setup, given_teardown)

int given_setup(void **state);
int given_teardown(void **state);

/* Documents that must be read. Their names are image.json, config.json, pod.yaml. */
struct ocienv_layer *image_of(const char *text);
struct ocienv_layer *spec_of(const char *text);
struct ocienv_layer *pod_of(const char *text);

/* Adds objects (objects.yaml) or a fact to the cluster that pod_of() asks. */
void cluster_has(const char *text);
void cluster_knows(const char *fact, const char *value);

/* Resolves; NULLs are left out. Must succeed, or fail with `status`. */
struct ocienv_config *config_of(const struct ocienv_layer *image,
				const struct ocienv_layer *other);
void assert_no_config(const struct ocienv_layer *image, const struct ocienv_layer *other,
		      int32_t status);

/* A document that must be refused, and how. */
struct refusal {
	const char *text;
	int32_t status;
	uint32_t line, column;
	const char *pointer;
	const char *message; /* a part of it; NULL: any */
};

enum given_kind { GIVEN_IMAGE, GIVEN_SPEC, GIVEN_POD, GIVEN_OBJECTS };

void assert_refused(enum given_kind kind, const struct refusal *row);
void assert_all_refused(enum given_kind kind, const struct refusal *rows, size_t count);

#define ASSERT_ALL_REFUSED(kind, rows)                                                   \
	assert_all_refused((kind), (rows), sizeof(rows) / sizeof((rows)[0]))

/* The entries in their order; ends with NULL. */
void assert_layer_env(const struct ocienv_layer *layer, ...) __attribute__((sentinel));
void assert_config_env(const struct ocienv_config *config, ...) __attribute__((sentinel));
void assert_argv(const struct ocienv_config *config, ...) __attribute__((sentinel));

/* "pod:7:11" for each value of the chain, newest first: "configmap:3:9 service:1:4". A source
 * without a place is its name alone, a secret one has a "!" in front. */
void assert_chain(const struct ocienv_config *config, const char *name, const char *chain);

/* Is there such a warning? */
bool has_warning(const struct ocienv_config *config, const char *code, const char *subject);

/* A pod with one container; members of the container start in line 7, indented by 4. */
#define POD_HEAD                                                                         \
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns}\nspec:\n"         \
	"  containers:\n  - name: c\n"
#define POD(members) POD_HEAD members

#endif
