/* SPDX-License-Identifier: Apache-2.0 */
#include "dump.h"

#include "wire/reader.h"

#include <stdlib.h>

static void text(FILE *to, struct sv v)
{
	(void)fputc('"', to);
	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.ptr[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			(void)fprintf(to, "\\u%04x", c);
		else
			(void)fputc(c, to);
	}
	(void)fputc('"', to);
}

static void key(FILE *to, const char *name)
{
	(void)fprintf(to, ",\"%s\":", name);
}

static void text_or_null(FILE *to, const char *value)
{
	if (value)
		text(to, sv_of(value));
	else
		(void)fputs("null", to);
}

static void hex(FILE *to, const uint8_t *bytes, size_t size)
{
	(void)fputc('"', to);
	for (size_t i = 0; i < size; i++)
		(void)fprintf(to, "%02x", bytes[i]);
	(void)fputc('"', to);
}

/* --- configs -------------------------------------------------------------------------- */

static void dump_rootfs(FILE *to, const struct ocienv_boot *boot)
{
	struct wire_list list =
		wire_list(boot->bytes + boot->section[WIRE_ROOTFS], boot->length[WIRE_ROOTFS]);

	for (uint32_t i = 0; i < list.count; i++) {
		(void)fputc(i ? ',' : '[', to);
		text(to, wire_string(&list, i));
	}
	(void)fputs(list.count ? "]" : "null", to);
}

static void dump_sources(FILE *to, const struct ocienv_config *config)
{
	for (uint32_t i = 0; i < config->argc; i++)
		(void)fprintf(to, "%s[%d,%d]", i ? "," : "[", config->argv_from[i].source,
			      config->argv_from[i].secret);
	(void)fprintf(to, ",[%d,%d],[%d,%d]]", config->cwd.from.source, config->cwd.from.secret,
		      config->user.from.source, config->user.from.secret);
}

static void dump_inputs(FILE *to, const struct ocienv_config *config)
{
	static const char *const names[] = {"", "image", "runtime", "pod", "policy"};
	const char *before = "";

	(void)fputc('{', to);
	for (size_t i = 0; i < INPUT_COUNT; i++) {
		if (!config->inputs[i].known)
			continue;
		(void)fprintf(to, "%s\"%s\":", before, names[i]);
		hex(to, config->inputs[i].sha256, sizeof(config->inputs[i].sha256));
		before = ",";
	}
	(void)fputc('}', to);
}

static void dump_user(FILE *to, const struct ocienv_boot *boot)
{
	struct ocienv_boot_user user = {0};

	(void)ocienv_boot_user(boot, &user);
	(void)fprintf(to, "{\"uid\":%u,\"gid\":%u,\"umask\":%u,\"groups\":[", user.uid, user.gid,
		      user.umask);
	for (uint32_t i = 0; i < user.group_count; i++)
		(void)fprintf(to, "%s%u", i ? "," : "", ocienv_boot_group(&user, i));
	(void)fputs("]}", to);
}

static void dump_arguments(FILE *to, const struct ocienv_boot *boot)
{
	struct wire_list list =
		wire_list(boot->bytes + boot->section[WIRE_ARGV], boot->length[WIRE_ARGV]);

	for (uint32_t i = 0; i < list.count; i++) {
		(void)fputc(i ? ',' : '[', to);
		text(to, wire_string(&list, i));
	}
	(void)fputc(']', to);
}

static void dump_variables(FILE *to, const struct ocienv_config *config)
{
	(void)fputc('[', to);
	for (uint32_t i = 0; i < config->env.count; i++) {
		const struct env_entry *entry = &config->env.items[i];

		(void)fputs(i ? ",[" : "[", to);
		text(to, entry->text);
		(void)fprintf(to, ",%d,%d]", entry->from.source, entry->from.secret);
	}
	(void)fputc(']', to);
}

void dump_config(FILE *to, const struct ocienv_config *config, const struct ocienv_boot *boot)
{
	(void)fputs("{\"kind\":\"config\",\"exec\":", to);
	text_or_null(to, ocienv_boot_exec(boot));
	key(to, "argv");
	dump_arguments(to, boot);
	key(to, "cwd");
	text_or_null(to, ocienv_boot_cwd(boot));
	key(to, "user");
	dump_user(to, boot);
	key(to, "rootfs");
	dump_rootfs(to, boot);
	if (config) {
		key(to, "env");
		dump_variables(to, config);
		key(to, "inputs");
		dump_inputs(to, config);
		key(to, "sources");
		dump_sources(to, config);
	}
	(void)fputs("}\n", to);
}

/* --- layers --------------------------------------------------------------------------- */

static void dump_origin(FILE *to, const struct origin *from)
{
	(void)fprintf(to, "[%u,%u,", from->mark.line, from->mark.column);
	if (from->document == DOCUMENT_NONE)
		(void)fputs("null", to);
	else
		(void)fprintf(to, "%u", document_index(from->document));
	(void)fprintf(to, ",%d,%d]", from->source, from->secret + 2 * from->expanded);
}

/* Lists of values and of origins grow side by side. */
struct dumped {
	FILE *to;
	char *origins;
	size_t size;
	FILE *where;
	uint32_t values, places;
};

static void open_pair(struct dumped *d, const char *name)
{
	key(d->to, name);
	(void)fputs("{\"values\":[", d->to);
	d->values = d->places = 0;
	d->where = open_memstream(&d->origins, &d->size);
}

static void put_comma(FILE *to, uint32_t *count)
{
	if ((*count)++)
		(void)fputc(',', to);
}

static void put_value(struct dumped *d, struct sv v)
{
	put_comma(d->to, &d->values);
	text(d->to, v);
}

static void put_number(struct dumped *d, int64_t value)
{
	put_comma(d->to, &d->values);
	(void)fprintf(d->to, "%lld", (long long)value);
}

static void put_place(struct dumped *d, const struct origin *from)
{
	put_comma(d->where, &d->places);
	dump_origin(d->where, from);
}

static void close_pair(struct dumped *d)
{
	(void)fclose(d->where);
	(void)fprintf(d->to, "],\"origins\":[%s]}", d->origins);
	free(d->origins);
}

static void nothing(struct dumped *d, const char *name)
{
	key(d->to, name);
	(void)fputs("null", d->to);
}

static void dump_list(struct dumped *d, const char *name, const struct text_list *list)
{
	if (!list->present) {
		nothing(d, name);
		return;
	}
	open_pair(d, name);
	put_place(d, &list->from);
	for (uint32_t i = 0; i < list->count; i++) {
		put_value(d, list->items[i].value);
		put_place(d, &list->items[i].from);
	}
	close_pair(d);
}

static void dump_text(struct dumped *d, const char *name, const struct text *value)
{
	if (!value->value.ptr) {
		nothing(d, name);
		return;
	}
	open_pair(d, name);
	put_value(d, value->value);
	put_place(d, &value->from);
	close_pair(d);
}

static void dump_numbers(struct dumped *d, const char *name, const struct number *numbers,
			 uint32_t count)
{
	if (!count || !numbers->present) {
		nothing(d, name);
		return;
	}
	open_pair(d, name);
	for (uint32_t i = 0; i < count; i++) {
		put_number(d, numbers[i].value);
		put_place(d, &numbers[i].from);
	}
	close_pair(d);
}

static void dump_env(struct dumped *d, const struct env_list *env)
{
	bool lost = false;

	if (!env->present) {
		nothing(d, "env");
		nothing(d, "overrode");
		return;
	}
	open_pair(d, "env");
	for (uint32_t i = 0; i < env->count; i++) {
		put_value(d, env->items[i].text);
		put_place(d, &env->items[i].from);
		lost |= env->items[i].overrode != NULL;
	}
	close_pair(d);
	if (!lost) {
		nothing(d, "overrode");
		return;
	}
	open_pair(d, "overrode");
	for (uint32_t i = 0; i < env->count; i++) {
		uint32_t before = d->places;

		for (const struct overrode *o = env->items[i].overrode; o; o = o->next)
			put_place(d, &o->from);
		put_number(d, d->places - before);
	}
	close_pair(d);
}

static void dump_warnings(struct dumped *d, const struct vec *warnings)
{
	const struct layer_warning *items = warnings->items;

	if (!warnings->count) {
		nothing(d, "warnings");
		return;
	}
	open_pair(d, "warnings");
	for (uint32_t i = 0; i < warnings->count; i++) {
		put_value(d, sv_of(items[i].code));
		put_value(d, items[i].subject);
		put_value(d, sv_of(items[i].message));
		put_place(d, &items[i].from);
	}
	close_pair(d);
}

static void dump_facts(FILE *to, const struct ocienv_layer *layer)
{
	static const char *const kinds[] = {"", "image", "runtime", "pod"};
	const struct user_request *user = &layer->user;
	const struct {
		bool set;
		const char *name;
	} flags[] = {
		{layer->tty, "terminal"},	   {user->groups_strict, "strict_groups"},
		{user->capabilities_present, "capabilities"}, {user->privileged, "privileged"},
		{layer->links_off, "no_service_links"},
	};
	const char *before = "";

	(void)fprintf(to, "{\"kind\":\"layer\",\"of\":\"%s\",\"flags\":[", kinds[layer->kind]);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!flags[i].set)
			continue;
		(void)fprintf(to, "%s\"%s\"", before, flags[i].name);
		before = ",";
	}
	(void)fprintf(to, "],\"sets\":[%llu,%llu,%llu],\"documents\":[",
		      (unsigned long long)user->capabilities,
		      (unsigned long long)user->capabilities_add,
		      (unsigned long long)user->capabilities_drop);
	for (uint16_t i = 0; i < layer->documents.count; i++) {
		(void)fputs(i ? "," : "", to);
		text(to, layer->documents.names[i]);
	}
	(void)fputc(']', to);
}

void dump_layer(FILE *to, const struct ocienv_layer *layer)
{
	const struct user_request *user = &layer->user;
	struct dumped d = {.to = to};

	dump_facts(to, layer);
	dump_list(&d, "entrypoint", &layer->entrypoint);
	dump_list(&d, "args", &layer->args);
	dump_env(&d, &layer->env);
	dump_text(&d, "cwd", &layer->cwd);
	dump_text(&d, "hostname", &layer->hostname);
	dump_text(&d, "image_user", &user->image_user);
	dump_numbers(&d, "uid", &user->uid, 1);
	dump_numbers(&d, "gid", &user->gid, 1);
	dump_numbers(&d, "umask", &user->umask, 1);
	dump_numbers(&d, "non_root", &user->non_root, 1);
	dump_numbers(&d, "groups", user->groups, user->group_count);
	dump_warnings(&d, &layer->warnings);
	dump_text(&d, "architecture", &layer->architecture);
	dump_list(&d, "mounts", &layer->mounts);
	key(to, "digest");
	if (layer->has_digest)
		hex(to, layer->digest, sizeof(layer->digest));
	else
		(void)fputs("null", to);
	(void)fputs("}\n", to);
}
