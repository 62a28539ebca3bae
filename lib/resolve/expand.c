/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubelet: one pass from left to right over the bytes, the result never looked at again. The
 * name is everything up to the first ")", whatever it is; an unknown one stays as written.
 */
#include "resolve/expand.h"

#include "base/utf8.h"

/* Where the result goes: counted only, or written too. */
struct sink {
	char *out; /* NULL: count */
	size_t size, limit;
	bool unclosed; /* no ")" follows: not looked for again, that would be quadratic */
};

static void put(struct sink *sink, struct sv text)
{
	if (text.len > sink->limit || sink->size > sink->limit - text.len) {
		sink->size = SIZE_MAX;
		sink->limit = 0; /* nothing more fits */
		return;
	}
	if (sink->out && text.len)
		sv_write(sink->out + sink->size, text);
	sink->size += text.len;
}

/* $(NAME): `rest` starts behind the "$(". Returns the bytes used, 0 if no ")" follows. */
static size_t put_reference(struct expansion *expansion, struct sv rest, struct sink *sink)
{
	size_t length = sink->unclosed ? rest.len : sv_find(rest, ')');
	struct sv name = sv_from(rest.ptr, length), value;

	sink->unclosed = length == rest.len;
	if (sink->unclosed)
		return 0;
	if (expansion->find(expansion->ctx, name, &value)) {
		put(sink, value);
	} else {
		expansion->unresolved = name;
		put(sink, SV("$("));
		put(sink, sv_from(rest.ptr, length + 1));
	}
	return length + 1;
}

/* What stands behind a "$" that is not the last byte; returns how much of it is used. */
static size_t put_operator(struct expansion *expansion, struct sv rest, struct sink *sink)
{
	size_t sequence;

	if (rest.ptr[0] == '$') {
		put(sink, SV("$"));
		return 1;
	}
	if (rest.ptr[0] == '(') {
		size_t used = put_reference(expansion, sv_skip(rest, 1), sink);

		if (!used)
			put(sink, SV("$("));
		return 1 + used;
	}
	/* Any other character stays with its "$"; a byte that is no UTF-8 becomes U+FFFD. */
	put(sink, SV("$"));
	sequence = utf8_sequence((const unsigned char *)rest.ptr, rest.len);
	put(sink, sequence ? sv_from(rest.ptr, sequence) : SV("\xef\xbf\xbd"));
	return sequence ? sequence : 1;
}

static size_t run(struct expansion *expansion, struct sv text, char *out)
{
	struct sink sink = {out, 0, expansion->limit, false};

	while (text.len && sink.size != SIZE_MAX) {
		size_t plain = sv_find(text, '$');

		if (plain + 1 >= text.len) /* no "$", or it is the last byte */
			plain = text.len;
		put(&sink, sv_from(text.ptr, plain));
		text = sv_skip(text, plain);
		if (text.len) {
			text = sv_skip(text, 1);
			text = sv_skip(text, put_operator(expansion, text, &sink));
		}
	}
	return sink.size;
}

size_t expand_size(struct expansion *expansion, struct sv text)
{
	return run(expansion, text, NULL);
}

void expand_write(struct expansion *expansion, struct sv text, char *out)
{
	(void)run(expansion, text, out);
}
