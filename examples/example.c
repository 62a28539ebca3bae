/* SPDX-License-Identifier: Apache-2.0 */
/* example ROOTFS < config.json: which file does the runtime execute there? */
#include <fcntl.h>
#include <ocienv/ocienv.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	static char text[1 << 20];
	struct ocienv_document doc = {"config.json", text, fread(text, 1, sizeof(text), stdin)};
	struct ocienv_layer *spec = NULL;
	struct ocienv_config *config = NULL;
	struct ocienv_exec exec;
	struct ocienv_error e;
	int rootfs = open(argc > 1 ? argv[1] : "/", O_RDONLY | O_DIRECTORY);

	if (ocienv_layer_from_runtime_spec(&spec, &doc, NULL, &e) ||
	    ocienv_resolve(&config, (const struct ocienv_layer *[]){spec}, 1, rootfs, NULL, &e)) {
		fprintf(stderr, "%s:%u:%u: %s\n", e.document, e.line, e.column, e.message);
	} else if (ocienv_config_exec(config, &exec) == OCIENV_OK) {
		printf("%s, in %s\n", exec.path, ocienv_config_cwd(config));
	}
	ocienv_config_free(config);
	ocienv_layer_free(spec);
	return config ? 0 : 1;
}
