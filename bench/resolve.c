/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve [--check] SETS: how long a whole answer takes, as a multiple of the time that json-c and
 * libyaml take to tokenize the same bytes and throw the result away. An answer is: image config,
 * config.json and Pod read, image and Pod resolved in a rootfs (the program is the fourth entry of
 * PATH), the CONFIG blob written. SETS is what sets.py makes. Beside it stands what the system calls
 * of an answer take alone: they cost the same for each set, and much more on some machines. Without
 * openat2() an answer makes others, and that place is 0.
 *
 * Each round measures both, one behind the other, so that whatever else the machine does falls on
 * both; the medians of the rounds' ratios are compared. With --check the status is 1 if a target is
 * missed by more than the noise of this very run: what half of the rounds differ by.
 */
#include "timing.h"
#include "tree.h"
#include "work.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { ROUNDS = 101, CALLS = 20 };

static const double round_us = 2000; /* both halves take about as long in each round */

static const struct {
	const char *name;
	double most;
} sets[] = {
	{"small", 0.50}, {"service", 0.50}, {"database", 0.50},
	{"many-variables", 0.50}, {"large", 1.10}, {"huge", 1.10},
};

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

/* --- both --------------------------------------------------------------------------- */

static double time_of(void (*what)(const struct work *), const struct work *work, int times)
{
	double start = timing_now();

	for (int i = 0; i < times; i++)
		what(work);
	return (timing_now() - start) / times;
}

static void ask_kernel(const struct work *work)
{
	(void)tree_calls(work->rootfs);
}

/* One line. True if the target is met. */
static bool measure(const struct work *work, const char *name, double most)
{
	static double base[ROUNDS], ours[ROUNDS], ratio[ROUNDS], calls[ROUNDS];
	double noise, middle;
	int often = 1 + (int)(round_us / time_of(tokenize, work, 1));
	int often_ours = 1 + (int)(round_us / time_of(work_answer, work, 1));

	for (int i = 0; i < ROUNDS; i++) {
		base[i] = time_of(tokenize, work, often);
		ours[i] = time_of(work_answer, work, often_ours);
		calls[i] = tree_calls(work->rootfs) ? time_of(ask_kernel, work, CALLS) : 0;
		ratio[i] = ours[i] / base[i];
	}
	middle = timing_quartile(ratio, ROUNDS, 2);
	noise = timing_quartile(ratio, ROUNDS, 3) - timing_quartile(ratio, ROUNDS, 1);
	(void)printf("%-16s %8zu bytes  tokenized %9.1f us  answered %9.1f us, of which %4.1f in "
		     "system calls  ratio %5.2f  noise %4.2f  target %4.2f%s\n",
		     name, work_bytes(work), timing_quartile(base, ROUNDS, 2),
		     timing_quartile(ours, ROUNDS, 2), timing_quartile(calls, ROUNDS, 2), middle,
		     noise, most,
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
		work_read(&work, argv[1 + check], sets[i].name);
		met = measure(&work, sets[i].name, sets[i].most) && met;
		work_free(&work);
	}
	tree_remove(work.rootfs);
	return check && !met;
}
