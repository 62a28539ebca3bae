/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adversarial [--short] [--check] [NAME...]: how long hostile documents of three sizes
 * take, per MiB, and how the time grows. With --check the status is 1 if a shape takes more
 * than a second per MiB or grows faster than its text.
 *
 * The limits are raised so that the time, not the limit, is what is measured; depth is not,
 * as libyaml itself is quadratic in it. A last column has the default limits.
 */
#include "ocienv/ocienv.h"
#include "shape.h"

#include <limits.h>
#include <malloc.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZES = 3, REPEATS = 5, ROUNDS = 4 };

static const double most_seconds = 1.0;	 /* per MiB */
static const double exponent_long = 1.2; /* n log n and caches, but nothing more */
static const double exponent_short = 1.5; /* sizes that only caches tell apart; a square is 2 */
static const double least_seconds = 0.004; /* below it the clock says nothing about growth */
static const double enough_seconds = 0.25; /* spent on one measurement */

static const size_t sizes_long[SIZES] = {64 << 10, 256 << 10, 1 << 20};
static const size_t sizes_short[SIZES] = {64 << 10, 128 << 10, 256 << 10};

static const struct ocienv_limits raised = {
	.size = sizeof(struct ocienv_limits),
	.max_document = 1U << 26,
	.max_nodes = 1U << 26,
	.max_string = 1U << 26,
	.max_args = 1U << 26,
	.max_env = 1U << 26,
	.max_result = 1U << 30,
};

typedef int32_t layer_reader(struct ocienv_layer **ret, const struct ocienv_document *document,
			     const struct ocienv_options *options, struct ocienv_error *reterr);

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int32_t read_pod(struct ocienv_layer **ret, const struct ocienv_document *documents,
			const struct ocienv_options *options, struct ocienv_error *error)
{
	struct ocienv_cluster *cluster = NULL;
	int32_t status = ocienv_cluster_new(&cluster, options, error);

	if (!status && documents[1].size)
		status = ocienv_cluster_add_objects(cluster, &documents[1], error);
	if (!status)
		status = ocienv_layer_from_pod(ret, &documents[0], cluster, options, error);
	ocienv_cluster_free(cluster);
	return status;
}

/* All that can be done with a layer. */
static int32_t use_layer(const struct ocienv_layer *layer, const struct ocienv_options *options,
			 struct ocienv_error *error)
{
	struct ocienv_buffer report = {NULL, 0, {NULL, NULL, NULL}};
	struct ocienv_buffer blob = {NULL, 0, {NULL, NULL, NULL}};
	struct ocienv_config *config = NULL;
	int32_t status = ocienv_layer_report(&report, layer, options, error);

	ocienv_buffer_free(&report);
	if (!status)
		status = ocienv_layer_encode(&blob, layer, options, error);
	ocienv_buffer_free(&blob);
	if (!status)
		status = ocienv_resolve(&config, &layer, 1, OCIENV_NO_ROOTFS, options, error);
	if (!status)
		status = ocienv_config_report(&report, config, options, error);
	if (!status)
		status = ocienv_config_encode(&blob, config, options, error);
	ocienv_buffer_free(&blob);
	ocienv_buffer_free(&report);
	ocienv_config_free(config);
	return status;
}

static int32_t run(const struct shape *shape, const struct ocienv_document *documents,
		   const struct ocienv_limits *limits, struct ocienv_error *error)
{
	static layer_reader *const readers[] = {
		[READ_IMAGE] = ocienv_layer_from_image_config,
		[READ_SPEC] = ocienv_layer_from_runtime_spec,
		[READ_POD] = read_pod,
	};
	struct ocienv_options options = {.size = sizeof(options), .limits = limits};
	struct ocienv_layer *layer = NULL;
	int32_t status = readers[shape->reader](&layer, documents, &options, error);

	if (!status)
		status = use_layer(layer, &options, error);
	ocienv_layer_free(layer);
	return status;
}

/* The least of several times. */
static double measure(const struct shape *shape, const struct text texts[2],
		      const struct ocienv_limits *limits, struct ocienv_error *error)
{
	const struct ocienv_document documents[2] = {
		{"document", texts[0].data, texts[0].size},
		{"objects", texts[1].data, texts[1].size},
	};
	double best = INFINITY, spent = 0;

	/* The first one may have to ask the kernel for memory. */
	for (int i = 0; i < REPEATS && (i < 2 || spent < enough_seconds); i++) {
		double start = now(), seconds;

		*error = (struct ocienv_error){.status = OCIENV_OK};
		(void)run(shape, documents, limits, error);
		seconds = now() - start;
		spent += seconds;
		if (seconds < best)
			best = seconds;
	}
	return best;
}

/* Least squares on logarithms; NAN if fewer than two times are long enough. */
static double exponent_of(const double *bytes, const double *seconds)
{
	double n = 0, x = 0, y = 0, xx = 0, xy = 0;

	for (int i = 0; i < SIZES; i++) {
		double u = log(bytes[i]), v = log(seconds[i]);

		if (seconds[i] < least_seconds)
			continue;
		n++;
		x += u;
		y += v;
		xx += u * u;
		xy += u * v;
	}
	return n < 2 ? (double)NAN : (n * xy - x * y) / (n * xx - x * x);
}

struct result {
	double bytes[SIZES], seconds[SIZES], by_default, exponent, most_exponent;
	int32_t status, default_status;
};

static double per_mib(const struct result *r, double seconds, int size)
{
	return seconds / (r->bytes[size] / (1 << 20));
}

static bool is_slow(const struct result *r)
{
	bool slow = per_mib(r, r->by_default, SIZES - 1) > most_seconds;

	for (int i = 0; i < SIZES; i++)
		slow |= per_mib(r, r->seconds[i], i) > most_seconds;
	return slow || r->exponent > r->most_exponent;
}

static double less(double a, double b)
{
	return a < b ? a : b;
}

static bool measure_once(const struct shape *shape, const size_t *sizes, struct text texts[2],
			  struct result *ret)
{
	const struct ocienv_limits *limits = shape->bounded ? NULL : &raised;
	struct ocienv_error error;

	for (int i = 0; i < SIZES; i++) {
		if (!shape_write(shape, sizes[i], &texts[0], &texts[1]))
			return false;
		ret->bytes[i] = (double)(texts[0].size + texts[1].size);
		ret->seconds[i] = less(ret->seconds[i], measure(shape, texts, limits, &error));
		ret->status = error.status;
	}
	ret->by_default = less(ret->by_default, measure(shape, texts, NULL, &error));
	ret->default_status = error.status;
	/* A limit that is hit only by the longer texts says nothing about growth. */
	ret->exponent = shape->bounded ? (double)NAN : exponent_of(ret->bytes, ret->seconds);
	return true;
}

/* What looks slow is measured again: a busy machine is not, the next time. */
static bool measure_shape(const struct shape *shape, const size_t *sizes, struct text texts[2],
			  struct result *ret)
{
	bool ok = true;

	*ret = (struct result){.seconds = {INFINITY, INFINITY, INFINITY}, .by_default = INFINITY};
	ret->most_exponent = sizes == sizes_short ? exponent_short : exponent_long;
	for (int round = 0; ok && round < ROUNDS && (!round || is_slow(ret)); round++)
		ok = measure_once(shape, sizes, texts, ret);
	return ok;
}

static void print_result(const struct shape *shape, const struct result *r, bool slow)
{
	(void)printf("%-28s", shape->name);
	for (int i = 0; i < SIZES; i++)
		(void)printf(" %8.4f", per_mib(r, r->seconds[i], i));
	if (isnan(r->exponent))
		(void)printf("      - ");
	else
		(void)printf(" %7.2f", r->exponent);
	(void)printf(" %-11s %8.4f %-11s%s\n", ocienv_status_name(r->status),
		     per_mib(r, r->by_default, SIZES - 1),
		     ocienv_status_name(r->default_status), slow ? " SLOW" : "");
	(void)fflush(stdout);
}

static bool is_wanted(const char *name, char **names, int count)
{
	bool any = false;

	for (int i = 0; i < count; i++) {
		if (!strcmp(names[i], name))
			return true;
		any |= names[i][0] != '-';
	}
	return !any;
}

int main(int argc, char **argv)
{
	const struct shape_table tables[] = {json_shapes, yaml_shapes, pod_shapes};
	const size_t *sizes = sizes_long;
	struct text texts[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
	size_t shapes = 0, slow = 0;
	bool check = false;

	for (int i = 1; i < argc; i++) {
		check |= !strcmp(argv[i], "--check");
		if (!strcmp(argv[i], "--short"))
			sizes = sizes_short;
	}
	/* Keep the memory of one run for the next: how long the kernel needs to zero pages is
	 * not what is measured. */
	(void)mallopt(M_MMAP_MAX, 0);
	(void)mallopt(M_TRIM_THRESHOLD, INT_MAX);
	(void)printf("%-28s %6zu K %6zu K %6zu K  growth status      defaults\n", "seconds per MiB",
		     sizes[0] >> 10, sizes[1] >> 10, sizes[2] >> 10);
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		for (size_t i = 0; i < tables[t].count; i++) {
			const struct shape *shape = &tables[t].shapes[i];
			struct result result;

			if (!is_wanted(shape->name, argv + 1, argc - 1))
				continue;
			if (!measure_shape(shape, sizes, texts, &result))
				return 2;
			print_result(shape, &result, is_slow(&result));
			shapes++;
			slow += is_slow(&result);
		}
	}
	(void)printf("%zu shapes, %zu of them slow\n", shapes, slow);
	free(texts[0].data);
	free(texts[1].data);
	return check && (slow || !shapes) ? 1 : 0;
}
