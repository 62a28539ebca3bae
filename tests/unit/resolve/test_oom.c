/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is not there: each request of a whole run fails, once and from then on. The
 * answer is NOMEM or the right one, nothing is leaked and no output is touched.
 *
 * Arenas ask for memory in blocks, so texts of several lengths move the block ends over all
 * the places where one may be needed: "@" in a document stands for such a text.
 */
#include "unit/read/given.h"

struct meter {
	size_t asked, live, fail_at; /* fail_at 0: never */
	bool for_ever;
};

static void *meter_alloc(void *ctx, size_t size)
{
	struct meter *meter = ctx;
	void *ptr;

	meter->asked++;
	if (meter->fail_at && (meter->for_ever ? meter->asked >= meter->fail_at
					       : meter->asked == meter->fail_at))
		return NULL;
	ptr = malloc(size);
	meter->live += ptr != NULL;
	return ptr;
}

static void meter_free(void *ctx, void *ptr)
{
	struct meter *meter = ctx;

	meter->live--;
	free(ptr);
}

/* What one run makes; NULL until it does. */
struct made {
	struct ocienv_cluster *cluster;
	struct ocienv_layer *image, *other;
	struct ocienv_config *config;
};

/* A run: documents (NULL: not used) and the answer. */
struct run {
	const char *objects, *image, *spec, *pod;
};

static struct ocienv_document document_of(const char *template, const char *filler)
{
	static char texts[4][1 << 16];
	static size_t next;
	char *text = texts[next++ % 4];
	size_t used = 0, length = strlen(filler);

	for (; *template; template++) {
		assert_true(used + length + 2 < sizeof(texts[0]));
		if (*template == '@')
			memcpy(text + used, filler, length);
		else
			text[used] = *template;
		used += *template == '@' ? length : 1;
	}
	text[used] = '\0';
	return (struct ocienv_document){filler, text, used};
}

static int32_t make(const struct run *run, const char *filler, struct ocienv_options *options,
		    struct made *made, struct ocienv_error *error)
{
	const struct ocienv_layer *layers[2];
	struct ocienv_document document;
	size_t count = 0;
	int32_t status = ocienv_cluster_new(&made->cluster, options, error);

	if (!status && run->objects) {
		document = document_of(run->objects, filler);
		status = ocienv_cluster_add_objects(made->cluster, &document, error);
	}
	if (!status)
		status = ocienv_cluster_add_fact(made->cluster, "status.podIP", "10.0.0.1", error);
	if (!status && run->image) {
		document = document_of(run->image, filler);
		status = ocienv_layer_from_image_config(&made->image, &document, options, error);
	}
	if (!status && run->spec) {
		document = document_of(run->spec, filler);
		status = ocienv_layer_from_runtime_spec(&made->other, &document, options, error);
	}
	if (!status && run->pod) {
		document = document_of(run->pod, filler);
		status = ocienv_layer_from_pod(&made->other, &document, made->cluster, options,
					       error);
	}
	if (made->image)
		layers[count++] = made->image;
	if (made->other)
		layers[count++] = made->other;
	if (!status)
		status = ocienv_resolve(&made->config, layers, count, OCIENV_NO_ROOTFS, options,
					error);
	return status;
}

static void unmake(struct made *made)
{
	ocienv_cluster_free(made->cluster);
	ocienv_layer_free(made->image);
	ocienv_layer_free(made->other);
	ocienv_config_free(made->config);
}

static void assert_same(const struct ocienv_config *a, const struct ocienv_config *b)
{
	size_t count = 0, other = 0;
	const char *const *x = ocienv_config_envp(a, &count);
	const char *const *y = ocienv_config_envp(b, &other);

	assert_int_equal(count, other);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(x[i], y[i]);
	x = ocienv_config_argv(a, &count);
	y = ocienv_config_argv(b, &other);
	assert_int_equal(count, other);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(x[i], y[i]);
	assert_string_equal(ocienv_config_cwd(a), ocienv_config_cwd(b));
}

/* One failing run. Returns false once the request that was to fail did not come. */
static bool fail_once(const struct run *run, const char *filler, const struct made *right,
		      size_t fail_at, bool for_ever)
{
	struct meter meter = {0, 0, fail_at, for_ever};
	struct ocienv_allocator allocator = {meter_alloc, meter_free, &meter};
	struct ocienv_options options = {.size = sizeof(options), .allocator = &allocator};
	struct ocienv_error error = {0};
	struct made made = {0};
	int32_t status = make(run, filler, &options, &made, &error);

	if (status) {
		assert_int_equal(status, OCIENV_ERR_NOMEM);
		assert_int_equal(error.status, OCIENV_ERR_NOMEM);
		assert_null(made.config);
	} else {
		assert_int_equal(error.status, 0);
		assert_same(made.config, right->config);
	}
	unmake(&made);
	assert_int_equal(meter.live, 0);
	return meter.asked >= fail_at;
}

static void fail_everywhere(const struct run *run)
{
	char filler[1400];

	for (size_t length = 1; length < sizeof(filler); length += 37) {
		struct ocienv_options options = {.size = sizeof(options)};
		struct ocienv_error error = {0};
		struct made right = {0};

		memset(filler, 'x', length);
		filler[length] = '\0';
		if (make(run, filler, &options, &right, &error))
			fail_msg("%s: %s", error.pointer, error.message);
		for (int for_ever = 0; for_ever < 2; for_ever++)
			for (size_t k = 1; fail_once(run, filler, &right, k, for_ever); k++)
				;
		unmake(&right);
	}
}

static const char image[] =
	"{\"config\": {\"Entrypoint\": [\"/e\", \"@\"], \"Cmd\": [\"c\"], \"User\": \"u@\","
	" \"Env\": [\"A=@\", \"PATH=/@\", \"B=@\", \"A=2@\", \"HOME=\", \"C=@\"],"
	" \"WorkingDir\": \"/@\"}}";

static void an_image_config_survives_every_failed_request(void **state)
{
	static const struct run run = {.image = image};

	(void)state;
	fail_everywhere(&run);
}

static void a_runtime_spec_survives_every_failed_request(void **state)
{
	static const struct run run = {
		.spec = "{\"process\": {\"args\": [\"/a@\", \"b\"], \"cwd\": \"/@\","
			" \"env\": [\"A=@\", \"B=@\", \"A=3@\", \"HOME=@\", \"C\\u0041=\\u0041@\"],"
			" \"user\": {\"uid\": 5, \"gid\": 6, \"additionalGids\": [9, 7, 9]},"
			" \"capabilities\": {\"effective\": [\"CAP_CHOWN\"]}}}"};

	(void)state;
	fail_everywhere(&run);
}

static const char objects[] =
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n"
	"data: {A: '@', B: 'b@', KEY: k}\n"
	"---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n"
	"data: {S: dmFsdWU=}\nstringData: {T: '@'}\n"
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: ns}\n"
	"spec: {clusterIP: 10.0.0.@, ports: [{port: 80, name: http}, {port: 81}]}\n";

static const char pod[] =
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns, labels: {l: '@'}}\n"
	"spec:\n  securityContext: {runAsUser: 5, supplementalGroups: [7, 6]}\n"
	"  unknown: @\n"
	"  containers:\n  - name: c\n    command: [/k, '$(A)', '$(NONE)@']\n    args: ['@']\n"
	"    workingDir: /@\n    tty: true\n"
	"    envFrom: [{configMapRef: {name: m}}, {prefix: P_, secretRef: {name: s}}]\n"
	"    env:\n    - {name: A, value: '$(A)$(WEB_SERVICE_HOST)$(P_S)'}\n"
	"    - {name: PATH, value: '/@'}\n    - {name: HOME, value: ''}\n"
	"    - {name: I, valueFrom: {fieldRef: {fieldPath: status.podIP}}}\n"
	"    - {name: L, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['l']\"}}}\n"
	"    - {name: K, valueFrom: {configMapKeyRef: {name: m, key: KEY}}}\n"
	"    - {name: HOSTNAME, value: 'x'}\n    - {name: D}\n";

static void a_pod_with_objects_survives_every_failed_request(void **state)
{
	static const struct run run = {.objects = objects, .image = image, .pod = pod};

	(void)state;
	fail_everywhere(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_image_config_survives_every_failed_request),
		TEST(a_runtime_spec_survives_every_failed_request),
		TEST(a_pod_with_objects_survives_every_failed_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
