/* SPDX-License-Identifier: Apache-2.0 */
/* Kubernetes quantities ("1500m", "2Gi", "1e3"), in exact arithmetic. */
#ifndef OCIENV_RESOLVE_QUANTITY_H
#define OCIENV_RESOLVE_QUANTITY_H

#include "base/sv.h"

/* mantissa * 2^binary * 10^decimal, never negative. */
struct quantity {
	uint64_t mantissa;
	uint8_t binary;	 /* 0, 10, 20 ... 60 */
	int16_t decimal; /* at least -9: finer amounts are rounded up, as upstream does */
};

/* false: not a quantity, negative, or with more digits than this can hold exactly. */
bool quantity_parse(struct sv text, struct quantity *ret);

/* A power of 10 or of 1024, as all divisors are that Kubernetes allows. */
bool quantity_is_unit(const struct quantity *q);

/* ceil(amount / unit); INT64_MAX if it is larger than that. */
int64_t quantity_divide(const struct quantity *amount, const struct quantity *unit);

#endif
