/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy says about one variable. Pure. */
#ifndef OCIENV_RESOLVE_POLICY_JUDGE_H
#define OCIENV_RESOLVE_POLICY_JUDGE_H

#include "read/policy.h"

/* What matching globs may cost in one resolve. */
enum { POLICY_STEPS = 1 << 26 };

struct judge {
	const struct ocienv_policy *policy;
	uint64_t steps; /* left; 0: there is no telling any more */
};

/* A source wants a variable to have a value. */
struct claim {
	struct sv name;
	struct sv value; /* ptr NULL: wants it to be gone */
	uint8_t source;	 /* enum ocienv_source, as it is to be trusted */
	bool replaces;	 /* the image has another value for it */
	uint32_t repeats; /* values of its own source that it replaces */
};

enum finding {
	FINDING_FINE,
	FINDING_UNLISTED,
	FINDING_DENIED,
	FINDING_DANGEROUS,
	FINDING_FORM,
	FINDING_RESERVED,
	FINDING_OVERRIDE,
	FINDING_PLAIN,
	FINDING_TEST,
	FINDING_LONG,
	FINDING_REPEATED,
};

struct ruling {
	uint8_t finding;
	bool rejects;		     /* not fine: nothing may run; else the value is left out */
	const struct env_rule *rule; /* NULL: none is about it */
};

/* Sources that are no more than what a cluster or a host says. */
#define SOURCES_OUTSIDE                                                                  \
	(SOURCES_POD | SOURCE_BIT(OCIENV_SOURCE_RUNTIME) | SOURCE_BIT(OCIENV_SOURCE_CALLER))

static inline bool source_is_outside(uint8_t source)
{
	return SOURCES_OUTSIDE & SOURCE_BIT(source);
}

struct ruling judge_claim(struct judge *judge, const struct claim *claim);

/* Number of a rule, as in the pointer /env/rules/N. */
uint32_t judge_index(const struct judge *judge, const struct env_rule *rule);

/* "expected ..." of a finding. */
const char *finding_text(uint8_t finding);

/* Does a rule give the value itself? */
static inline bool rule_gives(const struct env_rule *rule)
{
	return !rule->deny && rule->value.ptr && (rule->from & SOURCE_BIT(OCIENV_SOURCE_POLICY));
}

#endif
