/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/report.h"

#include "base/base64.h"
#include "base/utf8.h"

static const char *const source_names[] = {
	[OCIENV_SOURCE_DEFAULT] = "default",	 [OCIENV_SOURCE_IMAGE] = "image",
	[OCIENV_SOURCE_RUNTIME] = "runtime",	 [OCIENV_SOURCE_SERVICE] = "service",
	[OCIENV_SOURCE_CONFIGMAP] = "configmap", [OCIENV_SOURCE_SECRET] = "secret",
	[OCIENV_SOURCE_DOWNWARD] = "downward",	 [OCIENV_SOURCE_POD] = "pod",
	[OCIENV_SOURCE_POLICY] = "policy",	 [OCIENV_SOURCE_LIBOS] = "libos",
	[OCIENV_SOURCE_CALLER] = "caller",
};

const char *source_name(uint32_t source)
{
	if (source >= sizeof(source_names) / sizeof(source_names[0]))
		return "unknown";
	return source_names[source];
}

void report_origin(struct json_writer *w, const struct documents *documents,
		   struct origin from)
{
	const struct documents *of = NULL;

	if (from.document != DOCUMENT_NONE)
		of = &documents[document_layer(from.document)];
	json_key(w, "source");
	json_cstr(w, source_name(from.source));
	json_key(w, "document");
	if (of && document_index(from.document) < of->count)
		json_string(w, of->names[document_index(from.document)]);
	else
		json_null(w);
	json_key(w, "line");
	json_number(w, of ? from.mark.line : 0);
	json_key(w, "column");
	json_number(w, of ? from.mark.column : 0);
}

/* A value that JSON cannot hold as text travels as base64. */
static void report_value(struct json_writer *w, struct sv value)
{
	char *encoded;

	if (utf8_valid(value)) {
		json_key(w, "value");
		json_string(w, value);
		return;
	}
	encoded = arena_chars(w->arena, base64_size(value.len));
	if (!encoded) {
		w->failed = true;
		return;
	}
	base64_encode(value, encoded);
	json_key(w, "value_base64");
	json_string(w, sv_from(encoded, base64_size(value.len)));
}

void report_env(struct json_writer *w, const struct documents *documents,
		const struct env_entry *entry, bool with_overrode)
{
	json_open(w, '{');
	json_key(w, "name");
	json_string(w, env_name(entry));
	if (env_has_value(entry)) {
		report_value(w, env_value(entry));
	} else {
		json_key(w, "value");
		json_null(w);
	}
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

void report_warnings(struct json_writer *w, const struct documents *documents,
		     const struct vec *warnings)
{
	const struct layer_warning *items = warnings->items;

	json_open(w, '[');
	for (uint32_t i = 0; i < warnings->count; i++) {
		json_open(w, '{');
		json_key(w, "code");
		json_cstr(w, items[i].code);
		json_key(w, "subject");
		json_string(w, items[i].subject);
		json_key(w, "message");
		json_cstr(w, items[i].message);
		report_origin(w, documents, items[i].from);
		json_close(w, '}');
	}
	json_close(w, ']');
}
