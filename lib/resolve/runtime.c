/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/runtime.h"

#include "base/utf8.h"
#include "resolve/slots.h"

/* What becomes of an entry that is no NAME=VALUE, if the caller asks for the runtime's own
 * way; otherwise it is refused. */
enum leniency {
	REFUSE,
	SKIP,
	UNSET, /* crun: putenv() of a bare name removes the variable */
	KEEP,
};

/* How the runtimes, and versions of runc, differ. */
struct rules {
	bool last_position;	/* a repeated name stands where it stood last, not first */
	bool empty_without_env; /* no process.env: nothing is added either */
	bool check_all_nul;	/* a NUL counts in entries that a later one replaces, too */
	bool fills_empty_home;	/* HOME without a value is as good as none */
	bool no_default_home;	/* a uid that passwd does not know gets none */
	bool trims;		/* kata: white space around name and value goes */
	bool absolute_cwd;	/* another one is refused; else it starts at the root */
	bool needs_cwd;		/* it must be there; else it is made */
	bool names_groups;	/* additionalGids are looked up as names before numbers */
	uint8_t bare, nameless; /* enum leniency: "NAME", "=VALUE" */
};

static const struct rules runtimes[] = {
	[OCIENV_RUNTIME_RUNC] = {.last_position = true,
				 .fills_empty_home = true,
				 .absolute_cwd = true},
	[OCIENV_RUNTIME_RUNC_1_2] = {.check_all_nul = true,
				     .names_groups = true,
				     .fills_empty_home = true,
				     .absolute_cwd = true},
	[OCIENV_RUNTIME_RUNC_1_3] = {.last_position = true,
				     .empty_without_env = true,
				     .fills_empty_home = true,
				     .absolute_cwd = true},
	[OCIENV_RUNTIME_CRUN] = {.bare = UNSET, .nameless = KEEP},
	[OCIENV_RUNTIME_KATA] = {.trims = true,
				 .needs_cwd = true,
				 .bare = SKIP,
				 .nameless = SKIP},
	[OCIENV_RUNTIME_EXECVP] = {.last_position = true,
				   .fills_empty_home = true,
				   .absolute_cwd = true,
				   .needs_cwd = true},
	[OCIENV_RUNTIME_RUNC_1_1] = {.check_all_nul = true,
				     .names_groups = true,
				     .fills_empty_home = true,
				     .absolute_cwd = true},
	[OCIENV_RUNTIME_CRUN_1_8] = {.no_default_home = true, .bare = UNSET, .nameless = KEEP},
};

/* One run of the step. */
struct run {
	const struct runtime_input *in;
	const struct rules *rules;
	struct env_list *env; /* process.env, and what is left of it */
	struct slots slots;
	uint32_t *winner; /* by slot: the entry whose value counts; UINT32_MAX: unset */
	uint32_t *place;  /* by slot: the entry whose place it takes */
};

static int32_t no_memory(const struct runtime_input *in)
{
	return diag_memory(in->blame->diag, arenas_status(in->arena, in->scratch));
}

static void warn(const struct run *r, const char *code, struct sv subject, const char *message,
		 struct origin from)
{
	if (r->in->warnings)
		add_warning(r->in->warnings, r->in->arena, code, subject, message, from);
}

static bool lenient(const struct run *r, uint8_t way)
{
	return r->in->lenient && way != REFUSE;
}

static int32_t check_form(const struct run *r, const struct env_entry *entry)
{
	if (!env_has_value(entry) && !lenient(r, r->rules->bare))
		return blame(r->in->blame, OCIENV_ERR_VALUE, entry->from,
			     "expected NAME=VALUE, found an environment entry without \"=\"");
	if (env_has_value(entry) && !entry->name_length && !lenient(r, r->rules->nameless))
		return blame(r->in->blame, OCIENV_ERR_VALUE, entry->from,
			     "expected NAME=VALUE, found an environment entry without a name");
	return OCIENV_OK;
}

static int32_t check_nul(const struct run *r, const struct env_entry *entry)
{
	char quoted[DIAG_QUOTE_SIZE];

	if (!sv_contains(entry->text, '\0'))
		return OCIENV_OK;
	return blame(r->in->blame, OCIENV_ERR_ENCODING, entry->from,
		     "expected a variable without NUL, found one in \"%s\"",
		     diag_quote(quoted, env_name(entry)));
}

/* runc prepareEnv walks from the end, so of several faults the last one is reported; older
 * versions walk from the start. */
static int32_t check_entries(const struct run *r)
{
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && i < r->env->count; i++) {
		uint32_t at = r->rules->last_position ? r->env->count - 1 - i : i;
		const struct env_entry *entry = &r->env->items[at];

		status = check_form(r, entry);
		if (!status && (r->rules->check_all_nul || r->winner[r->slots.of[at]] == at))
			status = check_nul(r, entry);
	}
	return status;
}

/* kata valid_env: name and value without the white space around them. A name that had
 * nothing else makes the agent panic. */
static int32_t trim_entry(const struct run *r, struct env_entry *entry)
{
	struct sv name = utf8_trim(env_name(entry)), value = utf8_trim(env_value(entry));
	struct sv text;

	if (!env_has_value(entry) ||
	    (name.len == entry->name_length && value.len == env_value(entry).len))
		return OCIENV_OK;
	if (!name.len && entry->name_length)
		return blame(r->in->blame, OCIENV_ERR_VALUE, entry->from,
			     "expected a name, found one of white space that the kata agent "
			     "stumbles over");
	text = env_text(r->in->scratch, name, value);
	if (!text.ptr)
		return no_memory(r->in);
	env_entry_set(entry, text, entry->from);
	entry->from.altered = true;
	warn(r, "value-trimmed", name,
	     "the kata agent takes the white space around name and value away", entry->from);
	return OCIENV_OK;
}

static bool is_skipped(const struct run *r, const struct env_entry *entry)
{
	uint8_t way = env_has_value(entry) ? r->rules->nameless : r->rules->bare;

	/* An empty entry names nothing that could be removed. */
	return (!env_has_value(entry) || !entry->name_length) && lenient(r, way) &&
	       (way == SKIP || !entry->text.len);
}

/* Only with leniency does an entry come here that is no NAME=VALUE: others are refused. */
static void warn_about_form(const struct run *r, const struct env_entry *entry)
{
	if (is_skipped(r, entry))
		warn(r, "entry-dropped", entry->text,
		     "the entry is no NAME=VALUE: the runtime leaves it out", entry->from);
	else if (!env_has_value(entry) && lenient(r, r->rules->bare))
		warn(r, "entry-dropped", entry->text,
		     "the entry has no \"=\": the runtime removes the variable of that name",
		     entry->from);
}

/* What the runtime looks at at all. Most runtimes look at everything as it is. */
static int32_t admit(const struct run *r)
{
	struct env_entry *items = r->env->items;
	int32_t status = OCIENV_OK;
	uint32_t kept = 0;

	if (!r->rules->trims && !r->in->lenient)
		return OCIENV_OK;
	for (uint32_t i = 0; !status && i < r->env->count; i++) {
		warn_about_form(r, &items[i]);
		if (is_skipped(r, &items[i]))
			continue;
		items[kept] = items[i];
		if (r->rules->trims)
			status = trim_entry(r, &items[kept]);
		kept++;
	}
	r->env->count = kept;
	return status;
}

/* Who wins each name and whose place it takes. A bare name unsets what came before. */
static int32_t survey(struct run *r)
{
	struct arena *scratch = r->in->scratch;

	if (slots_number(&r->slots, scratch, slot_name_env, r->env->items, r->env->count))
		return no_memory(r->in);
	r->winner = ARENA_ARRAY(scratch, r->slots.count, uint32_t);
	r->place = ARENA_ARRAY(scratch, r->slots.count, uint32_t);
	if (!r->winner || !r->place)
		return no_memory(r->in);
	for (uint32_t slot = 0; slot < r->slots.count; slot++)
		r->winner[slot] = UINT32_MAX;
	for (uint32_t i = 0; i < r->env->count; i++) {
		uint32_t slot = r->slots.of[i];

		if (r->winner[slot] == UINT32_MAX || r->rules->last_position)
			r->place[slot] = i;
		r->winner[slot] = env_has_value(&r->env->items[i]) || !r->in->lenient ? i
										       : UINT32_MAX;
	}
	return OCIENV_OK;
}

/* A passwd file may hold any bytes; runc finds a NUL only when it executes. */
static int32_t find_home(const struct runtime_input *in, struct text *ret, bool *unknown)
{
	int32_t status = in->home->find(in->home, ret, unknown);

	if (status || (!sv_contains(ret->value, '\0') && utf8_valid(ret->value)))
		return status;
	return blame(in->blame, OCIENV_ERR_ENCODING, ret->from,
		     "expected a home directory in UTF-8 without NUL in /etc/passwd, found other "
		     "bytes");
}

/* HOME that is absent comes from the passwd of the container; with runc an empty one does
 * too. */
static int32_t add_home(const struct run *r, struct env_list *list)
{
	const struct runtime_input *in = r->in;
	const struct overrode *lost = NULL;
	struct env_entry *home = env_find(list, SV("HOME")), *slot; /* names are unique by now */
	struct text found;
	bool unknown;
	int32_t status;

	if (home && (env_value(home).len || !r->rules->fills_empty_home))
		return OCIENV_OK;
	slot = home;
	if (home)
		lost = overrode_new(in->arena, home->from, OCIENV_STEP_RUNTIME, home->overrode);
	if (home && (r->rules->last_position || !in->home)) {
		size_t behind = (size_t)(list->items + list->count - home - 1);

		memmove(home, home + 1, behind * sizeof(*home));
		list->count--;
		slot = NULL;
	}
	if (!in->home)
		return OCIENV_OK;
	status = find_home(in, &found, &unknown);
	if (status || (unknown && r->rules->no_default_home))
		return status;
	if (!slot)
		slot = &list->items[list->count++];
	env_entry_set(slot, env_text(in->arena, SV("HOME"), found.value), found.from);
	slot->overrode = lost;
	return slot->text.ptr ? OCIENV_OK : no_memory(in);
}

/* What each winner overrode, newest first, by slot. */
static const struct overrode **link_lost(const struct run *r)
{
	const struct overrode **lost = ARENA_ARRAY(r->in->scratch, r->slots.count,
						   const struct overrode *);

	for (uint32_t i = 0; lost && i < r->env->count; i++) {
		const struct env_entry *entry = &r->env->items[i];
		uint32_t slot = r->slots.of[i];

		lost[slot] = overrode_join(r->in->arena, entry->overrode, lost[slot]);
		if (r->winner[slot] != i)
			lost[slot] = overrode_new(r->in->arena, entry->from, OCIENV_STEP_RUNTIME,
						  lost[slot]);
	}
	return lost;
}

/* The last value of each name. No winner stands before its place, so what an entry is written
 * over has had its turn. Texts are copied here, and only here. */
static int32_t collapse(const struct run *r)
{
	const struct overrode **lost = link_lost(r);
	struct env_entry *items = r->env->items;
	uint32_t kept = 0;

	if (!lost)
		return no_memory(r->in);
	for (uint32_t i = 0; i < r->env->count; i++) {
		uint32_t slot = r->slots.of[i];

		if (r->place[slot] != i || r->winner[slot] == UINT32_MAX)
			continue;
		items[kept] = items[r->winner[slot]];
		items[kept++].overrode = lost[slot];
	}
	r->env->count = kept;
	return env_texts_keep(r->in->arena, r->env) ? OCIENV_OK : no_memory(r->in);
}

int32_t runtime_env(const struct runtime_input *in, struct env_list *env)
{
	struct run r = {.in = in, .rules = &runtimes[in->runtime], .env = env};
	bool given = env->present;
	int32_t status;

	env->present = true;
	if (!given && r.rules->empty_without_env)
		return OCIENV_OK;
	status = admit(&r);
	if (!status)
		status = survey(&r);
	if (!status)
		status = check_entries(&r);
	if (!status)
		status = collapse(&r);
	if (!status)
		status = add_home(&r, env);
	if (!status && arena_failed(in->arena))
		return no_memory(in);
	return status;
}

int32_t runtime_check(uint32_t runtime, const struct text_list *args, const struct text *cwd,
		      const struct blame *b)
{
	char quoted[DIAG_QUOTE_SIZE];
	bool absolute = cwd->value.len && cwd->value.ptr[0] == '/';

	if (!cwd->value.len || (!absolute && runtimes[runtime].absolute_cwd))
		return blame(b, OCIENV_ERR_VALUE, cwd->from,
			     "expected an absolute working directory, found \"%s\"",
			     diag_quote(quoted, cwd->value));
	if (!args->count)
		return blame(b, OCIENV_ERR_VALUE, args->from,
			     "expected at least one argument, found none");
	return OCIENV_OK;
}

bool runtime_needs_cwd(uint32_t runtime)
{
	return runtimes[runtime].needs_cwd;
}

bool runtime_names_groups(uint32_t runtime)
{
	return runtimes[runtime].names_groups;
}

bool runtime_skips_nameless(uint32_t runtime)
{
	return runtimes[runtime].nameless == SKIP;
}

bool runtime_fills_home(uint32_t runtime)
{
	return runtimes[runtime].fills_empty_home;
}

bool runtime_trims(uint32_t runtime)
{
	return runtimes[runtime].trims;
}
