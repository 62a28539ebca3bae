/* SPDX-License-Identifier: Apache-2.0 */
/* Kubernetes' rules for names of variables and keys (apimachinery validation). */
#ifndef OCIENV_READ_ENV_NAME_H
#define OCIENV_READ_ENV_NAME_H

#include "base/sv.h"

/* API server up to 1.29: [-._a-zA-Z][-._a-zA-Z0-9]*, not ".", nor starting with "..". */
bool env_name_strict(struct sv name);

/* API server from 1.32: printable ASCII without "=", not empty. */
bool env_name_relaxed(struct sv name);

/* A name in C and in every shell: [A-Za-z_][A-Za-z0-9_]*. */
bool env_name_c_identifier(struct sv name);

/* A key of a ConfigMap or Secret: [-._a-zA-Z0-9]+, at most 253, the same rule for dots. */
bool config_key_valid(struct sv key);

/* An RFC 1123 label: [a-z0-9]([-a-z0-9]*[a-z0-9])?, at most 63. */
bool dns_label_valid(struct sv name);

/* An RFC 1123 subdomain: labels with "." between them, at most 253 bytes in all. */
bool dns_subdomain_valid(struct sv name);

/* A key of labels or annotations: a name of at most 63 letters, digits, "-", "_" and ".",
 * maybe behind a subdomain and "/". any_case: the subdomain in any letter case. */
bool qualified_name_valid(struct sv key, bool any_case);

#endif
