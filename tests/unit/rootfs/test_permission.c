/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "unit/unit.h"

#include "rootfs/permission.h"

#include <errno.h>

enum {
	OVERRIDE = 1 << CAPABILITY_DAC_OVERRIDE,
	SEARCH = 1 << CAPABILITY_DAC_READ_SEARCH
};

static const uint32_t groups[] = {2000, 2001};

struct row {
	struct identity who;
	unsigned int mode, uid, gid;
	bool search, execute;
};

#define WHO(u, g, caps)                                                                  \
	{                                                                                \
		.known = true, .uid = (u), .gid = (g), .groups = groups,                 \
		.group_count = 2, .capabilities = (caps)                                 \
	}

static void the_first_class_that_matches_decides(void **state)
{
	static const struct row rows[] = {
		/* owner, group, supplementary group, others */
		{WHO(1000, 1000, 0), 0100, 1000, 0, true, true},
		{WHO(1000, 1000, 0), 0077, 1000, 1000, false, false},
		{WHO(1000, 1000, 0), 0010, 0, 1000, true, true},
		{WHO(1000, 1000, 0), 0705, 0, 1000, false, false},
		{WHO(1000, 1000, 0), 0010, 0, 2001, true, true},
		{WHO(1000, 1000, 0), 0701, 0, 2001, false, false},
		{WHO(1000, 1000, 0), 0001, 0, 0, true, true},
		{WHO(1000, 1000, 0), 0770, 0, 0, false, false},
		/* uid 0 without capabilities is an ordinary user */
		{WHO(0, 0, 0), 0700, 1000, 1000, false, false},
		{WHO(0, 0, 0), 0700, 0, 0, true, true},
		/* capabilities, whatever the uid */
		{WHO(1000, 1000, OVERRIDE), 0000, 0, 0, true, false},
		{WHO(1000, 1000, OVERRIDE), 0100, 0, 0, true, true},
		{WHO(0, 0, OVERRIDE), 0644, 0, 0, true, false},
		{WHO(1000, 1000, SEARCH), 0100, 0, 0, true, false},
		/* nobody known: any x bit */
		{{.known = false}, 0100, 0, 0, true, true},
		{{.known = false}, 0644, 0, 0, false, false},
		/* set-uid is no x */
		{WHO(1000, 1000, 0), 04644, 0, 0, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stat st = {.st_mode = rows[i].mode,
				  .st_uid = rows[i].uid,
				  .st_gid = rows[i].gid};

		struct acl_source acls = {0};

		assert_int_equal(permission_search(&rows[i].who, -1, &st, &acls),
				 rows[i].search ? 0 : EACCES);
		assert_int_equal(permission_execute(&rows[i].who, -1, &st),
				 rows[i].execute ? 0 : EACCES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_class_that_matches_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
