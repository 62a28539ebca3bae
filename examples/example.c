/* SPDX-License-Identifier: Apache-2.0 */
/* example IMAGE.json POD.yaml ROOTFS: what does the container execute, and where? */
#include <fcntl.h>
#include <ocienv/ocienv.h>
#include <stdio.h>

static struct ocienv_document document(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "rb");
	struct ocienv_document ret = {path, text, file ? fread(text, 1, size, file) : 0};

	if (file)
		fclose(file);
	return ret; /* empty if there is no such file; that is refused with its name */
}

int main(int argc, char **argv)
{
	static char text[2][1 << 20];
	struct ocienv_layer *image = NULL, *pod = NULL;
	struct ocienv_config *config = NULL;
	struct ocienv_document doc;
	struct ocienv_exec exec;
	struct ocienv_error e;
	int32_t status;
	int root = argc == 4 ? open(argv[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (root < 0)
		return 2;
	doc = document(argv[1], text[0], sizeof(text[0]));
	status = ocienv_layer_from_image_config(&image, &doc, NULL, &e);
	if (!status) {
		doc = document(argv[2], text[1], sizeof(text[1]));
		status = ocienv_layer_from_pod(&pod, &doc, NULL, NULL, &e);
	}
	if (!status)
		status = ocienv_resolve(&config, (const struct ocienv_layer *[]){image, pod}, 2,
					root, NULL, &e);
	if (!status)
		status = ocienv_config_exec(config, &exec);
	if (!status) {
		printf("exec %s\ncwd %s\n", exec.path, ocienv_config_cwd(config));
		for (const char *const *arg = ocienv_config_argv(config, NULL); *arg; arg++)
			printf("argv %s\n", *arg);
	} else {
		fprintf(stderr, "%s:%u:%u: %s\n", e.document, e.line, e.column, e.message);
	}
	ocienv_config_free(config);
	ocienv_layer_free(pod);
	ocienv_layer_free(image);
	return status ? 1 : 0;
}
