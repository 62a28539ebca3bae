/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy, applied. Layers are filtered before anybody merges them, so that what is left out
 * never was there: the image's value stays, a default comes back, HOME is looked up. What the
 * CRI plugin and the runtime add themselves is judged behind them.
 *
 * Whom a value comes from is told by the layer that it lies in, never by what a blob says.
 */
#ifndef OCIENV_RESOLVE_POLICY_H
#define OCIENV_RESOLVE_POLICY_H

#include "resolve/blame.h"
#include "resolve/config.h"
#include "resolve/policy_judge.h"

struct policy_input {
	const struct ocienv_policy *policy;
	const struct ocienv_layer *image, *pod, *spec; /* each may be NULL */
	const struct ocienv_options *options;
	const struct blame *blame;
	struct ocienv_config *config;
	struct arena *scratch;
};

struct policy_run {
	const struct policy_input *in;
	struct judge judge;
	struct ocienv_layer image, pod, spec; /* copies with other environments, in scratch */
	struct vec repeats;		      /* of struct repeat */
	bool home_given;		      /* a layer has HOME with a value */
};

/* How often a name stands in a layer beyond what is usual. */
struct repeat {
	struct sv name;
	uint32_t count;
};

/* Fills the copies. Errors: POLICY, NOMEM, LIMIT. */
int32_t policy_filter(struct policy_run *run, const struct policy_input *in);

/* Behind the runtime: judges what was added, puts in what the policy gives, asks for what is
 * required, and keeps account. Errors: POLICY, NOMEM, LIMIT. */
int32_t policy_settle(struct policy_run *run);

/* Arguments and working directory. Errors: POLICY, NOMEM, LIMIT. */
int32_t policy_check_process(const struct policy_run *run, const struct text_list *args,
			     const struct text *cwd);

/* True if the image's own user has to be known. */
bool policy_wants_user(const struct policy_run *run);

/* `image`: what the image alone gives; NULL: there is no image. Errors: POLICY. */
int32_t policy_check_user(const struct policy_run *run, const struct config_user *image);

/* Behind the look-up. Errors: POLICY. */
int32_t policy_check_exec(const struct policy_run *run);

/* --- parts --------------------------------------------------------------------------- */

int32_t policy_memory(const struct policy_run *run);

/* Heeds a ruling that is not fine: fails, or warns that the value is left out. */
int32_t policy_refuse(struct policy_run *run, const struct claim *claim,
		      const struct ruling *ruling, struct origin from);

/* Keeps account of a variable. */
int32_t policy_note(struct policy_run *run, const struct claim *claim,
		    const struct ruling *ruling, uint8_t verdict);

#endif
