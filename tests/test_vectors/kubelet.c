/* SPDX-License-Identifier: Apache-2.0 */
/* kubelet_env and envfile: what the kubelet makes of variables. */
#include "kinds.h"

#include "read/layer.h"
#include "resolve/envfile.h"

#include <stdarg.h>
#include <stdlib.h>

/* Text that is put together; rows are small. */
enum { TEXT_SIZE = 32768 };

struct text_buffer {
	char *text;
	size_t used;
};

static struct text_buffer new_text(struct row *row)
{
	return (struct text_buffer){arena_chars(row->arena, TEXT_SIZE), 0};
}

__attribute__((format(printf, 2, 3))) static void put(struct text_buffer *b,
						      const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(b->text + b->used, TEXT_SIZE - b->used, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= TEXT_SIZE - b->used)
		abort();
	b->used += (size_t)n;
}

static const char *json(struct json_object *value)
{
	return json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
							     JSON_C_TO_STRING_NOSLASHESCAPE);
}

static const char *pod_text(struct row *row, const char *name)
{
	struct json_object *value = member(member(row->json, "pod"), name);

	return value ? json(value) : "null";
}

/* The row's Service variables stand for themselves: they are given as the first envFrom,
 * which is as weak as they are and not expanded either. */
static void put_container(struct text_buffer *b, const char *yaml, bool service_env)
{
	static const char given[] = "    - configMapRef: {name: x-service-env}\n";
	bool listed = false;

	put(b, "  containers:\n  - name: c\n    image: i\n");
	while (*yaml) {
		int length = (int)strcspn(yaml, "\n");

		put(b, "    %.*s\n", length, yaml);
		if (service_env && strncmp(yaml, "envFrom:", 8) == 0) {
			put(b, "%s", given);
			listed = true;
		}
		yaml += length + (yaml[length] == '\n');
	}
	if (service_env && !listed)
		put(b, "    envFrom:\n%s", given);
}

static void put_pod(struct row *row, struct text_buffer *b)
{
	struct json_object *service_env = member(row->json, "service_env");

	put(b, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: %s\n  namespace: %s\n",
	    pod_text(row, "Name"), pod_text(row, "Namespace"));
	put(b, "  uid: %s\n  labels: %s\n  annotations: %s\nspec:\n", pod_text(row, "UID"),
	    pod_text(row, "Labels"), pod_text(row, "Annotations"));
	put(b, "  nodeName: %s\n  serviceAccountName: %s\n", pod_text(row, "NodeName"),
	    pod_text(row, "ServiceAccountName"));
	put_container(b, json_object_get_string(member(row->json, "container_yaml")),
		      service_env && json_object_object_length(service_env) > 0);
}

/* The loader wrote a NUL as a character of its own: JSON has an escape for it. */
static void put_json(struct text_buffer *b, struct json_object *value)
{
	const char *text = json(value);

	for (const char *nul; (nul = strstr(text, "\xee\x80\x80")) != NULL; text = nul + 3)
		put(b, "%.*s\\u0000", (int)(nul - text), text);
	put(b, "%s", text);
}

static void put_object(struct text_buffer *b, const char *kind, const char *name,
		       struct json_object *data)
{
	put(b, "%s{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\","
	       "\"namespace\":\"ns1\"},\"data\":",
	    b->text[b->used - 1] == '[' ? "" : ",", kind, name);
	put_json(b, data);
	put(b, "}");
}

static void put_objects(struct row *row, struct text_buffer *b)
{
	struct json_object *service_env = member(row->json, "service_env");

	put(b, "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[");
	json_object_object_foreach(member(row->json, "configmaps"), name, data)
	{
		put_object(b, "ConfigMap", name, data);
	}
	json_object_object_foreach(member(row->json, "secrets_b64"), secret, bytes)
	{
		put_object(b, "Secret", secret, bytes);
	}
	if (service_env)
		put_object(b, "ConfigMap", "x-service-env", service_env);
	put(b, "]}");
}

static void add_addresses(struct row *row, struct ocienv_cluster *cluster, const char *name,
			  const char *fact)
{
	struct json_object *list = member(member(row->json, "pod"), name);
	struct text_buffer b = new_text(row);

	for (size_t i = 0; list && i < json_object_array_length(list); i++)
		put(&b, "%s%s", i ? "," : "",
		    json_object_get_string(json_object_array_get_idx(list, i)));
	if (b.used)
		(void)ocienv_cluster_add_fact(cluster, fact, b.text, NULL);
}

static int32_t make_layer(const struct text_buffer *pod, const struct text_buffer *objects,
			  struct row *row, uint32_t flags, struct ocienv_layer **ret,
			  struct ocienv_error *error)
{
	struct ocienv_document document = {"pod.yaml", pod->text, pod->used};
	struct ocienv_document list = {"objects", objects->text, objects->used};
	struct ocienv_options options = {.size = sizeof(options), .hostname = "h",
					 .flags = flags};
	struct ocienv_cluster *cluster;
	int32_t status = ocienv_cluster_new(&cluster, NULL, error);

	if (status)
		return status;
	add_addresses(row, cluster, "PodIPs", "status.podIPs");
	add_addresses(row, cluster, "HostIPs", "status.hostIPs");
	status = ocienv_cluster_add_objects(cluster, &list, error);
	if (!status)
		status = ocienv_layer_from_pod(ret, &document, cluster, &options, error);
	ocienv_cluster_free(cluster);
	return status;
}

static bool same_list(struct row *row, const char *what, struct json_object *expected,
		      const struct text_list *list)
{
	struct sv *texts = ARENA_ARRAY(row->arena, list->count, struct sv);

	for (uint32_t i = 0; i < list->count; i++)
		texts[i] = list->items[i].value;
	return same_strings(row, what, expected, texts, list->count);
}

/* Upstream's order is random, so the variables are compared as a map. */
static bool same_map(struct row *row, struct json_object *expected, const struct env_list *env)
{
	uint32_t found = 0;

	json_object_object_foreach(expected, key, value)
	{
		struct sv name = bytes_of_key(row, key), text = bytes_of(row, value);

		for (uint32_t i = 0; i < env->count; i++)
			found += sv_eq(env_name(&env->items[i]), name) &&
				 sv_eq(env_value(&env->items[i]), text);
	}
	if (found == env->count && found == (uint32_t)json_object_object_length(expected))
		return true;
	(void)row_fails(row, "expected %d variables, got %u, %u of them alike",
			json_object_object_length(expected), env->count, found);
	return false;
}

/* Rows about one Service: its variables, in order. */
static enum verdict check_service(struct row *row)
{
	struct json_object *out = member(row->json, "out");
	struct text_buffer pod = new_text(row), service = new_text(row);
	struct ocienv_layer *layer = NULL;
	struct ocienv_error error;
	size_t count = json_object_array_length(out);

	put(&pod, "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{name: c}]\n");
	put(&service, "apiVersion: v1\nkind: Service\n%s",
	    json_object_get_string(member(row->json, "service_yaml")));
	if (make_layer(&pod, &service, row, 0, &layer, &error))
		return row_refused(row, &error, false);
	if (layer->env.count != count)
		(void)row_fails(row, "expected %zu variables, got %u", count, layer->env.count);
	for (size_t i = 0; !row->detail[0] && i < count; i++) {
		struct json_object *pair = json_object_array_get_idx(out, i);
		struct sv name = bytes_of(row, json_object_array_get_idx(pair, 0));
		struct sv value = bytes_of(row, json_object_array_get_idx(pair, 1));

		if (!sv_eq(env_name(&layer->env.items[i]), name) ||
		    !sv_eq(env_value(&layer->env.items[i]), value))
			(void)row_fails(row, "variable %zu differs", i);
	}
	ocienv_layer_free(layer);
	return row->detail[0] ? ROW_FAILS : ROW_PASSES;
}

static enum verdict check_layer(struct row *row, struct ocienv_layer *layer)
{
	struct json_object *out = member(row->json, "out");
	bool same = !member(out, "error") &&
		    same_list(row, "command", member(out, "command"), &layer->entrypoint) &&
		    same_list(row, "args", member(out, "args"), &layer->args) &&
		    same_map(row, member(out, "env"), &layer->env);

	if (member(out, "error"))
		(void)row_fails(row, "upstream refuses");
	ocienv_layer_free(layer);
	return same ? ROW_PASSES : ROW_FAILS;
}

/* What only the API server rejects is refused, unless the caller wants the kubelet's answer. */
static enum verdict check_lenient(struct row *row, const struct text_buffer *pod,
				  const struct text_buffer *objects)
{
	struct ocienv_layer *layer = NULL;
	struct ocienv_error error;

	if (make_layer(pod, objects, row, OCIENV_LENIENT, &layer, &error))
		row->reason = "a map of labels or annotations";
	else if (check_layer(row, layer) == ROW_PASSES)
		row->reason = "what the API server rejects";
	else
		return ROW_FAILS;
	return ROW_STRICTER;
}

enum verdict check_kubelet_env(struct row *row)
{
	bool refuses = member(member(row->json, "out"), "error") != NULL;
	struct text_buffer pod = new_text(row), objects = new_text(row);
	struct ocienv_layer *layer = NULL;
	struct ocienv_error error;

	if (member(row->json, "service_yaml"))
		return check_service(row);
	put_pod(row, &pod);
	put_objects(row, &objects);
	if (!make_layer(&pod, &objects, row, 0, &layer, &error))
		return check_layer(row, layer);
	if (!refuses && member(row->json, "api_rejects"))
		return check_lenient(row, &pod, &objects);
	return row_refused(row, &error, refuses);
}

enum verdict check_envfile(struct row *row)
{
	struct json_object *error = member(row->json, "error");
	struct envfile file;
	struct sv value;

	if (!envfile_read(&file, member_bytes(row, "file"), row->arena))
		return row_fails(row, "no memory");
	if (!envfile_find(&file, member_bytes(row, "key"), &value))
		return error ? ROW_PASSES : row_fails(row, "refused: %s", file.fault);
	if (error)
		return row_fails(row, "upstream refuses");
	return sv_eq(value, member_bytes(row, "out")) ? ROW_PASSES
						       : row_fails(row, "got another value");
}
