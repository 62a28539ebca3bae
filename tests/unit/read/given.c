/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/read/given.h"

enum { LAYERS_MAX = 64 };

struct given given;

static struct ocienv_layer *layers[LAYERS_MAX];
static struct ocienv_config *configs[LAYERS_MAX];
static size_t layer_count, config_count;

int given_setup(void **state)
{
	(void)state;
	given = (struct given){.options = {.size = sizeof(given.options)},
			       .rootfs = OCIENV_NO_ROOTFS};
	return 0;
}

int given_teardown(void **state)
{
	(void)state;
	/* Layers first: a config must not lean on them. */
	while (layer_count)
		ocienv_layer_free(layers[--layer_count]);
	while (config_count)
		ocienv_config_free(configs[--config_count]);
	ocienv_cluster_free(given.cluster);
	given.cluster = NULL;
	return 0;
}

static int32_t read_document(enum given_kind kind, const char *text, struct ocienv_layer **ret)
{
	static const char *const names[] = {"image.json", "config.json", "pod.yaml",
					    "objects.yaml"};
	struct ocienv_document document = {names[kind], text, strlen(text)};

	memset(&given.error, 0, sizeof(given.error));
	if (kind == GIVEN_IMAGE)
		return ocienv_layer_from_image_config(ret, &document, &given.options,
						      &given.error);
	if (kind == GIVEN_SPEC)
		return ocienv_layer_from_runtime_spec(ret, &document, &given.options,
						      &given.error);
	if (kind == GIVEN_POD)
		return ocienv_layer_from_pod(ret, &document, given.cluster, &given.options,
					     &given.error);
	if (!given.cluster)
		assert_int_equal(ocienv_cluster_new(&given.cluster, &given.options, NULL), 0);
	return ocienv_cluster_add_objects(given.cluster, &document, &given.error);
}

static struct ocienv_layer *layer_of(enum given_kind kind, const char *text)
{
	struct ocienv_layer *layer = NULL;
	int32_t status = read_document(kind, text, &layer);

	if (status)
		print_error("%u:%u: %s: %s\n", given.error.line, given.error.column,
			    given.error.pointer, given.error.message);
	assert_int_equal(status, OCIENV_OK);
	assert_int_equal(given.error.status, 0);
	assert_true(layer_count < LAYERS_MAX);
	layers[layer_count++] = layer;
	return layer;
}

struct ocienv_layer *image_of(const char *text)
{
	return layer_of(GIVEN_IMAGE, text);
}

struct ocienv_layer *spec_of(const char *text)
{
	return layer_of(GIVEN_SPEC, text);
}

struct ocienv_layer *pod_of(const char *text)
{
	return layer_of(GIVEN_POD, text);
}

void cluster_has(const char *text)
{
	int32_t status = read_document(GIVEN_OBJECTS, text, NULL);

	if (status)
		print_error("%s: %s\n", given.error.pointer, given.error.message);
	assert_int_equal(status, OCIENV_OK);
}

void cluster_knows(const char *fact, const char *value)
{
	if (!given.cluster)
		assert_int_equal(ocienv_cluster_new(&given.cluster, &given.options, NULL), 0);
	assert_int_equal(ocienv_cluster_add_fact(given.cluster, fact, value, NULL), 0);
}

static int32_t resolve_layers(struct ocienv_config **ret, const struct ocienv_layer *image,
			      const struct ocienv_layer *other)
{
	const struct ocienv_layer *list[2];
	size_t count = 0;

	if (image)
		list[count++] = image;
	if (other)
		list[count++] = other;
	memset(&given.error, 0, sizeof(given.error));
	return ocienv_resolve(ret, list, count, given.rootfs, &given.options,
			      &given.error);
}

struct ocienv_config *config_of(const struct ocienv_layer *image,
				const struct ocienv_layer *other)
{
	struct ocienv_config *config = NULL;
	int32_t status = resolve_layers(&config, image, other);

	if (status)
		print_error("%s\n", given.error.message);
	assert_int_equal(status, OCIENV_OK);
	assert_true(config_count < LAYERS_MAX);
	configs[config_count++] = config;
	return config;
}

void assert_no_config(const struct ocienv_layer *image, const struct ocienv_layer *other,
		      int32_t status)
{
	struct ocienv_config *config = NULL;

	assert_int_equal(resolve_layers(&config, image, other), status);
	assert_null(config);
	assert_int_equal(given.error.status, status);
}

void assert_refused(enum given_kind kind, const struct refusal *row)
{
	struct ocienv_layer *layer = NULL;
	int32_t status = read_document(kind, row->text, &layer);
	bool same = status == row->status && given.error.status == status &&
		    given.error.line == row->line && given.error.column == row->column &&
		    strcmp(given.error.pointer, row->pointer) == 0 &&
		    (!row->message || strstr(given.error.message, row->message));

	if (!same)
		print_error("expected %d at %u:%u %s (%s)\nfound    %d at %u:%u %s (%s)\nin %s\n",
			    row->status, row->line, row->column, row->pointer,
			    row->message ? row->message : "", status, given.error.line,
			    given.error.column, given.error.pointer, given.error.message,
			    row->text);
	ocienv_layer_free(layer);
	assert_true(same);
	assert_null(layer);
}

void assert_all_refused(enum given_kind kind, const struct refusal *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_refused(kind, &rows[i]);
}

void assert_layer_env(const struct ocienv_layer *layer, ...)
{
	const char *expected;
	uint32_t i = 0;
	va_list args;

	va_start(args, layer);
	for (; (expected = va_arg(args, const char *)) != NULL; i++) {
		assert_true(i < layer->env.count);
		assert_string_equal(layer->env.items[i].text.ptr, expected);
	}
	va_end(args);
	assert_int_equal(layer->env.count, i);
}

static void assert_strings(const char *const *found, size_t count, va_list args)
{
	const char *expected;
	size_t i = 0;

	for (; (expected = va_arg(args, const char *)) != NULL; i++) {
		assert_true(i < count);
		assert_string_equal(found[i], expected);
	}
	assert_int_equal(count, i);
	assert_null(found[count]);
}

void assert_config_env(const struct ocienv_config *config, ...)
{
	size_t count = 0;
	const char *const *envp = ocienv_config_envp(config, &count);
	va_list args;

	va_start(args, config);
	assert_strings(envp, count, args);
	va_end(args);
}

void assert_argv(const struct ocienv_config *config, ...)
{
	size_t count = 0;
	const char *const *argv = ocienv_config_argv(config, &count);
	va_list args;

	va_start(args, config);
	assert_strings(argv, count, args);
	va_end(args);
}

static size_t index_of(const struct ocienv_config *config, const char *name)
{
	size_t count = 0, length = strlen(name);
	const char *const *envp = ocienv_config_envp(config, &count);

	for (size_t i = 0; i < count; i++)
		if (strncmp(envp[i], name, length) == 0 && envp[i][length] == '=')
			return i;
	fail_msg("no variable %s", name);
	return 0;
}

void assert_chain(const struct ocienv_config *config, const char *name, const char *chain)
{
	struct ocienv_origin origin;
	size_t index = index_of(config, name);
	char text[512] = "";

	for (size_t depth = 0;
	     !ocienv_config_origin(config, OCIENV_ITEM_ENV, index, depth, &origin); depth++) {
		size_t used = strlen(text);

		(void)snprintf(text + used, sizeof(text) - used, "%s%s%s", depth ? " " : "",
			       origin.secret ? "!" : "", ocienv_source_name(origin.source));
		used = strlen(text);
		if (origin.line)
			(void)snprintf(text + used, sizeof(text) - used, ":%u:%u", origin.line,
				       origin.column);
	}
	assert_string_equal(text, chain);
}

bool has_warning(const struct ocienv_config *config, const char *code, const char *subject)
{
	struct ocienv_warning warning;

	for (size_t i = 0; !ocienv_config_warning(config, i, &warning); i++)
		if (strcmp(warning.code, code) == 0 && strcmp(warning.subject, subject) == 0)
			return true;
	return false;
}
