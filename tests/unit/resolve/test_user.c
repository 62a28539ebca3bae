/* SPDX-License-Identifier: Apache-2.0 */
/* kubelet and CRI plugin on the way to uid, gid and groups: the strict default (rules 1, 2,
 * 9.1), what the profiles do otherwise, and HOME. The vectors hold the rest. */
#include "unit/unit.h"

#include "base/capability.h"
#include "resolve/home.h"
#include "resolve/user.h"

#define PASSWD                                                                           \
	"root:x:0:0:root:/root:/bin/sh\n"                                                \
	"alice:x:1000:1000::/home/alice:\n"                                              \
	"twin:x:1000:7::/home/twin:\n"                                                   \
	"bob:x:1001:100::/home/bob:\n"
#define GROUP                                                                            \
	"root:x:0:\nwheel:x:10:root,alice\nstaff:x:50:bob,alice\nalice:x:1000:alice\n"   \
	"audio:x:29:carol,alice\n"

static struct arena arena;
static struct ocienv_error error;
static struct vec warnings;
static struct ocienv_layer image, pod;
static uint32_t profile, cri;
static bool direct;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	error = (struct ocienv_error){0};
	warnings = (struct vec){0};
	image = (struct ocienv_layer){.kind = OCIENV_LAYER_IMAGE};
	pod = (struct ocienv_layer){.kind = OCIENV_LAYER_POD};
	profile = OCIENV_USER_STRICT;
	cri = OCIENV_CRI_CONTAINERD;
	direct = false;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

static const struct diag diag = {&error, NULL, {NULL, 0}};
static const struct blame blamed = {&diag, NULL};

static struct accounts accounts_of(const char *passwd, const char *group)
{
	return (struct accounts){.files = {
					 [ACCOUNT_PASSWD] = {true, sv_of(passwd), 0, 0644, 0},
					 [ACCOUNT_GROUP] = {true, sv_of(group), 0, 0644, 0},
				 }};
}

static int32_t resolve_user(const char *passwd, const char *group, struct user_result *ret)
{
	struct accounts accounts = accounts_of(passwd, group);
	struct user_input in = {.image = image.user.image_user.value.ptr ? &image : NULL,
				.pod = pod.kind == OCIENV_LAYER_POD ? &pod : NULL,
				.profile = profile,
				.cri = cri,
				.direct = direct,
				.accounts = passwd ? &accounts : NULL,
				.blame = &blamed,
				.arena = &arena,
				.scratch = &arena,
				.warnings = &warnings};

	return user_resolve(&in, ret);
}

static void image_user(const char *user)
{
	image.user.image_user.value = sv_of(user);
}

static struct number number(int64_t value)
{
	return (struct number){.present = true, .value = value};
}

/* "1000:1000 10 29 50 1000": uid, gid, groups. */
static void assert_user(const char *passwd, const char *group, const char *expected)
{
	struct user_result result;
	const struct config_user *user = &result.user;
	char text[256];
	size_t used;

	if (resolve_user(passwd, group, &result))
		fail_msg("%s", error.message);
	assert_true(user->resolved);
	used = (size_t)snprintf(text, sizeof(text), "%u:%u", user->uid, user->gid);
	for (uint32_t i = 0; i < user->group_count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, " %u",
					 user->groups[i]);
	assert_string_equal(text, expected);
	assert_int_equal(user->umask, 022);
}

static void assert_refused(const char *passwd, const char *group, int32_t status,
			   const char *message)
{
	struct user_result result;

	assert_int_equal(resolve_user(passwd, group, &result), status);
	assert_int_equal(error.status, status);
	if (!strstr(error.message, message))
		fail_msg("expected \"%s\" in \"%s\"", message, error.message);
}

static void the_image_user_is_looked_up(void **state)
{
	static const struct {
		const char *user, *expected;
	} rows[] = {
		{"", "0:0 0 10"},		 /* rule 1.4: none is uid 0, looked up */
		{"alice", "1000:1000 10 29 50 1000"}, /* its own group is left out, 2.6 */
		{"1000", "1000:1000 10 29 50 1000"},
		{"twin", "1000:7 7"},		 /* by name: the line of that name */
		{"bob", "1001:100 50 100"},
		{"4242", "4242:0 0"},		 /* no line: the group is root, 2.2 */
		{"2147483647", "2147483647:0 0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		image_user(rows[i].user);
		assert_user(PASSWD, GROUP, rows[i].expected);
	}
	assert_int_equal(warnings.count, 0);
}

static void the_group_of_the_image_is_lost_and_said_so(void **state)
{
	static const struct {
		const char *user, *expected, *subject;
	} rows[] = {
		{"alice:staff", "1000:1000 10 29 50 1000", "staff"},
		{"1000:1000", "1000:1000 10 29 50 1000", "1000"},
		{"4242:50", "4242:0 0", "50"},
		{"4242:nosuch", "4242:0 0", "nosuch"},
		{":staff", "0:0 0 10", "staff"},
		{"alice:", "1000:1000 10 29 50 1000", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct layer_warning *warning;

		image_user(rows[i].user);
		assert_user(PASSWD, GROUP, rows[i].expected);
		assert_int_equal(warnings.count, i + 1);
		warning = (const struct layer_warning *)warnings.items + i;
		assert_string_equal(warning->code, "image-group-dropped");
		assert_string_equal(warning->subject.ptr, rows[i].subject);
	}
}

static void an_image_user_that_upstreams_read_differently_is_refused(void **state)
{
	static const struct {
		const char *user, *message;
		int32_t status;
	} rows[] = {
		{"nobody", "the user \"nobody\" in /etc/passwd", OCIENV_ERR_REFERENCE},
		{" 1000", "the user \" 1000\"", OCIENV_ERR_REFERENCE}, /* a name, 2.3 */
		{"1e3", "the user \"1e3\"", OCIENV_ERR_REFERENCE},
		{"0x3e8", "the user \"0x3e8\"", OCIENV_ERR_REFERENCE},
		{"-1", "without sign", OCIENV_ERR_VALUE},
		{"-0", "without sign", OCIENV_ERR_VALUE},
		{"+1000", "without sign", OCIENV_ERR_VALUE},
		{"00", "leading zeros", OCIENV_ERR_VALUE},
		{"01000", "leading zeros", OCIENV_ERR_VALUE},
		{"2147483648", "0 to 2147483647", OCIENV_ERR_VALUE},
		{"4294967296", "0 to 2147483647", OCIENV_ERR_VALUE},
		{"99999999999999999999", "0 to 2147483647", OCIENV_ERR_VALUE},
		{"a:b:c", "at most one \":\"", OCIENV_ERR_VALUE},
		{"alice::", "at most one \":\"", OCIENV_ERR_VALUE},
		{"1000:+5", NULL, OCIENV_OK}, /* the group is lost before anybody reads it */
		{"alice\n", "one line", OCIENV_ERR_VALUE},
		{"alice:a\n", "one line", OCIENV_ERR_VALUE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		image_user(rows[i].user);
		if (rows[i].status)
			assert_refused(PASSWD, GROUP, rows[i].status, rows[i].message);
		else
			assert_user(PASSWD, GROUP, "1000:1000 10 29 50 1000");
	}
	image.user.image_user.value = SV("alice\0");
	assert_refused(PASSWD, GROUP, OCIENV_ERR_VALUE, "a NUL");
}

static void the_numbers_of_the_pod_go_before_the_image(void **state)
{
	(void)state;
	image_user("alice");
	pod.user.uid = number(1001);
	assert_user(PASSWD, GROUP, "1001:100 50 100");
	pod.user.uid = number(0); /* 0 does override */
	assert_user(PASSWD, GROUP, "0:0 0 10");
	image_user("a:b:c"); /* is not looked at then */
	assert_user(PASSWD, GROUP, "0:0 0 10");
}

static void a_group_of_the_pod_replaces_the_primary_one_alone(void **state)
{
	(void)state;
	image_user("alice");
	pod.user.gid = number(77);
	assert_user(PASSWD, GROUP, "1000:77 10 29 50 77"); /* memberships stay, 2.6 */
	image_user("4242");
	assert_user(PASSWD, GROUP, "4242:77 77");
}

static void groups_are_a_sorted_set(void **state)
{
	struct number groups[] = {number(50), number(5), number(2147483647), number(5)};

	(void)state;
	image_user("alice");
	pod.user.groups = groups;
	pod.user.group_count = 4;
	assert_user(PASSWD, GROUP, "1000:1000 5 10 29 50 1000 2147483647");
}

static void the_strict_policy_does_not_read_memberships(void **state)
{
	struct number groups[] = {number(3000)};

	(void)state;
	image_user("alice");
	pod.user.groups = groups;
	pod.user.group_count = 1;
	pod.user.groups_strict = true;
	assert_user(PASSWD, GROUP, "1000:1000 1000 3000");
	assert_user(PASSWD, "bad:x:-5:alice\n", "1000:1000 1000 3000");
}

static void run_as_non_root_looks_at_the_request_alone(void **state)
{
	(void)state;
	pod.user.non_root = number(1);
	image_user("alice"); /* even though alice is not root, 1.7 */
	assert_refused(PASSWD, GROUP, OCIENV_ERR_VALUE, "found a name");
	image_user("0");
	assert_refused(PASSWD, GROUP, OCIENV_ERR_VALUE, "found uid 0");
	image_user("");
	assert_refused(PASSWD, GROUP, OCIENV_ERR_VALUE, "found uid 0");
	image_user("1000");
	assert_user(PASSWD, GROUP, "1000:1000 10 29 50 1000");
	image_user("4242"); /* gid 0 does not matter */
	assert_user(PASSWD, GROUP, "4242:0 0");
	image_user("root");
	pod.user.uid = number(1001); /* the image is not looked at */
	assert_user(PASSWD, GROUP, "1001:100 50 100");
	pod.user.uid = number(0);
	assert_refused(PASSWD, GROUP, OCIENV_ERR_VALUE, "found uid 0");
	pod.user.non_root = number(0);
	assert_user(PASSWD, GROUP, "0:0 0 10");
}

static void without_account_files_numbers_do_and_names_do_not(void **state)
{
	(void)state;
	image_user("1000");
	assert_user("", "", "1000:0 0");
	image_user("root");
	assert_refused("", "", OCIENV_ERR_REFERENCE, "\"root\"");
}

/* Upstreams take each of these for an entry, usually for root. */
static void a_broken_entry_that_is_used_is_refused(void **state)
{
	static const struct {
		const char *user, *passwd, *group, *message;
	} rows[] = {
		{"0", "# users\n" PASSWD, "", "line 1 of /etc/passwd"},
		{"ghost", PASSWD "\nghost\n", "", "line 6 of /etc/passwd"},
		{"ghost", "ghost:x::\n", "", "line 1 of /etc/passwd"},
		{"0", "+::::::\n", "", "line 1 of /etc/passwd"},
		{"0", ":x:0:0::/:\n", "", "line 1 of /etc/passwd"},
		{"5", "a:x:5:-1::/:\n", "", "line 1 of /etc/passwd"},
		{"5", "a:x:5:4294967296::/:\n", "", "line 1 of /etc/passwd"},
		{"a", "a:x:4294967296:0::/:\n", "", "line 1 of /etc/passwd"},
		{"a", "a:x:+5:0::/:\n", "", "line 1 of /etc/passwd"},
		{"a", "a:x:5 :0::/:\n", "", "line 1 of /etc/passwd"},
		{"-a", "-a:x:5:5::/:\n", "", "line 1 of /etc/passwd"},
		{"alice", PASSWD, "g:x:1:alice\nh:x:junk:alice\n", "line 2 of /etc/group"},
		{"alice", PASSWD, "g:x::alice\n", "line 1 of /etc/group"},
		{"alice", PASSWD, "+g:x:5:alice\n", "line 1 of /etc/group"},
		{"alice", PASSWD, "g:x:2147483648:alice\n", "line 1 of /etc/group"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		image_user(rows[i].user);
		assert_refused(rows[i].passwd, rows[i].group, OCIENV_ERR_VALUE,
			       rows[i].message);
	}
}

static void a_broken_entry_that_is_not_used_does_not_matter(void **state)
{
	(void)state;
	image_user("alice");
	assert_user("ghost\n" PASSWD "# end\n", "# c\njunk\ng:x:x:bob\n" GROUP,
		    "1000:1000 10 29 50 1000");
}

/* HOME of uid `uid`; NULL: refused. */
static void assert_home(uint32_t runtime, const char *passwd, uint32_t uid, bool strict,
			const char *expected)
{
	struct accounts accounts = accounts_of(passwd, "");
	struct home home = {.source = {home_find},
			    .runtime = runtime,
			    .accounts = &accounts,
			    .uid = uid,
			    .strict = strict,
			    .blame = &blamed,
			    .scratch = &arena};
	struct text found;
	bool unknown;
	int32_t status = home.source.find(&home.source, &found, &unknown);

	assert_int_equal(status, expected ? OCIENV_OK : OCIENV_ERR_VALUE);
	if (!expected)
		return;
	assert_true(sv_eq(found.value, sv_of(expected)));
	assert_int_equal(unknown, passwd && strcmp(expected, "/") == 0);
}

static void home_is_that_of_the_first_line_with_the_uid(void **state)
{
	(void)state;
	for (uint32_t i = OCIENV_RUNTIME_RUNC; i <= OCIENV_RUNTIME_CRUN_1_8; i++) {
		assert_home(i, PASSWD, 1000, true, "/home/alice");
		assert_home(i, PASSWD, 4242, true, "/");
		assert_home(i, "", 0, true, "/");
		assert_home(i, NULL, 0, true, "/");
		assert_home(i, "x:x:7:7:::\n", 7, true, ""); /* 5.4: the field is empty */
	}
	assert_home(OCIENV_RUNTIME_RUNC, "x:x:7:7\n", 7, true, "");
}

/* 5.4: what each runtime's library takes for the line of a uid. */
static void runtimes_read_broken_lines_in_their_own_way(void **state)
{
	static const char comment[] = "# users\nroot:x:0:0::/root:\n", bare[] = "ghost\n" PASSWD;
	static const char blank[] = "x:x: 7:7::/x:\nseven:x:7:7::/seven:\n";

	(void)state;
	assert_home(OCIENV_RUNTIME_RUNC, comment, 0, false, "");
	assert_home(OCIENV_RUNTIME_RUNC, bare, 0, false, "");
	assert_home(OCIENV_RUNTIME_RUNC, comment, 0, true, NULL);
	assert_home(OCIENV_RUNTIME_CRUN, comment, 0, true, "/root");
	assert_home(OCIENV_RUNTIME_CRUN, bare, 0, true, "/root");
	assert_home(OCIENV_RUNTIME_KATA, comment, 0, true, "/root");
	assert_home(OCIENV_RUNTIME_RUNC, blank, 7, true, "/seven");
	assert_home(OCIENV_RUNTIME_CRUN, blank, 7, false, "/x");
	assert_home(OCIENV_RUNTIME_CRUN, blank, 7, true, NULL);
	assert_home(OCIENV_RUNTIME_KATA, blank, 7, true, "/seven");
	assert_home(OCIENV_RUNTIME_CRUN, "+\n", 0, false, NULL); /* a null pointer */
	assert_home(OCIENV_RUNTIME_KATA, "a:x:7:7::/a:", 7, true, "/"); /* the last byte */
	assert_home(OCIENV_RUNTIME_CRUN, "a:x:7:7::/a:", 7, true, "/a");
}

/* 3.5 */
static void crio_adds_a_line_for_a_uid_that_has_none(void **state)
{
	struct user_result result;

	(void)state;
	cri = OCIENV_CRI_CRIO;
	pod.user.uid = number(4242);
	pod.user.gid = number(50);
	assert_int_equal(resolve_user(PASSWD, GROUP, &result), OCIENV_OK);
	assert_sv_equal(result.added_name, "4242");
	assert_int_equal(result.added_gid, 0); /* runAsGroup comes later */
	assert_int_equal(result.user.gid, 50);
	assert_int_equal(warnings.count, 1);
	assert_string_equal(((const struct layer_warning *)warnings.items)->code,
			    "passwd-line-added");
	pod.user.uid = number(1000);
	assert_int_equal(resolve_user(PASSWD, GROUP, &result), OCIENV_OK);
	assert_null(result.added_name.ptr);
	pod.user.uid = number(4242);
	assert_int_equal(resolve_user("", GROUP, &result), OCIENV_OK); /* an empty file */
	assert_null(result.added_name.ptr);
	cri = OCIENV_CRI_CONTAINERD;
	assert_int_equal(resolve_user(PASSWD, GROUP, &result), OCIENV_OK);
	assert_null(result.added_name.ptr);
	assert_int_equal(warnings.count, 1);
}

static void the_added_line_is_read_for_home(void **state)
{
	static const struct {
		const char *passwd, *home;
	} rows[] = {
		{"root:x:0:0::/root:\n", "/"},
		{"root:x:0:0::/root:", "/"}, /* glued: no line has the uid */
		{"a:x:1:1::/home/a:/bin/sh\n4242:x:4242:9::/nine:\n", "/nine"}, /* first line */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct accounts accounts = accounts_of(rows[i].passwd, "");
		struct home home = {.source = {home_find},
				    .accounts = &accounts,
				    .uid = 4242,
				    .added_name = SV("4242"),
				    .strict = true,
				    .blame = &blamed,
				    .scratch = &arena};
		struct text found;
		bool unknown;

		assert_int_equal(home.source.find(&home.source, &found, &unknown), OCIENV_OK);
		assert_true(sv_eq(found.value, sv_of(rows[i].home)));
	}
}

static void profiles_accept_what_the_default_refuses(void **state)
{
	static const struct {
		uint32_t profile;
		const char *user, *passwd, *expected; /* NULL: refused */
	} rows[] = {
		{OCIENV_USER_CONTAINERD, "+1000", PASSWD, "1000:1000 10 29 50 1000"},
		{OCIENV_USER_CONTAINERD, "ghost", PASSWD "ghost\n", "0:0 0"},
		{OCIENV_USER_CONTAINERD, "4294967296", "4294967296:x:5:6:::\n", NULL},
		{OCIENV_USER_CONTAINERD_1_7, "4294967296", "4294967296:x:5:6:::\n", "5:6 6"},
		{OCIENV_USER_CONTAINERD_1_7, "4294967296", PASSWD, NULL},
		{OCIENV_USER_CRIO, "-5", "a:x:-5:-6:::\n", "4294967291:4294967290 4294967290"},
		{OCIENV_USER_CRIO, "-5", PASSWD, NULL},
		{OCIENV_USER_DOCKER, "-5", "a:x:-5:-6:::\n", NULL},
		{OCIENV_USER_DOCKER, "alice", PASSWD, "1000:1000 10 29 50 1000"},
		{OCIENV_USER_DOCKER, "alice:staff", PASSWD, "1000:50 50"},
		{OCIENV_USER_DOCKER, "alice:nosuch", PASSWD, NULL},
		{OCIENV_USER_DOCKER, "alice:staff:x", PASSWD, "1000:50 50"},
		{OCIENV_USER_CRIO, "alice:staff", PASSWD, "1000:1000 10 29 50 1000"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct user_result result;

		profile = rows[i].profile;
		image_user(rows[i].user);
		if (rows[i].expected)
			assert_user(rows[i].passwd, GROUP, rows[i].expected);
		else
			assert_int_not_equal(resolve_user(rows[i].passwd, GROUP, &result),
					     OCIENV_OK);
	}
}

/* 0.1 (C): the image's group counts, and nobody looks at runAsNonRoot. */
static void without_a_kubelet_the_image_user_is_taken_whole(void **state)
{
	static const struct {
		uint32_t profile, cri;
		const char *user, *expected; /* NULL: refused */
	} rows[] = {
		{OCIENV_USER_STRICT, OCIENV_CRI_CONTAINERD, "alice:staff", "1000:50 10 29 50"},
		{OCIENV_USER_STRICT, OCIENV_CRI_CRIO, "alice:staff", "1000:50 50"},
		{OCIENV_USER_STRICT, OCIENV_CRI_CONTAINERD, "alice:nosuch", NULL},
		{OCIENV_USER_STRICT, OCIENV_CRI_CONTAINERD, "1000:+5", NULL},
		{OCIENV_USER_CONTAINERD, OCIENV_CRI_CONTAINERD, "1000:+5", "1000:5 5 10 29 50"},
		{OCIENV_USER_STRICT, OCIENV_CRI_CONTAINERD, "alice:", "1000:0 0 10 29 50"},
		{OCIENV_USER_STRICT, OCIENV_CRI_CRIO, "alice:", "1000:1000 10 29 50 1000"},
		{OCIENV_USER_STRICT, OCIENV_CRI_CONTAINERD, "", "0:0 0 10"},
		{OCIENV_USER_STRICT, OCIENV_CRI_CONTAINERD, ":staff", "0:50 50"},
	};

	(void)state;
	direct = true;
	pod.user.non_root = number(1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct user_result result;

		profile = rows[i].profile;
		cri = rows[i].cri;
		image_user(rows[i].user);
		if (rows[i].expected)
			assert_user(PASSWD, GROUP, rows[i].expected);
		else
			assert_int_not_equal(resolve_user(PASSWD, GROUP, &result), OCIENV_OK);
	}
	assert_int_equal(warnings.count, 0);
	pod.user.gid = number(50); /* 1.6, 2.1: a group alone */
	assert_refused(PASSWD, GROUP, OCIENV_ERR_VALUE, "a user beside runAsGroup");
}

/* 2.7: nobody spoke of a user, so nobody adds its group. */
static void a_user_that_nobody_named_has_no_group_of_its_own(void **state)
{
	struct number groups[] = {number(3000)};

	(void)state;
	direct = true;
	image_user("");
	pod.user.groups = groups;
	pod.user.group_count = 1;
	pod.user.groups_strict = true;
	assert_user(PASSWD, GROUP, "0:0 3000");
	cri = OCIENV_CRI_CRIO;
	assert_user(PASSWD, GROUP, "0:0 0 3000");
	direct = false;
	profile = OCIENV_USER_CONTAINERD_1_7; /* 1.9 */
	assert_refused(PASSWD, GROUP, OCIENV_ERR_VALUE, "supplementalGroupsPolicy");
}

/* 2.6 */
static void the_group_with_the_name_of_the_user_counts_for_crio(void **state)
{
	(void)state;
	image_user("alice");
	pod.user.gid = number(77);
	assert_user(PASSWD, GROUP, "1000:77 10 29 50 77");
	cri = OCIENV_CRI_CRIO;
	assert_user(PASSWD, GROUP, "1000:77 10 29 50 77 1000");
}

static void without_a_rootfs_the_question_stays_a_question(void **state)
{
	static const struct {
		const char *user;
		int64_t uid, gid; /* -1: not given */
		const char *name;
	} rows[] = {
		{"redis", -1, -1, "redis"}, {"redis:50", -1, -1, "redis"},
		{"redis", -1, 50, "redis:50"}, {"1000", -1, -1, "1000"},
		{"", -1, -1, "0"},	    {"redis", 5, -1, "5"},
		{"redis", 5, 50, "5:50"},
	};
	struct user_result whole;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct user_result result;

		image_user(rows[i].user);
		pod.user.uid = rows[i].uid < 0 ? (struct number){0} : number(rows[i].uid);
		pod.user.gid = rows[i].gid < 0 ? (struct number){0} : number(rows[i].gid);
		assert_int_equal(resolve_user(NULL, NULL, &result), OCIENV_OK);
		assert_false(result.user.resolved);
		assert_string_equal(result.user.name.ptr, rows[i].name);
		cri = OCIENV_CRI_CRIO;
		assert_int_equal(resolve_user(NULL, NULL, &result), OCIENV_OK);
		assert_string_equal(result.user.name.ptr, rows[i].name);
		cri = OCIENV_CRI_CONTAINERD;
	}
	pod.user.uid = pod.user.gid = (struct number){0};
	image_user("redis:50");
	direct = true;
	assert_int_equal(resolve_user(NULL, NULL, &whole), OCIENV_OK);
	assert_string_equal(whole.user.name.ptr, "redis:50");
}

/* Old runc: "50" of additionalGids is the group of that name, if there is one. */
static void an_id_that_names_another_group_is_refused(void **state)
{
	static const struct {
		const char *group;
		bool by_name;
		int32_t status;
	} rows[] = {
		{"50:x:0:\n", true, OCIENV_ERR_VALUE},
		{GROUP "7:x:50:\n50:x:7:\n", true, OCIENV_ERR_VALUE},
		{"50:x:0:\n", false, OCIENV_OK},
		{"50:x:50:\n", true, OCIENV_OK},
		{"050:x:0:\n+50:x:0:\n51:x:0:\n7:x:0:\n", true, OCIENV_OK},
	};
	struct number groups[] = {number(60), number(50), number(4)};
	struct ocienv_layer spec = {.kind = OCIENV_LAYER_RUNTIME};

	(void)state;
	spec.user = (struct user_request){.group_count = 3, .groups = groups};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct accounts accounts = accounts_of(NULL, rows[i].group);
		const struct user_input in = {.spec = &spec,
					      .accounts = &accounts,
					      .groups_by_name = rows[i].by_name,
					      .blame = &blamed,
					      .arena = &arena,
					      .scratch = &arena,
					      .warnings = &warnings};
		struct user_result result;

		assert_int_equal(user_resolve(&in, &result), rows[i].status);
	}
}

static uint64_t capabilities_of(uint64_t add, uint64_t drop, bool privileged)
{
	struct user_result result;

	image_user("0");
	pod.user.capabilities_add = add;
	pod.user.capabilities_drop = drop;
	pod.user.privileged = privileged;
	assert_int_equal(resolve_user(PASSWD, GROUP, &result), OCIENV_OK);
	return result.capabilities;
}

static void capabilities_are_added_and_then_dropped(void **state)
{
	uint64_t all = CAPABILITIES_ALL, standard = capabilities_containerd();
	uint64_t admin = capability_bit(SV("CAP_SYS_ADMIN"));
	uint64_t dac = capability_bit(SV("CAP_DAC_OVERRIDE"));

	(void)state;
	assert_true(standard & dac);
	assert_int_equal(capabilities_of(0, 0, false), standard);
	assert_int_equal(capabilities_of(admin, 0, false), standard | admin);
	assert_int_equal(capabilities_of(0, dac, false), standard & ~dac);
	assert_int_equal(capabilities_of(dac, dac, false), standard & ~dac);
	assert_int_equal(capabilities_of(0, all, false), 0);
	assert_int_equal(capabilities_of(admin, all, false), admin);
	assert_int_equal(capabilities_of(all, 0, false), all);
	assert_int_equal(capabilities_of(all, dac, false), all & ~dac);
	assert_int_equal(capabilities_of(0, all, true), all);
	cri = OCIENV_CRI_CRIO; /* a shorter list, 7.1 */
	assert_int_equal(capabilities_of(0, 0, false), capabilities_crio());
	assert_int_equal(capabilities_crio() & ~standard, 0);
	assert_true(capabilities_crio() & dac);
	assert_false(capabilities_crio() & capability_bit(SV("CAP_MKNOD")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_image_user_is_looked_up),
		TEST(the_group_of_the_image_is_lost_and_said_so),
		TEST(an_image_user_that_upstreams_read_differently_is_refused),
		TEST(the_numbers_of_the_pod_go_before_the_image),
		TEST(a_group_of_the_pod_replaces_the_primary_one_alone),
		TEST(groups_are_a_sorted_set),
		TEST(the_strict_policy_does_not_read_memberships),
		TEST(run_as_non_root_looks_at_the_request_alone),
		TEST(without_account_files_numbers_do_and_names_do_not),
		TEST(a_broken_entry_that_is_used_is_refused),
		TEST(a_broken_entry_that_is_not_used_does_not_matter),
		TEST(home_is_that_of_the_first_line_with_the_uid),
		TEST(runtimes_read_broken_lines_in_their_own_way),
		TEST(crio_adds_a_line_for_a_uid_that_has_none),
		TEST(the_added_line_is_read_for_home),
		TEST(profiles_accept_what_the_default_refuses),
		TEST(without_a_kubelet_the_image_user_is_taken_whole),
		TEST(a_user_that_nobody_named_has_no_group_of_its_own),
		TEST(the_group_with_the_name_of_the_user_counts_for_crio),
		TEST(without_a_rootfs_the_question_stays_a_question),
		TEST(an_id_that_names_another_group_is_refused),
		TEST(capabilities_are_added_and_then_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
