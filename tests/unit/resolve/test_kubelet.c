/* SPDX-License-Identifier: Apache-2.0 */
/* How the kubelet puts the environment together (rules 4.4 to 4.11, 4.17). */
#include "unit/read/given.h"

#define CONFIGMAP(name, data)                                                            \
	"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: " name                   \
	", namespace: ns}\ndata: " data "\n"
#define SECRET(name, data)                                                               \
	"---\napiVersion: v1\nkind: Secret\nmetadata: {name: " name                      \
	", namespace: ns}\ndata: " data "\n"
#define SERVICE                                                                          \
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: ns}\n"     \
	"spec: {clusterIP: 10.0.0.9, ports: [{port: 80}]}\n"
#define LIT(name, value) "    - {name: " name ", value: '" value "'}\n"
#define REF(name, kind, object, key, more)                                               \
	"    - {name: " name ", valueFrom: {" kind "KeyRef: {name: " object ", key: " key    \
	more "}}}\n"
#define LINKS_OFF "  enableServiceLinks: false\n"

static void env_from_comes_first_and_later_entries_win(void **state)
{
	(void)state;
	cluster_has(CONFIGMAP("m1", "{B: m1b, A: m1a}") CONFIGMAP("m2", "{A: m2a, C: m2c}"));
	assert_layer_env(pod_of(POD("    env:\n" LIT("A", "[$(A)]") LIT("D", "d")
				    "    envFrom: [{configMapRef: {name: m1}},"
				    " {configMapRef: {name: m2}}]\n")),
			 "A=[m2a]", "B=m1b", "C=m2c", "D=d", NULL);
}

static void a_prefix_stands_before_every_key(void **state)
{
	(void)state;
	cluster_has(CONFIGMAP("m", "{A: a, 1.b-c: x}"));
	assert_layer_env(pod_of(POD("    envFrom: [{prefix: 'P ', configMapRef: {name: m}},"
				    " {prefix: '', configMapRef: {name: m}}]\n")),
			 "P 1.b-c=x", "P A=a", "1.b-c=x", "A=a", NULL);
}

static void what_is_optional_and_missing_changes_nothing(void **state)
{
	(void)state;
	cluster_has(CONFIGMAP("m", "{A: from}") SERVICE);
	assert_layer_env(
		pod_of(POD("    envFrom: [{configMapRef: {name: m}},"
			   " {secretRef: {name: gone, optional: true}}]\n    env:\n"
			   REF("A", "configMap", "gone", "k", ", optional: true")
			   REF("A", "configMap", "m", "gone", ", optional: true")
			   REF("WEB_SERVICE_PORT", "secret", "gone", "k", ", optional: true")
			   REF("NEW", "secret", "gone", "k", ", optional: true")
			   LIT("B", "$(A)$(WEB_SERVICE_PORT)$(NEW)"))),
		"A=from", "B=from80$(NEW)", "WEB_SERVICE_HOST=10.0.0.9", "WEB_SERVICE_PORT=80",
		"WEB_PORT=tcp://10.0.0.9:80", "WEB_PORT_80_TCP=tcp://10.0.0.9:80",
		"WEB_PORT_80_TCP_PROTO=tcp", "WEB_PORT_80_TCP_PORT=80",
		"WEB_PORT_80_TCP_ADDR=10.0.0.9", NULL);
}

static void what_is_missing_and_not_optional_is_refused_by_its_name(void **state)
{
#define AT "/spec/containers/0/"
	static const struct refusal rows[] = {
		{POD("    envFrom: [{configMapRef: {name: gone}}]\n"), OCIENV_ERR_REFERENCE, 7, 37,
		 AT "envFrom/0/configMapRef/name", "the ConfigMap \"gone\""},
		{POD("    envFrom: [{secretRef: {name: m, optional: false}}]\n"),
		 OCIENV_ERR_REFERENCE, 7, 34, AT "envFrom/0/secretRef/name", "the Secret \"m\""},
		{POD("    env:\n" REF("A", "configMap", "gone", "k", "")), OCIENV_ERR_REFERENCE, 8,
		 53, AT "env/0/valueFrom/configMapKeyRef/name", "the ConfigMap \"gone\""},
		{POD("    env:\n" REF("A", "configMap", "m", "gone", "")), OCIENV_ERR_REFERENCE, 8,
		 61, AT "env/0/valueFrom/configMapKeyRef/key", "key \"gone\""},
		{POD("    env:\n" REF("A", "secret", "m", "k", "")), OCIENV_ERR_REFERENCE, 8, 50,
		 AT "env/0/valueFrom/secretKeyRef/name", "the Secret \"m\""},
	};

	(void)state;
	cluster_has(CONFIGMAP("m", "{A: a}")
		    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: gone}\n");
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

static void an_empty_value_sets_the_variable(void **state)
{
	(void)state;
	cluster_has(CONFIGMAP("m", "{A: a, B: b}") SECRET("s", "{E: ''}"));
	assert_layer_env(pod_of(POD("    envFrom: [{configMapRef: {name: m}}]\n    env:\n"
				    LIT("A", "") "    - {name: B}\n" REF("C", "secret", "s", "E", "")
				    LIT("D", "[$(A)$(B)$(C)]"))),
			 "A=", "B=", "C=", "D=[]", NULL);
}

static void a_value_sees_what_stands_before_it_alone(void **state)
{
	(void)state;
	assert_layer_env(pod_of(POD("    env:\n" LIT("A", "$(B)") LIT("B", "b") LIT("B", "$(B)c")
				    LIT("C", "$(B)$(C)") LIT("PATH", "$(PATH):/x"))),
			 "A=$(B)", "B=bc", "C=bc$(C)", "PATH=$(PATH):/x", NULL);
}

static void only_literal_values_and_arguments_are_expanded(void **state)
{
	struct ocienv_layer *layer;

	(void)state;
	cluster_has(CONFIGMAP("m", "{M: $(A)}"));
	layer = pod_of(POD("    workingDir: /$(A)\n    command: [$(B), $$(A), $(NO)]\n"
			   "    args: ['$(M)']\n"
			   "    envFrom: [{configMapRef: {name: m}}]\n    env:\n"
			   LIT("A", "a") REF("C", "configMap", "m", "M", "") LIT("B", "$(C)")));
	assert_layer_env(layer, "M=$(A)", "A=a", "C=$(A)", "B=$(A)", NULL);
	assert_string_equal(layer->cwd.value.ptr, "/$(A)");
	assert_string_equal(layer->entrypoint.items[0].value.ptr, "$(A)");
	assert_string_equal(layer->entrypoint.items[1].value.ptr, "$(A)");
	assert_string_equal(layer->entrypoint.items[2].value.ptr, "$(NO)");
	assert_string_equal(layer->args.items[0].value.ptr, "$(A)");
}

static void a_reference_that_stays_is_a_warning(void **state)
{
	struct ocienv_config *config;

	(void)state;
	config = config_of(NULL, pod_of(POD("    command: [x, $(ARG)]\n    env:\n"
					    LIT("A", "$(VAR)") LIT("B", "$$(ESCAPED)"))));
	assert_true(has_warning(config, "unexpanded-reference", "ARG"));
	assert_true(has_warning(config, "unexpanded-reference", "VAR"));
	assert_false(has_warning(config, "unexpanded-reference", "ESCAPED"));
}

static void variables_of_the_pod_hide_those_of_services(void **state)
{
	struct ocienv_layer *layer;

	(void)state;
	cluster_has(SERVICE);
	layer = pod_of(POD("    env:\n" LIT("WEB_SERVICE_HOST", "mine:$(WEB_SERVICE_HOST)")
			   LIT("Z", "$(WEB_SERVICE_HOST)$(WEB_SERVICE_PORT)")));
	assert_string_equal(layer->env.items[0].text.ptr, "WEB_SERVICE_HOST=mine:10.0.0.9");
	assert_string_equal(layer->env.items[1].text.ptr, "Z=mine:10.0.0.980");
	assert_int_equal(layer->env.count, 8);
	layer = pod_of(POD("    env:\n" LIT("Z", "$(WEB_SERVICE_HOST)")) LINKS_OFF);
	assert_layer_env(layer, "Z=$(WEB_SERVICE_HOST)", NULL);
}

static void an_empty_list_of_arguments_is_no_list(void **state)
{
	struct ocienv_layer *layer;

	(void)state;
	layer = pod_of(POD("    command: []\n    args: [null, '']\n"));
	assert_false(layer->entrypoint.present);
	assert_true(layer->args.present);
	assert_int_equal(layer->args.count, 2);
	assert_string_equal(layer->args.items[0].value.ptr, "");
}

static bool is_secret(const struct ocienv_layer *layer, uint32_t index)
{
	return layer->env.items[index].from.secret;
}

static void what_a_secret_went_into_is_secret(void **state)
{
	struct ocienv_layer *layer;

	(void)state;
	cluster_has(SECRET("s", "{S: aGk=}"));
	layer = pod_of(POD("    command: [x, $(C), $(D)]\n    envFrom: [{secretRef: {name: s}}]\n"
			   "    env:\n" REF("A", "secret", "s", "S", "") LIT("B", "x$(A)")
			   LIT("C", "$(B)") LIT("D", "$$(S)") LIT("S", "") LIT("E", "$(S)")));
	assert_layer_env(layer, "S=", "A=hi", "B=xhi", "C=xhi", "D=$(S)", "E=", NULL);
	assert_false(is_secret(layer, 0));
	assert_true(is_secret(layer, 1));
	assert_true(is_secret(layer, 2));
	assert_true(is_secret(layer, 3));
	assert_false(is_secret(layer, 4));
	assert_false(is_secret(layer, 5));
	assert_true(layer->entrypoint.items[1].from.secret);
	assert_false(layer->entrypoint.items[2].from.secret);
}

static void bytes_that_no_environment_can_hold_are_refused(void **state)
{
	/* "a\0b", "\xff" */
	static const struct refusal rows[] = {
		{POD("    env:\n" REF("A", "secret", "s", "NUL", "")), OCIENV_ERR_ENCODING, 8, 58,
		 AT "env/0/valueFrom/secretKeyRef/key", "3 bytes"},
		{POD("    env:\n" REF("A", "secret", "s", "BAD", "")), OCIENV_ERR_ENCODING, 8, 58,
		 AT "env/0/valueFrom/secretKeyRef/key", "UTF-8"},
		{POD("    envFrom: [{secretRef: {name: s}}]\n"), OCIENV_ERR_ENCODING, 7, 34,
		 AT "envFrom/0", NULL},
	};

	(void)state;
	cluster_has(SECRET("s", "{NUL: YQBi, BAD: /w==, OK: w6k=}"));
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
	assert_layer_env(pod_of(POD("    env:\n" REF("A", "secret", "s", "OK", ""))), "A=\xc3\xa9",
			 NULL);
}

#define RESOURCE(name, resource, more)                                                   \
	"    - {name: " name ", valueFrom: {resourceFieldRef: {resource: " resource more "}}}\n"
#define RESOURCES "    resources: {limits: {cpu: 1500m, memory: 1Gi, hugepages-2Mi: 4Mi},"     \
	" requests: {cpu: 0}}\n"

static void resources_are_divided_and_rounded_up(void **state)
{
	(void)state;
	cluster_knows("allocatable.ephemeral-storage", "10Gi");
	assert_layer_env(
		pod_of(POD(RESOURCES "    env:\n" RESOURCE("A", "limits.cpu", "")
			   RESOURCE("B", "limits.cpu", ", divisor: 1m")
			   RESOURCE("C", "requests.memory", ", divisor: 1Mi")
			   RESOURCE("D", "requests.cpu", "")
			   RESOURCE("E", "requests.ephemeral-storage", "")
			   RESOURCE("F", "limits.ephemeral-storage", ", divisor: 1Gi")
			   RESOURCE("G", "limits.hugepages-2Mi", ", divisor: 1Ki")
			   RESOURCE("H", "limits.hugepages-1Gi", ", divisor: 0"))),
		"A=2", "B=1500", "C=1024", "D=0", "E=0", "F=10", "G=4096", "H=0", NULL);
}

/* The field is limits.NAME or requests.NAME; the divisor a unit of what is divided. */
static void other_resources_are_refused(void **state)
{
	static const char field[] = AT "env/0/valueFrom/resourceFieldRef/resource",
			  divisor[] = AT "env/0/valueFrom/resourceFieldRef/divisor";
	static const struct refusal rows[] = {
		{POD("    env:\n" RESOURCE("A", "limits", "")), OCIENV_ERR_VALUE, 8, 58, field, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.", "")), OCIENV_ERR_VALUE, 8, 58, field, NULL},
		{POD("    env:\n" RESOURCE("A", "cpu", "")), OCIENV_ERR_VALUE, 8, 58, field, NULL},
		{POD("    env:\n" RESOURCE("A", "used.cpu", "")), OCIENV_ERR_VALUE, 8, 58, field, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.gpu", "")), OCIENV_ERR_VALUE, 8, 58, field,
		 NULL},
		{POD("    env:\n" RESOURCE("A", "limits.hugepages-", "")), OCIENV_ERR_VALUE, 8, 58,
		 field, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.cpu", ", divisor: 2")), OCIENV_ERR_VALUE, 8, 79,
		 divisor, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.cpu", ", divisor: 1k")), OCIENV_ERR_VALUE, 8, 79,
		 divisor, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.cpu", ", divisor: 1Ki")), OCIENV_ERR_VALUE, 8,
		 79, divisor, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.memory", ", divisor: 1m")), OCIENV_ERR_VALUE, 8,
		 82, divisor, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.memory", ", divisor: 1e1")), OCIENV_ERR_VALUE,
		 8, 82, divisor, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.memory", ", divisor: 1e21")), OCIENV_ERR_VALUE,
		 8, 82, divisor, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.cpu", ", divisor: [1]")), OCIENV_ERR_TYPE, 8, 79,
		 divisor, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.cpu", ", divisor: x")), OCIENV_ERR_VALUE, 8, 79,
		 divisor, NULL},
		{POD("    env:\n" RESOURCE("A", "limits.memory", "")), OCIENV_ERR_VALUE, 8, 58, field,
		 "as the fact allocatable.memory"},
	};

	(void)state;
	cluster_knows("allocatable.memory", "much");
	cluster_knows("allocatable.cpu", "1");
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

/* envFrom and env make one list. */
static void the_number_of_variables_is_bounded(void **state)
{
	static const struct ocienv_limits limits = {.size = sizeof(limits), .max_env = 3};
	static const struct refusal row = {
		POD("    envFrom: [{configMapRef: {name: m}}]\n    env:\n" LIT("C", "1") LIT("D", "1")),
		OCIENV_ERR_LIMIT, 0, 0, "", "at most 3"};

	(void)state;
	given.options.limits = &limits;
	cluster_has("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n"
		    "data: {A: '1', B: '1'}\n");
	assert_layer_env(pod_of(POD("    envFrom: [{configMapRef: {name: m}}]\n    env:\n"
				    LIT("C", "1"))),
			 "A=1", "B=1", "C=1", NULL);
	assert_refused(GIVEN_POD, &row);
}

/* Those of envFrom alone as well. */
static void the_number_of_keys_is_bounded(void **state)
{
#define FROM(more) POD("    envFrom: [{configMapRef: {name: m}}" more "]\n")
	static const struct ocienv_limits limits = {.size = sizeof(limits), .max_env = 3};
	static const struct refusal row = {FROM(", {configMapRef: {name: m}, prefix: X}"),
					   OCIENV_ERR_LIMIT, 0, 0, "", "at most 3"};

	(void)state;
	given.options.limits = &limits;
	cluster_has("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n"
		    "data: {A: '1', B: '1', C: '1'}\n");
	assert_layer_env(pod_of(FROM("")), "A=1", "B=1", "C=1", NULL);
	assert_refused(GIVEN_POD, &row);
#undef FROM
}

/* What a node has stands in no document. */
static void a_resource_tells_where_it_was_written(void **state)
{
	struct ocienv_layer *layer;

	(void)state;
	cluster_knows("allocatable.ephemeral-storage", "10Gi");
	layer = pod_of(POD(RESOURCES "    env:\n" RESOURCE("A", "limits.cpu", "")
			   RESOURCE("B", "limits.ephemeral-storage", "")));
	assert_int_not_equal(layer->env.items[0].from.document, DOCUMENT_NONE);
	assert_int_equal(layer->env.items[0].from.mark.line, 7);
	assert_int_equal(layer->env.items[1].from.document, DOCUMENT_NONE);
}

static void resources_of_other_containers_are_found_by_name(void **state)
{
	(void)state;
	cluster_knows("allocatable.cpu", "8");
	assert_layer_env(
		pod_of(POD("    env:\n" RESOURCE("A", "limits.cpu", ", containerName: side")
			   RESOURCE("B", "limits.cpu", ", containerName: first")
			   RESOURCE("C", "limits.cpu", ", containerName: c")
			   "  - {name: side, resources: {limits: {cpu: 3}}}\n"
			   "  initContainers: [{name: first}]\n")),
		"A=3", "B=0", "C=8", NULL);
}

static void what_a_file_of_variables_says_is_a_fact(void **state)
{
#define FILE_KEY(name, key, more) FILE_IN("d/p", name, key, more)
#define FILE_IN(path, name, key, more)                                                        \
	"    - {name: " name ", valueFrom: {fileKeyRef: {volumeName: w, path: " path ", key: " key  \
	more "}}}\n"
	static const struct refusal rows[] = {
		{POD("    env:\n" FILE_KEY("A", "gone", "")), OCIENV_ERR_REFERENCE, 8, 73,
		 AT "env/0/valueFrom/fileKeyRef/key", "\"gone\""},
		{POD("    env:\n" FILE_IN("q", "A", "bad", "")), OCIENV_ERR_VALUE, 8, 7,
		 AT "env/0/valueFrom/fileKeyRef", "in line 2"},
	};

	(void)state;
	cluster_knows("volume.w/d/p", "# some\nk='a\nb'\n");
	cluster_knows("volume.w/q", "a='b'\nbad=x\n");
	assert_layer_env(pod_of(POD("    env:\n" LIT("B", "before") FILE_KEY("A", "k", "")
				    FILE_KEY("B", "e", ", optional: true"))),
			 "B=before", "A=a\nb", NULL);
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

/* Of two definitions the first counts, and of a file all up to it: a later fault is not met. */
static void a_file_is_looked_at_up_to_the_key(void **state)
{
	static const struct refusal row = {POD("    env:\n" FILE_KEY("A", "c", "")),
					   OCIENV_ERR_VALUE, 8, 7,
					   AT "env/0/valueFrom/fileKeyRef", "in line 4"};

	(void)state;
	cluster_knows("volume.w/d/p", "b='1'\na='2'\nb='3'\nbad\nc='4'\n");
	cluster_knows("volume.w/q", "b='5'\n");
	assert_layer_env(pod_of(POD("    env:\n" FILE_KEY("A", "b", "") FILE_IN("q", "B", "b", "")
				    FILE_KEY("C", "a", "") FILE_KEY("D", "b", ""))),
			 "A=1", "B=5", "C=2", "D=1", NULL);
	assert_refused(GIVEN_POD, &row);
}

static size_t allocated;

static void *count_alloc(void *ctx, size_t size)
{
	(void)ctx;
	allocated += size;
	return malloc(size);
}

static void count_free(void *ctx, void *ptr)
{
	(void)ctx;
	free(ptr);
}

/* Four thousand variables of a file of 128 KiB: half a gigabyte, if each read it anew. */
static void a_file_is_read_once(void **state)
{
	static const struct ocienv_allocator counting = {count_alloc, count_free, NULL};
	enum { VARIABLES = 4000, SIZE = 120000 };
	static char file[SIZE + 16], pod[VARIABLES * 96];
	size_t used = (size_t)snprintf(pod, sizeof(pod), "%s", POD("    env:\n"));

	(void)state;
	memset(file, '#', SIZE);
	file[SIZE / 2] = '\n';
	memcpy(file + SIZE, "\nk='v'\n", 8);
	for (int i = 0; i < VARIABLES; i++)
		used += (size_t)snprintf(pod + used, sizeof(pod) - used, FILE_KEY("A%d", "k", ""),
					 i);
	cluster_knows("volume.w/d/p", file);
	given.options.allocator = &counting;
	given.options.limits = &(struct ocienv_limits){.size = sizeof(struct ocienv_limits),
						       .max_nodes = 20 * VARIABLES};
	allocated = 0;
	assert_int_equal(pod_of(pod)->env.count, VARIABLES);
	assert_true(allocated < VARIABLES * (size_t)SIZE / 10);
}

static void values_that_need_a_node_are_not_guessed(void **state)
{
	static const struct refusal rows[] = {
		{POD("    env:\n" RESOURCE("A", "limits.cpu", "")), OCIENV_ERR_REFERENCE, 8, 58,
		 AT "env/0/valueFrom/resourceFieldRef/resource", "the fact allocatable.cpu"},
		{POD("    env:\n" FILE_KEY("A", "k", "")), OCIENV_ERR_REFERENCE, 8, 63,
		 AT "env/0/valueFrom/fileKeyRef/path", "the fact volume.w/d/p"},
		{POD("    env:\n" RESOURCE("A", "limits.gpu", "")), OCIENV_ERR_VALUE, 8, 58,
		 AT "env/0/valueFrom/resourceFieldRef/resource", "\"limits.gpu\""},
		{POD("    env:\n" RESOURCE("A", "limits.cpu", ", divisor: 1k")), OCIENV_ERR_VALUE,
		 8, 79, AT "env/0/valueFrom/resourceFieldRef/divisor", "1 or 1m"},
		{POD("    env:\n" RESOURCE("A", "limits.memory", ", divisor: 1m")),
		 OCIENV_ERR_VALUE, 8, 82, AT "env/0/valueFrom/resourceFieldRef/divisor", "1Ki"},
		{POD("    env:\n" RESOURCE("A", "limits.cpu", ", containerName: x")),
		 OCIENV_ERR_REFERENCE, 8, 85,
		 AT "env/0/valueFrom/resourceFieldRef/containerName", "\"x\""},
		{POD("    resources: {limits: {cpu: much}}\n    env:\n"
		     RESOURCE("A", "limits.cpu", "")),
		 OCIENV_ERR_VALUE, 9, 58, AT "env/0/valueFrom/resourceFieldRef/resource",
		 "500m or 2Gi"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

static void an_expansion_has_its_limit(void **state)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_string = 24};
	static const struct refusal row = {
		POD("    env:\n" LIT("A", "0123456789") LIT("B", "$(A)$(A)....x")),
		OCIENV_ERR_LIMIT, 9, 24, AT "env/1/value", "24 bytes"};

	(void)state;
	given.options.limits = &limits;
	assert_refused(GIVEN_POD, &row);
	assert_layer_env(pod_of(POD("    env:\n" LIT("A", "0123456789") LIT("B", "$(A)$(A)...."))),
			 "A=0123456789", "B=01234567890123456789....", NULL);
}

/* makeEnvironmentVariables itself checks none of what ValidateEnv and ValidateEnvFrom do. */
static void what_only_the_api_server_refuses_is_lenient(void **state)
{
	const struct ocienv_layer *layer;

	(void)state;
	given.options.flags = OCIENV_LENIENT;
	cluster_has(CONFIGMAP("m", "{k: m}") SECRET("s", "{k: cw==, o: bw==}"));
	layer = pod_of(POD("    args: ['$(A=B)$(A)$()']\n    envFrom:\n    - {prefix: 'p='}\n"
			   "    - {prefix: 'p=', configMapRef: {name: m}, secretRef: {name: s}}\n"
			   "    env:\n    - {value: nameless}\n    - {name: A=B, value: v}\n"
			   "    - {name: \u00e9, value: e}\n"
			   "    - {name: V, value: v, valueFrom: {fieldRef: {fieldPath: nope}}}\n"
			   "    - {name: E, valueFrom: {}}\n"
			   "    - {name: F, valueFrom: {secretKeyRef: {name: s, key: k},"
			   " configMapKeyRef: {name: m, key: k}}}\n"
			   REF("O", "configMap", "m", "'a b'", ", optional: true")));
	assert_layer_env(layer, "p=k=m", "=nameless", "A=B=v", "\u00e9=e", "V=v", "E=", "F=m", NULL);
	assert_string_equal(layer->args.items[0].value.ptr, "v$(A)nameless");
	/* Behind the kubelet a name ends at the first "=". */
	assert_int_equal(layer->env.items[2].name_length, 1);
}

static void a_lenient_pod_needs_no_regular_container(void **state)
{
	static const char pod[] = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
				  "  initContainers: [{name: i, args: [a]}]\n";
	static const struct refusal row = {pod, OCIENV_ERR_VALUE, 5, 3, "/spec", "container"};

	(void)state;
	given.options.container = "i";
	assert_refused(GIVEN_POD, &row);
	given.options.flags = OCIENV_LENIENT;
	assert_string_equal(pod_of(pod)->args.items[0].value.ptr, "a");
}

static void what_the_kubelet_refuses_too_is_not_lenient(void **state)
{
#define VALUE_FROM AT "env/0/valueFrom/"
	static const struct refusal rows[] = {
		{POD("    env:\n" REF("A", "secret", "gone", "k", "")), OCIENV_ERR_REFERENCE, 8, 50,
		 VALUE_FROM "secretKeyRef/name", "the Secret \"gone\""},
		{POD("    env:\n" REF("A", "configMap", "m", "'a b'", "")), OCIENV_ERR_REFERENCE, 8,
		 61, VALUE_FROM "configMapKeyRef/key", "key \"a b\""},
		{POD("    env:\n    - {name: A, valueFrom: {fieldRef: {fieldPath: nope}}}\n"),
		 OCIENV_ERR_VALUE, 8, 51, VALUE_FROM "fieldRef/fieldPath", "downward API"},
		{POD("    env:\n    - {name: A, valueFrom: {fieldRef: {apiVersion: v2,"
		     " fieldPath: metadata.name}}}\n"),
		 OCIENV_ERR_VALUE, 8, 52, VALUE_FROM "fieldRef/apiVersion", "v1"},
	};
#undef VALUE_FROM

	(void)state;
	given.options.flags = OCIENV_LENIENT;
	cluster_has(CONFIGMAP("m", "{k: m}"));
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(env_from_comes_first_and_later_entries_win),
		TEST(a_prefix_stands_before_every_key),
		TEST(what_is_optional_and_missing_changes_nothing),
		TEST(what_is_missing_and_not_optional_is_refused_by_its_name),
		TEST(an_empty_value_sets_the_variable),
		TEST(a_value_sees_what_stands_before_it_alone),
		TEST(only_literal_values_and_arguments_are_expanded),
		TEST(a_reference_that_stays_is_a_warning),
		TEST(variables_of_the_pod_hide_those_of_services),
		TEST(an_empty_list_of_arguments_is_no_list),
		TEST(what_a_secret_went_into_is_secret),
		TEST(bytes_that_no_environment_can_hold_are_refused),
		TEST(resources_are_divided_and_rounded_up),
		TEST(a_resource_tells_where_it_was_written),
		TEST(other_resources_are_refused),
		TEST(the_number_of_variables_is_bounded),
		TEST(the_number_of_keys_is_bounded),
		TEST(resources_of_other_containers_are_found_by_name),
		TEST(what_a_file_of_variables_says_is_a_fact),
		TEST(a_file_is_looked_at_up_to_the_key),
		TEST(a_file_is_read_once),
		TEST(values_that_need_a_node_are_not_guessed),
		TEST(an_expansion_has_its_limit),
		TEST(what_only_the_api_server_refuses_is_lenient),
		TEST(a_lenient_pod_needs_no_regular_container),
		TEST(what_the_kubelet_refuses_too_is_not_lenient),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
