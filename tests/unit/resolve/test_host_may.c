/* SPDX-License-Identifier: Apache-2.0 */
/* What a host may add by itself, and what only looks like it. */
#include "unit/unit.h"

#include "resolve/host_may.h"

struct row {
	const char *name, *value;
};

static bool may(const struct row *row, bool links)
{
	return host_may_add(sv_of(row->name), sv_of(row->value), links);
}

static void what_the_kubelet_makes_of_services(void **state)
{
	static const struct row rows[] = {
		{"DB_SERVICE_HOST", "10.96.0.10"},
		{"DB_SERVICE_HOST", "fd00::1"},
		{"MY_DB_SERVICE_HOST", "10.96.0.10"},
		{"DB_SERVICE_PORT", "5432"},
		{"DB_SERVICE_PORT_HTTP_ALT", "8080"},
		{"DB_PORT", "tcp://10.96.0.10:5432"},
		{"DB_PORT", "udp://[fd00::1]:53"},
		{"DB_PORT_5432_TCP", "tcp://10.96.0.10:5432"},
		{"DB_PORT_5432_TCP_PROTO", "tcp"},
		{"DB_PORT_5432_TCP_PORT", "5432"},
		{"DB_PORT_5432_SCTP_ADDR", "10.96.0.10"},
		{"A_PORT_8_PORT_9_TCP_ADDR", "10.0.0.1"}, /* a Service called a-port-8 */
		{"A_PORT_8_PORT_9_TCP", "tcp://10.0.0.1:9"},
		{"9DB_SERVICE_PORT", "1"}, /* relaxed Service names may start with a digit */
	};
	static const struct row api[] = {
		{"KUBERNETES_SERVICE_HOST", "10.96.0.1"},
		{"KUBERNETES_SERVICE_PORT_HTTPS", "443"},
		{"KUBERNETES_PORT_443_TCP_ADDR", "10.96.0.1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(may(&rows[i], true));
		assert_false(may(&rows[i], false));
	}
	for (size_t i = 0; i < sizeof(api) / sizeof(api[0]); i++)
		assert_true(may(&api[i], false));
}

static void name_and_terminal(void **state)
{
	static const struct row rows[] = {{"HOSTNAME", "any"}, {"HOSTNAME", ""}, {"TERM", "xterm"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(may(&rows[i], false));
}

static void look_alikes(void **state)
{
	static const struct row rows[] = {
		{"", ""},
		{"TERM", "vt100"},
		{"TERM", ""},
		{"HOSTNAME2", "x"},
		{"hostname", "x"},
		{"LD_PRELOAD", "/x.so"},
		{"_SERVICE_HOST", "10.0.0.1"}, /* no Service */
		{"DB_SERVICE_HOST", "evil.example"},
		{"DB_SERVICE_HOST", "10.0.0.1.2"},
		{"DB_SERVICE_HOST", "10.0.0"},
		{"DB_SERVICE_HOST", "10.0.0.256"},
		{"DB_SERVICE_HOST", ""},
		{"DB_SERVICE_HOST", ":"},
		{"DB_SERVICE_HOSTS", "10.0.0.1"},
		{"db_SERVICE_HOST", "10.0.0.1"},
		{"DB-X_SERVICE_HOST", "10.0.0.1"},
		{"DB_SERVICE_PORT", "0"},
		{"DB_SERVICE_PORT", "65536"},
		{"DB_SERVICE_PORT", "080"},
		{"DB_SERVICE_PORT", "80 "},
		{"DB_SERVICE_PORT_", "80"},
		{"DB_PORT", "http://10.0.0.1:80"},
		{"DB_PORT", "tcp://evil.example:80"},
		{"DB_PORT", "tcp://10.0.0.1"},
		{"DB_PORT", "tcp://10.0.0.1:"},
		{"DB_PORT", "tcp:10.0.0.1:80"},
		{"DB_PORT", "tcp://[10.0.0.1]:80"},
		{"DB_PORT", "tcp://:80"},
		{"DB_PORT_80", "tcp://10.0.0.1:80"},
		{"DB_PORT_80_ICMP", "tcp://10.0.0.1:80"},
		{"DB_PORT_X_TCP", "tcp://10.0.0.1:80"},
		{"DB_PORT_80_TCP_PROTO", "icmp"},
		{"DB_PORT_80_TCP_PORT", "x"},
		{"DB_PORT_80_TCP_ADDR", "x"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_false(may(&rows[i], true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_kubelet_makes_of_services),
		cmocka_unit_test(name_and_terminal),
		cmocka_unit_test(look_alikes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
