/* SPDX-License-Identifier: Apache-2.0 */
/* Parts that the reports of a config and of a layer have in common. Private to emit/. */
#ifndef OCIENV_EMIT_REPORT_H
#define OCIENV_EMIT_REPORT_H

#include "base/source.h"
#include "emit/emit.h"
#include "emit/json_writer.h"

/* The members source, document, line and column of the object that is open. */
void report_origin(struct json_writer *w, const struct documents *documents,
		   struct origin from);

/* {"name": ..., "value": ..., "source": ..., ...} */
void report_env(struct json_writer *w, const struct documents *documents,
		const struct env_entry *entry, bool with_overrode);

/* "exec": {...}, null without a rootfs; masked: its paths are null. */
void report_exec(struct json_writer *w, const struct ocienv_config *config, bool masked);

/* The member digest: the algorithm and a colon, then the bytes. */
void report_digest(struct json_writer *w, const char *algorithm, const uint8_t *digest,
		   size_t size);

/* "groups": [...] */
void report_groups(struct json_writer *w, const struct config_user *user);

/* A list of warnings. */
void report_warnings(struct json_writer *w, const struct documents *documents,
		     const struct vec *warnings);

#endif
