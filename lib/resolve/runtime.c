/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/runtime.h"

#include "base/utf8.h"
#include "resolve/slots.h"

/* How the versions of runc differ. */
struct runc_rules {
	bool last_position; /* a repeated name stands where it stood last, not first */
	bool empty_without_env; /* no process.env: nothing is added either */
	bool check_all_nul; /* a NUL counts in entries that a later one replaces, too */
};

static const struct runc_rules runc[] = {
	[OCIENV_RUNTIME_RUNC] = {true, false, false},
	[OCIENV_RUNTIME_RUNC_1_2] = {false, false, true},
	[OCIENV_RUNTIME_RUNC_1_3] = {true, true, false},
};

static int32_t no_memory(const struct runtime_input *in)
{
	return diag_memory(in->blame->diag,
			   arena_status(arena_failed(in->arena) ? in->arena : in->scratch));
}

static int32_t check_form(const struct runtime_input *in, const struct env_entry *entry)
{
	if (!env_has_value(entry))
		return blame(in->blame, OCIENV_ERR_VALUE, entry->from,
				 "expected NAME=VALUE, found an environment entry without \"=\"");
	if (!entry->name_length)
		return blame(in->blame, OCIENV_ERR_VALUE, entry->from,
				 "expected NAME=VALUE, found an environment entry without a name");
	return OCIENV_OK;
}

static int32_t check_nul(const struct runtime_input *in, const struct env_entry *entry)
{
	char quoted[DIAG_QUOTE_SIZE];

	if (!sv_contains(entry->text, '\0'))
		return OCIENV_OK;
	return blame(in->blame, OCIENV_ERR_ENCODING, entry->from,
			 "expected a variable without NUL, found one in \"%s\"",
			 diag_quote(quoted, env_name(entry)));
}

/* runc prepareEnv walks from the end, so of several faults the last one is reported; older
 * versions walk from the start. */
static int32_t check_entries(const struct runtime_input *in, const struct runc_rules *rules,
			     const uint32_t *winner, const struct slots *slots)
{
	const struct env_list *env = in->env;
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && i < env->count; i++) {
		uint32_t at = rules->last_position ? env->count - 1 - i : i;

		status = check_form(in, &env->items[at]);
		if (!status && (rules->check_all_nul || winner[slots->of[at]] == at))
			status = check_nul(in, &env->items[at]);
	}
	return status;
}

static int32_t build_slots(const struct runtime_input *in, struct slots *slots,
			   uint32_t **winner)
{
	const struct env_list *env = in->env;
	struct sv *names = ARENA_ARRAY(in->scratch, env->count, struct sv);

	for (uint32_t i = 0; names && i < env->count; i++)
		names[i] = env_name(&env->items[i]);
	if (!names || slots_build(slots, in->scratch, names, env->count))
		return no_memory(in);
	*winner = ARENA_ARRAY(in->scratch, slots->count, uint32_t);
	if (!*winner)
		return no_memory(in);
	for (uint32_t i = 0; i < env->count; i++)
		(*winner)[slots->of[i]] = i;
	return OCIENV_OK;
}

static struct sv home_text(const struct runtime_input *in)
{
	struct sv home = in->home.value;
	char *text = arena_chars(in->arena, 5 + home.len);

	if (!text)
		return SV_NONE;
	memcpy(text, "HOME=", 5);
	if (home.len)
		memcpy(text + 5, home.ptr, home.len);
	return sv_from(text, 5 + home.len);
}

/* A passwd file may hold any bytes; runc finds a NUL only when it executes. */
static int32_t check_home(const struct runtime_input *in)
{
	struct sv home = in->home.value;

	if (!sv_contains(home, '\0') && utf8_valid(home))
		return OCIENV_OK;
	return blame(in->blame, OCIENV_ERR_ENCODING, in->home.from,
		     "expected a home directory in UTF-8 without NUL in /etc/passwd, found other "
		     "bytes");
}

/* runc: HOME that is absent or empty comes from the passwd of the container. */
static int32_t add_home(const struct runtime_input *in, const struct runc_rules *rules,
			struct env_list *list)
{
	const struct overrode *lost = NULL;
	struct env_entry *home = NULL, *slot;

	for (uint32_t i = 0; i < list->count; i++)
		if (sv_eq(env_name(&list->items[i]), SV("HOME")))
			home = &list->items[i];
	if (home && env_value(home).len)
		return OCIENV_OK;
	slot = home;
	if (home)
		lost = overrode_new(in->arena, home->from, home->overrode);
	if (home && (rules->last_position || !in->home.value.ptr)) {
		size_t behind = (size_t)(list->items + list->count - home - 1);

		memmove(home, home + 1, behind * sizeof(*home));
		list->count--;
		slot = NULL;
	}
	if (!in->home.value.ptr)
		return OCIENV_OK;
	if (check_home(in))
		return OCIENV_ERR_ENCODING;
	if (!slot)
		slot = &list->items[list->count++];
	env_entry_set(slot, home_text(in), in->home.from);
	slot->overrode = lost;
	return slot->text.ptr ? OCIENV_OK : no_memory(in);
}

/* The last value of each name, with the ones it overrode. What stays is copied here, and
 * only here, into the arena of the result. */
static int32_t collapse(const struct runtime_input *in, const struct runc_rules *rules,
			const struct slots *slots, const uint32_t *winner,
			struct env_list *ret)
{
	const struct overrode **lost = ARENA_ARRAY(in->scratch, slots->count,
						   const struct overrode *);
	uint32_t next = 0;

	ret->present = true;
	ret->count = slots->count;
	ret->items = ARENA_ARRAY(in->arena, slots->count + 1U, struct env_entry); /* HOME */
	if (!lost || !ret->items)
		return no_memory(in);
	for (uint32_t i = 0; i < in->env->count; i++) {
		const struct env_entry *entry = &in->env->items[i];
		uint32_t slot = slots->of[i];
		struct env_entry *kept;

		lost[slot] = overrode_join(in->arena, entry->overrode, lost[slot]);
		if (winner[slot] != i) {
			lost[slot] = overrode_new(in->arena, entry->from, lost[slot]);
			continue;
		}
		kept = &ret->items[rules->last_position ? next++ : slot];
		*kept = *entry;
		kept->text.ptr = arena_strdup(in->arena, entry->text);
		kept->overrode = lost[slot];
		if (!kept->text.ptr)
			return no_memory(in);
	}
	return OCIENV_OK;
}

int32_t runtime_env(const struct runtime_input *in, struct env_list *ret)
{
	const struct runc_rules *rules = &runc[in->runtime];
	struct slots slots;
	uint32_t *winner;
	int32_t status;

	*ret = (struct env_list){.present = true};
	if (!in->env->present && rules->empty_without_env)
		return OCIENV_OK;
	status = build_slots(in, &slots, &winner);
	if (!status)
		status = check_entries(in, rules, winner, &slots);
	if (!status)
		status = collapse(in, rules, &slots, winner, ret);
	if (!status)
		status = add_home(in, rules, ret);
	if (!status && arena_failed(in->arena))
		return no_memory(in);
	return status;
}

int32_t runtime_check(const struct text_list *args, const struct text *cwd,
		      const struct blame *b)
{
	char quoted[DIAG_QUOTE_SIZE];

	if (!cwd->value.len || cwd->value.ptr[0] != '/')
		return blame(b, OCIENV_ERR_VALUE, cwd->from,
				 "expected an absolute working directory, found \"%s\"",
				 diag_quote(quoted, cwd->value));
	if (!args->count)
		return blame(b, OCIENV_ERR_VALUE, args->from,
				 "expected at least one argument, found none");
	return OCIENV_OK;
}
