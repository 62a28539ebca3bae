/* SPDX-License-Identifier: Apache-2.0 */
/* What tests/policy/cases.json cannot say: layers that lie, bounds, memory that is not there. */
#include "unit/read/given.h"

#include "base/forms.h"
#include "base/glob.h"
#include "base/names.h"
#include "resolve/policy_judge.h"

#define SPEC(env) "{\"process\": {\"args\": [\"x\"], \"cwd\": \"/\", \"env\": [" env "]}}"
#define FREE "\"argv\": {\"match\": \"any\"}, \"cwd\": {\"match\": \"any\"}, "              \
	     "\"user\": {\"match\": \"exact\", \"uid\": 0}"
#define POLICY(rules)                                                                    \
	"{\"ocienv_policy\": 1, " FREE ", \"env\": {\"unlisted\": \"drop\", \"rules\": [" rules  \
	"]}}"

static struct ocienv_policy *policy_of(const char *text)
{
	struct ocienv_document document = {"policy.json", text, strlen(text)};
	struct ocienv_policy *policy = NULL;

	assert_int_equal(ocienv_policy_from_json(&policy, &document, NULL, &given.error), 0);
	return policy;
}

static void a_glob_takes_no_more_than_it_is_lent(void **state)
{
	uint64_t steps = 5;

	(void)state;
	assert_true(glob_match(SV("a*b"), SV("axb"), &steps));
	assert_int_equal(steps, 1);
	assert_false(glob_match(SV("a*b"), SV("axb"), &steps));
	assert_int_equal(steps, 0);
	assert_true(glob_match(SV("*"), SV(""), &steps)); /* nothing to look at */
}

/* The row of the strongest class, by rules of the table that overlap. */
static void the_strongest_row_counts(void **state)
{
	(void)state;
	assert_int_equal(names_find(SV("OCCLUM_PORT"), NAME_CONSTRAINED)->class, NAME_RESERVED);
	assert_int_equal(names_find(SV("DOTNET_PORT"), NAME_CONSTRAINED)->class, NAME_DANGEROUS);
	assert_int_equal(names_find(SV("MY_PORT"), NAME_CONSTRAINED)->class, NAME_CONSTRAINED);
	assert_null(names_find(SV(""), NAME_CONSTRAINED));
	assert_null(names_find(SV("PLAIN"), NAME_CONSTRAINED));
	assert_null(names_find(SV("MY_PORT"), NAME_DANGEROUS));
	assert_non_null(names_find(SV("DOTNET_PORT"), NAME_DANGEROUS));
	assert_null(names_find(SV("DOTNET_PORT"), NAME_RESERVED));
	assert_null(names_find(SV("\xff"), NAME_CONSTRAINED));
	for (size_t i = 0; i < names_count; i++) {
		struct sv glob = names_table[i].glob;

		/* each glob, taken as a name, fits itself */
		assert_true(names_find(glob, NAME_CONSTRAINED)->class >= names_table[i].class);
		/* the search relies on both */
		assert_true(!sv_contains(glob, '?'));
		assert_true(glob.ptr[0] >= '*');
	}
}

/* A layer that was read back says of its values what the host wants it to say. */
static void a_layer_that_lies_is_not_believed(void **state)
{
	static const uint8_t lies[] = {OCIENV_SOURCE_DEFAULT, OCIENV_SOURCE_IMAGE,
				       OCIENV_SOURCE_POLICY, OCIENV_SOURCE_LIBOS,
				       OCIENV_SOURCE_CALLER, OCIENV_SOURCE_POD};
	struct ocienv_policy *policy =
		policy_of(POLICY("{\"name\": \"*\", \"from\": [\"default\", \"image\", \"libos\", "
				 "\"caller\", \"pod\"]}"));

	(void)state;
	given.options.policy = policy;
	for (size_t i = 0; i < sizeof(lies); i++) {
		struct ocienv_layer *spec = spec_of(SPEC("\"A=1\", \"HOME=/evil\""));
		struct ocienv_config *config;

		for (uint32_t k = 0; k < spec->env.count; k++) {
			spec->env.items[k].from.source = lies[i];
			spec->env.items[k].from.document = DOCUMENT_NONE;
			spec->env.items[k].from.altered = true;
		}
		config = config_of(NULL, spec);
		assert_config_env(config, NULL);
		assert_true(has_warning(config, "policy-dropped", "A"));
		assert_true(has_warning(config, "policy-dropped", "HOME"));
	}
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

/* A pod's list of variables, read back, may name sources that no pod has. */
static void a_pod_has_the_sources_of_a_pod_only(void **state)
{
	static const uint8_t lies[] = {OCIENV_SOURCE_DEFAULT, OCIENV_SOURCE_IMAGE,
				       OCIENV_SOURCE_POLICY, OCIENV_SOURCE_CALLER, UINT8_MAX};
	struct ocienv_policy *policy = policy_of(
		"{\"ocienv_policy\": 1, \"argv\": {\"match\": \"any\"}, \"cwd\": {\"match\": \"any\"}, "
		"\"user\": {\"match\": \"any\"}, \"env\": {\"rules\": [{\"name\": \"*\", \"from\": "
		"[\"default\", \"image\", \"libos\", \"caller\"]}]}}");

	(void)state;
	given.options.policy = policy;
	for (size_t i = 0; i < sizeof(lies); i++) {
		struct ocienv_layer *pod =
			pod_of(POD("    command: [x]\n    env: [{name: A, value: b}]\n"));
		struct ocienv_config *config;

		pod->env.items[0].from.source = lies[i];
		config = config_of(image_of("{\"config\": {\"User\": \"5\"}}"), pod);
		assert_true(has_warning(config, "policy-dropped", "A"));
	}
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

static void refused_by(const char *text, const struct ocienv_layer *image,
		       const struct ocienv_layer *other, const char *message)
{
	struct ocienv_policy *policy = policy_of(text);

	given.options.policy = policy;
	assert_no_config(image, other, OCIENV_ERR_POLICY);
	if (!strstr(given.error.message, message))
		fail_msg("\"%s\" says nothing of \"%s\"", given.error.message, message);
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

#define PARTS(parts) "{\"ocienv_policy\": 1, " parts "}"
#define ZEROS "0000000000000000"

static void what_is_pinned_must_be_there(void **state)
{
	struct ocienv_layer *named = image_of("{\"config\": {\"User\": \"app\", \"Cmd\": [\"x\"]}}");
	struct ocienv_layer *pod = pod_of(POD("    env: []\n"));

	(void)state;
	refused_by(PARTS("\"image\": {\"digest\": \"sha256:" ZEROS ZEROS ZEROS ZEROS "\"}, " FREE),
		   NULL, spec_of(SPEC("")), "found no image");
	refused_by(PARTS("\"image\": {\"digest\": \"sha256:" ZEROS ZEROS ZEROS ZEROS "\"}, " FREE),
		   named, pod, "digest was not kept");
	refused_by(PARTS("\"argv\": {\"match\": \"any\"}, \"user\": {\"uid\": 5}"), named, pod,
		   "no rootfs to look it up");
	refused_by(PARTS(FREE ", \"exec\": {\"value\": \"/bin/x\"}"), NULL, spec_of(SPEC("")),
		   "no rootfs to look it up");
	refused_by(PARTS(FREE ", \"exec\": {\"value\": \"/bin/y\", \"must_exist\": false}"), NULL,
		   spec_of("{\"process\": {\"args\": [\"/bin/x\"], \"cwd\": \"/\"}}"),
		   "found another one");
}

/* Without a rootfs a name that is no path could be any file: that it need not be there was
 * asked for. */
static void a_name_may_be_any_program(void **state)
{
	struct ocienv_policy *policy = policy_of(
		PARTS(FREE ", \"exec\": {\"value\": \"/bin/y\", \"must_exist\": false}"));

	(void)state;
	given.options.policy = policy;
	(void)config_of(NULL, spec_of(SPEC("")));
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

/* Without a rootfs two users are the same if their names are. */
static void names_of_users_are_compared(void **state)
{
	struct ocienv_policy *policy = policy_of(
		PARTS("\"argv\": {\"match\": \"any\"}, \"user\": {\"match\": \"image\"}"));
	const char *image = "{\"config\": {\"User\": \"app\", \"Cmd\": [\"x\"]}}";

	(void)state;
	given.options.policy = policy;
	(void)config_of(image_of(image), pod_of(POD("    env: []\n")));
	assert_no_config(image_of(image),
			 pod_of(POD("    securityContext: {runAsUser: 5}\n")), OCIENV_ERR_POLICY);
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

/* containerd drops an entrypoint of one empty text, CRI-O starts it. */
static void the_image_gives_what_its_cri_makes_of_it(void **state)
{
	struct ocienv_policy *policy =
		policy_of(PARTS("\"argv\": {\"match\": \"image\"}, \"user\": {\"match\": \"any\"}"));
	const char *image = "{\"config\": {\"User\": \"5\", \"Entrypoint\": [\"\"], \"Cmd\": [\"x\", \"y\"]}}";

	(void)state;
	given.options.policy = policy;
	assert_argv(config_of(image_of(image), pod_of(POD("    env: []\n"))), "x", "y", NULL);
	assert_no_config(image_of(image), pod_of(POD("    args: [x, z]\n")), OCIENV_ERR_POLICY);
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

/* CRI-O leaves an entry without a name out, and so does kata where it is no error: no rule has to
 * allow it. containerd hands it on. */
static void what_the_cri_leaves_out_needs_no_leave(void **state)
{
	static const char text[] =
		"{\"ocienv_policy\": 1, \"argv\": {\"match\": \"any\"}, \"cwd\": {\"match\": \"any\"}, "
		"\"user\": {\"match\": \"any\"}, \"env\": {\"unlisted\": \"reject\", \"rules\": ["
		"{\"name\": \"PATH\", \"from\": [\"image\", \"default\"]}, "
		"{\"name\": \"HOSTNAME\", \"from\": [\"pod\"]}, {\"name\": \"TERM\", \"from\": [\"default\"]}]}}";
	static const char image[] = "{\"config\": {\"User\": \"0:0\", \"Env\": [\"=x\", \"PATH=/a\"]}}";
	struct ocienv_policy *policy = policy_of(text);

	(void)state;
	given.options.policy = policy;
	given.options.cri = OCIENV_CRI_CRIO;
	assert_true(has_warning(config_of(image_of(image), pod_of(POD("    command: [x]\n"))),
				"entry-dropped", "=x"));
	given.options.cri = OCIENV_CRI_CONTAINERD;
	given.options.runtime = OCIENV_RUNTIME_KATA;
	given.options.flags = OCIENV_LENIENT;
	assert_true(has_warning(config_of(image_of(image), pod_of(POD("    command: [x]\n"))),
				"entry-dropped", "=x"));
	given.options.runtime = OCIENV_RUNTIME_CRUN; /* hands it to the program */
	assert_no_config(image_of(image), pod_of(POD("    command: [x]\n")), OCIENV_ERR_POLICY);
	given.options.runtime = OCIENV_RUNTIME_RUNC;
	given.options.flags = 0;
	given.options.policy = NULL;
	ocienv_policy_free(policy);
	refused_by(text, image_of(image), pod_of(POD("    command: [x]\n")),
		   "expected a variable that the policy lists, found \"\" from image: no rule");
}

/* runc takes a HOME without a value for none, so nobody gets it: it needs no leave either, unless a
 * value of the image's goes with it. crun hands it on. */
static void an_empty_home_needs_no_leave_where_it_is_none(void **state)
{
	static const char text[] =
		"{\"ocienv_policy\": 1, \"argv\": {\"match\": \"any\"}, \"cwd\": {\"match\": \"any\"}, "
		"\"user\": {\"match\": \"any\"}, \"env\": {\"unlisted\": \"reject\", \"rules\": ["
		"{\"name\": \"PATH\", \"from\": [\"image\", \"default\"]}, "
		"{\"name\": \"HOSTNAME\", \"from\": [\"pod\"]}]}}";
	static const char empty[] = "{\"config\": {\"User\": \"0:0\", \"Env\": [\"HOME=\", \"PATH=/a\"]}}";
	static const char full[] = "{\"config\": {\"User\": \"0:0\", \"Env\": [\"HOME=/h\", \"PATH=/a\"]}}";
	static const char plain[] = POD("    command: [x]\n");
	static const char own[] = POD("    command: [x]\n    env: [{name: HOME}]\n");
	struct ocienv_policy *policy = policy_of(text);

	(void)state;
	given.options.policy = policy;
	assert_config_env(config_of(image_of(empty), pod_of(plain)), "PATH=/a", "HOSTNAME=p", NULL);
	assert_config_env(config_of(image_of("{\"config\": {\"User\": \"0:0\"}}"), pod_of(own)),
			  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			  "HOSTNAME=p", NULL);
	given.options.runtime = OCIENV_RUNTIME_CRUN;
	assert_no_config(image_of(empty), pod_of(plain), OCIENV_ERR_POLICY);
	given.options.runtime = OCIENV_RUNTIME_RUNC;
	given.options.policy = NULL;
	ocienv_policy_free(policy);
	refused_by(text, image_of(full), pod_of(own), "found \"HOME\" from pod");
}

/* No rule of a policy could be about these, or let them in. */
static void some_names_are_not_pinned(void **state)
{
	static const struct {
		const char *spec;
		int32_t status;
	} rows[] = {
		{SPEC("\"A=1\""), OCIENV_OK},
		{SPEC("\"A*=1\""), OCIENV_ERR_UNSUPPORTED},
		{SPEC("\"A?=1\""), OCIENV_ERR_UNSUPPORTED},
		{SPEC("\"OCCLUM_PORT=1\""), OCIENV_ERR_UNSUPPORTED},
	};
	struct ocienv_policy *policy = NULL;

	(void)state;
	assert_int_equal(ocienv_policy_builtin(&policy, "observe", NULL, NULL), 0);
	given.options.policy = policy;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ocienv_buffer buffer = {0};
		struct ocienv_config *config = config_of(NULL, spec_of(rows[i].spec));

		assert_int_equal(ocienv_policy_pin(&buffer, config, NULL, &given.error),
				 rows[i].status);
		ocienv_buffer_free(&buffer);
	}
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

static void a_policy_with_an_unknown_part_is_refused(void **state)
{
	static const char *const texts[] = {
		PARTS(FREE ", \"exec\": {\"value\": \"/x\", \"more\": 1}"),
		PARTS(FREE ", \"image\": {\"more\": 1}"),
		PARTS(FREE ", \"exec\": {\"must_exist\": false}"),
		PARTS(FREE ", \"exec\": {\"value\": \"\"}"),
		PARTS(FREE ", \"exec\": {\"value\": \"x\"}"),
		PARTS(FREE ", \"image\": {\"digest\": \"sha256:" ZEROS "\"}"),
		PARTS(FREE ", \"image\": {\"digest\": \"sha256:" ZEROS ZEROS ZEROS "000000000000000g\"}"),
		PARTS(FREE ", \"image\": {\"digest\": \"sha256:" ZEROS ZEROS ZEROS "00000000000000g0\"}"),
		PARTS(FREE ", \"image\": {\"digest\": \"sha256:" ZEROS ZEROS ZEROS "00000000000000A0\"}"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct ocienv_document document = {"policy.json", texts[i], strlen(texts[i])};
		struct ocienv_policy *policy = NULL;

		assert_int_equal(ocienv_policy_from_json(&policy, &document, NULL, NULL),
				 OCIENV_ERR_VALUE);
		assert_null(policy);
	}
}

/* Patterns that look at every byte again and again run out of steps. */
static void patterns_have_a_budget(void **state)
{
	static char policy[1 << 14], spec[1 << 18];
	struct ocienv_policy *made;
	size_t used = 0;

	(void)state;
	used = (size_t)snprintf(policy, sizeof(policy),
				"{\"ocienv_policy\": 1, " FREE ", \"env\": {\"rules\": [");
	for (int i = 0; i < 40; i++) {
		used += (size_t)snprintf(policy + used, sizeof(policy) - used,
					 "%s{\"name\": \"*", i ? "," : "");
		for (int k = 0; k < 100; k++)
			policy[used++] = 'a';
		used += (size_t)snprintf(policy + used, sizeof(policy) - used,
					 "b%d\", \"from\": [\"runtime\"]}", i);
	}
	(void)snprintf(policy + used, sizeof(policy) - used, "]}}");
	used = (size_t)snprintf(spec, sizeof(spec), "{\"process\": {\"args\": [\"x\"], \"cwd\": "
						    "\"/\", \"env\": [\"");
	memset(spec + used, 'a', 100000);
	(void)snprintf(spec + used + 100000, sizeof(spec) - used - 100000, "=1\"]}}");
	made = policy_of(policy);
	given.options.policy = made;
	assert_no_config(NULL, spec_of(spec), OCIENV_ERR_LIMIT);
	assert_non_null(strstr(given.error.message, "matched in"));
	given.options.policy = NULL;
	ocienv_policy_free(made);
}

/* 4,096 rules and as many variables: each finds its own by halving. */
static void many_rules_are_no_slower_than_few(void **state)
{
	static char text[1 << 20], spec[1 << 18];
	struct judge judge = {.steps = POLICY_STEPS};
	size_t used, length;
	struct ocienv_policy *policy;

	(void)state;
	used = (size_t)snprintf(text, sizeof(text),
				"{\"ocienv_policy\": 1, " FREE ", \"env\": {\"rules\": [");
	length = (size_t)snprintf(spec, sizeof(spec), "{\"process\": {\"args\": [\"x\"], \"cwd\": "
						      "\"/\", \"env\": [");
	for (int i = 0; i < 4096; i++) {
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s{\"name\": \"V%d\", \"from\": [\"runtime\"], "
					 "\"required\": true}",
					 i ? "," : "", i);
		length += (size_t)snprintf(spec + length, sizeof(spec) - length, "%s\"V%d=x\"",
					   i ? "," : "", i);
	}
	(void)snprintf(text + used, sizeof(text) - used, "]}}");
	(void)snprintf(spec + length, sizeof(spec) - length, "]}}");
	policy = policy_of(text);
	judge.policy = policy;
	assert_int_equal(judge_claim(&judge, &(struct claim){.name = SV("V4095"), .value = SV("x"),
							     .source = OCIENV_SOURCE_RUNTIME})
				 .finding,
			 FINDING_FINE);
	assert_int_equal(judge.steps, POLICY_STEPS);
	given.options.policy = policy;
	assert_int_equal(config_of(NULL, spec_of(spec))->env.count, 4096);
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

/* What a verdict compares is what image, pod and host say. */
static void a_verdict_asks_no_policy(void **state)
{
	struct ocienv_policy *policy = policy_of("{\"ocienv_policy\": 1}");
	const struct ocienv_layer *layers[] = {
		image_of("{\"config\": {\"Cmd\": [\"x\"], \"Env\": [\"A=1\"]}}"),
		spec_of(SPEC("\"A=1\"")),
	};
	struct ocienv_verdict *verdict = NULL;

	(void)state;
	given.options.policy = policy;
	assert_int_equal(ocienv_verify(&verdict, layers, 2, OCIENV_NO_ROOTFS, &given.options, NULL),
			 0);
	given.options.policy = NULL;
	ocienv_verdict_free(verdict);
	ocienv_policy_free(policy);
}

/* An older program's options end before the policy. */
static void options_may_be_older_than_policies(void **state)
{
	struct ocienv_policy *policy = policy_of(POLICY(""));
	struct ocienv_layer *spec = spec_of(SPEC("\"A=1\""));

	(void)state;
	given.options.policy = policy;
	given.options.size = offsetof(struct ocienv_options, policy);
	assert_config_env(config_of(NULL, spec), "A=1", NULL);
	given.options.size = sizeof(given.options);
	assert_config_env(config_of(NULL, spec), NULL);
	given.options.policy = NULL;
	ocienv_policy_free(policy);
}

/* --- memory -------------------------------------------------------------------------- */

struct meter {
	size_t asked, live, fail_at;
	bool for_ever;
};

static void *meter_alloc(void *ctx, size_t size)
{
	struct meter *meter = ctx;
	void *ptr;

	meter->asked++;
	if (meter->fail_at && (meter->asked == meter->fail_at ||
			       (meter->for_ever && meter->asked > meter->fail_at)))
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

static const char *const layer_texts[] = {
	"{\"config\": {\"Entrypoint\": [\"x\"], \"Env\": [\"A=1\", \"B=2\", \"PYTHONPATH=/p\"]}}",
	"{\"process\": {\"args\": [\"x\"], \"cwd\": \"/\", \"user\": {\"uid\": 0}, \"env\": "
	"[\"A=1\", \"A=3\", \"LD_PRELOAD=x\", \"C=4\", \"D=MARKER\", \"D=MARKER\"]}}",
};

/* Everything from the policy to the pin, once; `filler` moves where blocks of memory end. */
static int32_t run_all(const struct ocienv_options *given_options, const char *name,
		       size_t filler)
{
	static char text[1 << 16];
	struct ocienv_options options = *given_options;
	struct ocienv_document document = {"p", text, 0};
	struct ocienv_document image = {"image.json", layer_texts[0], strlen(layer_texts[0])};
	struct ocienv_document spec = {"config.json", layer_texts[1], strlen(layer_texts[1])};
	struct ocienv_policy *policy = NULL;
	struct ocienv_layer *layers[2] = {NULL, NULL};
	struct ocienv_config *config = NULL;
	struct ocienv_buffer buffer = {0};
	int32_t status;

	(void)snprintf(text, sizeof(text),
		       "{\"ocienv_policy\": 1, \"id\": \"%*s\", " FREE ", \"env\": {\"rules\": ["
		       "{\"name\": \"A\", \"from\": [\"image\", \"runtime\"], \"override\": true},"
		       "{\"name\": \"D*\", \"from\": [\"runtime\"], \"repeats\": 1, \"enum\": "
		       "[\"x\", \"MARKER\"]}, {\"name\": \"PYTHONPATH\", \"from\": [\"image\"]},"
		       "{\"name\": \"G\", \"from\": [\"policy\"], \"value\": \"g\"}]}}",
		       (int)filler, "");
	document.size = strlen(text);
	status = name ? ocienv_policy_builtin(&policy, name, &options, NULL)
		      : ocienv_policy_from_json(&policy, &document, &options, NULL);
	if (!status)
		status = ocienv_layer_from_image_config(&layers[0], &image, &options, NULL);
	if (!status)
		status = ocienv_layer_from_runtime_spec(&layers[1], &spec, &options, NULL);
	options.policy = policy;
	if (!status)
		status = ocienv_resolve(&config, (const struct ocienv_layer *const *)layers, 2,
					OCIENV_NO_ROOTFS, &options, NULL);
	if (!status)
		status = ocienv_policy_pin(&buffer, config, &options, NULL);
	if (status) {
		assert_null(buffer.data);
	}
	ocienv_buffer_free(&buffer);
	ocienv_config_free(config);
	ocienv_layer_free(layers[0]);
	ocienv_layer_free(layers[1]);
	ocienv_policy_free(policy);
	return status;
}

static void exhaust(const char *name, size_t filler, bool for_ever)
{
	struct meter meter = {.for_ever = for_ever};
	struct ocienv_allocator allocator = {meter_alloc, meter_free, &meter};
	struct ocienv_options options = {.size = sizeof(options), .allocator = &allocator};
	size_t requests;

	assert_int_equal(run_all(&options, name, filler), 0);
	requests = meter.asked;
	for (size_t i = 1; i <= requests; i++) {
		meter.asked = 0;
		meter.fail_at = i;
		assert_int_equal(run_all(&options, name, filler), OCIENV_ERR_NOMEM);
		assert_int_equal(meter.live, 0);
	}
}

static void memory_may_run_out_anywhere(void **state)
{
	(void)state;
	for (size_t filler = 1; filler < 20000; filler = filler * 3 / 2 + 97) {
		exhaust(NULL, filler, false);
		exhaust(NULL, filler, true);
	}
	exhaust("observe", 0, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_glob_takes_no_more_than_it_is_lent),
		TEST(the_strongest_row_counts),
		TEST(a_layer_that_lies_is_not_believed),
		TEST(a_pod_has_the_sources_of_a_pod_only),
		TEST(what_is_pinned_must_be_there),
		TEST(a_name_may_be_any_program),
		TEST(names_of_users_are_compared),
		TEST(the_image_gives_what_its_cri_makes_of_it),
		TEST(some_names_are_not_pinned),
		TEST(what_the_cri_leaves_out_needs_no_leave),
		TEST(an_empty_home_needs_no_leave_where_it_is_none),
		TEST(a_policy_with_an_unknown_part_is_refused),
		TEST(patterns_have_a_budget),
		TEST(many_rules_are_no_slower_than_few),
		TEST(a_verdict_asks_no_policy),
		TEST(options_may_be_older_than_policies),
		TEST(memory_may_run_out_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
