/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host knows the sandbox's name and the cluster's Services, and a tenant may not. What it
 * adds of that kind is a label that the host chose, never a proof, and anything that only
 * looks like it is refused: a value must be what the kubelet would write.
 */
#include "resolve/host_may.h"

#include "base/forms.h"

static bool is_upper(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* envvars: a Service's or a port's name in upper case, "-" as "_". */
static bool is_name(struct sv text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_upper(text.ptr[i]))
			return false;
	return text.len > 0;
}

static bool is_address(struct sv text)
{
	return form_ipv4(text) || form_ipv6(text);
}

static bool is_protocol(struct sv text)
{
	return sv_eq(text, SV("tcp")) || sv_eq(text, SV("udp")) || sv_eq(text, SV("sctp"));
}

/* proto://host:port, an IPv6 host in brackets. */
static bool is_url(struct sv text)
{
	struct sv protocol = SV_NONE, host;
	size_t colon;

	if (!sv_cut(&text, ':', &protocol) || !is_protocol(protocol) || text.len < 2 ||
	    memcmp(text.ptr, "//", 2) != 0)
		return false;
	text = sv_skip(text, 2);
	for (colon = text.len; colon && text.ptr[colon - 1] != ':'; colon--)
		;
	if (!colon || !form_port(sv_skip(text, colon)))
		return false;
	host = sv_from(text.ptr, colon - 1);
	if (host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
		return form_ipv6(sv_from(host.ptr + 1, host.len - 2));
	return form_ipv4(host);
}

static bool is_number_and_protocol(struct sv text)
{
	struct sv number = SV_NONE;

	return sv_cut(&text, '_', &number) && form_port(number) &&
	       (sv_eq(text, SV("TCP")) || sv_eq(text, SV("UDP")) || sv_eq(text, SV("SCTP")));
}

static bool is_nothing(struct sv text)
{
	return !text.len;
}

static bool is_something(struct sv text)
{
	return text.len > 0;
}

/* envvars FromServices: SERVICE mark parts end = value. */
static const struct form {
	struct sv mark, end;
	bool (*parts)(struct sv); /* the number and protocol, or the name, of a port */
	bool (*value)(struct sv);
} forms[] = {
	{{"_SERVICE_HOST", 13}, {"", 0}, is_nothing, is_address},
	{{"_SERVICE_PORT", 13}, {"", 0}, is_nothing, form_port},
	{{"_SERVICE_PORT_", 14}, {"", 0}, is_something, form_port},
	{{"_PORT", 5}, {"", 0}, is_nothing, is_url},
	{{"_PORT_", 6}, {"", 0}, is_number_and_protocol, is_url},
	{{"_PORT_", 6}, {"_PROTO", 6}, is_number_and_protocol, is_protocol},
	{{"_PORT_", 6}, {"_PORT", 5}, is_number_and_protocol, form_port},
	{{"_PORT_", 6}, {"_ADDR", 5}, is_number_and_protocol, is_address},
};

/* A Service's own name may hold the mark too, so each place where it stands is tried. */
static bool has_form(struct sv name, const struct form *form, bool links)
{
	size_t fixed = form->mark.len + form->end.len;

	for (size_t at = 1; at + fixed <= name.len; at++) {
		struct sv rest = sv_skip(name, at);
		struct sv parts = sv_from(rest.ptr + form->mark.len, rest.len - fixed);

		if (sv_has_prefix(rest, form->mark) &&
		    sv_eq(sv_skip(rest, rest.len - form->end.len), form->end) &&
		    form->parts(parts) &&
		    (links || sv_eq(sv_from(name.ptr, at), SV("KUBERNETES"))))
			return true;
	}
	return false;
}

static bool is_service_variable(struct sv name, struct sv value, bool links)
{
	if (!is_name(name))
		return false;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].value(value) && has_form(name, &forms[i], links))
			return true;
	return false;
}

bool host_may_add(struct sv name, struct sv value, bool links)
{
	if (sv_eq(name, SV("HOSTNAME")))
		return true;
	if (sv_eq(name, SV("TERM")))
		return sv_eq(value, SV("xterm")); /* with a terminal, both plugins */
	return is_service_variable(name, value, links);
}
