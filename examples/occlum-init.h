/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of occlum-init.c, for whoever has another main() or no Occlum. */
#ifndef OCCLUM_INIT_H
#define OCCLUM_INIT_H

#include <ocienv/boot.h>

/* Reads the files and mounts the image; `launcher` may be NULL. Returns an exit status. */
int occlum_init(const char *blob, const char *key_file, const char *launcher);

/* System call 363, MountRootFS: 0 or a negative errno. */
long mount_rootfs(const unsigned char *key, const struct ocienv_occlum_rootfs_config *config);

#endif
