/* SPDX-License-Identifier: Apache-2.0 */
/* "env" of a policy: the rules for variables. */
#include "base/glob.h"
#include "base/names.h"
#include "read/policy.h"

struct env {
	struct text unlisted, denylist;
	const struct node *rules;
};

static const struct field env_fields[] = {
	FIELD("unlisted", STRING, struct env, unlisted),
	FIELD("denylist", STRING, struct env, denylist),
	FIELD("rules", LIST, struct env, rules),
};

struct rule {
	struct text name, value, digest, type, otherwise;
	struct text_list from, choices;
	struct number max, required, override, sealed, dangerous, deny, repeats;
};

static const struct field rule_fields[] = {
	FIELD("name", STRING, struct rule, name),
	FIELD("from", STRINGS, struct rule, from),
	FIELD("deny", BOOL, struct rule, deny),
	FIELD("required", BOOL, struct rule, required),
	FIELD("override", BOOL, struct rule, override),
	FIELD("repeats", UINT32, struct rule, repeats),
	FIELD("dangerous", BOOL, struct rule, dangerous),
	FIELD("sealed", BOOL, struct rule, sealed),
	FIELD("value", STRING, struct rule, value),
	FIELD("value_sha256", STRING, struct rule, digest),
	FIELD("enum", STRINGS, struct rule, choices),
	FIELD("type", STRING, struct rule, type),
	FIELD("max", INT64, struct rule, max),
	FIELD("else", STRING, struct rule, otherwise),
};

static const struct {
	struct sv word;
	uint32_t bits;
} sources[] = {
	{{"default", 7}, SOURCE_BIT(OCIENV_SOURCE_DEFAULT)},
	{{"image", 5}, SOURCE_BIT(OCIENV_SOURCE_IMAGE)},
	{{"runtime", 7}, SOURCE_BIT(OCIENV_SOURCE_RUNTIME)},
	{{"pod", 3}, SOURCES_POD},
	{{"service", 7}, SOURCE_BIT(OCIENV_SOURCE_SERVICE)},
	{{"configmap", 9}, SOURCE_BIT(OCIENV_SOURCE_CONFIGMAP)},
	{{"secret", 6}, SOURCE_BIT(OCIENV_SOURCE_SECRET)},
	{{"downward", 8}, SOURCE_BIT(OCIENV_SOURCE_DOWNWARD)},
	{{"policy", 6}, SOURCE_BIT(OCIENV_SOURCE_POLICY)},
	{{"libos", 5}, SOURCE_BIT(OCIENV_SOURCE_LIBOS)},
	{{"caller", 6}, SOURCE_BIT(OCIENV_SOURCE_CALLER)},
};

static const struct sv types[] = {
	[TYPE_IPV4] = {"ipv4", 4},	     [TYPE_IPV6] = {"ipv6", 4},
	[TYPE_IP] = {"ip", 2},		     [TYPE_PORT] = {"port", 4},
	[TYPE_UINT] = {"uint", 4},	     [TYPE_BOOL] = {"bool", 4},
	[TYPE_DNS_LABEL] = {"dns_label", 9}, [TYPE_DNS_NAME] = {"dns_name", 8},
	[TYPE_ABS_PATH] = {"abs_path", 8},   [TYPE_PATH_LIST] = {"path_list", 9},
	[TYPE_URL] = {"url", 3},	     [TYPE_HEX] = {"hex", 3},
	[TYPE_BASE64] = {"base64", 6},	     [TYPE_TEXT] = {"text", 4},
};

/* What one rule is read from. */
struct place {
	const struct policy_reader *r;
	const struct node *map;
	const struct path *path;
	const struct rule *rule;
};

static int32_t fail_at(const struct place *p, struct mark mark, const char *member,
		       const char *message)
{
	return policy_fail(&p->r->reader, OCIENV_ERR_VALUE, mark, p->path, member, message);
}

static bool is_set(const struct number *number)
{
	return number->present && number->value;
}

static int32_t read_action(const struct place *p, const struct text *word, const char *member,
			   uint8_t *ret)
{
	if (!word->value.ptr)
		return OCIENV_OK;
	*ret = sv_eq(word->value, SV("reject")) ? ACTION_REJECT : ACTION_DROP;
	if (*ret == ACTION_REJECT || sv_eq(word->value, SV("drop")))
		return OCIENV_OK;
	return fail_at(p, word->from.mark, member,
		       "expected \"drop\" or \"reject\", found another word");
}

static uint32_t bits_of(struct sv word)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (sv_eq(sources[i].word, word))
			return sources[i].bits;
	return 0;
}

static int32_t read_from(const struct place *p, struct env_rule *ret)
{
	const struct text_list *from = &p->rule->from;

	if (!from->count && !ret->deny)
		return fail_at(p, from->present ? from->from.mark : bind_first(p->map)->mark,
			       from->present ? "from" : NULL,
			       "expected a source that values may come from, found none");
	ret->from = from->count ? 0 : UINT32_MAX;
	for (uint32_t i = 0; i < from->count; i++) {
		uint32_t bits = bits_of(from->items[i].value);

		if (!bits)
			return fail_at(p, from->items[i].from.mark, "from",
				       "expected a source of values, found another word");
		ret->from |= bits;
	}
	return OCIENV_OK;
}

static int32_t read_name(const struct place *p, struct env_rule *ret)
{
	const struct text *name = &p->rule->name;

	if (!name->value.ptr)
		return fail_at(p, bind_first(p->map)->mark, NULL,
			       "expected the name of a variable, found none");
	if (!name->value.len || sv_contains(name->value, '='))
		return fail_at(p, name->from.mark, "name",
			       "expected a name without \"=\", found another text");
	ret->name = sv_from(arena_strdup(&p->r->policy->arena, name->value), name->value.len);
	if (!ret->name.ptr)
		return diag_memory(p->r->reader.diag, arena_status(&p->r->policy->arena));
	ret->pattern = glob_is_pattern(name->value);
	return OCIENV_OK;
}

/* Of what only one variable can be said. */
static int32_t check_exact(const struct place *p, const struct env_rule *ret)
{
	const struct rule *rule = p->rule;
	const struct name_row *row = ret->pattern ? NULL : names_find(ret->name, NAME_CONSTRAINED);

	if (ret->pattern && (ret->required || ret->dangerous))
		return fail_at(p, rule->name.from.mark, "name",
			       "expected one name in a rule that is required or dangerous, found a "
			       "pattern");
	if (row && row->class == NAME_RESERVED && !ret->deny)
		return fail_at(p, rule->name.from.mark, "name",
			       "expected a name that a policy can let in, found one that is "
			       "reserved for the LibOS");
	if (!(ret->from & SOURCE_BIT(OCIENV_SOURCE_POLICY)) || ret->deny)
		return OCIENV_OK;
	if (ret->pattern || !rule->value.value.ptr || ret->sealed)
		return fail_at(p, rule->from.from.mark, "from",
			       "expected one name and its value where the policy itself is the "
			       "source, found less");
	return OCIENV_OK;
}

static int32_t check_deny(const struct place *p, const struct env_rule *ret)
{
	const struct rule *rule = p->rule;
	bool more = ret->required || ret->override || ret->sealed || ret->dangerous ||
		    rule->repeats.present || rule->value.value.ptr || rule->digest.value.ptr ||
		    rule->choices.present || rule->type.value.ptr || rule->max.present;

	if (!ret->deny || !more)
		return OCIENV_OK;
	return fail_at(p, rule->deny.from.mark, "deny",
		       "expected nothing but name, from and else beside \"deny\", found more");
}

static int32_t read_type(const struct place *p, struct env_rule *ret)
{
	const struct rule *rule = p->rule;

	for (size_t i = 1; rule->type.value.ptr && i < sizeof(types) / sizeof(types[0]); i++)
		if (sv_eq(types[i], rule->type.value))
			ret->type = (uint8_t)i;
	if (rule->type.value.ptr && !ret->type)
		return fail_at(p, rule->type.from.mark, "type",
			       "expected a type of values, found another word");
	if (rule->max.present && (!ret->type || rule->max.value < 0))
		return fail_at(p, rule->max.from.mark, "max",
			       "expected a number from 0 on beside a type, found another one, or "
			       "no type");
	ret->has_max = rule->max.present;
	ret->max = (uint64_t)rule->max.value;
	return OCIENV_OK;
}

static int32_t read_tests(const struct place *p, struct env_rule *ret)
{
	const struct rule *rule = p->rule;

	ret->value = text_keep(&p->r->policy->arena, rule->value).value;
	ret->choices = text_list_keep(&p->r->policy->arena, rule->choices);
	ret->has_digest = rule->digest.value.ptr != NULL;
	if (ret->has_digest && !policy_digest(rule->digest.value, ret->digest))
		return fail_at(p, rule->digest.from.mark, "value_sha256",
			       "expected 64 hexadecimal digits in lower case, found another text");
	return read_type(p, ret);
}

static int32_t read_rule(const struct policy_reader *r, const struct node *map,
			 const struct path *path, struct env_rule *ret)
{
	struct rule rule = {.name = {.value = SV_NONE}};
	struct place p = {r, map, path, &rule};
	int32_t status = policy_bind(&r->reader, map, path, rule_fields,
				     FIELD_COUNT(rule_fields), &rule);

	ret->mark = map->mark;
	ret->deny = is_set(&rule.deny);
	ret->required = is_set(&rule.required);
	ret->override = is_set(&rule.override);
	ret->sealed = is_set(&rule.sealed);
	ret->dangerous = is_set(&rule.dangerous);
	ret->repeats = (uint32_t)rule.repeats.value;
	if (!status)
		status = read_name(&p, ret);
	if (!status)
		status = read_from(&p, ret);
	if (!status)
		status = check_exact(&p, ret);
	if (!status)
		status = check_deny(&p, ret);
	if (!status)
		status = read_tests(&p, ret);
	return status ? status : read_action(&p, &rule.otherwise, "else", &ret->otherwise);
}

/* Only the first rule of a name could ever decide. */
static int32_t check_twice(const struct policy_reader *r, const struct node *rules,
			   const struct path *path, const struct policy_index *index)
{
	for (uint32_t i = 1; i < index->exact_count; i++) {
		uint32_t at = index->exact[i].index;
		struct path here = path_index(path, at);

		if (sv_eq(sort_name(&index->exact[i - 1]), sort_name(&index->exact[i])))
			return policy_fail(&r->reader, OCIENV_ERR_VALUE, rules->children[at].mark,
					   &here, NULL,
					   "expected one rule for each name, found a second one");
	}
	return OCIENV_OK;
}

static int32_t build_index(const struct policy_reader *r, struct policy_env *env)
{
	struct arena *arena = &r->policy->arena;
	struct policy_index *index = &env->index;

	index->exact = ARENA_ARRAY(arena, env->count, struct sort_item);
	index->patterns = ARENA_ARRAY(arena, env->count, uint32_t);
	if (!index->exact || !index->patterns || arena_failed(arena))
		return diag_memory(r->reader.diag, arena_status(arena));
	for (uint32_t i = 0; i < env->count; i++) {
		if (env->rules[i].pattern)
			index->patterns[index->pattern_count++] = i;
		else
			index->exact[index->exact_count++] = sort_item(env->rules[i].name, i);
	}
	if (!sort_names(index->exact, index->exact_count, r->reader.scratch))
		return diag_memory(r->reader.diag, arena_status(r->reader.scratch));
	return OCIENV_OK;
}

static int32_t read_rules(const struct policy_reader *r, const struct node *rules,
			  const struct path *up, struct policy_env *env)
{
	struct path path = path_key(up, SV("rules"));
	int32_t status = OCIENV_OK;

	if (rules->count > r->reader.limits->max_env)
		return bind_fail(&r->reader, OCIENV_ERR_LIMIT, rules, &path,
				 "expected at most %u rules, found %u", r->reader.limits->max_env,
				 rules->count);
	env->rules = ARENA_ARRAY(&r->policy->arena, rules->count, struct env_rule);
	if (!env->rules)
		return diag_memory(r->reader.diag, arena_status(&r->policy->arena));
	for (uint32_t i = 0; !status && i < rules->count; i++) {
		struct path here = path_index(&path, i);

		status = read_rule(r, &rules->children[i], &here, &env->rules[i]);
	}
	env->count = rules->count;
	if (!status)
		status = build_index(r, env);
	return status ? status : check_twice(r, rules, &path, &env->index);
}

int32_t policy_read_env(const struct policy_reader *r, const struct node *map,
			const struct path *path)
{
	struct policy_env *ret = &r->policy->env;
	struct env env = {.unlisted = {.value = SV_NONE}};
	struct place p = {r, map, path, NULL};
	uint8_t action = ACTION_DROP;
	int32_t status = policy_bind(&r->reader, map, path, env_fields, FIELD_COUNT(env_fields),
				     &env);

	if (!status)
		status = read_action(&p, &env.unlisted, "unlisted", &action);
	if (status)
		return status;
	ret->mark = map->mark;
	ret->reject = action == ACTION_REJECT;
	if (env.denylist.value.ptr && !sv_eq(env.denylist.value, SV("builtin-1")))
		return fail_at(&p, env.denylist.from.mark, "denylist",
			       "expected \"builtin-1\", found another word");
	return env.rules ? read_rules(r, env.rules, path, ret) : OCIENV_OK;
}
