/* SPDX-License-Identifier: Apache-2.0 */
/*
 * concurrency [--count N] SETS: eight threads resolve N times in all, over layers, a policy and a
 * rootfs that they share, and read a config that they share as well. Each answer is compared
 * with the one that was made before there were threads. Printed is what each thread did in a
 * second, and what an answer cost it in processor time as a multiple of what it cost before.
 */
#define _POSIX_C_SOURCE 200809L
#include "timing.h"
#include "tree.h"
#include "work.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 8, ENCODE_EVERY = 16 };

static const long million = 1000000, most_count = 1000000000;

/* Written before the threads begin, and only read from then on. */
struct shared {
	const struct ocienv_layer *image, *pod;
	const struct ocienv_policy *policy;
	const struct ocienv_config *config;
	const struct ocienv_buffer *blob; /* of config */
	struct ocienv_options options;
	int rootfs;
	long count; /* for each thread */
};

struct thread {
	pthread_t id;
	const struct shared *shared;
	long done;
	double seconds, cpu_us;
	struct ocienv_error error;
	bool differs;
};

static bool same_strings(const char *const *a, const char *const *b)
{
	for (; *a && *b; a++, b++)
		if (strcmp(*a, *b) != 0)
			return false;
	return *a == *b;
}

static bool same_config(const struct ocienv_config *a, const struct ocienv_config *b)
{
	struct ocienv_exec exec_a, exec_b;

	return same_strings(ocienv_config_argv(a, NULL), ocienv_config_argv(b, NULL)) &&
	       same_strings(ocienv_config_envp(a, NULL), ocienv_config_envp(b, NULL)) &&
	       !strcmp(ocienv_config_cwd(a), ocienv_config_cwd(b)) &&
	       !ocienv_config_exec(a, &exec_a) && !ocienv_config_exec(b, &exec_b) &&
	       !strcmp(exec_a.path, exec_b.path) && exec_a.inode == exec_b.inode;
}

static int32_t resolve(const struct shared *s, struct ocienv_config **ret,
		       struct ocienv_error *error)
{
	return ocienv_resolve(ret, (const struct ocienv_layer *[]){s->image, s->pod}, 2, s->rootfs,
			      &s->options, error);
}

/* The blobs of a config and of the shared one are the same bytes. */
static int32_t encode(struct thread *t, const struct ocienv_config *config)
{
	struct ocienv_buffer blob = {NULL, 0, {NULL, NULL, NULL}};
	int32_t status = ocienv_config_encode(&blob, config, &work_options, &t->error);

	if (!status && (blob.size != t->shared->blob->size ||
			memcmp(blob.data, t->shared->blob->data, blob.size) != 0))
		t->differs = true;
	ocienv_buffer_free(&blob);
	return status;
}

static int32_t answer(struct thread *t)
{
	struct ocienv_config *config = NULL;
	int32_t status = resolve(t->shared, &config, &t->error);

	if (!status && !same_config(config, t->shared->config))
		t->differs = true;
	if (!status && t->done % ENCODE_EVERY == 0)
		status = encode(t, config);
	if (!status && t->done % ENCODE_EVERY == ENCODE_EVERY / 2)
		status = encode(t, t->shared->config);
	ocienv_config_free(config);
	return status;
}

static double seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *run(void *ptr)
{
	struct thread *t = ptr;
	double start = seconds_now(), cpu = timing_now();

	while (t->done < t->shared->count && !t->differs && !t->error.status) {
		if (answer(t))
			break;
		t->done++;
	}
	t->cpu_us = (timing_now() - cpu) / (double)t->done;
	t->seconds = seconds_now() - start;
	return NULL;
}

/* One line each. Answers that all of them gave. */
static long report(const struct thread *threads, const struct thread *alone)
{
	long done = 0;

	for (int i = 0; i < THREADS; i++) {
		const struct thread *t = &threads[i];

		done += t->done;
		(void)printf("thread %d  %8ld answers  %9.0f in a second  %6.2f us of processor "
			     "each  ratio to one thread %4.2f\n",
			     i, t->done, (double)t->done / t->seconds, t->cpu_us,
			     t->cpu_us / alone->cpu_us);
		if (t->differs)
			(void)printf("thread %d  an answer differs\n", i);
		if (t->error.status)
			(void)printf("thread %d  %s\n", i, t->error.message);
	}
	return done;
}

static int run_all(struct shared *shared, long count)
{
	static struct thread threads[THREADS];
	struct thread alone = {.shared = shared};
	double start;
	long done;

	shared->count = count / THREADS / 4 + 1;
	(void)run(&alone);
	shared->count = (count + THREADS - 1) / THREADS;
	start = seconds_now();
	for (int i = 0; i < THREADS; i++) {
		threads[i].shared = shared;
		if (pthread_create(&threads[i].id, NULL, run, &threads[i]))
			die("pthread_create", "no thread");
	}
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i].id, NULL);
	start = seconds_now() - start;
	done = report(threads, &alone);
	(void)printf("%d threads, %ld answers of %ld, %.0f in a second, %.0f for each thread\n",
		     THREADS, done, shared->count * THREADS, (double)done / start,
		     (double)done / start / THREADS);
	return done == shared->count * THREADS && !alone.differs && !alone.error.status ? 0 : 1;
}

static int share(const struct work *work, long count)
{
	struct shared shared = {.rootfs = work->rootfs, .options = work_options};
	struct ocienv_layer *image = NULL, *pod = NULL;
	struct ocienv_policy *policy = NULL;
	struct ocienv_config *config = NULL;
	struct ocienv_buffer blob;
	struct ocienv_error error;
	int status;

	if (ocienv_layer_from_image_config(&image, &work->documents[IMAGE], &work_options,
					   &error) ||
	    ocienv_layer_from_pod(&pod, &work->documents[POD], NULL, &work_options, &error) ||
	    ocienv_policy_builtin(&policy, "observe", &work_options, &error))
		die(error.document, error.message);
	shared.image = image;
	shared.pod = pod;
	shared.policy = policy;
	shared.options.policy = policy;
	if (resolve(&shared, &config, &error) ||
	    ocienv_config_encode(&blob, config, &work_options, &error))
		die(error.document, error.message);
	shared.config = config;
	shared.blob = &blob;
	status = run_all(&shared, count);
	ocienv_buffer_free(&blob);
	ocienv_config_free(config);
	ocienv_policy_free(policy);
	ocienv_layer_free(pod);
	ocienv_layer_free(image);
	return status;
}

int main(int argc, char **argv)
{
	struct work work;
	long count = million;
	int at = 1, status;

	if (argc > 2 && !strcmp(argv[1], "--count")) {
		count = strtol(argv[2], NULL, 10);
		at = 3;
	}
	if (at + 1 != argc || count < 1 || count > most_count)
		die("usage", "concurrency [--count N] SETS");
	work.rootfs = tree_make();
	if (work.rootfs < 0) {
		tree_remove(work.rootfs);
		die("rootfs", "cannot be made");
	}
	work_read(&work, argv[at], "small");
	status = share(&work, count);
	work_free(&work);
	tree_remove(work.rootfs);
	return status;
}
