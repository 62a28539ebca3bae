/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/report.h"

void report_origin(struct json_writer *w, const struct documents *documents,
		   struct origin from)
{
	const struct documents *of = NULL;

	if (from.document != DOCUMENT_NONE)
		of = &documents[document_layer(from.document)];
	json_key(w, "source");
	json_cstr(w, source_name(from.source));
	if (of && document_index(from.document) < of->count)
		json_member(w, "document", of->names[document_index(from.document)]);
	else
		json_member_cstr(w, "document", NULL);
	json_key(w, "line");
	json_number(w, of ? from.mark.line : 0);
	json_key(w, "column");
	json_number(w, of ? from.mark.column : 0);
}

void report_env(struct json_writer *w, const struct documents *documents,
		const struct env_entry *entry, bool with_overrode)
{
	json_open(w, '{');
	json_member(w, "name", env_name(entry));
	if (env_has_value(entry))
		json_member(w, "value", env_value(entry));
	else
		json_member_cstr(w, "value", NULL);
	report_origin(w, documents, entry->from);
	json_key(w, "secret");
	json_bool(w, entry->from.secret);
	if (with_overrode) {
		json_key(w, "overrode");
		json_open(w, '[');
		for (const struct overrode *lost = entry->overrode; lost; lost = lost->next) {
			json_open(w, '{');
			report_origin(w, documents, lost->from);
			json_close(w, '}');
		}
		json_close(w, ']');
	}
	json_close(w, '}');
}

void report_groups(struct json_writer *w, const struct config_user *user)
{
	json_key(w, "groups");
	json_open(w, '[');
	for (uint32_t i = 0; i < user->group_count; i++)
		json_number(w, user->groups[i]);
	json_close(w, ']');
}

void report_warnings(struct json_writer *w, const struct documents *documents,
		     const struct vec *warnings)
{
	const struct layer_warning *items = warnings->items;

	json_open(w, '[');
	for (uint32_t i = 0; i < warnings->count; i++) {
		json_open(w, '{');
		json_key(w, "code");
		json_cstr(w, items[i].code);
		json_member(w, "subject", items[i].subject);
		json_member_cstr(w, "message", items[i].message);
		report_origin(w, documents, items[i].from);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void report_digest(struct json_writer *w, const char *algorithm, const uint8_t *digest,
		   size_t size)
{
	char text[sizeof("sha384:") + 2 * OCIENV_DIGEST_SIZE];

	*digest_hex(sv_write(text, sv_of(algorithm)), digest, size) = '\0';
	json_key(w, "digest");
	json_cstr(w, text);
}
