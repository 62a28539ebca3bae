/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of values, each at its ends: RFC 791, 1123, 3986, 4291, 4648. */
#include "unit/unit.h"

#include "base/forms.h"
#include "base/names.h"

struct row {
	const char *text;
	bool fits;
};

/* Whatever stands behind the text, and in front of it, is no part of it. */
static void check_within(bool (*form)(struct sv text), const struct row *row)
{
	static const char around[] = "0:/.-= a%~*";
	size_t len = strlen(row->text);
	char text[512];

	assert_true(len + 2 <= sizeof(text));
	memcpy(text + 1, row->text, len);
	for (size_t i = 0; i < sizeof(around); i++) {
		text[0] = text[len + 1] = around[i];
		if (form(sv_from(text + 1, len)) != row->fits)
			fail_msg("\"%s\", with '%c' around it: expected %d", row->text, around[i],
				 row->fits);
	}
}

static void check(bool (*form)(struct sv text), const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_within(form, &rows[i]);
}

#define CHECK(form, ...)                                                                 \
	check((form), (const struct row[]){__VA_ARGS__},                                 \
	      sizeof((const struct row[]){__VA_ARGS__}) / sizeof(struct row))

static void numbers_have_one_way_to_be_written(void **state)
{
	(void)state;
	CHECK(form_port, {"1", true}, {"65535", true}, {"9", true}, {"65536", false},
	      {"0", false}, {"01", false}, {"", false}, {"+1", false}, {"-1", false},
	      {"1 ", false}, {"1a", false}, {"/", false}, {":", false});
	assert_true(form_number(SV("0"), 0));
	assert_false(form_number(SV("1"), 0));
	assert_false(form_number(SV("00"), 9));
	CHECK(form_ipv4, {"0.0.0.0", true}, {"255.255.255.255", true}, {"1.2.3", false},
	      {"1.2.3.4.5", false}, {"256.1.1.1", false}, {"1.1.1.01", false}, {"1.1.1.", false},
	      {".1.1.1", false}, {"", false}, {"1.1.1.1.", false});
}

static void groups_of_an_ipv6_address_are_counted(void **state)
{
	(void)state;
	CHECK(form_ipv6, {"::", true}, {"::1", true}, {"1::", true}, {"1:2:3:4:5:6:7:8", true},
	      {"fe80::ABCD", true}, {"1:2:3:4:5:6:7::", true}, {"::2:3:4:5:6:7:8", true},
	      {"1::3:4:5:6:7:8", true}, {"1:2:3:4:5:6:7::8", false}, {"1:2:3:4:5:6:7", false},
	      {"1:2:3:4:5:6:7:8:9", false}, {"1:2:3:4:5:6:7:", false}, {"1:2:3:4:5:6:7:8::", false},
	      {"::1:2:3:4:5:6:7:8", false}, {"12345::", false}, {"g::", false}, {"1::2::3", false},
	      {":::", false}, {"", false}, {":", false}, {"1:", false}, {"::ffff:1.2.3.4", true},
	      {"1:2:3:4:5:6:1.2.3.4", true}, {"1:2:3:4:5:6:7:1.2.3.4", false},
	      {"1.2.3.4::", false}, {"::1.2.3.4:5", false}, {"::1.2.3", false}, {"fe80::1%eth0", false},
	      /* the longest, and a byte more */
	      {"1111:2222:3333:4444:5555:6666:255.255.255.255", true},
	      {"11111:2222:3333:4444:5555:6666:255.255.255.255", false});
}

/* A text of `count` copies of `unit`, cut to `length`. */
static const char *repeat(const char *unit, size_t length)
{
	static char texts[2][300];
	static size_t next;
	char *text = texts[next++ % 2];

	for (size_t i = 0; i < length; i++)
		text[i] = unit[i % strlen(unit)];
	text[length] = '\0';
	return text;
}

static void names_of_hosts_are_labels(void **state)
{
	(void)state;
	CHECK(form_dns_label, {"a", true}, {"0", true}, {"a-b", true}, {"z9", true}, {"", false},
	      {"-a", false}, {"a-", false}, {"A", false}, {"a_b", false}, {"a.b", false},
	      {"a`", false}, {"a{", false});
	CHECK(form_dns_label, {repeat("a", 63), true}, {repeat("a", 64), false});
	CHECK(form_dns_name, {"a", true}, {"a.b-c.9", true}, {"", false}, {".a", false},
	      {"a.", false}, {"a..b", false}, {"a.B", false});
	CHECK(form_dns_name, {repeat("a.", 253), true}, {repeat("a.", 255), false});
}

static void paths_are_absolute_and_climb_nowhere(void **state)
{
	(void)state;
	CHECK(form_abs_path, {"/", true}, {"/a/b", true}, {"/a/..b/c..", true}, {"/\xc3\xa4", true},
	      {"", false}, {"a", false}, {"/a/../b", false}, {"/..", false}, {"/a\tb", false},
	      {"/a\x1f", false}, {"/a\x7f", false}, {"/a ", true}, {"/\xff", false});
	CHECK(form_path_list, {"/a", true}, {"/a:/b", true}, {"", false}, {":", false},
	      {"/a:", false}, {":/a", false}, {"/a::/b", false}, {"/a:b", false});
	CHECK(form_text, {"", true}, {"a\tb", true}, {"a\nb", false}, {"\x1f", false},
	      {" ", true}, {"\x7f", false}, {"\x80", false});
}

static void urls_have_a_scheme_and_printable_ascii(void **state)
{
	(void)state;
	CHECK(form_url, {"http://a", true}, {"h2+x.y-z://a?b#c", true}, {"Z9://~", true},
	      {"a1A://!", true}, {"://a", false}, {"1a://b", false}, {"+a://b", false},
	      {"http:/a", false}, {"http://", false}, {"http", false}, {"", false},
	      {"h_t://a", false}, {"http://a b", false}, {"http://a\"", false},
	      {"http://a<", false}, {"http://a>", false}, {"http://a\\", false},
	      {"http://a`", false}, {"http://a\x7f", false}, {"http://\xc3\xa4", false},
	      {"h@://a", false}, {"h[://a", false}, {"h`://a", false}, {"h{://a", false});
}

static void bytes_are_hexadecimal_or_base64(void **state)
{
	(void)state;
	CHECK(form_hex, {"00", true}, {"09afAF", true}, {"0", false}, {"", false}, {"0g", false},
	      {"0G", false}, {"0/", false}, {"0:", false}, {"0@", false}, {"0`", false});
	CHECK(form_base64, {"AAAA", true}, {"az09", true}, {"+/==", true}, {"AZ8=", true},
	      {"A===", false}, {"====", false}, {"", false}, {"AAA", false}, {"A=AA", false},
	      {"AA-_", false}, {"A A=", false}, {"==", false}, {"AAAA=AAA", false});
}

static void a_constrained_name_has_one_form(void **state)
{
	static const struct {
		uint8_t form;
		const char *text;
		bool fits;
	} rows[] = {
		{FORM_ANY, "", true},		 {FORM_ANY, "a\nb", true},
		{FORM_ABSOLUTE, "/a", true},	 {FORM_ABSOLUTE, "a", false},
		{FORM_PATHS, "/a:/b", true},	 {FORM_PATHS, "/a:b", false},
		{FORM_WORD, "de_DE.UTF-8", true}, {FORM_WORD, "a/b", false},
		{FORM_WORD, "a%b", false},	 {FORM_WORD, "a\tb", false},
		{FORM_WORD, "a b", true},	 {FORM_WORD, "a\n", false},
		{FORM_TIMEZONE, "UTC", true},	 {FORM_TIMEZONE, ":Europe/Berlin", true},
		{FORM_TIMEZONE, "/etc/x", false}, {FORM_TIMEZONE, ":/etc/x", false},
		{FORM_TIMEZONE, "a/../b", false}, {FORM_TIMEZONE, "..", false},
		{FORM_TIMEZONE, "a b", false},	 {FORM_TIMEZONE, "a\tb", false},
		{FORM_TIMEZONE, "a\nb", false},	 {FORM_TIMEZONE, "", true},
		{FORM_TIMEZONE, ":", true},	 {FORM_TIMEZONE, "a/..b", true},
		{FORM_BASE, "word", true},	 {FORM_BASE, "/a/b", true},
		{FORM_BASE, "a/b", false},	 {FORM_SERVICE, "80", true},
		{FORM_SERVICE, "10.0.0.1", true}, {FORM_SERVICE, "::1", true},
		{FORM_SERVICE, "db.example", true}, {FORM_SERVICE, "tcp://10.0.0.1:80", true},
		{FORM_SERVICE, "a b", false},	 {FORM_SERVICE, "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (names_form_fits(rows[i].form, sv_of(rows[i].text)) != rows[i].fits)
			fail_msg("form %u, \"%s\": expected %d", rows[i].form, rows[i].text,
				 rows[i].fits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_one_way_to_be_written),
		cmocka_unit_test(groups_of_an_ipv6_address_are_counted),
		cmocka_unit_test(names_of_hosts_are_labels),
		cmocka_unit_test(paths_are_absolute_and_climb_nowhere),
		cmocka_unit_test(urls_have_a_scheme_and_printable_ascii),
		cmocka_unit_test(bytes_are_hexadecimal_or_base64),
		cmocka_unit_test(a_constrained_name_has_one_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
