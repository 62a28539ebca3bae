/* SPDX-License-Identifier: Apache-2.0 */
/* `ocienv verify --output json`: a stable interface, keys in this order. */
#include "emit/report.h"

#include "emit/emit.h"

static const char *const item_names[] = {
	[OCIENV_ITEM_ENV] = "env",
	[OCIENV_ITEM_ARGV] = "argv",
	[OCIENV_ITEM_CWD] = "cwd",
	[OCIENV_ITEM_USER] = "user",
};

/* null: this side says nothing. */
static void report_side(struct json_writer *w, const char *name,
			const struct ocienv_config *config, struct origin from, bool absent)
{
	json_key(w, name);
	if (absent) {
		json_null(w);
		return;
	}
	json_open(w, '{');
	report_origin(w, config->documents, from);
	json_close(w, '}');
}

static void report_difference(struct json_writer *w, const struct ocienv_verdict *verdict,
			      const struct difference *difference)
{
	json_open(w, '{');
	json_member_cstr(w, "code", difference->code);
	json_member_cstr(w, "item", item_names[difference->item]);
	json_member(w, "subject", difference->subject);
	json_key(w, "allowed");
	json_bool(w, difference->allowed);
	report_side(w, "expected", verdict->expected, difference->expected,
		    difference->only_found);
	report_side(w, "found", verdict->found, difference->found, difference->only_expected);
	json_close(w, '}');
}

int32_t emit_verdict(const struct ocienv_verdict *verdict, struct arena *scratch,
		     struct sv *ret)
{
	const struct difference *all = verdict->differences.items;
	struct json_writer w = {.out = {.arena = scratch}};

	json_open(&w, '{');
	json_key(&w, "ocienv");
	json_number(&w, 1);
	json_key(&w, "agrees");
	json_bool(&w, !verdict_fault(verdict));
	json_key(&w, "differences");
	json_open(&w, '[');
	for (uint32_t i = 0; i < verdict->differences.count; i++)
		report_difference(&w, verdict, &all[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return json_finish(&w, ret);
}
