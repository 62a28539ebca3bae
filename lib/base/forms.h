/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of values that policies ask for. Pure. */
#ifndef OCIENV_BASE_FORMS_H
#define OCIENV_BASE_FORMS_H

#include "base/sv.h"

/* Four decimal numbers without leading zeros. */
bool form_ipv4(struct sv text);

/* RFC 4291 section 2.2: eight groups, one "::", an IPv4 address at the end. No zone. */
bool form_ipv6(struct sv text);

/* Digits without leading zeros, at most `max`. */
bool form_number(struct sv text, uint64_t max);

/* 1 to 65535. */
bool form_port(struct sv text);

/* RFC 1123: [a-z0-9]([-a-z0-9]*[a-z0-9])?, at most 63; labels with "." between them, at most
 * 253. */
bool form_dns_label(struct sv text);
bool form_dns_name(struct sv text);

/* Begins with "/", no component "..", UTF-8 without control characters. */
bool form_abs_path(struct sv text);

/* Such paths with ":" between them, none of them empty. */
bool form_path_list(struct sv text);

/* SCHEME://SOMETHING in printable ASCII without blanks. */
bool form_url(struct sv text);

/* An even number of hexadecimal digits, of either case; RFC 4648 with padding and without
 * line breaks. Neither is empty. */
bool form_hex(struct sv text);
bool form_base64(struct sv text);

/* UTF-8 without control characters but the tab. */
bool form_text(struct sv text);

#endif
