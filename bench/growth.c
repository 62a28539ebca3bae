/* SPDX-License-Identifier: Apache-2.0 */
/*
 * growth [--short] [--check] SETS: how time and peak memory of a whole answer grow with the number
 * of variables, arguments, objects and policy rules, 10 to 100,000 of them: the exponent by least
 * squares on logarithms, beside that of the last step alone, which no fixed cost flattens. Then
 * the peak of the heap for the sets of sets.py, as a multiple of the documents' bytes.
 *
 * Memory is that of the whole process, json-c's and libyaml's included; it is the same in each run,
 * and the status is 1 if a target of it is missed. With --check it is 1, too, if one of time is, by
 * more than the noise of this very run: what the exponents of the quartiles differ by.
 */
#include "growth.h"
#include "memory.h"
#include "timing.h"
#include "tree.h"
#include "work.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = 5, MOST_ROUNDS = 15, LEAST_ROUNDS = 3 };

static const double most_exponent = 1.05, most_heap = 3.0;
static const double round_us = 3000, size_us = 1500000;

static const char *const set_names[] = {"small",	  "service", "database",
					"many-variables", "large",   "huge"};

/* --- one answer --------------------------------------------------------------------- */

static int32_t answer(const struct grown *grown, int rootfs, struct ocienv_error *error)
{
	struct ocienv_options options = work_options;
	struct ocienv_layer *image = NULL, *pod = NULL;
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_policy *policy = NULL;
	struct ocienv_config *config = NULL;
	struct ocienv_buffer blob = {NULL, 0, {NULL, NULL, NULL}};
	int32_t status = ocienv_cluster_new(&cluster, &options, error);

	if (!status && grown->objects.size)
		status = ocienv_cluster_add_objects(cluster, &grown->objects, error);
	if (!status && grown->policy.size)
		status = ocienv_policy_from_json(&policy, &grown->policy, &options, error);
	if (!status)
		status = ocienv_layer_from_image_config(&image, &grown->image, &options, error);
	if (!status)
		status = ocienv_layer_from_pod(&pod, &grown->pod, cluster, &options, error);
	options.policy = policy;
	if (!status)
		status = ocienv_resolve(&config, (const struct ocienv_layer *[]){image, pod}, 2,
					rootfs, &options, error);
	if (!status)
		status = ocienv_config_encode(&blob, config, &options, error);
	ocienv_buffer_free(&blob);
	ocienv_config_free(config);
	ocienv_policy_free(policy);
	ocienv_layer_free(pod);
	ocienv_layer_free(image);
	ocienv_cluster_free(cluster);
	return status;
}

static double time_of(const struct grown *grown, int rootfs, int times)
{
	struct ocienv_error error;
	double start = timing_now();

	for (int i = 0; i < times; i++)
		if (answer(grown, rootfs, &error))
			die(error.document, error.message);
	return (timing_now() - start) / times;
}

/* --- how they grow ------------------------------------------------------------------ */

struct growth {
	double count[SIZES], peak[SIZES], quartile[3][SIZES];
	int sizes;
};

static void measure_size(const struct growth_kind *kind, int rootfs, size_t count,
			 struct growth *ret)
{
	double times[MOST_ROUNDS], once;
	struct grown grown = kind->make(count);
	size_t rounds;
	int often, at = ret->sizes++;

	memory_begin();
	once = time_of(&grown, rootfs, 1);
	ret->count[at] = (double)count;
	ret->peak[at] = (double)memory_peak();
	often = 1 + (int)(round_us / once);
	rounds = (size_t)fmin(MOST_ROUNDS, fmax(LEAST_ROUNDS, size_us / (once * often)));
	for (size_t i = 0; i < rounds; i++)
		times[i] = time_of(&grown, rootfs, often);
	for (size_t q = 0; q < 3; q++)
		ret->quartile[q][at] = timing_quartile(times, rounds, q + 1);
	growth_free(&grown);
}

static double exponent_of(const double *count, const double *value, int n)
{
	double x = 0, y = 0, xx = 0, xy = 0;

	for (int i = 0; i < n; i++) {
		double u = log(count[i]), v = log(value[i]);

		x += u;
		y += v;
		xx += u * u;
		xy += u * v;
	}
	return (n * xy - x * y) / (n * xx - x * x);
}

/* One line. True if the target is met but for noise. */
static bool report(const char *name, const char *what, const struct growth *g,
		   const double *values, double noise)
{
	double all = exponent_of(g->count, values, g->sizes);
	double last = exponent_of(g->count + g->sizes - 2, values + g->sizes - 2, 2);

	(void)printf("%-12s %-10s", name, what);
	for (int i = 0; i < g->sizes; i++)
		(void)printf(" %12.0f", values[i]);
	(void)printf("  exponent %5.3f (last step %5.3f)  noise %5.3f  target %4.2f%s\n", all, last,
		     noise, most_exponent, all <= most_exponent ? "" : "  MISSED");
	(void)fflush(stdout);
	return all <= most_exponent + noise;
}

/* Which targets are met. */
struct met {
	bool time, memory;
};

static void measure_growth(const struct growth_kind *kind, int rootfs, int sizes, struct met *met)
{
	struct growth g = {.sizes = 0};
	double noise;
	size_t count = 10;

	for (int i = 0; i < sizes; i++, count *= 10)
		measure_size(kind, rootfs, count, &g);
	noise = fabs(exponent_of(g.count, g.quartile[2], g.sizes) -
		     exponent_of(g.count, g.quartile[0], g.sizes));
	met->time &= report(kind->name, "us", &g, g.quartile[1], noise);
	met->memory &= report(kind->name, "peak bytes", &g, g.peak, 0);
}

/* --- what they take ----------------------------------------------------------------- */

static bool measure_heap(const char *folder, const char *set, int rootfs)
{
	struct work work = {.rootfs = rootfs};
	double ratio, bytes;

	work_read(&work, folder, set);
	bytes = (double)work_bytes(&work);
	memory_begin();
	work_answer(&work);
	ratio = (double)memory_peak() / bytes;
	(void)printf("%-16s %8.0f bytes  peak heap %9zu bytes  ratio %5.2f  target %4.2f%s\n", set,
		     bytes, memory_peak(), ratio, most_heap, ratio <= most_heap ? "" : "  MISSED");
	work_free(&work);
	return ratio <= most_heap;
}

int main(int argc, char **argv)
{
	struct met met = {true, true};
	bool check = false;
	int sizes = SIZES, rootfs, at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		check |= !strcmp(argv[at], "--check");
		if (!strcmp(argv[at], "--short"))
			sizes = SIZES - 1;
	}
	if (at + 1 != argc)
		die("usage", "growth [--short] [--check] SETS");
	rootfs = tree_make();
	if (rootfs < 0) {
		tree_remove(rootfs);
		die("rootfs", "cannot be made");
	}
	for (size_t i = 0; i < sizeof(set_names) / sizeof(set_names[0]); i++)
		met.memory &= measure_heap(argv[at], set_names[i], rootfs);
	for (const struct growth_kind *kind = growth_kinds; kind->name; kind++)
		measure_growth(kind, rootfs, sizes, &met);
	tree_remove(rootfs);
	return !met.memory || (check && !met.time);
}
