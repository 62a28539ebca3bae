/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both sides go through the same steps and are compared where they end: what execve gets.
 * The environment is compared by name, since an honest host's order is random; of one name,
 * what counts is the value that wins, and that no value stands in the host's list which image
 * and pod did not put there: another runtime might let that one win.
 */
#include "resolve/verify.h"

#include "resolve/host_may.h"
#include "resolve/slots.h"

#include <stdio.h>

static const char dropped[] = "dropped", changed[] = "changed", added[] = "added",
		  duplicated[] = "duplicated", reordered[] = "reordered",
		  cannot_tell[] = "cannot-tell";

#define ORIGIN_NOWHERE ((struct origin){.document = DOCUMENT_NONE})

struct comparison {
	const struct resolve_input *in;
	struct ocienv_verdict *verdict;
	const struct env_list *expected, *found; /* what execve gets */
	struct env_list given, written;		 /* what the runtime gets, on either side */
	struct slots names;
	uint32_t *expected_at, *found_at; /* by name: entry of the lists; SLOT_NONE: none */
	uint32_t *extra;		  /* by name: entry of `written` that nobody gave */
	struct slots texts;		  /* NAME=VALUE */
	uint32_t *given_times, *written_times; /* by text */
};

static int32_t no_memory(const struct comparison *c)
{
	return diag_memory(c->in->diag, arenas_status(&c->verdict->arena, c->in->scratch));
}

static int32_t differ(struct comparison *c, const char *code, uint32_t item, struct sv subject,
		      struct origin expected, struct origin found)
{
	struct arena *arena = &c->verdict->arena;
	struct difference *difference = VEC_PUSH(&c->verdict->differences, arena,
						 struct difference);
	const char *name = arena_strdup(arena, subject);

	if (!difference || !name)
		return no_memory(c);
	*difference = (struct difference){.code = code,
					  .subject = sv_from(name, subject.len),
					  .item = item,
					  .allowed = code == cannot_tell,
					  .only_expected = code == dropped,
					  .only_found = code == added,
					  .expected = expected,
					  .found = found};
	return OCIENV_OK;
}

/* --- environment ---------------------------------------------------------------------- */

/* Entry number i of lists that stand one behind the other. */
static const struct env_entry *entry_at(const struct env_list *const *lists, uint32_t i)
{
	while (i >= (*lists)->count)
		i -= (*lists++)->count;
	return &(*lists)->items[i];
}

static struct sv name_of(const void *lists, uint32_t i)
{
	return env_name(entry_at(lists, i));
}

static struct sv text_of(const void *lists, uint32_t i)
{
	return entry_at(lists, i)->text;
}

static uint32_t *by_slot(const struct comparison *c, uint32_t count, uint32_t value)
{
	uint32_t *items = ARENA_ARRAY(c->in->scratch, count, uint32_t);

	for (uint32_t i = 0; items && i < count; i++)
		items[i] = value;
	return items;
}

/* All names, those of the answer first: differences come in this order. */
static int32_t number_names(struct comparison *c)
{
	const struct env_list *const lists[] = {c->expected, c->found, &c->written};
	uint32_t count = c->expected->count + c->found->count + c->written.count;

	if (slots_number(&c->names, c->in->scratch, name_of, lists, count))
		return no_memory(c);
	c->expected_at = by_slot(c, c->names.count, SLOT_NONE);
	c->found_at = by_slot(c, c->names.count, SLOT_NONE);
	c->extra = by_slot(c, c->names.count, SLOT_NONE);
	if (!c->expected_at || !c->found_at || !c->extra)
		return no_memory(c);
	for (uint32_t i = 0; i < c->expected->count; i++)
		c->expected_at[c->names.of[i]] = i;
	for (uint32_t i = 0; i < c->found->count; i++)
		c->found_at[c->names.of[c->expected->count + i]] = i;
	return OCIENV_OK;
}

/* How often each entry stands in both lists. The first copy too many of a name is kept. */
static int32_t count_texts(struct comparison *c)
{
	uint32_t before = c->expected->count + c->found->count;
	const struct env_list *const lists[] = {&c->given, &c->written};

	if (slots_build(&c->texts, c->in->scratch, text_of, lists,
			c->given.count + c->written.count))
		return no_memory(c);
	c->given_times = by_slot(c, c->texts.count, 0);
	c->written_times = by_slot(c, c->texts.count, 0);
	if (!c->given_times || !c->written_times)
		return no_memory(c);
	for (uint32_t i = 0; i < c->given.count; i++)
		c->given_times[c->texts.of[i]]++;
	for (uint32_t i = 0; i < c->written.count; i++) {
		uint32_t text = c->texts.of[c->given.count + i], name = c->names.of[before + i];

		if (++c->written_times[text] > c->given_times[text] && c->extra[name] == SLOT_NONE)
			c->extra[name] = i;
	}
	return OCIENV_OK;
}

static bool stands_in(const struct comparison *c, const uint32_t *times, struct sv text)
{
	uint32_t slot = slots_find(&c->texts, text);

	return slot != SLOT_NONE && times[slot];
}

/* The same entries, and another one wins. */
static bool is_reordered(const struct comparison *c, const struct env_entry *expected,
			 const struct env_entry *found)
{
	return stands_in(c, c->written_times, expected->text) &&
	       stands_in(c, c->given_times, found->text);
}

static int32_t add_addition(struct comparison *c, const struct env_entry *found)
{
	const struct ocienv_layer *pod = c->in->pod;
	int32_t status = differ(c, added, OCIENV_ITEM_ENV, env_name(found), ORIGIN_NOWHERE,
				found->from);
	struct difference *all = c->verdict->differences.items;

	if (!status)
		all[c->verdict->differences.count - 1].allowed =
			host_may_add(env_name(found), env_value(found), !pod || !pod->links_off);
	return status;
}

static int32_t compare_name(struct comparison *c, uint32_t slot)
{
	uint32_t e = c->expected_at[slot], f = c->found_at[slot], extra = c->extra[slot];
	const struct env_entry *expected = e == SLOT_NONE ? NULL : &c->expected->items[e];
	const struct env_entry *found = f == SLOT_NONE ? NULL : &c->found->items[f];

	if (!expected)
		return found ? add_addition(c, found) : OCIENV_OK;
	if (!found)
		return differ(c, dropped, OCIENV_ITEM_ENV, env_name(expected), expected->from,
			      ORIGIN_NOWHERE);
	if (!sv_eq(expected->text, found->text))
		return differ(c, is_reordered(c, expected, found) ? reordered : changed,
			      OCIENV_ITEM_ENV, env_name(expected), expected->from, found->from);
	if (extra == SLOT_NONE)
		return OCIENV_OK;
	return differ(c, duplicated, OCIENV_ITEM_ENV, env_name(expected), expected->from,
		      c->written.items[extra].from);
}

static int32_t compare_env(struct comparison *c)
{
	int32_t status = number_names(c);

	if (!status)
		status = count_texts(c);
	for (uint32_t slot = 0; !status && slot < c->names.count; slot++)
		status = compare_name(c, slot);
	return status;
}

/* --- arguments, working directory, user ------------------------------------------------ */

static int32_t compare_argv(struct comparison *c)
{
	const struct ocienv_config *expected = c->verdict->expected, *found = c->verdict->found;
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && (i < expected->argc || i < found->argc); i++) {
		bool in_both = i < expected->argc && i < found->argc;
		const char *code = i >= found->argc ? dropped : in_both ? changed : added;
		char subject[24];

		if (in_both && strcmp(expected->argv[i], found->argv[i]) == 0)
			continue;
		(void)snprintf(subject, sizeof(subject), "argv[%u]", i);
		status = differ(c, code, OCIENV_ITEM_ARGV, sv_of(subject),
				i < expected->argc ? expected->argv_from[i] : ORIGIN_NOWHERE,
				i < found->argc ? found->argv_from[i] : ORIGIN_NOWHERE);
	}
	return status;
}

static int32_t compare_cwd(struct comparison *c)
{
	const struct text *expected = &c->verdict->expected->cwd, *found = &c->verdict->found->cwd;

	if (sv_eq(expected->value, found->value))
		return OCIENV_OK;
	return differ(c, changed, OCIENV_ITEM_CWD, SV("cwd"), expected->from, found->from);
}

static int32_t compare_number(struct comparison *c, struct sv subject, uint32_t expected,
			      uint32_t found, const struct number *written)
{
	const struct ocienv_config *e = c->verdict->expected, *f = c->verdict->found;

	if (expected == found)
		return OCIENV_OK;
	return differ(c, changed, OCIENV_ITEM_USER, subject, e->user.from,
		      written->present ? written->from : f->user.from);
}

static bool same_groups(const struct config_user *a, const struct config_user *b)
{
	return a->group_count == b->group_count &&
	       (!a->group_count ||
		memcmp(a->groups, b->groups, a->group_count * sizeof(*a->groups)) == 0);
}

static int32_t compare_groups(struct comparison *c)
{
	const struct ocienv_config *e = c->verdict->expected, *f = c->verdict->found;
	const struct user_request *written = &c->in->spec->user;

	if (same_groups(&e->user, &f->user))
		return OCIENV_OK;
	return differ(c, changed, OCIENV_ITEM_USER, SV("groups"), e->user.from,
		      written->group_count ? written->groups[0].from : f->user.from);
}

/* Nothing to look a name up in: what stands there as numbers is compared. */
static int32_t compare_question(struct comparison *c)
{
	const struct ocienv_config *e = c->verdict->expected, *f = c->verdict->found;
	const struct user_request *written = &c->in->spec->user;
	struct sv rest = e->user.name, uid = SV_NONE;
	int32_t status = OCIENV_OK;
	uint64_t id;

	(void)sv_cut(&rest, ':', &uid);
	if (sv_to_u64(uid, INT32_MAX, &id))
		status = compare_number(c, SV("uid"), (uint32_t)id, f->user.uid, &written->uid);
	if (!status && sv_to_u64(rest, INT32_MAX, &id))
		status = compare_number(c, SV("gid"), (uint32_t)id, f->user.gid, &written->gid);
	if (status)
		return status;
	return differ(c, cannot_tell, OCIENV_ITEM_USER, SV("user"), e->user.from, f->user.from);
}

static int32_t compare_user(struct comparison *c)
{
	const struct config_user *e = &c->verdict->expected->user, *f = &c->verdict->found->user;
	const struct user_request *written = &c->in->spec->user;
	int32_t status = compare_number(c, SV("umask"), e->umask, f->umask, &written->umask);

	if (status)
		return status;
	if (!e->resolved)
		return compare_question(c);
	status = compare_number(c, SV("uid"), e->uid, f->uid, &written->uid);
	if (!status)
		status = compare_number(c, SV("gid"), e->gid, f->gid, &written->gid);
	return status ? status : compare_groups(c);
}

int32_t verify(const struct resolve_input *in, struct ocienv_verdict *verdict)
{
	struct comparison c = {.in = in,
			       .verdict = verdict,
			       .expected = &verdict->expected->env,
			       .found = &verdict->found->env};
	struct resolve_input tenant = *in, host = *in;
	int32_t status;

	tenant.spec = NULL;
	host.image = host.pod = NULL;
	status = resolve_documents(&tenant, verdict->expected, &c.given);
	if (!status)
		status = resolve_documents(&host, verdict->found, &c.written);
	if (!status)
		status = compare_argv(&c);
	if (!status)
		status = compare_env(&c);
	if (!status)
		status = compare_cwd(&c);
	return status ? status : compare_user(&c);
}

const struct difference *verdict_fault(const struct ocienv_verdict *verdict)
{
	const struct difference *all = verdict->differences.items;

	for (uint32_t i = 0; i < verdict->differences.count; i++)
		if (!all[i].allowed)
			return &all[i];
	return NULL;
}
