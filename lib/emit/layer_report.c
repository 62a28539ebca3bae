/* SPDX-License-Identifier: Apache-2.0 */
/* `ocienv show` of a LAYER blob. */
#include "emit/report.h"

struct report {
	struct json_writer w;
	struct documents documents[4];
};

static void report_text(struct report *r, const char *key, const struct text *text)
{
	json_key(&r->w, key);
	if (!text->value.ptr) {
		json_null(&r->w);
		return;
	}
	json_open(&r->w, '{');
	json_member(&r->w, "value", text->value);
	report_origin(&r->w, r->documents, text->from);
	json_close(&r->w, '}');
}

static void report_list(struct report *r, const char *key, const struct text_list *list)
{
	json_key(&r->w, key);
	if (!list->present) {
		json_null(&r->w);
		return;
	}
	json_open(&r->w, '[');
	for (uint32_t i = 0; i < list->count; i++)
		json_element(&r->w, list->items[i].value);
	json_close(&r->w, ']');
}

static void report_number(struct report *r, const char *key, const struct number *number)
{
	json_key(&r->w, key);
	if (number->present)
		json_number(&r->w, number->value);
	else
		json_null(&r->w);
}

static void report_user(struct report *r, const struct user_request *user)
{
	json_key(&r->w, "user");
	json_open(&r->w, '{');
	report_text(r, "image_user", &user->image_user);
	report_number(r, "uid", &user->uid);
	report_number(r, "gid", &user->gid);
	report_number(r, "umask", &user->umask);
	report_number(r, "non_root", &user->non_root);
	json_key(&r->w, "groups");
	json_open(&r->w, '[');
	for (uint32_t i = 0; i < user->group_count; i++)
		json_number(&r->w, user->groups[i].value);
	json_close(&r->w, ']');
	json_close(&r->w, '}');
}

static void report_env_list(struct report *r, const struct env_list *env)
{
	json_key(&r->w, "env");
	if (!env->present) {
		json_null(&r->w);
		return;
	}
	json_open(&r->w, '[');
	for (uint32_t i = 0; i < env->count; i++)
		report_env(&r->w, r->documents, &env->items[i], false);
	json_close(&r->w, ']');
}

int32_t emit_layer(const struct ocienv_layer *layer, struct arena *scratch, struct sv *ret)
{
	static const char *const kinds[] = {"unknown", "image", "runtime", "pod"};
	struct report r = {.w = {.out = {.arena = scratch}}};

	r.documents[layer->kind] = layer->documents;
	json_open(&r.w, '{');
	json_key(&r.w, "ocienv");
	json_number(&r.w, 1);
	json_key(&r.w, "layer");
	json_cstr(&r.w, kinds[layer->kind]);
	if (layer->has_digest)
		report_digest(&r.w, "sha256:", layer->digest, sizeof(layer->digest));
	report_list(&r, "entrypoint", &layer->entrypoint);
	report_list(&r, "args", &layer->args);
	report_env_list(&r, &layer->env);
	report_text(&r, "cwd", &layer->cwd);
	report_text(&r, "hostname", &layer->hostname);
	if (layer->kind == OCIENV_LAYER_IMAGE)
		report_text(&r, "architecture", &layer->architecture);
	else
		report_list(&r, "mounts", &layer->mounts);
	json_key(&r.w, "tty");
	json_bool(&r.w, layer->tty);
	report_user(&r, &layer->user);
	json_key(&r.w, "warnings");
	report_warnings(&r.w, r.documents, &layer->warnings);
	json_close(&r.w, '}');
	return json_finish(&r.w, ret);
}
