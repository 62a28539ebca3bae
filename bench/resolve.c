/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve [--check] SETS: how long a whole answer takes, as a multiple of the time that json-c and
 * libyaml take to tokenize the same bytes and throw the result away. An answer is: image config,
 * config.json and Pod read, image and Pod resolved in a rootfs (the program is the fourth entry of
 * PATH), the CONFIG blob written. SETS is what sets.py makes.
 *
 * Each round measures both, one behind the other, so that whatever else the machine does falls on
 * both; the medians of the rounds' ratios are compared. With --check the status is 1 if a target is
 * missed by more than the noise of this very run: what half of the rounds differ by.
 */
#define _POSIX_C_SOURCE 200809L
#include <ocienv/ocienv.h>

#include "tree.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <yaml.h>

enum { ROUNDS = 101, IMAGE = 0, SPEC, POD, DOCUMENTS };

static const double round_us = 2000; /* both halves take about as long in each round */

static const struct {
	const char *name;
	double most;
} sets[] = {
	{"small", 0.50}, {"service", 0.50}, {"database", 0.50},
	{"many-variables", 0.50}, {"large", 1.10}, {"huge", 1.10},
};

struct work {
	struct ocienv_document documents[DOCUMENTS];
	int rootfs;
};

static _Noreturn void die(const char *what, const char *why)
{
	(void)fprintf(stderr, "resolve: %s: %s\n", what, why);
	exit(2);
}

static struct ocienv_document slurp(const char *folder, const char *set, const char *name)
{
	char path[2048];
	struct stat st;
	char *data;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s/%s", folder, set, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || !(data = malloc((size_t)st.st_size + 1)) ||
	    read(fd, data, (size_t)st.st_size) != st.st_size)
		die(path, "cannot be read");
	(void)close(fd);
	return (struct ocienv_document){name, data, (size_t)st.st_size};
}

/* --- what others do ----------------------------------------------------------------- */

static void tokenize_json(const struct ocienv_document *document)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object =
		json_tokener_parse_ex(tokener, document->data, (int)document->size);

	if (!object)
		die(document->name, "json-c does not take it");
	(void)json_object_put(object);
	json_tokener_free(tokener);
}

static void tokenize_yaml(const struct ocienv_document *document)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool more = true;

	if (!yaml_parser_initialize(&parser))
		die(document->name, "libyaml cannot begin");
	yaml_parser_set_input_string(&parser, document->data, document->size);
	while (more) {
		if (!yaml_parser_parse(&parser, &event))
			die(document->name, "libyaml does not take it");
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
}

static void tokenize(const struct work *work)
{
	tokenize_json(&work->documents[IMAGE]);
	tokenize_json(&work->documents[SPEC]);
	tokenize_yaml(&work->documents[POD]);
}

/* --- what the library does ---------------------------------------------------------- */

static void answer(const struct work *work)
{
	static const struct ocienv_limits limits = {.size = sizeof(limits),
						    .max_env = 1 << 20,
						    .max_nodes = 1 << 20};
	static const struct ocienv_options options = {.size = sizeof(options), .limits = &limits};
	struct ocienv_layer *image = NULL, *spec = NULL, *pod = NULL;
	struct ocienv_config *config = NULL;
	struct ocienv_error error;
	struct ocienv_buffer blob;

	if (ocienv_layer_from_image_config(&image, &work->documents[IMAGE], &options, &error) ||
	    ocienv_layer_from_runtime_spec(&spec, &work->documents[SPEC], &options, &error) ||
	    ocienv_layer_from_pod(&pod, &work->documents[POD], NULL, &options, &error) ||
	    ocienv_resolve(&config, (const struct ocienv_layer *[]){image, pod}, 2, work->rootfs,
			   &options, &error) ||
	    ocienv_config_encode(&blob, config, &options, &error))
		die(error.document, error.message);
	ocienv_buffer_free(&blob);
	ocienv_config_free(config);
	ocienv_layer_free(pod);
	ocienv_layer_free(spec);
	ocienv_layer_free(image);
}

/* --- both --------------------------------------------------------------------------- */

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double time_of(void (*what)(const struct work *), const struct work *work, int times)
{
	double start = now();

	for (int i = 0; i < times; i++)
		what(work);
	return (now() - start) / times;
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* One line. True if the target is met. */
static bool measure(const struct work *work, const char *name, double most)
{
	static double base[ROUNDS], ours[ROUNDS], ratio[ROUNDS];
	double noise, middle;
	int often = 1 + (int)(round_us / time_of(tokenize, work, 1));
	int often_ours = 1 + (int)(round_us / time_of(answer, work, 1));
	size_t bytes = 0;

	for (int i = 0; i < DOCUMENTS; i++)
		bytes += work->documents[i].size;
	for (int i = 0; i < ROUNDS; i++) {
		base[i] = time_of(tokenize, work, often);
		ours[i] = time_of(answer, work, often_ours);
		ratio[i] = ours[i] / base[i];
	}
	qsort(ratio, ROUNDS, sizeof(*ratio), ascending);
	qsort(base, ROUNDS, sizeof(*base), ascending);
	qsort(ours, ROUNDS, sizeof(*ours), ascending);
	middle = ratio[ROUNDS / 2];
	noise = ratio[3 * ROUNDS / 4] - ratio[ROUNDS / 4];
	(void)printf("%-16s %8zu bytes  tokenized %9.1f us  answered %9.1f us  ratio %5.2f  "
		     "noise %4.2f  target %4.2f%s\n",
		     name, bytes, base[ROUNDS / 2], ours[ROUNDS / 2], middle, noise, most,
		     middle <= most ? "" : "  MISSED");
	return middle <= most + noise;
}

int main(int argc, char **argv)
{
	bool check = argc > 2 && strcmp(argv[1], "--check") == 0, met = true;
	struct work work;

	if (argc != 2 + check)
		die("usage", "resolve [--check] SETS");
	work.rootfs = tree_make();
	if (work.rootfs < 0) {
		tree_remove(work.rootfs);
		die("rootfs", "cannot be made");
	}
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		work.documents[IMAGE] = slurp(argv[1 + check], sets[i].name, "image.json");
		work.documents[SPEC] = slurp(argv[1 + check], sets[i].name, "config.json");
		work.documents[POD] = slurp(argv[1 + check], sets[i].name, "pod.yaml");
		met = measure(&work, sets[i].name, sets[i].most) && met;
		for (int d = 0; d < DOCUMENTS; d++)
			free((void *)(uintptr_t)work.documents[d].data);
	}
	tree_remove(work.rootfs);
	return check && !met;
}
