/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order counts: what is denied, then what no rule can lift, then the first rule of that
 * name, then what it asks for.
 */
#include "resolve/policy_judge.h"

#include "base/forms.h"
#include "base/glob.h"
#include "base/names.h"

static const char *const texts[] = {
	[FINDING_FINE] = "nothing else",
	[FINDING_UNLISTED] = "a variable that the policy lists",
	[FINDING_DENIED] = "no variable of a name that the policy denies",
	[FINDING_DANGEROUS] = "no dangerous variable from outside the image",
	[FINDING_FORM] = "a value of the form that such a name asks for",
	[FINDING_RESERVED] = "no variable that is reserved for the LibOS",
	[FINDING_OVERRIDE] = "the image's value",
	[FINDING_PLAIN] = "a sealed value",
	[FINDING_TEST] = "a value that its rule lets through",
	[FINDING_LONG] = "a value within the limits of the policy",
	[FINDING_REPEATED] = "the variable as often as its rule says",
};

const char *finding_text(uint8_t finding)
{
	return texts[finding];
}

uint32_t judge_index(const struct judge *judge, const struct env_rule *rule)
{
	return (uint32_t)(rule - judge->policy->env.rules);
}

/* The rules that are about a name. */
struct matches {
	const struct env_rule *deny, *first;
};

static void consider(const struct env_rule *rule, const struct claim *claim, struct matches *ret)
{
	if (rule->deny && (rule->from & SOURCE_BIT(claim->source)) && !ret->deny)
		ret->deny = rule;
	if (!rule->deny && (!ret->first || rule < ret->first))
		ret->first = rule;
}

static struct matches find_rules(struct judge *judge, const struct claim *claim)
{
	const struct policy_env *env = &judge->policy->env;
	size_t at = sort_find(env->index.exact, env->index.exact_count, claim->name);
	struct matches found = {NULL, NULL};

	if (at < env->index.exact_count)
		consider(&env->rules[env->index.exact[at].index], claim, &found);
	for (uint32_t i = 0; i < env->index.pattern_count && judge->steps; i++) {
		const struct env_rule *rule = &env->rules[env->index.patterns[i]];

		judge->steps--;
		if ((rule->deny || !found.first || rule < found.first) &&
		    glob_match(rule->name, claim->name, &judge->steps))
			consider(rule, claim, &found);
	}
	return found;
}

static bool is_bool(struct sv value)
{
	return sv_eq(value, SV("true")) || sv_eq(value, SV("false")) || sv_eq(value, SV("0")) ||
	       sv_eq(value, SV("1"));
}

static bool has_type(const struct env_rule *rule, struct sv value)
{
	switch ((enum policy_type)rule->type) {
	case TYPE_NONE:
		return true;
	case TYPE_IPV4:
		return form_ipv4(value);
	case TYPE_IPV6:
		return form_ipv6(value);
	case TYPE_IP:
		return form_ipv4(value) || form_ipv6(value);
	case TYPE_PORT:
		return form_port(value);
	case TYPE_UINT:
		return form_number(value, UINT64_MAX);
	case TYPE_BOOL:
		return is_bool(value);
	case TYPE_DNS_LABEL:
		return form_dns_label(value);
	case TYPE_DNS_NAME:
		return form_dns_name(value);
	case TYPE_ABS_PATH:
		return form_abs_path(value);
	case TYPE_PATH_LIST:
		return form_path_list(value);
	case TYPE_URL:
		return form_url(value);
	case TYPE_HEX:
		return form_hex(value);
	case TYPE_BASE64:
		return form_base64(value);
	case TYPE_TEXT:
		break;
	}
	return form_text(value);
}

/* Of numbers the largest, of all else the longest. */
static bool is_within(const struct env_rule *rule, struct sv value)
{
	if (!rule->has_max)
		return true;
	if (rule->type == TYPE_PORT || rule->type == TYPE_UINT)
		return form_number(value, rule->max);
	return value.len <= rule->max;
}

static bool has_digest(const struct env_rule *rule, struct sv value)
{
	uint8_t digest[DIGEST_SHA256];

	if (!rule->has_digest)
		return true;
	digest_sha256(value, digest);
	return memcmp(digest, rule->digest, sizeof(digest)) == 0;
}

static bool is_choice(struct judge *judge, const struct env_rule *rule, struct sv value)
{
	for (uint32_t i = 0; i < rule->choices.count && judge->steps; i++, judge->steps--)
		if (sv_eq(rule->choices.items[i].value, value))
			return true;
	return !rule->choices.present;
}

static bool passes(struct judge *judge, const struct env_rule *rule, struct sv value)
{
	return (!rule->value.ptr || sv_eq(rule->value, value)) && is_choice(judge, rule, value) &&
	       has_type(rule, value) && is_within(rule, value) && has_digest(rule, value);
}

/* With a hostfs, what the host can write is no place to look for programs or to put secrets. */
static bool is_on_hostfs(const struct ocienv_policy *policy, struct sv value)
{
	struct sv path;

	while (policy->hostfs && sv_cut(&value, ':', &path))
		if (sv_eq(path, SV("/host")) || sv_has_prefix(path, SV("/host/")))
			return true;
	return false;
}

/* The second net: docs/names.md. */
static uint8_t check_name(const struct judge *judge, const struct claim *claim,
			  const struct env_rule *rule)
{
	const struct name_row *row = names_find(claim->name, NAME_CONSTRAINED);
	bool lifted = rule && rule->dangerous;
	uint8_t class = row ? row->class : NAME_PLAIN;

	if (class == NAME_RESERVED)
		return FINDING_RESERVED;
	if (!source_is_outside(claim->source) || lifted)
		return FINDING_FINE;
	/* Old shells take such a value for a function. */
	if (class == NAME_DANGEROUS || sv_has_prefix(claim->value, SV("()")))
		return FINDING_DANGEROUS;
	if (class != NAME_CONSTRAINED || !claim->value.ptr)
		return FINDING_FINE;
	if (row->form != FORM_WORD && row->form != FORM_TIMEZONE && row->form != FORM_SERVICE &&
	    is_on_hostfs(judge->policy, claim->value))
		return FINDING_FORM;
	return names_form_fits(row->form, claim->value) ? FINDING_FINE : FINDING_FORM;
}

/* The rule is about the value's name and lets its source in. */
static uint8_t check_rule(struct judge *judge, const struct env_rule *rule,
			  const struct claim *claim)
{
	bool image = rule->from & SOURCE_BIT(OCIENV_SOURCE_IMAGE);

	if (claim->replaces && image && source_is_outside(claim->source) && !rule->override)
		return FINDING_OVERRIDE;
	if (!claim->value.ptr)
		return rule->required ? FINDING_TEST : FINDING_FINE;
	if (rule->sealed)
		return sv_has_prefix(claim->value, SV("sealed.")) ? FINDING_FINE : FINDING_PLAIN;
	if (!passes(judge, rule, claim->value))
		return FINDING_TEST;
	return claim->repeats != rule->repeats ? FINDING_REPEATED : FINDING_FINE;
}

static struct ruling decide(struct judge *judge, const struct claim *claim,
			    const struct matches *found)
{
	const struct ocienv_policy *policy = judge->policy;
	const struct env_rule *rule = found->first;
	struct ruling ruling = {FINDING_FINE, policy->env.reject, rule};

	if (found->deny) {
		ruling = (struct ruling){FINDING_DENIED, policy->env.reject, found->deny};
		if (found->deny->otherwise != ACTION_UNSAID)
			ruling.rejects = found->deny->otherwise == ACTION_REJECT;
		return ruling;
	}
	ruling.finding = check_name(judge, claim, rule);
	if (ruling.finding)
		return ruling;
	if (policy->max_value.present && claim->value.len > (uint64_t)policy->max_value.value)
		return (struct ruling){FINDING_LONG, true, rule};
	if (!rule || !(rule->from & SOURCE_BIT(claim->source))) {
		/* What is built in is nobody's wish; only a policy that pins leaves it out. */
		bool built_in = claim->source == OCIENV_SOURCE_DEFAULT && !policy->env.reject;

		if (!built_in || (rule && rule_gives(rule)))
			ruling.finding = FINDING_UNLISTED;
		return ruling;
	}
	ruling.finding = check_rule(judge, rule, claim);
	if (ruling.finding == FINDING_OVERRIDE)
		ruling.rejects = false;
	else
		ruling.rejects = ruling.finding == FINDING_PLAIN || rule->otherwise != ACTION_DROP;
	return ruling;
}

struct ruling judge_claim(struct judge *judge, const struct claim *claim)
{
	struct ruling ruling;
	struct matches found;

	if (judge->policy->observes || claim->source == OCIENV_SOURCE_LIBOS ||
	    claim->source == OCIENV_SOURCE_POLICY)
		return (struct ruling){FINDING_FINE, false, NULL};
	found = find_rules(judge, claim);
	ruling = decide(judge, claim, &found);
	if (!judge->steps) /* a rule that denies it may not have been reached */
		return (struct ruling){FINDING_UNLISTED, true, NULL};
	return ruling;
}
