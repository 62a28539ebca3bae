/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "work.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct ocienv_limits limits = {.size = sizeof(limits),
					    .max_document = 1U << 30,
					    .max_nodes = 1U << 24,
					    .max_args = 1U << 20,
					    .max_env = 1U << 20,
					    .max_result = 1U << 30};

const struct ocienv_options work_options = {.size = sizeof(work_options), .limits = &limits};

_Noreturn void die(const char *what, const char *why)
{
	(void)fprintf(stderr, "bench: %s: %s\n", what, why);
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

void work_read(struct work *work, const char *folder, const char *set)
{
	static const char *const names[DOCUMENTS] = {
		[IMAGE] = "image.json", [SPEC] = "config.json", [POD] = "pod.yaml"};

	for (int i = 0; i < DOCUMENTS; i++)
		work->documents[i] = slurp(folder, set, names[i]);
}

void work_free(struct work *work)
{
	for (int i = 0; i < DOCUMENTS; i++)
		free((void *)(uintptr_t)work->documents[i].data);
}

size_t work_bytes(const struct work *work)
{
	size_t bytes = 0;

	for (int i = 0; i < DOCUMENTS; i++)
		bytes += work->documents[i].size;
	return bytes;
}

void work_answer(const struct work *work)
{
	struct ocienv_layer *image = NULL, *spec = NULL, *pod = NULL;
	const struct ocienv_options *options = &work_options;
	struct ocienv_config *config = NULL;
	struct ocienv_error error;
	struct ocienv_buffer blob;

	if (ocienv_layer_from_image_config(&image, &work->documents[IMAGE], options, &error) ||
	    ocienv_layer_from_runtime_spec(&spec, &work->documents[SPEC], options, &error) ||
	    ocienv_layer_from_pod(&pod, &work->documents[POD], NULL, options, &error) ||
	    ocienv_resolve(&config, (const struct ocienv_layer *[]){image, pod}, 2, work->rootfs,
			   options, &error))
		die(error.document, error.message);
	ocienv_layer_free(pod); /* the config is whole without them */
	ocienv_layer_free(spec);
	ocienv_layer_free(image);
	if (ocienv_config_encode(&blob, config, options, &error))
		die(error.document, error.message);
	ocienv_buffer_free(&blob);
	ocienv_config_free(config);
}
