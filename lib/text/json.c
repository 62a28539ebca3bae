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

struct guard {
	const struct text_input *in;
	struct tree tree;
	size_t at;	    /* next byte */
	uint32_t line;	    /* of it */
	size_t line_start;  /* where that line starts */
	size_t continuation; /* continuation bytes in it so far */
};

static bool at_end(const struct guard *g)
{
	return g->at >= g->in->bytes.len;
}

static char peek(const struct guard *g)
{
	return at_end(g) ? '\0' : g->in->bytes.ptr[g->at];
}

static struct mark here(const struct guard *g)
{
	return (struct mark){g->line,
			     (uint32_t)(g->at - g->line_start - g->continuation + 1)};
}

/* "expected ..., found ..." at the next byte. */
static int32_t fail_expected(struct guard *g, const char *expected)
{
	char message[128], quoted[DIAG_QUOTE_SIZE];
	const char *byte = g->in->bytes.ptr + g->at;
	size_t sequence;

	if (at_end(g)) {
		(void)snprintf(message, sizeof(message), "expected %s, found the end of the text",
			       expected);
		return tree_fail(&g->tree, OCIENV_ERR_SYNTAX, g->at, message);
	}
	sequence = utf8_sequence((const unsigned char *)byte, g->in->bytes.len - g->at);
	if (!sequence)
		return tree_fail(&g->tree, OCIENV_ERR_ENCODING, g->at,
				 "expected UTF-8, found a byte that is not");
	if (*byte == '"')
		(void)snprintf(message, sizeof(message), "expected %s, found a quote", expected);
	else
		(void)snprintf(message, sizeof(message), "expected %s, found \"%s\"", expected,
			       diag_quote(quoted, sv_from(byte, sequence)));
	return tree_fail(&g->tree, OCIENV_ERR_SYNTAX, g->at, message);
}

/* Line breaks can only stand between tokens: strings refuse raw control bytes. */
static void skip_breaks(struct guard *g)
{
	for (; !at_end(g); g->at++) {
		char c = g->in->bytes.ptr[g->at];
		bool crlf;

		if (c == ' ' || c == '\t')
			continue;
		if (c != '\n' && c != '\r')
			return;
		crlf = c == '\r' && g->at + 1 < g->in->bytes.len &&
		       g->in->bytes.ptr[g->at + 1] == '\n';
		g->at += crlf;
		g->line++;
		g->line_start = g->at + 1;
		g->continuation = 0;
	}
}

static inline void skip_space(struct guard *g)
{
	if (!at_end(g) && (unsigned char)g->in->bytes.ptr[g->at] <= ' ')
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

/* A string or key whose opening quote is the next byte. */
static int32_t read_string(struct guard *g, struct node *ret)
{
	struct json_string s = json_string_check(g->in->bytes, g->at + 1);
	struct sv raw = sv_from(g->in->bytes.ptr + g->at + 1, s.end - g->at - 1);

	if (s.fault)
		return fail_string(g, &s);
	if (s.decoded > g->in->limits->max_string)
		return diag_fail(g->in->diag, OCIENV_ERR_LIMIT, here(g),
				 tree_path(&g->tree), "expected at most %u bytes in a string, "
				 "found %zu", g->in->limits->max_string, s.decoded);
	*ret = (struct node){.kind = NODE_STRING, .escaped = s.escaped, .mark = here(g)};
	ret->count = (uint32_t)raw.len;
	ret->text = raw.ptr;
	g->continuation += s.continuation;
	g->at = s.end + 1;
	return OCIENV_OK;
}

/* Keys are compared decoded: "\u0065nv" is "env". */
static int32_t read_key(struct guard *g)
{
	struct node key;
	struct sv text;
	int32_t status;

	if (peek(g) != '"')
		return fail_expected(g, "a key in double quotes");
	status = read_string(g, &key);
	if (status)
		return status;
	if (key.escaped) {
		status = node_string(&key, g->in->arena, &text);
		if (status)
			return diag_memory(g->in->diag, status);
		key.text = text.ptr;
		key.count = (uint32_t)text.len;
		key.escaped = false;
	}
	status = tree_add(&g->tree, &key, 1);
	if (status)
		return status;
	skip_space(g);
	if (peek(g) != ':')
		return fail_expected(g, "\":\" behind the key");
	g->at++;
	return OCIENV_OK;
}

static size_t count_digits(const struct guard *g, size_t at)
{
	size_t n = 0;

	while (at + n < g->in->bytes.len && g->in->bytes.ptr[at + n] >= '0' &&
	       g->in->bytes.ptr[at + n] <= '9')
		n++;
	return n;
}

static char byte_at(const struct guard *g, size_t at)
{
	return at < g->in->bytes.len ? g->in->bytes.ptr[at] : '\0';
}

/* RFC 8259 section 6: [ "-" ] int [ frac ] [ exp ]. On a fault, *at is its place. */
static const char *check_number(const struct guard *g, size_t *at, enum node_kind *kind)
{
	size_t digits;

	*kind = NODE_INT;
	*at = g->at + (peek(g) == '-');
	digits = count_digits(g, *at);
	if (!digits)
		return "a digit";
	if (byte_at(g, *at) == '0' && digits > 1) {
		*at += 1;
		return "no digit behind a leading zero";
	}
	*at += digits;
	if (byte_at(g, *at) == '.') {
		*kind = NODE_FLOAT;
		*at += 1;
		digits = count_digits(g, *at);
		if (!digits)
			return "a digit behind the point";
		*at += digits;
	}
	if (byte_at(g, *at) == 'e' || byte_at(g, *at) == 'E') {
		*kind = NODE_FLOAT;
		*at += 1;
		*at += byte_at(g, *at) == '+' || byte_at(g, *at) == '-';
		digits = count_digits(g, *at);
		if (!digits)
			return "a digit in the exponent";
		*at += digits;
	}
	return NULL;
}

static int32_t read_number(struct guard *g)
{
	struct node node = {.mark = here(g), .text = g->in->bytes.ptr + g->at};
	enum node_kind kind;
	size_t end;
	const char *expected = check_number(g, &end, &kind);

	if (expected) {
		g->at = end;
		return fail_expected(g, expected);
	}
	if (end - g->at > g->in->limits->max_string)
		return diag_fail(g->in->diag, OCIENV_ERR_LIMIT, node.mark, tree_path(&g->tree),
				 "expected at most %u bytes in a number, found %zu",
				 g->in->limits->max_string, end - g->at);
	node.kind = (uint8_t)kind;
	node.count = (uint32_t)(end - g->at);
	g->at = end;
	return tree_add(&g->tree, &node, 1);
}

static int32_t read_literal(struct guard *g)
{
	static const struct {
		struct sv word;
		enum node_kind kind;
	} words[] = {{{"null", 4}, NODE_NULL}, {{"true", 4}, NODE_BOOL}, {{"false", 5}, NODE_BOOL}};
	struct sv rest = sv_skip(g->in->bytes, g->at);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct node node = {.kind = (uint8_t)words[i].kind, .mark = here(g)};

		if (!sv_has_prefix(rest, words[i].word))
			continue;
		node.text = rest.ptr;
		node.count = (uint32_t)words[i].word.len;
		g->at += words[i].word.len;
		return tree_add(&g->tree, &node, 1);
	}
	return fail_expected(g, "a value");
}

/* One value, or the start of one: a container is only opened. */
static int32_t read_value(struct guard *g)
{
	struct node string;
	int32_t status;
	char c = peek(g);

	if (c == '"') {
		status = read_string(g, &string);
		return status ? status : tree_add(&g->tree, &string, 1);
	}
	if (c == '{' || c == '[') {
		status = tree_open(&g->tree, c == '{' ? NODE_MAP : NODE_LIST, here(g));
		g->at++;
		return status;
	}
	if (c == '-' || (c >= '0' && c <= '9'))
		return read_number(g);
	return read_literal(g);
}

/* The end of the innermost container, if it stands here. */
static bool at_close(const struct guard *g)
{
	return peek(g) == (tree_top(&g->tree)->node.kind == NODE_MAP ? '}' : ']');
}

/* Behind a complete value: closes what ends here. *more: another child follows. */
static int32_t read_ends(struct guard *g, bool *more)
{
	*more = false;
	while (tree_top(&g->tree)) {
		int32_t status;

		skip_space(g);
		if (peek(g) == ',') {
			g->at++;
			*more = true;
			return OCIENV_OK;
		}
		if (!at_close(g))
			return fail_expected(g, tree_top(&g->tree)->node.kind == NODE_MAP
							? "\",\" or \"}\""
							: "\",\" or \"]\"");
		g->at++;
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
		if (g->tree.frames.count > depth && !at_close(g))
			continue; /* a container with a first child */
		status = read_ends(g, &more);
		if (status)
			return status;
	}
	skip_space(g);
	if (at_end(g))
		return OCIENV_OK;
	if (g->in->many_readers) /* runc stops reading at the end of the value */
		return tree_fail(&g->tree, OCIENV_ERR_AMBIGUOUS, g->at,
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
	struct guard g = {.in = in, .line = 1};
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
	tree_init(&g.tree, in);
	status = read_document(&g);
	tree_end(&g.tree);
	if (!status)
		*ret = g.tree.root;
	return status;
}
