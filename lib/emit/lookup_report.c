/* SPDX-License-Identifier: Apache-2.0 */
/* `ocienv explain --exec --output json`: a stable interface, keys in this order. */
#include "emit/report.h"

static void report_candidate(struct json_writer *w, const struct candidate *candidate, bool masked)
{
	json_open(w, '{');
	json_member_cstr(w, "path", masked ? NULL : candidate->path.ptr);
	json_key(w, "path_index");
	json_number(w, candidate->path_index);
	json_member_cstr(w, "status", status_name(candidate->status));
	json_member_cstr(w, "reason", candidate->reason);
	json_close(w, '}');
}

static void report_libraries(struct json_writer *w, const struct ocienv_lookup *lookup,
			     bool show_secrets)
{
	const struct library *all = lookup->libraries.items;
	bool masked = lookup->secret_library_path && !show_secrets;

	json_key(w, "libraries");
	json_open(w, '[');
	for (uint32_t i = 0; lookup->config && i < lookup->libraries.count; i++) {
		bool hidden = masked && all[i].rule == LIBRARY_ENVIRONMENT;

		json_open(w, '{');
		json_member(w, "name", all[i].name);
		json_member_cstr(w, "path", hidden ? NULL : all[i].path.ptr);
		json_member_cstr(w, "rule", library_rule_name(all[i].rule));
		json_member_cstr(w, "needed_by", all[i].needed_by < 0
							 ? NULL
							 : all[all[i].needed_by].name.ptr);
		json_key(w, "broken");
		json_bool(w, all[i].broken);
		json_close(w, '}');
	}
	json_close(w, ']');
}

int32_t emit_lookup(const struct ocienv_lookup *lookup, bool show_secrets, struct arena *scratch,
		    struct sv *ret)
{
	const struct candidate *all = lookup->candidates.items.items;
	bool masked = lookup->secret && !show_secrets;
	struct json_writer w = {.out = {.arena = scratch}};

	json_open(&w, '{');
	json_key(&w, "ocienv");
	json_number(&w, 1);
	json_member_cstr(&w, "status", status_name(lookup->config ? OCIENV_OK : lookup->error.status));
	json_member_cstr(&w, "message", lookup->config ? NULL : lookup->error.message);
	if (lookup->config) {
		report_exec(&w, lookup->config, masked);
	} else {
		json_key(&w, "exec");
		json_null(&w);
	}
	json_key(&w, "secret");
	json_bool(&w, lookup->secret);
	json_key(&w, "candidates");
	json_open(&w, '[');
	for (uint32_t i = 0; i < lookup->candidates.items.count; i++)
		report_candidate(&w, &all[i], masked);
	json_close(&w, ']');
	report_libraries(&w, lookup, show_secrets);
	json_close(&w, '}');
	return json_finish(&w, ret);
}
