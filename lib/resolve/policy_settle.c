/* SPDX-License-Identifier: Apache-2.0 */
/* Behind the runtime's step names are unique, and everything that the process gets is there. */
#include "resolve/policy.h"

#include "base/names.h"
#include "base/source.h"

#include <stdio.h>

int32_t policy_memory(const struct policy_run *run)
{
	return diag_memory(run->in->blame->diag,
			   arenas_status(&run->in->config->arena, run->in->scratch));
}

enum { MESSAGE_SIZE = sizeof(((struct ocienv_error *)NULL)->message) };

/* "rule 3, policy line 17" */
static const char *rule_text(const struct policy_run *run, const struct env_rule *rule,
			     char buffer[64])
{
	uint32_t line = run->in->policy->env.mark.line;

	if (rule)
		(void)snprintf(buffer, 64, "rule %u, policy line %u",
			       judge_index(&run->judge, rule), rule->mark.line);
	else if (line)
		(void)snprintf(buffer, 64, "no rule, policy line %u", line);
	else
		(void)snprintf(buffer, 64, "no rule");
	return buffer;
}

int32_t policy_note(struct policy_run *run, const struct claim *claim,
		    const struct ruling *ruling, uint8_t verdict)
{
	struct arena *arena = &run->in->config->arena;
	struct config_ruling *note =
		VEC_PUSH(&run->in->config->policy.rulings, arena, struct config_ruling);

	if (!note)
		return policy_memory(run);
	*note = (struct config_ruling){
		.name = sv_from(arena_strdup(arena, claim->name), claim->name.len),
		.source = claim->source,
		.verdict = verdict,
		.rule = ruling->rule ? judge_index(&run->judge, ruling->rule) : RULE_NONE,
		.line = ruling->rule ? ruling->rule->mark.line : 0,
		.repeats = claim->repeats,
	};
	return note->name.ptr ? OCIENV_OK : policy_memory(run);
}

static int32_t warn(struct policy_run *run, const struct claim *claim,
		    const struct ruling *ruling, struct origin from)
{
	struct ocienv_config *config = run->in->config;
	char text[MESSAGE_SIZE], rule[64];
	const char *message;

	(void)snprintf(text, sizeof(text), "expected %s, found it from %s, which is left out: %s",
		       finding_text(ruling->finding), source_name(claim->source),
		       rule_text(run, ruling->rule, rule));
	message = arena_strdup(&config->arena, sv_of(text));
	if (!message)
		return policy_memory(run);
	if (ruling->finding == FINDING_OVERRIDE)
		add_warning(&config->warnings, &config->arena, "policy-kept", claim->name, message,
			    from);
	else
		add_warning(&config->warnings, &config->arena, "policy-dropped", claim->name,
			    message, from);
	return policy_note(run, claim, ruling,
			   claim->replaces && source_is_outside(claim->source) ? VERDICT_KEPT
									       : VERDICT_DROPPED);
}

int32_t policy_refuse(struct policy_run *run, const struct claim *claim,
		      const struct ruling *ruling, struct origin from)
{
	char quoted[DIAG_QUOTE_SIZE], rule[64];

	if (!run->judge.steps)
		return blame(run->in->blame, OCIENV_ERR_LIMIT, ORIGIN_DEFAULT,
			     "expected patterns that are matched in %u steps, found more",
			     (uint32_t)POLICY_STEPS);
	if (!ruling->rejects)
		return warn(run, claim, ruling, from);
	return blame(run->in->blame, OCIENV_ERR_POLICY, from,
		     "expected %s, found \"%s\" from %s: %s", finding_text(ruling->finding),
		     diag_quote_name(quoted, claim->name), source_name(claim->source),
		     rule_text(run, ruling->rule, rule));
}

/* One pass over what the process gets. */
struct settling {
	struct policy_run *run;
	struct sort_item *repeats; /* sorted by name */
	struct env_list env;	   /* in the config's arena */
	bool *there;		   /* by rule: its exact name is among them */
	uint64_t bytes;
};

/* HOME as the runtime finds it is in no layer. */
static uint8_t source_of(const struct policy_run *run, const struct env_entry *entry)
{
	bool added = entry->from.source == OCIENV_SOURCE_RUNTIME &&
		     entry->from.document == DOCUMENT_NONE && entry->from.altered &&
		     !run->home_given && sv_eq(env_name(entry), SV("HOME"));

	return added ? (uint8_t)OCIENV_SOURCE_DEFAULT : entry->from.source;
}

static int32_t sort_repeats(struct settling *s)
{
	const struct repeat *all = s->run->repeats.items;
	uint32_t count = s->run->repeats.count;

	s->repeats = ARENA_ARRAY(s->run->in->scratch, count, struct sort_item);
	for (uint32_t i = 0; s->repeats && i < count; i++)
		s->repeats[i] = sort_item(all[i].name, i);
	if (!s->repeats || !sort_names(s->repeats, count, s->run->in->scratch))
		return policy_memory(s->run);
	return OCIENV_OK;
}

static uint32_t repeats_of(const struct settling *s, struct sv name)
{
	const struct repeat *all = s->run->repeats.items;
	size_t at = sort_find(s->repeats, s->run->repeats.count, name);

	return at < s->run->repeats.count ? all[s->repeats[at].index].count : 0;
}

static void warn_of_image(const struct policy_run *run, const struct claim *claim,
			  struct origin from)
{
	const struct name_row *row = names_find(claim->name, NAME_CONSTRAINED);

	if (claim->source == OCIENV_SOURCE_IMAGE && row && row->class == NAME_DANGEROUS &&
	    !run->in->policy->observes)
		add_warning(&run->in->config->warnings, &run->in->config->arena, "dangerous-name",
			    claim->name, "the image sets it, and the policy lets it through", from);
}

/* The rule of exactly that name. */
static const struct env_rule *exact_rule(const struct policy_run *run, struct sv name)
{
	const struct policy_env *env = &run->in->policy->env;
	size_t at = sort_find(env->index.exact, env->index.exact_count, name);

	return at < env->index.exact_count ? &env->rules[env->index.exact[at].index] : NULL;
}

static int32_t keep(struct settling *s, const struct env_entry *entry, const struct claim *claim,
		    const struct ruling *ruling)
{
	const struct env_rule *rule = exact_rule(s->run, claim->name);

	s->env.items[s->env.count++] = *entry;
	s->bytes += entry->text.len + 1;
	if (rule)
		s->there[judge_index(&s->run->judge, rule)] = true;
	warn_of_image(s->run, claim, entry->from);
	return policy_note(s->run, claim, ruling, VERDICT_ALLOWED);
}

/* A value that the policy gives, where no source that may has given one. `built_in`: what it
 * takes the place of, or NULL. */
static int32_t give(struct settling *s, const struct env_rule *rule,
		    const struct env_entry *built_in)
{
	struct origin from = {.source = OCIENV_SOURCE_POLICY, .document = DOCUMENT_NONE};
	struct claim claim = {.name = rule->name,
			      .value = rule->value,
			      .source = OCIENV_SOURCE_POLICY};
	struct ruling ruling = {FINDING_FINE, false, rule};
	struct env_entry entry;
	struct sv text = env_text(&s->run->in->config->arena, rule->name, rule->value);

	if (!text.ptr)
		return policy_memory(s->run);
	env_entry_set(&entry, text, from);
	if (built_in)
		entry.overrode = overrode_new(&s->run->in->config->arena, built_in->from,
					      OCIENV_STEP_RUNTIME, built_in->overrode);
	return keep(s, &entry, &claim, &ruling);
}

/* What comes out of a layer was judged there, and is judged again as the runtime hands it on;
 * the rest for the first time. */
static int32_t settle_entry(struct settling *s, const struct env_entry *entry)
{
	struct claim claim = {.name = env_name(entry),
			      .value = env_value(entry),
			      .source = source_of(s->run, entry),
			      .repeats = repeats_of(s, env_name(entry))};
	struct ruling ruling = judge_claim(&s->run->judge, &claim);

	if (!ruling.finding)
		return keep(s, entry, &claim, &ruling);
	if (claim.source == OCIENV_SOURCE_DEFAULT && ruling.finding == FINDING_UNLISTED &&
	    ruling.rule && rule_gives(ruling.rule))
		return give(s, ruling.rule, entry);
	return policy_refuse(s->run, &claim, &ruling, entry->from);
}

static int32_t settle_rules(struct settling *s)
{
	const struct policy_env *env = &s->run->in->policy->env;
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && i < env->count; i++) {
		const struct env_rule *rule = &env->rules[i];
		char quoted[DIAG_QUOTE_SIZE];

		if (rule->pattern || s->there[i])
			continue;
		if (rule_gives(rule))
			status = give(s, rule, NULL);
		else if (rule->required)
			status = blame(s->run->in->blame, OCIENV_ERR_POLICY, ORIGIN_DEFAULT,
				       "expected a variable \"%s\", found none: rule %u, policy "
				       "line %u",
				       diag_quote_name(quoted, rule->name), i, rule->mark.line);
	}
	return status;
}

static int32_t check_limits(const struct settling *s)
{
	const struct ocienv_policy *policy = s->run->in->policy;

	if (policy->max_env.present && s->env.count > (uint64_t)policy->max_env.value)
		return blame(s->run->in->blame, OCIENV_ERR_POLICY, ORIGIN_DEFAULT,
			     "expected at most %u variables, found %u: policy line %u",
			     (uint32_t)policy->max_env.value, s->env.count,
			     policy->max_env.from.mark.line);
	if (policy->max_bytes.present && s->bytes > (uint64_t)policy->max_bytes.value)
		return blame(s->run->in->blame, OCIENV_ERR_POLICY, ORIGIN_DEFAULT,
			     "expected at most %u bytes of variables, found %llu: policy line %u",
			     (uint32_t)policy->max_bytes.value, (unsigned long long)s->bytes,
			     policy->max_bytes.from.mark.line);
	return OCIENV_OK;
}

/* Whatever became of a name before, here its last account is. */
static int32_t open_account(struct settling *s)
{
	struct policy_run *run = s->run;
	struct ocienv_config *config = run->in->config;
	struct config_policy *account = &config->policy;
	const struct ocienv_layer *image = run->in->image;

	account->applied = true;
	account->id = sv_from(arena_strdup(&config->arena, run->in->policy->id),
			      run->in->policy->id.len);
	account->has_image = image && image->has_digest;
	if (account->has_image)
		memcpy(account->image, image->digest, sizeof(account->image));
	s->there = ARENA_ARRAY(run->in->scratch, run->in->policy->env.count, bool);
	s->env = (struct env_list){
		.present = true,
		.items = ARENA_ARRAY(&config->arena,
				     (size_t)config->env.count + run->in->policy->env.count,
				     struct env_entry),
	};
	return s->there && s->env.items && account->id.ptr ? sort_repeats(s) : policy_memory(run);
}

int32_t policy_settle(struct policy_run *run)
{
	struct settling s = {.run = run};
	const struct env_list env = run->in->config->env;
	struct vec before = run->in->config->policy.rulings;
	int32_t status;

	/* What was left out comes last in the account. */
	run->in->config->policy.rulings = (struct vec){.items = NULL};
	status = open_account(&s);
	for (uint32_t i = 0; !status && i < env.count; i++)
		status = settle_entry(&s, &env.items[i]);
	if (!status)
		status = settle_rules(&s);
	if (!status)
		status = check_limits(&s);
	for (uint32_t i = 0; !status && i < before.count; i++) {
		struct config_ruling *note = VEC_PUSH(&run->in->config->policy.rulings,
						      &run->in->config->arena,
						      struct config_ruling);

		if (!note)
			return policy_memory(run);
		*note = ((const struct config_ruling *)before.items)[i];
	}
	if (!status && config_set_env(run->in->config, &s.env))
		status = policy_memory(run);
	return status;
}
