/* SPDX-License-Identifier: Apache-2.0 */
/* What an Occlum.json adds to an answer, takes from it, and lets the host change. */
#include "unit/resolve/libos_given.h"

#define ENV(...) "\"cwd\": \"/\", \"env\": [\"HOME=/\"" __VA_ARGS__ "]"

static struct ocienv_document document;

static struct ocienv_config *with(uint32_t libos, const char *occlum_json, const char *program,
				  const char *more)
{
	document = (struct ocienv_document){"Occlum.json", occlum_json, strlen(occlum_json)};
	given.options.occlum_json = &document;
	return started(libos, program, more);
}

static size_t count_of(const struct ocienv_config *config, const char *code)
{
	struct ocienv_warning w;
	size_t count = 0;

	for (size_t i = 0; !ocienv_config_warning(config, i, &w); i++) {
		if (strcmp(w.code, code) != 0)
			continue;
		assert_string_equal(w.origin.document, "Occlum.json");
		assert_int_equal(w.origin.line, 1);
		count++;
	}
	return count;
}

static void names_that_the_host_may_set(void **state)
{
	static const char json[] = "{\"env\": {\"untrusted\": [\"A\", \"NONE\", \"HOME\"]}}";

	(void)state;
	for (uint32_t libos = OCIENV_LIBOS_NONE; libos <= OCIENV_LIBOS_OCCLUM; libos++) {
		struct ocienv_config *config = with(libos, json, "/bin/app", ENV(", \"A=1\""));

		assert_true(has_warning(config, "host-overridable", "A"));
		assert_true(has_warning(config, "host-overridable", "HOME"));
		assert_int_equal(count_of(config, "host-overridable"), 2);
	}
	/* it is the name, not a part of it */
	assert_int_equal(count_of(with(OCIENV_LIBOS_NONE, json, "/bin/app", ENV(", \"AB=1\"")),
				  "host-overridable"),
			 1);
}

/* combine_trusted_envs: by the text before the first "=". */
static void defaults_that_the_answer_lacks(void **state)
{
	static const char json[] = "{\"env\": {\"default\": [\"OCCLUM=yes\", \"A=0\", \"B\"]}}";
	struct ocienv_config *config =
		with(OCIENV_LIBOS_OCCLUM, json, "/bin/app", ENV(", \"A=1\""));

	(void)state;
	assert_true(has_warning(config, "libos-default", "OCCLUM"));
	assert_true(has_warning(config, "libos-default", "B"));
	assert_int_equal(count_of(config, "libos-default"), 2);
	assert_config_env(config, "HOME=/", "A=1", NULL); /* the answer is the caller's */
}

static void the_libraries_are_replaced_only_if_they_were_set(void **state)
{
	static const char with_them[] =
		"{\"env\": {\"default\": [\"LD_LIBRARY_PATH=/opt/occlum/lib\"]}}";
	const char *more = ENV(", \"LD_LIBRARY_PATH=/x\"");

	(void)state;
	assert_true(has_warning(with(OCIENV_LIBOS_OCCLUM, with_them, "/bin/app", more),
				"library-path-replaced", "LD_LIBRARY_PATH"));
	assert_false(has_warning(with(OCIENV_LIBOS_OCCLUM, "{}", "/bin/app", more),
				 "library-path-replaced", "LD_LIBRARY_PATH"));
}

static void programs_on_the_hosts_file_system(void **state)
{
	static const char json[] = "{\"mount\": [{\"type\": \"hostfs\", \"target\": \"/app/\"},"
				   " {\"type\": \"hostfs\", \"target\": \"/bi\"},"
				   " {\"type\": \"ramfs\", \"target\": \"/bin\"}]}";

	(void)state;
	pie("/app/run", 0755);
	assert_true(has_warning(with(OCIENV_LIBOS_OCCLUM, json, "/app/run", ""),
				"host-overridable", "/app/"));
	assert_int_equal(count_of(with(OCIENV_LIBOS_OCCLUM, json, "/bin/app", ""),
				  "host-overridable"),
			 0);
}

/* A variable that Occlum adds takes its text, its NUL and its pointer: at the last byte. */
static void defaults_count_for_the_stack(void **state)
{
	enum { ROOM = 4096, PLAIN = 16 + 8 + 240 + 8 };
	static char json[8192], value[4096];
	/* "app", "one", "two", HOME=/ and "D=" with their NULs; pointers: 3 + 1 + 2 + 1 */
	const size_t fixed = sizeof("/bin/app") + 4 + 4 + sizeof("HOME=/") + sizeof("D=");
	const size_t most = ROOM - PLAIN - 7 * 8 - fixed;

	(void)state;
	for (size_t more = 0; more <= 16; more += 16) {
		size_t length = (most & ~(size_t)15) + more;

		memset(value, 'x', length);
		value[length] = '\0';
		snprintf(json, sizeof(json),
			 "{\"process\": {\"default_stack_size\": \"1MB\"},"
			 " \"env\": {\"default\": [\"D=%s\"]}}",
			 value);
		if (!more) {
			(void)with(OCIENV_LIBOS_NONE, json, "/bin/app", ENV(""));
			continue;
		}
		document = (struct ocienv_document){"Occlum.json", json, strlen(json)};
		given.options.occlum_json = &document;
		assert_no_config(NULL, start("/bin/app", ENV("")), OCIENV_ERR_UNSUPPORTED);
		assert_non_null(strstr(given.error.message, "process.default_stack_size"));
		/* the same name in the answer takes its place */
		given.options.occlum_json = &document;
		(void)config_of(NULL, start("/bin/app", ENV(", \"D=1\"")));
		/* and a size that the caller gives counts more */
		given.options.libos = OCIENV_LIBOS_OCCLUM;
		given.options.stack_size = 4 << 20;
		(void)config_of(NULL, start("/bin/app", ENV("")));
	}
}

static void errors_are_those_of_the_file(void **state)
{
	struct ocienv_layer *layer = start("/bin/app", "");

	(void)state;
	document = (struct ocienv_document){"Occlum.json", "{\"env\": 1}", 10};
	given.options.occlum_json = &document;
	assert_no_config(NULL, layer, OCIENV_ERR_TYPE);
	assert_string_equal(given.error.document, "Occlum.json");
	assert_string_equal(given.error.pointer, "/env");
	assert_int_equal(given.error.offset, 8);
	given.options.libos = OCIENV_LIBOS_GRAMINE;
	assert_no_config(NULL, layer, OCIENV_ERR_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROOTED(names_that_the_host_may_set),
		ROOTED(defaults_that_the_answer_lacks),
		ROOTED(the_libraries_are_replaced_only_if_they_were_set),
		ROOTED(programs_on_the_hosts_file_system),
		ROOTED(defaults_count_for_the_stack),
		ROOTED(errors_are_those_of_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
