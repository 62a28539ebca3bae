/* SPDX-License-Identifier: Apache-2.0 */
/* Names of capabilities are those of the kernel's own header. */
#include "unit/unit.h"

#include "base/capability.h"

#include <linux/capability.h>

#define BIT(number) (UINT64_C(1) << (number))

static void names_are_numbers_of_the_kernel(void **state)
{
	static const struct {
		const char *name;
		int number;
	} rows[] = {
		{"CAP_CHOWN", CAP_CHOWN},
		{"CAP_DAC_OVERRIDE", CAP_DAC_OVERRIDE},
		{"CAP_DAC_READ_SEARCH", CAP_DAC_READ_SEARCH},
		{"CAP_FOWNER", CAP_FOWNER},
		{"CAP_SETUID", CAP_SETUID},
		{"CAP_SETPCAP", CAP_SETPCAP},
		{"CAP_NET_BIND_SERVICE", CAP_NET_BIND_SERVICE},
		{"CAP_NET_ADMIN", CAP_NET_ADMIN},
		{"CAP_SYS_CHROOT", CAP_SYS_CHROOT},
		{"CAP_SYS_ADMIN", CAP_SYS_ADMIN},
		{"CAP_MKNOD", CAP_MKNOD},
		{"CAP_SETFCAP", CAP_SETFCAP},
		{"CAP_BLOCK_SUSPEND", CAP_BLOCK_SUSPEND},
		{"CAP_CHECKPOINT_RESTORE", CAP_CHECKPOINT_RESTORE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name = rows[i].name;
		char lower[40];

		for (size_t k = 0; k <= strlen(name); k++)
			lower[k] = (char)(name[k] >= 'A' && name[k] <= 'Z' ? name[k] + 32 : name[k]);
		assert_int_equal(capability_bit(sv_of(name)), BIT(rows[i].number));
		assert_int_equal(capability_bit(sv_of(lower)), BIT(rows[i].number));
		assert_int_equal(capability_bit_short(sv_of(name)), BIT(rows[i].number));
		assert_int_equal(capability_bit_short(sv_of(name + 4)), BIT(rows[i].number));
		assert_int_equal(capability_bit_short(sv_of(lower + 4)), BIT(rows[i].number));
		assert_int_equal(capability_bit(sv_of(name + 4)), 0);
	}
}

static void other_names_have_no_bit(void **state)
{
	static const char *const names[] = {"",	      "CAP_",	   "CHOWN_",	"CAP_CHOW", "CAP_CHOWNX",
					    "CAPCHOWN", "XCAP_CHOWN", "CAP_CHOWN ", "CAP_NEW",  "CAP"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(capability_bit(sv_of(names[i])), 0);
		assert_int_equal(capability_bit_short(sv_of(names[i])), 0);
	}
	assert_int_equal(capability_bit_short(SV("ALL")), CAPABILITIES_ALL);
	assert_int_equal(capability_bit_short(SV("all")), CAPABILITIES_ALL);
	assert_int_equal(capability_bit(SV("ALL")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_numbers_of_the_kernel),
		cmocka_unit_test(other_names_have_no_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
