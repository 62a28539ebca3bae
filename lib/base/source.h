/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OCIENV_BASE_SOURCE_H
#define OCIENV_BASE_SOURCE_H

#include <stdint.h>

/* Short name of an enum ocienv_source: "image"; of another number "unknown". */
const char *source_name(uint32_t source);

#endif
