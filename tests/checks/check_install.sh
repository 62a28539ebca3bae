#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_install.sh BUILD: what is installed can be found with pkg-config and used, shared and
# static. BUILD must be complete.
set -eu

build=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

DESTDIR=$dir/stage meson install -C "$build" --no-rebuild --quiet
pc=$(find "$dir/stage" -name ocienv.pc)
[ -n "$pc" ] || { echo "expected ocienv.pc in the stage, found none"; exit 1; }
PKG_CONFIG_SYSROOT_DIR=$dir/stage
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_PATH
libdir=$(dirname "$(dirname "$pc")")

cat >"$dir/use.c" <<'END'
#include <ocienv/ocienv.h>
#include <stdio.h>

int main(void)
{
	static const char text[] = "{\"config\":{\"Cmd\":[\"/bin/true\"]}}";
	struct ocienv_document document = {"image.json", text, sizeof(text) - 1};
	struct ocienv_layer *layer = NULL;
	struct ocienv_config *config = NULL;
	const struct ocienv_layer *layers[1];
	int32_t status = ocienv_layer_from_image_config(&layer, &document, NULL, NULL);

	layers[0] = layer;
	if (!status)
		status = ocienv_resolve(&config, layers, 1, OCIENV_NO_ROOTFS, NULL, NULL);
	if (!status)
		puts(ocienv_config_argv(config, NULL)[0]);
	ocienv_config_free(config);
	ocienv_layer_free(layer);
	return status ? 1 : 0;
}
END
cat >"$dir/boot.c" <<'END'
#include <ocienv/boot.h>

int main(void)
{
	struct ocienv_boot boot;

	return ocienv_boot_open(&boot, "no blob", 7) == OCIENV_BOOT_ERR_BLOB ? 0 : 1;
}
END

# What the stage's own files need lies on this machine, outside of the stage.
flags() {
	pkg-config "$@" | sed "s#-I$dir/stage/usr/include#-I/usr/include#g"
}

for mode in "" --static; do
	# shellcheck disable=SC2046 # words are wanted
	cc -o "$dir/use" "$dir/use.c" -I"$dir/stage/usr/local/include" \
		$([ -z "$mode" ] || echo -static) $(flags --cflags --libs $mode ocienv)
	# shellcheck disable=SC2046
	cc -o "$dir/boot" "$dir/boot.c" $([ -z "$mode" ] || echo -static) \
		$(flags --cflags --libs $mode ocienv-boot)
	[ "$(LD_LIBRARY_PATH=$libdir "$dir/use")" = /bin/true ] || exit 1
	LD_LIBRARY_PATH=$libdir "$dir/boot"
done
echo "shared and static"
