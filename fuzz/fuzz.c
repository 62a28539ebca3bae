/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An input is a document as it is. If its first byte is 0xff, which starts no document that
 * any reader takes, eight bytes of settings stand in front of it: limits, flags and the
 * allocation that is to fail. So the corpus stays readable and the engines find the rest.
 */
#include "fuzz.h"

#include "ledger.h"
#include "promise.h"

enum {
	MOST = 128 * 1024,
	SETTINGS = 8, /* bytes */
	SETTINGS_MARK = 0xff,
};

/* Bits of the second byte. */
enum {
	SET_STRICT = 1,
	SET_RUNTIME = 2 | 4,
	SET_FOR_EVER = 8,
	SET_HOSTNAME = 16,
	SET_POD_KIND = 32 | 64,
	SET_LENIENT = 128,
};

bool fuzz_thorough;

struct settings {
	struct ocienv_options options;
	struct ocienv_limits limits;
	size_t fail_at;
	bool for_ever;
};

static void read_settings(struct settings *s, const uint8_t *bytes)
{
	uint32_t runtime = (bytes[1] & SET_RUNTIME) / 2;
	uint32_t pod_kind = (bytes[1] & SET_POD_KIND) / 32;

	s->options.flags = bytes[1] & SET_STRICT ? OCIENV_STRICT : 0;
	s->options.flags |= bytes[1] & SET_LENIENT ? OCIENV_LENIENT : 0;
	s->options.runtime = runtime > OCIENV_RUNTIME_RUNC_1_3 ? 0 : runtime;
	s->options.hostname = bytes[1] & SET_HOSTNAME ? "sandbox" : NULL;
	s->options.pod_kind = pod_kind > OCIENV_POD_CONTAINER ? 0 : pod_kind;
	s->for_ever = bytes[1] & SET_FOR_EVER;
	s->fail_at = bytes[2];
	s->limits.max_depth = bytes[3] & 127; /* 0: the default, as everywhere */
	s->limits.max_string = bytes[4] * 16U;
	s->limits.max_nodes = bytes[5] * 4U;
	s->limits.max_env = s->limits.max_args = bytes[6];
	s->limits.max_result = bytes[7] * 64U;
}

static void run(const struct subject *subject, struct settings *s, size_t fail_at,
		struct outcome *ret)
{
	struct ledger ledger = {.fail_at = fail_at, .for_ever = s->for_ever};
	struct ocienv_allocator allocator = ledger_allocator(&ledger);

	s->options.allocator = &allocator;
	subject_run(subject, &s->options, ret);
	PROMISE(!ledger.blocks);
	if (fail_at && ret->status == OCIENV_ERR_NOMEM)
		PROMISE(ledger.failed);
}

int fuzz_one(enum subject_kind kind, const uint8_t *data, size_t size)
{
	struct settings s = {.options = {.size = sizeof(s.options)},
			     .limits = {.size = sizeof(s.limits)}};
	struct subject subject = {kind, (const char *)data, size};
	struct outcome first, second;

	if (size > MOST)
		return 0;
	s.options.limits = &s.limits;
	if (size >= SETTINGS && data[0] == SETTINGS_MARK) {
		read_settings(&s, data);
		subject.data += SETTINGS;
		subject.size -= SETTINGS;
	}
	run(&subject, &s, 0, &first);
	PROMISE(first.status != OCIENV_ERR_NOMEM);
	run(&subject, &s, s.fail_at, &second);
	if (!s.fail_at || second.status != OCIENV_ERR_NOMEM)
		PROMISE(outcome_equal(&first, &second));
	return 0;
}
