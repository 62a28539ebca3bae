/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instructions WORKLOAD FOLDER SET: does one workload once, in counted(), for callgrind to count
 * its instructions alone. instructions.py runs it.
 */
#include "work.h"

#include <ocienv/boot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is prepared and what comes out, of whichever workload it is. */
struct state {
	struct work work;
	struct ocienv_layer *image, *spec, *pod;
	struct ocienv_config *of_pod, *of_spec;
	struct ocienv_buffer blob;
	char **vec;
	size_t room;
	struct ocienv_error error;
};

typedef int32_t step(struct state *state);

static int32_t read_image(struct state *s)
{
	return ocienv_layer_from_image_config(&s->image, &s->work.documents[IMAGE], &work_options,
					      &s->error);
}

static int32_t read_spec(struct state *s)
{
	return ocienv_layer_from_runtime_spec(&s->spec, &s->work.documents[SPEC], &work_options,
					      &s->error);
}

static int32_t read_pod(struct state *s)
{
	return ocienv_layer_from_pod(&s->pod, &s->work.documents[POD], NULL, &work_options,
				     &s->error);
}

static int32_t merge(struct state *s, struct ocienv_config **ret, const struct ocienv_layer *above)
{
	return ocienv_resolve(ret, (const struct ocienv_layer *[]){s->image, above}, 2,
			      s->work.rootfs, &work_options, &s->error);
}

/* The blob is of image and spec: a pod's user has groups, which no number says. */
static int32_t resolve(struct state *s)
{
	int32_t status = read_image(s);

	if (!status)
		status = read_spec(s);
	if (!status)
		status = read_pod(s);
	if (!status)
		status = merge(s, &s->of_pod, s->pod);
	if (!status)
		status = merge(s, &s->of_spec, s->spec);
	return status ? status
		      : ocienv_config_encode(&s->blob, s->of_spec, &work_options, &s->error);
}

static int32_t make_blob(struct state *s)
{
	int32_t status = resolve(s);

	s->room = s->blob.size;
	s->vec = malloc((s->room + 1) * sizeof(*s->vec));
	return s->vec ? status : OCIENV_ERR_NOMEM;
}

static int32_t boot(struct state *s)
{
	struct ocienv_boot opened;
	int32_t status = ocienv_boot_open(&opened, s->blob.data, s->blob.size);

	if (!status)
		status = ocienv_boot_argv(&opened, s->vec, s->room);
	return status ? status : ocienv_boot_envp(&opened, s->vec, s->room);
}

static const struct {
	const char *name;
	step *prepare, *run;
} workloads[] = {
	{"image-config", NULL, read_image}, {"runtime-spec", NULL, read_spec},
	{"pod", NULL, read_pod},	    {"resolve", NULL, resolve},
	{"boot", make_blob, boot},
};

/* Has a name of its own in the program, and nothing else in it. */
__attribute__((noinline)) int32_t counted(step *run, struct state *state);
int32_t counted(step *run, struct state *state)
{
	int32_t status = run(state);

	__asm__ volatile("" : : : "memory"); /* no jump in place of the call */
	return status;
}

int main(int argc, char **argv)
{
	struct state state = {.work = {.rootfs = OCIENV_NO_ROOTFS}};
	size_t i = 0, count = sizeof(workloads) / sizeof(workloads[0]);

	if (argc != 4)
		die("usage", "instructions WORKLOAD FOLDER SET");
	while (i < count && strcmp(workloads[i].name, argv[1]) != 0)
		i++;
	if (i == count)
		die(argv[1], "no such workload");
	work_read(&state.work, argv[2], argv[3]);
	if (workloads[i].prepare && workloads[i].prepare(&state))
		die(argv[1], state.error.message);
	if (counted(workloads[i].run, &state))
		die(argv[1], state.error.message);
	free(state.vec);
	ocienv_buffer_free(&state.blob);
	ocienv_config_free(state.of_spec);
	ocienv_config_free(state.of_pod);
	ocienv_layer_free(state.pod);
	ocienv_layer_free(state.spec);
	ocienv_layer_free(state.image);
	work_free(&state.work);
	return 0;
}
