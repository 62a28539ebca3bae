/* SPDX-License-Identifier: Apache-2.0 */
/* What a user writes, in the language that C99, C11 and C++11 have in common. */
#include <ocienv/boot.h>
#include <ocienv/ocienv.h>
#include <stdio.h>

int main(void)
{
	static const char text[] = "{\"config\":{\"Cmd\":[\"/bin/true\"]}}";
	struct ocienv_document document = {"image.json", text, sizeof(text) - 1};
	struct ocienv_layer *layer = NULL;
	struct ocienv_config *config = NULL;
	const struct ocienv_layer *layers[1];
	struct ocienv_boot boot;
	int32_t status = ocienv_layer_from_image_config(&layer, &document, NULL, NULL);

	layers[0] = layer;
	if (!status)
		status = ocienv_resolve(&config, layers, 1, OCIENV_NO_ROOTFS, NULL, NULL);
	if (!status && ocienv_boot_open(&boot, "no blob", 7) != OCIENV_BOOT_ERR_BLOB)
		status = OCIENV_ERR_BLOB;
	if (!status)
		puts(ocienv_config_argv(config, NULL)[0]);
	ocienv_config_free(config);
	ocienv_layer_free(layer);
	return status ? 1 : 0;
}
