/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every request for memory of a whole situation fails once, because there is none and because
 * an arena is full. The answer must be NOMEM, or LIMIT, or the whole answer that comes without
 * a failure; nothing stays taken or open.
 */
#define _GNU_SOURCE
#include "places.h"
#include "situations.h"

#include "unit/resolve/libos_given.h"

#include "rootfs/permission.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { OUTPUTS = 8 };

struct made {
	struct ocienv_policy *policy;
	struct ocienv_cluster *cluster;
	struct ocienv_layer *layers[3];
	size_t layer_count;
	struct ocienv_config *config, *read;
	struct ocienv_verdict *verdict;
	struct ocienv_lookup *lookup;
	struct ocienv_buffer outputs[OUTPUTS];
	size_t output_count;
};

/* One way through. */
struct run {
	const struct situation *situation;
	struct ocienv_options options;
	struct ocienv_error error;
	struct made made;
};

static struct {
	unsigned int injected, absorbed, wrong;
} tally;

static size_t live;

static void *count_alloc(void *ctx, size_t size)
{
	void *ptr = malloc(size);

	(void)ctx;
	live += ptr != NULL;
	return ptr;
}

static void count_free(void *ctx, void *ptr)
{
	(void)ctx;
	live--;
	free(ptr);
}

static const struct ocienv_allocator counting = {count_alloc, count_free, NULL};

static struct ocienv_document document_of(const char *name, const char *text)
{
	return (struct ocienv_document){name, text, strlen(text)};
}

static int32_t read_policy(struct run *run)
{
	struct ocienv_document document;
	int32_t status;

	if (!run->situation->policy)
		return OCIENV_OK;
	document = document_of("policy.json", run->situation->policy);
	status = ocienv_policy_from_json(&run->made.policy, &document, &run->options, &run->error);
	run->options.policy = run->made.policy;
	return status;
}

static int32_t read_cluster(struct run *run)
{
	static const char *const facts[][2] = {
		{"status.podIP", "10.0.0.2"}, {"metadata.name", "p"},
		{"allocatable.ephemeral-storage", "3Gi"},
		{"volume.w/d/p", "a='1'\nb='2'\nc='3'\nd='4'\ne='5'\nf='6'\ng='7'\nh='8'\nk='9'\n"},
	};
	struct ocienv_document document;
	int32_t status = ocienv_cluster_new(&run->made.cluster, &run->options, &run->error);

	if (!status && run->situation->objects) {
		document = document_of("objects.yaml", run->situation->objects);
		status = ocienv_cluster_add_objects(run->made.cluster, &document, &run->error);
	}
	for (size_t i = 0; !status && i < sizeof(facts) / sizeof(facts[0]); i++)
		status = ocienv_cluster_add_fact(run->made.cluster, facts[i][0], facts[i][1],
						 &run->error);
	return status;
}

static int32_t read_layers(struct run *run)
{
	const struct situation *s = run->situation;
	struct made *m = &run->made;
	struct ocienv_document document;
	int32_t status = OCIENV_OK;

	if (s->image) {
		document = document_of("image.json", s->image);
		status = ocienv_layer_from_image_config(&m->layers[m->layer_count++], &document,
							&run->options, &run->error);
	}
	if (!status && s->pod) {
		document = document_of("pod.yaml", s->pod);
		status = ocienv_layer_from_pod(&m->layers[m->layer_count++], &document,
					       m->cluster, &run->options, &run->error);
	}
	if (!status && s->spec) {
		document = document_of("config.json", s->spec);
		status = ocienv_layer_from_runtime_spec(&m->layers[m->layer_count++], &document,
							&run->options, &run->error);
	}
	return status;
}

static struct ocienv_buffer *next_output(struct run *run)
{
	assert_true(run->made.output_count < OUTPUTS);
	return &run->made.outputs[run->made.output_count++];
}

/* A layer as another process gets it. */
static int32_t send_layer(struct run *run)
{
	struct made *m = &run->made;
	struct ocienv_layer *read = NULL;
	struct ocienv_document blob;
	struct ocienv_buffer *out = next_output(run);
	int32_t status = ocienv_layer_encode(out, m->layers[m->layer_count - 1], &run->options,
					     &run->error);

	if (status)
		return status;
	blob = (struct ocienv_document){"layer", out->data, out->size};
	status = ocienv_layer_decode(&read, &blob, &run->options, &run->error);
	if (status)
		return status;
	ocienv_layer_free(m->layers[m->layer_count - 1]);
	m->layers[m->layer_count - 1] = read;
	return ocienv_layer_report(next_output(run), read, &run->options, &run->error);
}

static int32_t write_config(struct run *run, const struct ocienv_config *config)
{
	uint32_t libos = run->options.libos;
	struct ocienv_document blob;
	struct ocienv_buffer *out;
	int32_t status = ocienv_config_report(next_output(run), config, &run->options, &run->error);

	if (!status && libos == OCIENV_LIBOS_GRAMINE)
		status = ocienv_config_gramine(next_output(run), config, &run->options,
					       &run->error);
	if (!status && run->situation->policy)
		status = ocienv_policy_pin(next_output(run), config, &run->options, &run->error);
	if (!status)
		status = ocienv_config_encode_public(next_output(run), config, "a key of thirty-two bytes, no less", 32,
						     &run->options, &run->error);
	if (status)
		return status;
	out = next_output(run);
	status = ocienv_config_encode(out, config, &run->options, &run->error);
	if (status)
		return status;
	blob = (struct ocienv_document){"config", out->data, out->size};
	return ocienv_config_decode(&run->made.read, &blob, &run->options, &run->error);
}

static int32_t answer(struct run *run)
{
	struct made *m = &run->made;
	const struct ocienv_layer *const *layers = (const struct ocienv_layer *const *)m->layers;
	int root = run->situation->no_rootfs ? OCIENV_NO_ROOTFS : tree.fd;
	int32_t status;

	if (run->situation->asks == VERIFIES) {
		status = ocienv_verify(&m->verdict, layers, m->layer_count, root, &run->options,
				       &run->error);
		return status ? status
			      : ocienv_verdict_report(next_output(run), m->verdict, &run->options,
						      &run->error);
	}
	if (run->situation->asks == LOOKS) {
		status = ocienv_lookup_new(&m->lookup, layers, m->layer_count, root,
					   &run->options, &run->error);
		return status ? status
			      : ocienv_lookup_report(next_output(run), m->lookup, 0, &run->options,
						     &run->error);
	}
	status = ocienv_resolve(&m->config, layers, m->layer_count, root, &run->options,
				&run->error);
	return status ? status : write_config(run, m->config);
}

static void begin(struct run *run, const struct situation *situation)
{
	static struct ocienv_document occlum;

	*run = (struct run){.situation = situation};
	run->options = (struct ocienv_options){.size = sizeof(run->options),
					       .allocator = &counting,
					       .cri = situation->cri,
					       .runtime = situation->runtime,
					       .user = situation->user,
					       .libos = situation->libos,
					       .flags = situation->flags,
					       .pod_kind = situation->pod_kind,
					       .library_path = situation->library_path};
	while (run->options.library_path_count < 3 &&
	       situation->library_path[run->options.library_path_count])
		run->options.library_path_count++;
	if (situation->occlum_json) {
		occlum = document_of("Occlum.json", situation->occlum_json);
		run->options.occlum_json = &occlum;
	}
}

static int32_t go(struct run *run, const struct situation *situation)
{
	int32_t status;

	begin(run, situation);
	places.armed = true;
	status = read_policy(run);
	status = status ? status : read_cluster(run);
	status = status ? status : read_layers(run);
	status = status ? status : send_layer(run);
	status = status ? status : answer(run);
	places.armed = false;
	return status;
}

static void end(struct run *run)
{
	struct made *m = &run->made;

	ocienv_policy_free(m->policy);
	ocienv_cluster_free(m->cluster);
	for (size_t i = 0; i < m->layer_count; i++)
		ocienv_layer_free(m->layers[i]);
	ocienv_config_free(m->config);
	ocienv_config_free(m->read);
	ocienv_verdict_free(m->verdict);
	ocienv_lookup_free(m->lookup);
	for (size_t i = 0; i < m->output_count; i++)
		ocienv_buffer_free(&m->outputs[i]);
}

static bool same(const struct made *a, const struct made *b)
{
	if (a->output_count != b->output_count)
		return false;
	for (size_t i = 0; i < a->output_count; i++)
		if (a->outputs[i].size != b->outputs[i].size ||
		    memcmp(a->outputs[i].data, b->outputs[i].data, a->outputs[i].size) != 0)
			return false;
	return true;
}

/* The call that failed said why. */
static bool refused(const struct run *run, int32_t status)
{
	int32_t expected = places.limit ? OCIENV_ERR_LIMIT : OCIENV_ERR_NOMEM;

	return status == expected && run->error.status == status;
}

/* False once the request that was to fail did not come. */
static bool inject(const struct situation *situation, unsigned int at, bool limit,
		   const struct made *right)
{
	int before = open_descriptors();
	struct run run;
	int32_t status;
	bool good;

	places = (struct places){.at = at, .limit = limit};
	status = go(&run, situation);
	good = status ? refused(&run, status) : same(&run.made, right);
	end(&run);
	good = good && live == 0 && open_descriptors() == before;
	if (!places.hit)
		return false;
	tally.injected++;
	tally.absorbed += !status;
	tally.wrong += !good;
	if (!good)
		printf("%s: request %u fails%s: status %d (%s), %zu blocks left\n",
		       situation->name, at, limit ? " for a limit" : "", status,
		       run.error.message, live);
	live = 0;
	return true;
}

static void fail_everywhere(const struct situation *situation)
{
	struct run right;
	int32_t status;

	places = (struct places){.at = 0};
	status = go(&right, situation);
	live = 0;
	if (status) {
		printf("%s: status %d: %s:%u:%u %s: %s\n", situation->name, status,
		       right.error.document, right.error.line, right.error.column,
		       right.error.pointer, right.error.message);
		tally.wrong++;
	}
	for (int limit = 0; !status && limit < 2; limit++)
		for (unsigned int at = 1; inject(situation, at, limit, &right.made); at++)
			;
	end(&right);
	live = 0;
}

static void every_request_may_fail(void **state)
{
	(void)state;
	situations_root();
	for (size_t i = 0; i < situation_count; i++)
		fail_everywhere(&situations[i]);
	printf("%u failures: %u absorbed, %u wrong\n", tally.injected, tally.absorbed, tally.wrong);
	assert_int_equal(tally.wrong, 0);
	assert_true(tally.injected > 1000);
}

/* A walk that is longer than a path may be keeps directories on its way. */
static void every_request_of_a_deep_walk_may_fail(void **state)
{
	static char way[8 * (NAME_MAX + 1) + 1];
	int dir = dup(tree.fd);

	(void)state;
	memset(way, 'n', sizeof(way) - 1);
	for (size_t i = NAME_MAX; i < sizeof(way); i += NAME_MAX + 1)
		way[i] = i + 1 < sizeof(way) - 1 ? '/' : '\0';
	for (int i = 0; i < 26; i++) {
		int below;

		assert_int_equal(symlinkat(way, dir, "j"), 0);
		way[NAME_MAX] = '\0';
		assert_int_equal(mkdirat(dir, way, 0755), 0);
		below = openat(dir, way, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(below >= 0);
		way[NAME_MAX] = '/';
		close(dir);
		dir = below;
	}
	close(dir);
	for (int walker = WALKER_STACK; walker <= WALKER_STRING; walker++) {
		struct rootfs rootfs = {.fd = tree.fd, .walker = (enum walker)walker};
		int error = ENOMEM, before = open_descriptors();

		for (unsigned int at = 1; error == ENOMEM; at++) {
			struct arena arena;
			struct found found;

			arena_init(&arena, NULL, SIZE_MAX);
			places = (struct places){.armed = true, .at = at};
			error = rootfs_walk(&rootfs, SV("/"), SV("/j/j/j"), &identity_root, &arena,
					    &found);
			assert_int_equal(error, places.hit ? ENOMEM : 0);
			if (!error)
				close(found.fd);
			arena_free(&arena);
			assert_int_equal(open_descriptors(), before);
		}
	}
	places = (struct places){.at = 0};
}

/* A number that is no documented status does not get out, whatever a shift makes of it. */
static void only_known_statuses_get_out(void **state)
{
	static const int32_t odd[] = {-77, OCIENV_ERR_SYSTEM - 1, OCIENV_ERR_ARGUMENT - 32,
				      OCIENV_ERR_NOMEM - 32, 1, 31, INT32_MAX, INT32_MIN};
	struct ocienv_document document = document_of("p.json", "{\"ocienv_policy\": 1}");
	struct ocienv_policy *policy = NULL;
	char message[128];

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct ocienv_error error = {0};

		places = (struct places){.armed = true, .at = 1, .odd = odd[i]};
		assert_int_equal(ocienv_policy_from_json(&policy, &document, NULL, &error),
				 OCIENV_ERR_ARGUMENT); /* it makes no system call */
		places = (struct places){.at = 0};
		assert_null(policy);
		assert_int_equal(error.status, OCIENV_ERR_ARGUMENT);
		(void)snprintf(message, sizeof(message), "expected a status that "
			       "ocienv_policy_from_json() may give, found %d", odd[i]);
		assert_string_equal(error.message, message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {ROOTED(every_request_may_fail),
					   ROOTED(every_request_of_a_deep_walk_may_fail),
					   cmocka_unit_test(only_known_statuses_get_out)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
