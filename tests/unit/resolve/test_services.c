/* SPDX-License-Identifier: Apache-2.0 */
/* Variables of Services (kubelet getServiceEnvVarMap, envvars FromServices). */
#include "unit/read/given.h"

#define SERVICE(name, namespace, spec)                                                   \
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: " name                     \
	", namespace: " namespace "}\nspec: " spec "\n"

#define API_SERVER SERVICE("kubernetes", "default", "{clusterIP: 10.0.0.1, ports: [{port: 443}]}")

static void one_service_gives_its_variables_in_this_order(void **state)
{
	(void)state;
	cluster_has(SERVICE("my-db.x1", "ns",
			    "{clusterIP: 10.1.2.3, ports: [{port: 5432, name: pg-sql},"
			    " {port: 53, protocol: UDP, name: dns}]}"));
	assert_layer_env(pod_of(POD("")),
			 "MY_DB.X1_SERVICE_HOST=10.1.2.3",
			 "MY_DB.X1_SERVICE_PORT=5432",
			 "MY_DB.X1_SERVICE_PORT_PG_SQL=5432",
			 "MY_DB.X1_SERVICE_PORT_DNS=53",
			 "MY_DB.X1_PORT=tcp://10.1.2.3:5432",
			 "MY_DB.X1_PORT_5432_TCP=tcp://10.1.2.3:5432",
			 "MY_DB.X1_PORT_5432_TCP_PROTO=tcp",
			 "MY_DB.X1_PORT_5432_TCP_PORT=5432",
			 "MY_DB.X1_PORT_5432_TCP_ADDR=10.1.2.3",
			 "MY_DB.X1_PORT_53_UDP=udp://10.1.2.3:53",
			 "MY_DB.X1_PORT_53_UDP_PROTO=udp",
			 "MY_DB.X1_PORT_53_UDP_PORT=53",
			 "MY_DB.X1_PORT_53_UDP_ADDR=10.1.2.3", NULL);
}

static void an_ipv6_address_has_brackets_in_urls_only(void **state)
{
	(void)state;
	cluster_has(SERVICE("s", "ns", "{clusterIP: 'fd00::1', ports: [{port: 80}]}"));
	assert_layer_env(pod_of(POD("")), "S_SERVICE_HOST=fd00::1", "S_SERVICE_PORT=80",
			 "S_PORT=tcp://[fd00::1]:80", "S_PORT_80_TCP=tcp://[fd00::1]:80",
			 "S_PORT_80_TCP_PROTO=tcp", "S_PORT_80_TCP_PORT=80",
			 "S_PORT_80_TCP_ADDR=fd00::1", NULL);
}

/* What the API server's Service gives, with this address. */
static void assert_api_server(const struct ocienv_layer *layer, const char *address)
{
	char expected[64];

	(void)snprintf(expected, sizeof(expected), "KUBERNETES_SERVICE_HOST=%s", address);
	assert_int_equal(layer->env.count, 7);
	assert_string_equal(layer->env.items[0].text.ptr, expected);
}

static void services_of_other_namespaces_are_not_seen(void **state)
{
	(void)state;
	cluster_has(SERVICE("s", "other", "{clusterIP: 10.1.1.1, ports: [{port: 1}]}")
		    SERVICE("s2", "default", "{clusterIP: 10.1.1.1, ports: [{port: 1}]}"));
	assert_layer_env(pod_of(POD("")), NULL);
}

static void the_api_server_is_seen_from_everywhere(void **state)
{
	(void)state;
	cluster_has(API_SERVER);
	assert_api_server(pod_of(POD("")), "10.0.0.1");
}

static void links_off_leaves_only_the_api_server(void **state)
{
	(void)state;
	cluster_has(SERVICE("s", "ns", "{clusterIP: 10.1.1.1, ports: [{port: 1}]}") API_SERVER
		    SERVICE("kubernetes", "ns", "{clusterIP: 10.6.6.6, ports: [{port: 1}]}"));
	assert_api_server(pod_of(POD("") "  enableServiceLinks: false\n"), "10.0.0.1");
}

static void links_are_on_when_nobody_says_so(void **state)
{
	(void)state;
	cluster_has(SERVICE("s", "ns", "{clusterIP: 10.1.1.1, ports: [{port: 1}]}"));
	assert_int_equal(pod_of(POD("") "  enableServiceLinks: null\n")->env.count, 7);
	assert_int_equal(pod_of(POD("") "  enableServiceLinks: true\n")->env.count, 7);
}

static void an_own_service_called_kubernetes_hides_the_api_server(void **state)
{
	(void)state;
	cluster_has(API_SERVER
		    SERVICE("kubernetes", "ns", "{clusterIP: 10.6.6.6, ports: [{port: 1}]}"));
	assert_api_server(pod_of(POD("")), "10.6.6.6");
}

static void an_own_service_without_an_address_hides_nothing(void **state)
{
	static const char *const headless[] = {"{clusterIP: None, ports: [{port: 1}]}",
					       "{clusterIP: '', ports: [{port: 1}]}",
					       "{ports: [{port: 1}]}"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char text[512];

		(void)snprintf(text, sizeof(text), API_SERVER "%s%s\n",
			       "---\napiVersion: v1\nkind: Service\n"
			       "metadata: {name: kubernetes, namespace: ns}\nspec: ",
			       headless[i]);
		cluster_has(text);
		assert_api_server(pod_of(POD("")), "10.0.0.1");
	}
}

static void services_without_an_address_give_nothing(void **state)
{
	(void)state;
	cluster_has(SERVICE("a", "ns", "{clusterIP: None, ports: [{port: 1}]}")
		    SERVICE("b", "ns", "{clusterIP: '', ports: [{port: 1}]}")
		    SERVICE("c", "ns", "{type: ExternalName, externalName: x.example}"));
	assert_layer_env(pod_of(POD("")), NULL);
}

static void the_service_that_was_applied_last_counts(void **state)
{
	(void)state;
	cluster_has(SERVICE("kubernetes", "default", "{clusterIP: 10.0.0.2, ports: [{port: 1}]}")
		    API_SERVER);
	assert_api_server(pod_of(POD("")), "10.0.0.1");
	cluster_has(SERVICE("kubernetes", "default", "{clusterIP: 10.0.0.3, ports: [{port: 1}]}"));
	assert_api_server(pod_of(POD("")), "10.0.0.3");
}

static void a_service_of_the_pods_own_file_counts_as_applied_last(void **state)
{
	(void)state;
	cluster_has(API_SERVER);
	assert_api_server(pod_of(POD("") SERVICE("kubernetes", "default",
						 "{clusterIP: 10.9.9.9, ports: [{port: 1}]}")),
			  "10.9.9.9");
	/* ... and takes the address away, too. */
	assert_layer_env(pod_of(POD("") SERVICE("kubernetes", "default",
						"{clusterIP: None, ports: [{port: 1}]}")),
			 NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_service_gives_its_variables_in_this_order),
		TEST(an_ipv6_address_has_brackets_in_urls_only),
		TEST(services_of_other_namespaces_are_not_seen),
		TEST(the_api_server_is_seen_from_everywhere),
		TEST(links_off_leaves_only_the_api_server),
		TEST(links_are_on_when_nobody_says_so),
		TEST(an_own_service_called_kubernetes_hides_the_api_server),
		TEST(an_own_service_without_an_address_hides_nothing),
		TEST(services_without_an_address_give_nothing),
		TEST(the_service_that_was_applied_last_counts),
		TEST(a_service_of_the_pods_own_file_counts_as_applied_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
