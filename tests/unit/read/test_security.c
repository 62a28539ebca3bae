/* SPDX-License-Identifier: Apache-2.0 */
/* securityContext of pod and container, on its way to the layer (rules user 1.1, 1.5, 1.8). */
#include "unit/read/given.h"

#include "base/capability.h"

/* Line 6 and line 9. */
#define BOTH(pod, container)                                                             \
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  securityContext:\n"    \
	"    {" pod "}\n  containers:\n  - securityContext:\n"                           \
	"      {" container "}\n    name: c\n    command: [x]\n"
#define OF_POD	     "/spec/securityContext/"
#define OF_CONTAINER "/spec/containers/0/securityContext/"

static void assert_number(struct number number, int64_t value)
{
	assert_true(number.present);
	assert_int_equal(number.value, value);
}

static void the_container_goes_before_the_pod_field_by_field(void **state)
{
	const struct user_request *user;

	(void)state;
	user = &pod_of(BOTH("runAsUser: 5, runAsGroup: 6, runAsNonRoot: true",
			    "runAsUser: 0, runAsGroup: null"))->user;
	assert_number(user->uid, 0);
	assert_number(user->gid, 6);
	assert_number(user->non_root, 1);
	user = &pod_of(BOTH("runAsNonRoot: true", "runAsNonRoot: false, runAsGroup: 7"))->user;
	assert_false(user->uid.present);
	assert_number(user->gid, 7);
	assert_number(user->non_root, 0);
	assert_int_equal(user->gid.from.mark.line, 9);
	assert_int_equal(user->gid.from.mark.column, 41);
}

static void fs_group_comes_before_the_other_groups(void **state)
{
	const struct user_request *user;

	(void)state;
	user = &pod_of(BOTH("supplementalGroups: [9, 0x10, 9], fsGroup: 9, "
			    "supplementalGroupsPolicy: Strict", ""))->user;
	assert_int_equal(user->group_count, 4);
	assert_number(user->groups[0], 9);
	assert_number(user->groups[1], 9);
	assert_number(user->groups[2], 16);
	assert_number(user->groups[3], 9);
	assert_true(user->groups_strict);
	user = &pod_of(BOTH("supplementalGroupsPolicy: Merge", ""))->user;
	assert_int_equal(user->group_count, 0);
	assert_false(user->groups_strict);
}

static void ids_that_runtimes_would_wrap_are_refused(void **state)
{
	static const struct refusal rows[] = {
		{BOTH("runAsUser: 2147483648", ""), OCIENV_ERR_VALUE, 6, 17, OF_POD "runAsUser",
		 "found 2147483648"},
		{BOTH("runAsGroup: -1", ""), OCIENV_ERR_VALUE, 6, 18, OF_POD "runAsGroup",
		 "found -1"},
		{BOTH("fsGroup: 4294967296", ""), OCIENV_ERR_VALUE, 6, 15, OF_POD "fsGroup", NULL},
		{BOTH("supplementalGroups: [1, -5]", ""), OCIENV_ERR_VALUE, 6, 30,
		 OF_POD "supplementalGroups/1", "found -5"},
		{BOTH("", "runAsUser: 99999999999999999999"), OCIENV_ERR_TYPE, 9, 19,
		 OF_CONTAINER "runAsUser", NULL},
		{BOTH("", "runAsUser: '5'"), OCIENV_ERR_TYPE, 9, 19, OF_CONTAINER "runAsUser",
		 "an integer"},
		{BOTH("", "runAsGroup: 1.5"), OCIENV_ERR_TYPE, 9, 20, OF_CONTAINER "runAsGroup",
		 "an integer"},
		{BOTH("supplementalGroupsPolicy: strict", ""), OCIENV_ERR_VALUE, 6, 32,
		 OF_POD "supplementalGroupsPolicy", "Merge or Strict"},
		{BOTH("", "privileged: 'true'"), OCIENV_ERR_TYPE, 9, 20,
		 OF_CONTAINER "privileged", "a boolean"},
		{BOTH("", "capabilities: [ALL]"), OCIENV_ERR_TYPE, 9, 22,
		 OF_CONTAINER "capabilities", "a map"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
	assert_number(pod_of(BOTH("runAsUser: 2147483647", ""))->user.uid, 2147483647);
}

static void members_in_the_wrong_place_are_unknown(void **state)
{
	static const struct refusal rows[] = {
		{BOTH("privileged: true", ""), OCIENV_ERR_VALUE, 6, 6, OF_POD "privileged", NULL},
		{BOTH("capabilities: {}", ""), OCIENV_ERR_VALUE, 6, 6, OF_POD "capabilities",
		 NULL},
		{BOTH("", "fsGroup: 5"), OCIENV_ERR_VALUE, 9, 8, OF_CONTAINER "fsGroup", NULL},
		{BOTH("", "supplementalGroups: [5]"), OCIENV_ERR_VALUE, 9, 8,
		 OF_CONTAINER "supplementalGroups", NULL},
	};
	struct ocienv_layer *layer;

	(void)state;
	layer = pod_of(BOTH("privileged: true", "fsGroup: -5, supplementalGroups: [x]"));
	assert_false(layer->user.privileged);
	assert_int_equal(layer->user.group_count, 0);
	assert_true(has_warning(config_of(NULL, layer), "unknown-field", "fsGroup"));
	given.options.flags = OCIENV_STRICT;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

/* The set as containerd would write it, out of what the layer says. */
static void assert_capabilities(const char *add, const char *drop, uint64_t expected)
{
	const struct user_request *user;
	uint64_t set = capabilities_containerd();
	char text[2048];

	(void)snprintf(text, sizeof(text), BOTH("", "capabilities: {add: [%s], drop: [%s]}"),
		       add, drop);
	user = &pod_of(text)->user;
	if (user->capabilities_add == CAPABILITIES_ALL)
		set = CAPABILITIES_ALL;
	if (user->capabilities_drop == CAPABILITIES_ALL)
		set = 0;
	if (user->capabilities_add != CAPABILITIES_ALL)
		set |= user->capabilities_add;
	if (user->capabilities_drop != CAPABILITIES_ALL)
		set &= ~user->capabilities_drop;
	assert_int_equal(set, expected);
}

static void all_comes_before_the_other_names(void **state)
{
	static const char every[] =
		"CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, KILL, SETGID, SETUID,"
		"SETPCAP, LINUX_IMMUTABLE, NET_BIND_SERVICE, NET_BROADCAST, NET_ADMIN, NET_RAW,"
		"IPC_LOCK, IPC_OWNER, SYS_MODULE, SYS_RAWIO, SYS_CHROOT, SYS_PTRACE, SYS_PACCT,"
		"SYS_ADMIN, SYS_BOOT, SYS_NICE, SYS_RESOURCE, SYS_TIME, SYS_TTY_CONFIG, MKNOD,"
		"LEASE, AUDIT_WRITE, AUDIT_CONTROL, SETFCAP, MAC_OVERRIDE, MAC_ADMIN, SYSLOG,"
		"WAKE_ALARM, BLOCK_SUSPEND, AUDIT_READ, PERFMON, BPF, CHECKPOINT_RESTORE";
	uint64_t standard = capabilities_containerd(), all = CAPABILITIES_ALL;
	uint64_t chown = capability_bit(SV("CAP_CHOWN")), kill = capability_bit(SV("CAP_KILL"));

	(void)state;
	assert_capabilities("", "", standard);
	assert_capabilities("", "chown", standard & ~chown);
	assert_capabilities("NO_SUCH, SYS_ADMIN", "",
			    standard | capability_bit(SV("CAP_SYS_ADMIN")));
	assert_capabilities("", "all", 0);
	assert_capabilities("CHOWN", "ALL", chown);
	assert_capabilities("ALL", "", all);
	assert_capabilities("ALL", "KILL", all & ~kill);
	assert_capabilities("ALL", "ALL", 0);
	assert_capabilities("ALL, CHOWN", "ALL", chown);
	assert_capabilities("CHOWN, KILL", "ALL, CHOWN", kill);
	assert_capabilities("CHOWN", every, 0);
	assert_capabilities(every, "ALL", all);
	assert_capabilities(every, "CHOWN", all & ~chown);
	assert_capabilities(every, every, 0);
	assert_capabilities("CAP_SYS_ADMIN", "", /* decides about no file: it does not matter */
			    standard | capability_bit(SV("CAP_SYS_ADMIN")));
	assert_capabilities("ALL", every, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_container_goes_before_the_pod_field_by_field),
		TEST(fs_group_comes_before_the_other_groups),
		TEST(ids_that_runtimes_would_wrap_are_refused),
		TEST(members_in_the_wrong_place_are_unknown),
		TEST(all_comes_before_the_other_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
