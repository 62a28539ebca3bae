/* SPDX-License-Identifier: Apache-2.0 */
/* Layers and configs to write, and a comparison for those that come back. */
#ifndef OCIENV_TESTS_WIRE_FIXTURES_H
#define OCIENV_TESTS_WIRE_FIXTURES_H

#include "unit/wire/keep.h"

#include "wire/reader.h"
#include "wire/wire.h"

enum { FIXTURE_LIMIT = 64 << 20 };

static const struct diag fixture_silent = {NULL, NULL, {NULL, 0}};

static inline struct origin origin_make(uint8_t source, bool secret, uint16_t document,
					uint32_t line)
{
	/* document_ref() leaves DOCUMENT_NONE as it is */
	return (struct origin){.source = source,
			       .secret = secret,
			       .document = document_ref(OCIENV_LAYER_POD, document),
			       .mark = {line, line + 7}};
}

static inline void entry_make(struct env_entry *entry, const char *text,
			      struct origin from)
{
	entry->text = sv_of(text);
	entry->name_length = (uint32_t)sv_find(entry->text, '=');
	entry->from = from;
	entry->overrode = NULL;
}

static inline void config_open(struct ocienv_config *config)
{
	*config = (struct ocienv_config){0};
	arena_init(&config->arena, NULL, FIXTURE_LIMIT);
}

static inline void layer_open(struct ocienv_layer *layer)
{
	*layer = (struct ocienv_layer){0};
	arena_init(&layer->arena, NULL, FIXTURE_LIMIT);
}

static inline void config_variables(struct ocienv_config *config,
				    const char *const *texts, uint32_t count)
{
	config->env.present = true;
	config->env.count = count;
	config->env.items = ARENA_ARRAY(&config->arena, count, struct env_entry);
	assert_non_null(config->env.items);
	for (uint32_t i = 0; i < count; i++)
		entry_make(&config->env.items[i], texts[i],
			   origin_make((uint8_t)(i % 11), i % 3 == 1, 0, i));
}

static inline void config_arguments(struct ocienv_config *config,
				    const char *const *texts, uint32_t count)
{
	config->argc = count;
	config->argv = ARENA_ARRAY(&config->arena, (size_t)count + 1, const char *);
	config->argv_from = ARENA_ARRAY(&config->arena, count, struct origin);
	for (uint32_t i = 0; i < count; i++) {
		config->argv[i] = texts[i];
		config->argv_from[i] = origin_make((uint8_t)(10 - i % 11), i % 2, 0, i);
	}
}

static inline struct input_digest input_make(uint8_t byte)
{
	struct input_digest input = {.known = true};

	memset(input.sha256, byte, sizeof(input.sha256));
	return input;
}

/* The least that a blob can be made of. */
static inline void config_small(struct ocienv_config *config)
{
	static const char *const argv[] = {"sh"};

	config_open(config);
	config_arguments(config, argv, 1);
	config->env.present = true;
	config->cwd.value = SV("/");
	config->user.resolved = true;
}

/* Everything that a blob can hold. */
static inline void config_full(struct ocienv_config *config)
{
	static const char *const argv[] = {"redis-server", "", "--dir=/data", "\xff\xfe"};
	static const char *const env[] = {
		"PATH=/usr/local/bin:/usr/bin",
		"A-B=minus sorts below =",
		"A=",
		"A.B=x=y=z",
		"PASSWORD=hunter2",
		"HOME=/root",
		"LATIN=caf\xe9",
		"KEY=sealed.abc.def.ghi",
		"KEYS=sealed",
	};
	static uint32_t groups[] = {0, 5, 70000};

	config_open(config);
	config_arguments(config, argv, 4);
	config_variables(config, env, 9);
	config->cwd.value = SV("/data/../d\xc3\xa4t\xc3\xa4//x/");
	config->cwd.from = origin_make(OCIENV_SOURCE_POD, false, 0, 3);
	config->inputs[OCIENV_LAYER_IMAGE] = input_make(7);
	config->inputs[INPUT_POLICY] = input_make(0xff);
	config->has_exec = true;
	config->exec.path = "/usr/local/../bin/redis-server";
	config->user = (struct config_user){
		.resolved = true,
		.uid = 999,
		.gid = 1000,
		.umask = 022,
		.group_count = 3,
		.groups = groups,
		.from = {.source = OCIENV_SOURCE_IMAGE, .mark = {1, 1}},
	};
}

static inline void list_make(struct ocienv_layer *layer, struct text_list *list,
			     const char *const *texts, uint32_t count)
{
	list->present = true;
	list->count = count;
	list->items = ARENA_ARRAY(&layer->arena, count, struct text);
	list->from = origin_make(OCIENV_SOURCE_POD, false, 0, 77);
	for (uint32_t i = 0; i < count; i++) {
		list->items[i].value = sv_of(texts[i]);
		list->items[i].from = origin_make(OCIENV_SOURCE_POD, i % 2, 0, i);
	}
}

static inline void layer_small(struct ocienv_layer *layer)
{
	static struct sv documents[] = {{"image.json", 10}};

	layer_open(layer);
	layer->kind = OCIENV_LAYER_IMAGE;
	layer->documents = (struct documents){1, 0, documents};
}

static inline void layer_env(struct ocienv_layer *layer)
{
	static const char *const env[] = {"FOO", "=x",        "A=1", "A=2",
					  "",    "B=caf\xe9", "C=3"};
	layer->env.present = true;
	layer->env.count = 7;
	layer->env.items = ARENA_ARRAY(&layer->arena, 7, struct env_entry);
	for (uint32_t i = 0; i < 7; i++)
		entry_make(&layer->env.items[i], env[i],
			   origin_make(OCIENV_SOURCE_CONFIGMAP, i % 2, 1, i));
	layer->env.items[3].from.expanded = true;
	layer->env.items[2].overrode =
		overrode_new(&layer->arena, origin_make(OCIENV_SOURCE_SERVICE, false, 0, 4),
			     OCIENV_STEP_KUBELET, NULL);
	layer->env.items[6].overrode = overrode_new(
		&layer->arena, origin_make(OCIENV_SOURCE_SECRET, true, 1, 5), OCIENV_STEP_KUBELET,
		overrode_new(&layer->arena,
			     origin_make(OCIENV_SOURCE_DEFAULT, false, DOCUMENT_NONE, 0),
			     OCIENV_STEP_KUBELET, NULL));
}

static inline void number_make(struct number *number, int64_t value, uint32_t line)
{
	number->present = true;
	number->value = value;
	number->from = origin_make(OCIENV_SOURCE_RUNTIME, false, 0, line);
}

static inline void layer_full(struct ocienv_layer *layer)
{
	static struct sv documents[] = {{"pod.yaml", 8}, {"caf\xe9.yaml", 9}};
	static const char *const entrypoint[] = {"/bin/sh", "", "-c"};
	static const char *const mounts[] = {"/proc", "data"};
	struct user_request *user = &layer->user;

	layer_open(layer);
	layer->kind = OCIENV_LAYER_POD;
	layer->documents = (struct documents){2, 0, documents};
	list_make(layer, &layer->entrypoint, entrypoint, 3);
	list_make(layer, &layer->args, NULL, 0);
	list_make(layer, &layer->mounts, mounts, 2);
	layer_env(layer);
	layer->cwd = (struct text){SV("work"), origin_make(7, false, 0, 9)};
	layer->hostname = (struct text){SV(""), origin_make(7, false, 0, 10)};
	layer->architecture = (struct text){SV("arm64"), origin_make(1, false, 0, 12)};
	layer->tty = true;
	layer->has_digest = true;
	memset(layer->digest, 0xd1, sizeof(layer->digest));
	user->image_user = (struct text){SV("alice:staff"), origin_make(1, false, 0, 1)};
	number_make(&user->uid, UINT32_MAX, 1);
	number_make(&user->gid, 0, 2);
	number_make(&user->umask, 077, 3);
	number_make(&user->non_root, 1, 4);
	user->group_count = 2;
	user->groups = ARENA_ARRAY(&layer->arena, 2, struct number);
	number_make(&user->groups[0], 2000, 5);
	number_make(&user->groups[1], 1000, 6);
	user->groups_strict = user->privileged = user->capabilities_present = true;
	user->capabilities = UINT64_C(0x8000000000000001);
	user->capabilities_add = 2;
	user->capabilities_drop = UINT64_MAX;
	for (int i = 0; i < 2; i++) {
		struct layer_warning *warning =
			VEC_PUSH(&layer->warnings, &layer->arena, struct layer_warning);

		*warning = (struct layer_warning){
			i ? "unknown-field" : "cwd-missing", i ? SV("") : SV("/data"),
			"say \xe2\x82\xac", origin_make(7, false, 1, 12)};
	}
}

/* --- comparing ---------------------------------------------------------------------- */

static inline void same_sv(struct sv a, struct sv b)
{
	assert_int_equal(!a.ptr, !b.ptr);
	assert_int_equal(a.len, b.len);
	if (a.ptr) {
		assert_memory_equal(a.ptr, b.ptr, a.len);
		assert_int_equal(b.ptr[b.len], 0);
	}
}

static inline void same_origin(struct origin a, struct origin b)
{
	assert_int_equal(a.source, b.source);
	assert_int_equal(a.secret, b.secret);
	assert_int_equal(a.document, b.document);
	assert_int_equal(a.mark.line, b.mark.line);
	assert_int_equal(a.mark.column, b.mark.column);
}

static inline void same_text(struct text a, struct text b)
{
	same_sv(a.value, b.value);
	same_origin(a.from, b.from);
}

static inline void same_list(struct text_list a, struct text_list b)
{
	assert_int_equal(a.present, b.present);
	assert_int_equal(a.count, b.count);
	same_origin(a.from, b.from);
	for (uint32_t i = 0; i < a.count; i++)
		same_text(a.items[i], b.items[i]);
}

static inline void same_number(struct number a, struct number b)
{
	assert_int_equal(a.present, b.present);
	assert_true(a.value == b.value);
	same_origin(a.from, b.from);
}

static inline void same_env(struct env_list a, struct env_list b)
{
	assert_int_equal(a.present, b.present);
	assert_int_equal(a.count, b.count);
	for (uint32_t i = 0; i < a.count; i++) {
		const struct env_entry *x = &a.items[i], *y = &b.items[i];

		const struct overrode *lost = x->overrode, *other = y->overrode;

		same_sv(x->text, y->text);
		assert_int_equal(x->name_length, y->name_length);
		same_origin(x->from, y->from);
		for (; lost && other; lost = lost->next, other = other->next)
			same_origin(lost->from, other->from);
		assert_true(!lost && !other);
	}
}

static inline void same_user(const struct user_request *a, const struct user_request *b)
{
	same_text(a->image_user, b->image_user);
	same_number(a->uid, b->uid);
	same_number(a->gid, b->gid);
	same_number(a->umask, b->umask);
	same_number(a->non_root, b->non_root);
	assert_int_equal(a->group_count, b->group_count);
	for (uint32_t i = 0; i < a->group_count; i++)
		same_number(a->groups[i], b->groups[i]);
	assert_int_equal(a->groups_strict, b->groups_strict);
	assert_int_equal(a->capabilities_present, b->capabilities_present);
	assert_int_equal(a->privileged, b->privileged);
	assert_true(a->capabilities == b->capabilities);
	assert_true(a->capabilities_add == b->capabilities_add);
	assert_true(a->capabilities_drop == b->capabilities_drop);
}

static inline void same_layer(const struct ocienv_layer *a, const struct ocienv_layer *b)
{
	const struct layer_warning *x = a->warnings.items, *y = b->warnings.items;

	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->documents.count, b->documents.count);
	for (uint32_t i = 0; i < a->documents.count; i++)
		same_sv(a->documents.names[i], b->documents.names[i]);
	same_list(a->entrypoint, b->entrypoint);
	same_list(a->args, b->args);
	same_env(a->env, b->env);
	same_text(a->cwd, b->cwd);
	same_text(a->hostname, b->hostname);
	same_text(a->architecture, b->architecture);
	same_list(a->mounts, b->mounts);
	assert_int_equal(a->tty, b->tty);
	assert_int_equal(a->has_digest, b->has_digest);
	assert_memory_equal(a->digest, b->digest, sizeof(a->digest));
	same_user(&a->user, &b->user);
	assert_int_equal(a->warnings.count, b->warnings.count);
	for (uint32_t i = 0; i < a->warnings.count; i++) {
		assert_string_equal(x[i].code, y[i].code);
		same_sv(x[i].subject, y[i].subject);
		assert_string_equal(x[i].message, y[i].message);
		same_origin(x[i].from, y[i].from);
	}
}

#endif
