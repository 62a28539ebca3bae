/* SPDX-License-Identifier: Apache-2.0 */
/* A descriptor that is no directory would make each question about the tree look like the
 * tree's own fault. */
#include "rootfs/rootfs.h"

#include <errno.h>

int32_t rootfs_check(int fd, const struct diag *diag)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return diag_system(diag, errno, "looking at the rootfs");
	if (S_ISDIR(st.st_mode))
		return OCIENV_OK;
	return diag_fail(diag, OCIENV_ERR_ARGUMENT, (struct mark){0, 0}, NULL,
			 "expected a descriptor of a directory for the rootfs, found one of another "
			 "file");
}
