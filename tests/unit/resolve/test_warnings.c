/* SPDX-License-Identifier: Apache-2.0 */
/* Each warning of docs/warnings.md that needs no rootfs: when it is given, what it is about
 * and where that was written; and when it is not. */
#include "unit/read/given.h"

#define IMAGE(env) "{\"config\": {\"Cmd\": [\"x\"], \"Env\":\n " env "}}"
#define SPEC(env)                                                                        \
	"{\"process\": {\"args\": [\"x\"], \"cwd\": \"/\", \"env\":\n " env "}}"
#define RUN "    command: [x]\n"

/* "code subject document:line:column; ..." without those that every answer without a rootfs
 * has. */
static void assert_warnings(const struct ocienv_config *config, const char *expected)
{
	struct ocienv_warning w;
	char text[1024] = "";

	for (size_t i = 0; !ocienv_config_warning(config, i, &w); i++) {
		size_t used = strlen(text);

		if (!strcmp(w.code, "user-unresolved") || !strcmp(w.code, "home-unresolved"))
			continue;
		(void)snprintf(text + used, sizeof(text) - used, "%s%s %s %s:%u:%u",
			       used ? "; " : "", w.code, w.subject,
			       w.origin.document ? w.origin.document : "-", w.origin.line,
			       w.origin.column);
	}
	assert_string_equal(text, expected);
}

static void a_name_twice_in_one_list_is_warned_of(void **state)
{
	(void)state;
	assert_warnings(config_of(image_of(IMAGE("[\"A=1\", \"B=2\", \"A=3\", \"A=3\"]")), NULL),
			"duplicate-collapsed A image.json:2:17; "
			"duplicate-collapsed A image.json:2:24");
	assert_warnings(config_of(NULL, spec_of(SPEC("[\"B=2\", \"A=1\", \"A=3\", \"B=\"]"))),
			"duplicate-collapsed A config.json:2:17; "
			"duplicate-collapsed B config.json:2:24");
	assert_warnings(config_of(NULL, pod_of(POD(RUN "    env:\n    - {name: A, value: a}\n"
						       "    - {name: A, value: b}\n"))),
			"duplicate-collapsed A pod.yaml:10:14");
	/* Of a bare name there is no value that could be lost. */
	given.options.runtime = OCIENV_RUNTIME_CRUN;
	given.options.flags = OCIENV_LENIENT;
	assert_warnings(config_of(NULL, spec_of(SPEC("[\"A=1\", \"A\", \"AB=1\", \"A=2\"]"))),
			"entry-dropped A config.json:2:10; duplicate-collapsed A config.json:2:23");
}

static void what_goes_before_another_source_is_not(void **state)
{
	(void)state;
	cluster_has("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n"
		    "data: {A: m, B: m}\n---\napiVersion: v1\nkind: ConfigMap\n"
		    "metadata: {name: q, namespace: ns}\ndata: {B: q}\n");
	assert_warnings(
		config_of(image_of(IMAGE("[\"A=1\", \"B=2\", \"PATH=/bin\"]")),
			  pod_of(POD(RUN "    envFrom: [{configMapRef: {name: m}},"
					 " {configMapRef: {name: q}}]\n    env:\n"
					 "    - {name: A, value: a}\n"
					 "    - {name: A, value: $(A)b}\n"
					 "    - {name: PATH, value: /x}\n"
					 "    - {name: A, valueFrom: {configMapKeyRef: "
					 "{name: gone, key: k, optional: true}}}\n"))),
		"");
	given.options.hostname = "h";
	assert_warnings(config_of(image_of(IMAGE("[\"A=1\"]")), spec_of(SPEC("[\"A=2\"]"))), "");
}

static void names_that_are_dangerous_or_reserved_are_warned_of(void **state)
{
	static const char spec[] = SPEC("[\"LD_PRELOAD=x\", \"OCCLUM=1\", \"F=() { :; }\", \"P=1\", "
					"\"PYTHONPATH=/i\"]");

	(void)state;
	assert_warnings(config_of(NULL, spec_of(spec)),
			"dangerous-name LD_PRELOAD config.json:2:3; "
			"reserved-name OCCLUM config.json:2:19; dangerous-name F config.json:2:31; "
			"dangerous-name PYTHONPATH config.json:2:53");
	/* What the image says is the image's, in the spec too, unless the value differs. */
	assert_warnings(config_of(image_of(IMAGE("[\"LD_PRELOAD=y\", \"PYTHONPATH=/i\"]")),
				  spec_of(spec)),
			"dangerous-name LD_PRELOAD config.json:2:3; "
			"reserved-name OCCLUM config.json:2:19; dangerous-name F config.json:2:31");
	assert_warnings(config_of(image_of(IMAGE("[\"LD_PRELOAD=y\"]")), NULL), "");
	assert_warnings(config_of(NULL, pod_of(POD(RUN "    env: [{name: http_proxy, value: x}]\n"))),
			"dangerous-name http_proxy pod.yaml:8:37");
}

static void a_second_path_of_crio_is_warned_of(void **state)
{
	static const char pod[] = POD(RUN "    tty: true\n    env:\n    - {name: TERM, value: vt}\n");
	static const char image[] = IMAGE("[\"PATH=/bin\", \"A=1\"]");

	(void)state;
	given.options.cri = OCIENV_CRI_CRIO;
	assert_warnings(config_of(image_of(image), pod_of(pod)),
			"duplicate-collapsed TERM pod.yaml:10:27; "
			"duplicate-collapsed PATH image.json:2:3");
	assert_warnings(config_of(image_of(IMAGE("[\"PATH=/usr/local/sbin:/usr/local/bin:"
						 "/usr/sbin:/usr/bin:/sbin:/bin\"]")), NULL),
			""); /* the same twice */
	given.options.cri = OCIENV_CRI_CONTAINERD;
	assert_warnings(config_of(image_of(image), pod_of(pod)), "");
}

static void entries_that_are_left_out_are_warned_of(void **state)
{
	static const char image[] = IMAGE("[\"A=1\", \"A\", \"HOSTNAME\", \"\", \"PATH\"]");

	(void)state;
	assert_warnings(config_of(image_of(image), pod_of(POD(RUN))),
			"entry-dropped A image.json:2:10; entry-dropped HOSTNAME image.json:2:15; "
			"entry-dropped  image.json:2:27; path-removed PATH image.json:2:31");
	assert_warnings(config_of(image_of(IMAGE("[\"PATH\", \"PATH=/x\"]")), NULL),
			"entry-dropped PATH image.json:2:3");
	given.options.cri = OCIENV_CRI_CRIO;
	assert_warnings(config_of(image_of(IMAGE("[\"A=1\", \"A\", \"=x\"]")),
				  pod_of(POD(RUN "    env: [{name: B, value: b}]\n"))),
			"entry-dropped A image.json:2:10; entry-dropped =x image.json:2:15");
	given.options.runtime = OCIENV_RUNTIME_KATA;
	given.options.flags = OCIENV_LENIENT;
	assert_warnings(config_of(NULL, spec_of(SPEC("[\"A=1\", \"A\", \"=x\", \"\"]"))),
			"entry-dropped A config.json:2:10; entry-dropped =x config.json:2:15; "
			"entry-dropped  config.json:2:21");
}

static void a_blank_entrypoint_is_warned_of_where_it_stands(void **state)
{
	static const char image[] = "{\"config\": {\"Cmd\": [\"x\"],\n \"Entrypoint\": [\"\"]}}";

	(void)state;
	assert_warnings(config_of(image_of(image), NULL), "blank-entrypoint  image.json:2:16");
	assert_warnings(config_of(image_of(image), pod_of(POD(RUN))), "");
	given.options.cri = OCIENV_CRI_CRIO;
	assert_warnings(config_of(image_of(image), NULL), ""); /* it is executed as it is */
}

static void what_kata_trims_is_warned_of(void **state)
{
	static const char spec[] = SPEC("[\"A=1\", \"PEM=x\\n\", \"B =2\"]");

	(void)state;
	given.options.runtime = OCIENV_RUNTIME_KATA;
	assert_warnings(config_of(NULL, spec_of(spec)),
			"value-trimmed PEM config.json:2:10; value-trimmed B config.json:2:21");
	given.options.runtime = OCIENV_RUNTIME_RUNC;
	assert_warnings(config_of(NULL, spec_of(spec)), "name-not-posix B  config.json:2:21");
}

static void names_that_no_shell_has_are_warned_of(void **state)
{
	(void)state;
	cluster_has("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n"
		    "data: {a.b: m, _ok1: m}\n");
	assert_warnings(config_of(image_of(IMAGE("[\"1A=1\", \"A1=1\", \"\xc3\xa9=1\"]")),
				  pod_of(POD(RUN "    envFrom: [{configMapRef: {name: m}}]\n"
						 "    env: [{name: c-d, value: x}]\n"))),
			"name-not-posix 1A image.json:2:3; name-not-posix \xc3\xa9 image.json:2:19; "
			"name-not-posix a.b objects.yaml:4:13; name-not-posix c-d pod.yaml:9:30");
}

static void secrets_in_plain_text_are_warned_of(void **state)
{
	struct ocienv_warning w;
	const struct ocienv_config *config;

	(void)state;
	cluster_has("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n"
		    "stringData: {A: hush, B: sealed.x, C: ''}\n");
	config = config_of(NULL, pod_of(POD(
		"    command: [x, \"$(A)\", \"-p$(U)\", x]\n"
		"    envFrom: [{secretRef: {name: s}}]\n"
		"    env: [{name: U, value: \"u:$(A)\"}, {name: V, value: \"$(B)\"}]\n")));
	assert_warnings(config,
			"secret-in-env A objects.yaml:4:17; secret-in-env C objects.yaml:4:39; "
			"secret-in-env U pod.yaml:9:28; "
			"secret-in-argv argv[1] pod.yaml:7:18; secret-in-argv argv[2] pod.yaml:7:26");
	for (size_t i = 0; !ocienv_config_warning(config, i, &w); i++) {
		assert_null(strstr(w.message, "hush"));
		assert_null(strstr(w.subject, "hush"));
	}
}

static void sealed_values_that_nobody_opens_are_warned_of(void **state)
{
	(void)state;
	assert_warnings(config_of(NULL, pod_of(POD(
				"    command: [x, \"$(B)\", \"$$(B)\", $(V)]\n"
				"    env: [{name: B, value: sealed.a.b}, {name: L, value: sealed.l},\n"
				"      {name: V, value: $(B)}, {name: W, value: '$(B)x'},\n"
				"      {name: X, value: 'x$(L)'}, {name: Z, value: $(X)}]\n"))),
			"sealed-in-part B pod.yaml:9:48; sealed-in-part L pod.yaml:10:24; "
			"sealed-in-part B pod.yaml:7:18; sealed-in-part V pod.yaml:7:35");
}

static void sealed_values_stay_as_they_are(void **state)
{
	const char *const *envp;

	(void)state;
	cluster_has("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n"
		    "stringData: {B: sealed.$(A)$$x}\n");
	envp = ocienv_config_envp(config_of(NULL, pod_of(POD(
		"    command: [x]\n"
		"    envFrom: [{secretRef: {name: s}}]\n"
		"    env: [{name: A, value: a}, {name: V, value: $(B)},\n"
		"      {name: W, valueFrom: {secretKeyRef: {name: s, key: B}}}]\n"))), NULL);
	for (size_t i = 0, seen = 0; envp[i] || seen != 3; i++)
		if (strchr("BVW", envp[i][0])) {
			assert_string_equal(envp[i] + 1, "=sealed.$(A)$$x");
			seen++;
		}
}

static void what_the_pod_says_in_vain_is_warned_of(void **state)
{
	(void)state;
	assert_warnings(config_of(image_of(IMAGE("[\"I=1\"]")),
				  pod_of(POD("    command: [x, $(I)]\n    workDir: /\n"))),
			"unknown-field workDir pod.yaml:8:5; unexpanded-reference I pod.yaml:7:18");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_name_twice_in_one_list_is_warned_of),
		TEST(what_goes_before_another_source_is_not),
		TEST(names_that_are_dangerous_or_reserved_are_warned_of),
		TEST(a_second_path_of_crio_is_warned_of),
		TEST(entries_that_are_left_out_are_warned_of),
		TEST(a_blank_entrypoint_is_warned_of_where_it_stands),
		TEST(what_kata_trims_is_warned_of),
		TEST(names_that_no_shell_has_are_warned_of),
		TEST(secrets_in_plain_text_are_warned_of),
		TEST(sealed_values_that_nobody_opens_are_warned_of),
		TEST(sealed_values_stay_as_they_are),
		TEST(what_the_pod_says_in_vain_is_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
