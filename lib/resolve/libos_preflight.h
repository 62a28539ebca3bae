/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the LibOS step share. */
#ifndef OCIENV_RESOLVE_LIBOS_PREFLIGHT_H
#define OCIENV_RESOLVE_LIBOS_PREFLIGHT_H

#include "resolve/libos.h"

struct preflight {
	const struct libos_input *in;
	struct ocienv_config *config;
	const char *name;	/* of the LibOS */
	struct origin asked_by; /* argv[0] as a document says it */
	bool expanded;		/* the interpreter of a script is executed in its place */
};

/* Words of preflight_refuse() for a link that Gramine lets the host follow. */
#define LIBOS_LINKS                                                                      \
	"links that stay in the root", "one that the host would follow out of it",       \
		"make it relative"

/* NOMEM or LIMIT, whichever arena failed. */
int32_t preflight_memory(const struct preflight *p);

/* UNSUPPORTED: "expected ... for Occlum, found ... in "PATH": what to do". A path that came
 * out of a Secret is not shown. */
int32_t preflight_refuse(const struct preflight *p, struct sv path, const char *expected,
			 const char *found, const char *fix);

/* A warning about the answer as a whole. */
void preflight_warn(const struct preflight *p, const char *code, struct sv subject,
		    const char *message, struct origin from);

/* Occlum takes a line with nothing but a name for its interpreter and no script for an
 * interpreter. Whatever else the kernel would do with a script is done here. */
int32_t libos_expand_script(struct preflight *p);

/* options.library_path in front of LD_LIBRARY_PATH: those that are directories in the rootfs,
 * each once, and no empty entry. */
int32_t libos_library_path(const struct preflight *p);

/* Gramine finds the loader of a program by its base name only, in LD_LIBRARY_PATH as the
 * process has it at its start. */
int32_t libos_gramine_loader(const struct preflight *p);

/* The checks, in two files. Those of a program need a rootfs. */
int32_t libos_occlum_program(const struct preflight *p);
int32_t libos_gramine_program(const struct preflight *p);
int32_t libos_occlum_json(const struct preflight *p);
int32_t libos_occlum_user(const struct preflight *p);
int32_t libos_occlum_launch(const struct preflight *p);
int32_t libos_occlum_libraries(const struct preflight *p);
int32_t libos_occlum_budget(const struct preflight *p);
int32_t libos_gramine_cwd(const struct preflight *p);
int32_t libos_gramine_user(const struct preflight *p);
int32_t libos_gramine_budget(const struct preflight *p);

#endif
