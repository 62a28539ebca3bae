/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guard in front of json-c: walks a JSON text once, refuses all that RFC 8259 does not
 * allow and all that JSON parsers are known to disagree about, and keeps where each value
 * lies. It copies nothing; strings are decoded when somebody wants them.
 */
#include "text/json_string.h"
#include "text/text.h"
#include "text/tree.h"

#include "base/utf8.h"

#include <stdio.h>

enum { NAME = 14 }; /* bytes of a short name in a list, with its quotes and its comma */

struct guard {
	const struct text_input *in;
	struct tree tree;
	const char *next, *end; /* of what is still to be read */
	const char *line_start; /* of that line, if each of its characters were one byte */
	uint32_t line;
};

static bool at_end(const struct guard *g)
{
	return g->next == g->end;
}

static char peek(const struct guard *g)
{
	return at_end(g) ? '\0' : *g->next;
}

static size_t offset_of(const struct guard *g)
{
	return (size_t)(g->next - g->in->bytes.ptr);
}

static struct mark here(const struct guard *g)
{
	return (struct mark){g->line, (uint32_t)(g->next - g->line_start + 1)};
}

/* "expected ..., found ..." at the next byte. */
static int32_t fail_expected(struct guard *g, const char *expected)
{
	char message[128], quoted[DIAG_QUOTE_SIZE];
	size_t sequence;

	if (at_end(g)) {
		(void)snprintf(message, sizeof(message), "expected %s, found the end of the text",
			       expected);
		return tree_fail(&g->tree, OCIENV_ERR_SYNTAX, offset_of(g), message);
	}
	sequence = utf8_sequence((const unsigned char *)g->next, (size_t)(g->end - g->next));
	if (!sequence)
		return tree_fail(&g->tree, OCIENV_ERR_ENCODING, offset_of(g),
				 "expected UTF-8, found a byte that is not");
	if (*g->next == '"')
		(void)snprintf(message, sizeof(message), "expected %s, found a quote", expected);
	else
		(void)snprintf(message, sizeof(message), "expected %s, found \"%s\"", expected,
			       diag_quote(quoted, sv_from(g->next, sequence)));
	return tree_fail(&g->tree, OCIENV_ERR_SYNTAX, offset_of(g), message);
}

/* Line breaks can only stand between tokens: strings refuse raw control bytes. */
static void skip_breaks(struct guard *g)
{
	for (; !at_end(g); g->next++) {
		char c = *g->next;

		if (c == ' ' || c == '\t')
			continue;
		if (c != '\n' && c != '\r')
			return;
		g->next += c == '\r' && g->end - g->next > 1 && g->next[1] == '\n';
		g->line++;
		g->line_start = g->next + 1;
	}
}

static inline void skip_space(struct guard *g)
{
	if (!at_end(g) && (unsigned char)*g->next <= ' ')
		skip_breaks(g);
}

static int32_t fail_string(struct guard *g, const struct json_string *s)
{
	static const struct {
		int32_t status;
		const char *message;
	} faults[] = {
		[JSON_STRING_OPEN] = {OCIENV_ERR_SYNTAX,
				      "expected a closing quote, found the end of the text"},
		[JSON_STRING_CONTROL] = {OCIENV_ERR_SYNTAX,
					 "expected control characters as escapes, found a raw one "
					 "in a string"},
		[JSON_STRING_UTF8] = {OCIENV_ERR_ENCODING,
				      "expected UTF-8, found a byte that is not"},
		[JSON_STRING_ESCAPE] = {OCIENV_ERR_SYNTAX,
					"expected one of \" \\ / b f n r t u behind the "
					"backslash, found another character"},
		[JSON_STRING_HEX] = {OCIENV_ERR_SYNTAX,
				     "expected four hex digits behind \\u, found fewer"},
		[JSON_STRING_NUL] = {OCIENV_ERR_ENCODING,
				     "expected text without NUL, found \\u0000"},
		[JSON_STRING_SURROGATE] = {OCIENV_ERR_ENCODING,
					   "expected a surrogate pair, found half of one"},
	};

	return tree_fail(&g->tree, faults[s->fault].status, s->end, faults[s->fault].message);
}

/* Keys are compared decoded: "\u0065nv" is "env". */
static int32_t decode_key(struct guard *g, struct node *key)
{
	struct sv text;
	int32_t status = node_string(key, g->in->arena, &text);

	if (status)
		return diag_memory(g->in->diag, status);
	key->text = text.ptr;
	key->count = (uint32_t)text.len;
	key->escaped = false;
	return OCIENV_OK;
}

/* A string that is not plain: with escapes, beyond ASCII, too long, or none at all. Kept out of
 * the way of those that are. */
static __attribute__((noinline)) int32_t add_checked_string(struct guard *g, bool key)
{
	size_t start = offset_of(g) + 1;
	struct json_string s = json_string_check(g->in->bytes, start);
	struct node node = {.kind = NODE_STRING, .escaped = s.escaped, .mark = here(g)};
	int32_t status = OCIENV_OK;

	if (s.fault)
		return fail_string(g, &s);
	if (s.decoded > g->in->limits->max_string)
		return diag_fail(g->in->diag, OCIENV_ERR_LIMIT, here(g),
				 tree_path(&g->tree), "expected at most %u bytes in a string, "
				 "found %zu", g->in->limits->max_string, s.decoded);
	node.count = (uint32_t)(s.end - start);
	node.text = g->next + 1;
	g->line_start += s.continuation;
	g->next = g->in->bytes.ptr + s.end + 1;
	if (key && s.escaped)
		status = decode_key(g, &node);
	return status ? status : tree_add(&g->tree, node);
}

/* A string or key whose opening quote is the next byte. */
static int32_t add_string(struct guard *g, bool key)
{
	const char *text = g->next + 1;
	size_t length = json_plain_run(text, g->end);
	struct mark mark = here(g);

	if (length == (size_t)(g->end - text) || text[length] != '"' ||
	    length > g->in->limits->max_string)
		return add_checked_string(g, key);
	g->next = text + length + 1;
	return tree_add(&g->tree, (struct node){.kind = NODE_STRING,
						.count = (uint32_t)length,
						.mark = mark,
						.text = text});
}

static int32_t read_key(struct guard *g)
{
	int32_t status;

	if (peek(g) != '"')
		return fail_expected(g, "a key in double quotes");
	status = add_string(g, true);
	if (status)
		return status;
	skip_space(g);
	if (peek(g) != ':')
		return fail_expected(g, "\":\" behind the key");
	g->next++;
	return OCIENV_OK;
}

static const char *skip_digits(const struct guard *g, const char *p)
{
	while (p < g->end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* Behind the byte, if it is one of the two. */
static const char *skip_either(const struct guard *g, const char *p, char a, char b)
{
	return p < g->end && (*p == a || *p == b) ? p + 1 : p;
}

/* RFC 8259 section 6: [ "-" ] int [ frac ] [ exp ]. *end: behind it, or the place of the fault. */
static const char *check_number(const struct guard *g, const char **end, enum node_kind *kind)
{
	const char *part = skip_either(g, g->next, '-', '-');

	*kind = NODE_INT;
	*end = skip_digits(g, part);
	if (*end == part)
		return "a digit";
	if (*part == '0' && *end - part > 1) {
		*end = part + 1;
		return "no digit behind a leading zero";
	}
	part = skip_either(g, *end, '.', '.');
	if (part != *end) {
		*kind = NODE_FLOAT;
		*end = skip_digits(g, part);
		if (*end == part)
			return "a digit behind the point";
	}
	part = skip_either(g, *end, 'e', 'E');
	if (part != *end) {
		*kind = NODE_FLOAT;
		part = skip_either(g, part, '+', '-');
		*end = skip_digits(g, part);
		if (*end == part)
			return "a digit in the exponent";
	}
	return NULL;
}

static int32_t read_number(struct guard *g)
{
	struct node node = {.mark = here(g), .text = g->next};
	enum node_kind kind;
	const char *end;
	const char *expected = check_number(g, &end, &kind);
	size_t length = (size_t)(end - g->next);

	g->next = end;
	if (expected)
		return fail_expected(g, expected);
	if (length > g->in->limits->max_string)
		return diag_fail(g->in->diag, OCIENV_ERR_LIMIT, node.mark, tree_path(&g->tree),
				 "expected at most %u bytes in a number, found %zu",
				 g->in->limits->max_string, length);
	node.kind = (uint8_t)kind;
	node.count = (uint32_t)length;
	return tree_add(&g->tree, node);
}

static int32_t read_literal(struct guard *g)
{
	static const struct {
		struct sv word;
		enum node_kind kind;
	} words[] = {{{"null", 4}, NODE_NULL}, {{"true", 4}, NODE_BOOL}, {{"false", 5}, NODE_BOOL}};
	struct sv rest = sv_from(g->next, (size_t)(g->end - g->next));

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct node node = {.kind = (uint8_t)words[i].kind, .mark = here(g)};

		if (!sv_has_prefix(rest, words[i].word))
			continue;
		node.text = rest.ptr;
		node.count = (uint32_t)words[i].word.len;
		g->next += words[i].word.len;
		return tree_add(&g->tree, node);
	}
	return fail_expected(g, "a value");
}

/* One value, or the start of one: a container is only opened. */
static int32_t read_value(struct guard *g)
{
	int32_t status;
	char c = peek(g);

	if (c == '"')
		return add_string(g, false);
	if (c == '{' || c == '[') {
		status = tree_open(&g->tree, c == '{' ? NODE_MAP : NODE_LIST, here(g));
		g->next++;
		return status;
	}
	if (c == '-' || (c >= '0' && c <= '9'))
		return read_number(g);
	return read_literal(g);
}

/* The end of the innermost container, if it stands here. */
static bool at_close(const struct guard *g, const struct tree_frame *top)
{
	return peek(g) == (top->node.kind == NODE_MAP ? '}' : ']');
}

/* Behind a complete value: closes what ends here. *more: another child follows. */
static int32_t read_ends(struct guard *g, bool *more)
{
	const struct tree_frame *top;

	*more = false;
	while ((top = tree_top(&g->tree))) {
		int32_t status;

		skip_space(g);
		if (peek(g) == ',') {
			g->next++;
			*more = true;
			return OCIENV_OK;
		}
		if (!at_close(g, top))
			return fail_expected(g, top->node.kind == NODE_MAP ? "\",\" or \"}\""
									  : "\",\" or \"]\"");
		g->next++;
		status = tree_close(&g->tree);
		if (status)
			return status;
	}
	return OCIENV_OK;
}

static int32_t read_document(struct guard *g)
{
	bool more = true;

	while (more) {
		uint32_t depth = g->tree.frames.count;
		const struct tree_frame *top;
		int32_t status = OCIENV_OK;

		skip_space(g);
		if (tree_wants_key(&g->tree))
			status = read_key(g);
		skip_space(g);
		if (!status)
			status = read_value(g);
		if (status)
			return status;
		skip_space(g);
		top = g->tree.frames.count > depth ? tree_top(&g->tree) : NULL;
		if (top && !at_close(g, top))
			continue; /* a container with a first child */
		status = read_ends(g, &more);
		if (status)
			return status;
	}
	skip_space(g);
	if (at_end(g))
		return OCIENV_OK;
	if (g->in->many_readers) /* runc stops reading at the end of the value */
		return tree_fail(&g->tree, OCIENV_ERR_AMBIGUOUS, offset_of(g),
				 "expected nothing behind the value, found more text: runtimes "
				 "disagree about it");
	return fail_expected(g, "nothing behind the value");
}

/* Other encodings than UTF-8 show in the first two bytes, as a JSON text starts with two
 * ASCII characters (RFC 4627 section 3). */
static bool looks_like_utf16(struct sv bytes)
{
	return sv_has_prefix(bytes, SV("\xff\xfe")) || sv_has_prefix(bytes, SV("\xfe\xff")) ||
	       (bytes.len >= 2 && !bytes.ptr[0] != !bytes.ptr[1]);
}

int32_t json_parse(const struct text_input *in, const struct node **ret)
{
	struct guard g = {.in = in,
			  .next = in->bytes.ptr,
			  .end = in->bytes.ptr + in->bytes.len,
			  .line_start = in->bytes.ptr,
			  .line = 1};
	struct mark start = {1, 1};
	int32_t status;

	if (in->bytes.len > in->limits->max_document)
		return diag_fail(in->diag, OCIENV_ERR_LIMIT, start, NULL,
				 "expected a document of at most %u bytes, found %zu",
				 in->limits->max_document, in->bytes.len);
	if (looks_like_utf16(in->bytes))
		return diag_fail(in->diag, OCIENV_ERR_ENCODING, start, NULL,
				 "expected UTF-8, found another encoding");
	if (sv_has_prefix(in->bytes, SV("\xef\xbb\xbf")))
		return diag_fail_at(in->diag, OCIENV_ERR_SYNTAX, 0, NULL,
				    "expected a value, found a byte order mark");
	tree_init(&g.tree, in, in->bytes.len / NAME);
	status = read_document(&g);
	tree_end(&g.tree);
	if (!status)
		*ret = g.tree.root;
	return status;
}
