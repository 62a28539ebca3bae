/* SPDX-License-Identifier: Apache-2.0 */
/* Trees and their marks, errors and their places. */
#include "unit/unit.h"

#include "base/limits.h"
#include "text/text.h"

/* One reading of a document. */
struct reading {
	struct ocienv_error error;
	struct diag diag;
	struct ocienv_limits limits;
	struct arena arena;
	struct text_input in;
	struct yaml_stream stream;
	const struct node *node;
};

static void begin(struct reading *r, struct sv text)
{
	*r = (struct reading){0};
	r->diag = (struct diag){&r->error, "test.yaml", text};
	r->limits = limits_of(NULL);
	arena_init(&r->arena, NULL, 64U << 20);
	r->in = (struct text_input){text, &r->diag, &r->limits, &r->arena, false, NULL};
}

static int32_t next(struct reading *r)
{
	r->node = NULL;
	return yaml_next(&r->in, &r->stream, &r->node);
}

/* Writes a tree as JSON, with the mark of each value before it: "1:2 {...}". */
struct text {
	char bytes[2048];
	size_t used;
};

static void put(struct text *t, struct sv v)
{
	assert_true(t->used + v.len < sizeof(t->bytes));
	memcpy(t->bytes + t->used, v.ptr, v.len);
	t->used += v.len;
	t->bytes[t->used] = '\0';
}

static void put_node(struct text *t, const struct node *node, bool marks)
{
	char mark[32];
	bool container = node->kind == NODE_LIST || node->kind == NODE_MAP;

	snprintf(mark, sizeof(mark), "%u:%u ", node->mark.line, node->mark.column);
	if (marks)
		put(t, sv_of(mark));
	if (node->kind == NODE_NULL)
		put(t, SV("null"));
	else if (node->kind == NODE_STRING)
		put(t, SV("\""));
	if (!container)
		put(t, node_sv(node));
	if (node->kind == NODE_STRING)
		put(t, SV("\""));
	if (!container)
		return;
	put(t, node->kind == NODE_LIST ? SV("[") : SV("{"));
	for (uint32_t i = 0; i < node->count; i++) {
		if (i)
			put(t, node->kind == NODE_MAP && i % 2 ? SV(":") : SV(","));
		put_node(t, &node->children[i], marks);
	}
	put(t, node->kind == NODE_LIST ? SV("]") : SV("}"));
}

static void check_tree(struct sv text, const char *expected, bool marks)
{
	struct text t = {.used = 0};
	struct reading r;

	begin(&r, text);
	if (next(&r))
		fail_msg("%s: %s", text.ptr, r.error.message);
	if (!r.node)
		fail_msg("%s: no document", text.ptr);
	put_node(&t, r.node, marks);
	assert_string_equal(t.bytes, expected);
	arena_free(&r.arena);
}

#define TREE(text, expected)  check_tree(SV(text), expected, false)
#define MARKS(text, expected) check_tree(SV(text), expected, true)

/* The first error of a text: "status line:column pointer". */
static void check_error(struct sv text, const char *expected, uint32_t depth,
			uint32_t nodes)
{
	char found[400];
	struct reading r;
	int32_t status;

	begin(&r, text);
	if (depth)
		r.limits.max_depth = depth;
	if (nodes)
		r.limits.max_nodes = nodes;
	do
		status = next(&r);
	while (!status && r.node);
	snprintf(found, sizeof(found), "%s %u:%u %s", status_name(status), r.error.line,
		 r.error.column, r.error.pointer);
	assert_string_equal(found, expected);
	assert_int_equal(r.error.status, status);
	assert_null(r.node);
	arena_free(&r.arena);
}

#define ERROR(text, expected) check_error(SV(text), expected, 0, 0)

static void a_pod_is_read(void **state)
{
	(void)state;
	TREE("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: c\n    env:\n"
	     "    - {name: A, value: \"1\"}\n    args: [a, 1, yes]\n",
	     "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"containers\":[{"
	     "\"name\":\"c\","
	     "\"env\":[{\"name\":\"A\",\"value\":\"1\"}],\"args\":[\"a\",1,true]}]}}");
	TREE("a: [[], {}, '']\n", "{\"a\":[[],{},\"\"]}");
	TREE("a", "\"a\"");
	TREE("a: |\n  x", "{\"a\":\"x\n\"}"); /* kubectl ends the last line */
	TREE("\xef\xbb\xbf"
	     "a: b\nc: d",
	     "{\"a\":\"b\",\"c\":\"d\"}");
	TREE("a: b\r\nc: d\r\n", "{\"a\":\"b\",\"c\":\"d\"}");
	TREE("a: b\rc: d\r", "{\"a\":\"b\",\"c\":\"d\"}");
	TREE("a: b # c\n...\n# d\n", "{\"a\":\"b\"}");
}

static void marks_are_those_of_an_editor(void **state)
{
	(void)state;
	MARKS("a: b\nc:\n  - d\n  - 'e'\n",
	      "1:1 {1:1 \"a\":1:4 \"b\",2:1 \"c\":3:3 [3:5 \"d\",4:5 "
	      "\"e\"]}");
	MARKS("\xef\xbb\xbf"
	      "a: b\n",
	      "1:1 {1:1 \"a\":1:4 \"b\"}");
	MARKS("# x\r\n\r\n---\r\na: b\r\nc: d\r\n",
	      "4:1 {4:1 \"a\":4:4 \"b\",5:1 \"c\":5:4 \"d\"}");
	MARKS("a: b\rc: d\r", "1:1 {1:1 \"a\":1:4 \"b\",2:1 \"c\":2:4 \"d\"}");
	/* Characters, not bytes; NEL ends a line of YAML, but not of an editor. */
	MARKS("\xc3\xa9: b", "1:1 {1:1 \"\xc3\xa9\":1:4 \"b\"}");
	MARKS("a: b\xc2\x85"
	      "c: d\n",
	      "1:1 {1:1 \"a\":1:4 \"b\",1:6 \"c\":1:9 \"d\"}");
	/* Behind tag and anchor; at them if there is nothing else. */
	MARKS("a: !!str 1\nb: &x\n  - c\nd: *x\n",
	      "1:1 {1:1 \"a\":1:10 \"1\",2:1 \"b\":3:3 [3:5 \"c\"],4:1 \"d\":4:4 [3:5 "
	      "\"c\"]}");
	MARKS("a: &x !t\nb: >\n  x\n&k c: &m {d: e}\n",
	      "1:1 {1:1 \"a\":1:4 \"\",2:1 \"b\":2:4 \"x\n\",4:4 \"c\":4:10 {4:11 "
	      "\"d\":4:14 "
	      "\"e\"}}");
	MARKS("a:\nb: c\n", "1:1 {1:1 \"a\":1:3 null,2:1 \"b\":2:4 \"c\"}");
}

static void a_file_is_cut_as_kubectl_does(void **state)
{
	struct reading r;

	(void)state;
	begin(&r, SV("# only a comment\n---\n--- # here\na: 1\n---\n\n# "
		     "none\n---\n'x\n---\ny'"));
	assert_int_equal(next(&r), OCIENV_OK);
	assert_int_equal(r.node->kind, NODE_MAP);
	assert_int_equal(r.node->mark.line, 4);
	assert_int_equal(next(&r), OCIENV_ERR_SYNTAX); /* a quote does not hold a "---" */
	assert_int_equal(r.error.line, 10);
	arena_free(&r.arena);

	begin(&r, SV("a\n---\nb\n---\n"));
	assert_int_equal(next(&r), OCIENV_OK);
	assert_sv_equal(node_sv(r.node), "a");
	assert_int_equal(next(&r), OCIENV_OK);
	assert_sv_equal(node_sv(r.node), "b");
	assert_int_equal(next(&r), OCIENV_OK);
	assert_null(r.node);
	arena_free(&r.arena);

	begin(&r, SV(""));
	assert_int_equal(next(&r), OCIENV_OK);
	assert_null(r.node);

	/* For kubectl it is text, for YAML 1.1 a comment and an empty line. */
	begin(&r, SV("# c\xc2\x85\n---\nb\n"));
	assert_int_equal(next(&r), OCIENV_OK);
	assert_sv_equal(node_sv(r.node), "b");
	arena_free(&r.arena);
	ERROR("a: b\n--- {c: d}\n", "syntax 2:5 ");
	ERROR("----\n", "syntax 1:4 ");
	ERROR("a\n...\nb\n", "ambiguous 3:1 ");
	ERROR("{a: b} c\n", "ambiguous 1:8 ");
	ERROR("# c\n%YAML 1.1\n---\na\n", "ambiguous 2:1 ");
}

/* NEL, LS and PS end a line, and a comment with it, in YAML 1.1 alone. */
static void old_line_ends_end_comments(void **state)
{
	(void)state;
	ERROR("# c\xe2\x80\xa8%YAML 1.1\n---\na\n", "ambiguous 1:5 ");
	ERROR("# c\xe2\x80\xa9%YAML 1.1\n---\na\n", "ambiguous 1:5 ");
	ERROR("# c\xc2\x85%YAML 1.1\n---\na\n", "ambiguous 1:5 ");
	ERROR("# c\xe2\x80\xaa%YAML 1.1\n---\na\n", "ok 0:0 ");
	TREE("a: &x # c\n  b\n", "{\"a\":\"b\"}");
	TREE("a: &x # c\xc2\x85 b\n", "{\"a\":\"b\"}");
}

static void bytes_are_checked_before_the_grammar(void **state)
{
	(void)state;
	ERROR("\xff\xfe"
	      "a\0",
	      "encoding 1:1 ");
	ERROR("\xfe\xff\0a", "encoding 1:1 ");
	ERROR("a: [\nb: \xff\n", "encoding 2:4 ");
	ERROR("\xc3\xa9: \xed\xa0\x80\n", "encoding 1:4 ");
	ERROR("a: b\0c\n", "encoding 1:5 ");
	ERROR("a: b\x01\n", "syntax 1:5 ");
	ERROR("a: \x7f\n", "syntax 1:4 ");
	ERROR("a: \xc2\x80\n", "syntax 1:4 ");
	ERROR("a: \xef\xbf\xbe\n", "syntax 1:4 ");
	ERROR("a: b\n\xef\xbb\xbf"
	      "c: d\n",
	      "ambiguous 2:1 ");
	ERROR("a: |\n  b\r\r\n", "ambiguous 2:4 ");
	ERROR("a: [\"\\0\"]\n", "encoding 1:5 /a/0");
	ERROR("a: !!binary AA==\n", "encoding 1:13 /a");
	ERROR("a: !!binary /w==\n", "encoding 1:13 /a");
}

static void grammar_errors_have_their_place(void **state)
{
	(void)state;
	ERROR("a:\n  - b\n  - [c\n", "syntax 4:1 /a/1/1");
	ERROR("a: b: c\n", "syntax 1:5 "); /* found before the first key is read */
	ERROR("a:\n\t- b\n", "syntax 2:1 /a");
	ERROR("a: *x\n", "syntax 1:4 /a");
	ERROR("a: &x [b, *x]\n", "syntax 1:11 /a/1");
	ERROR("a: !!int b\n", "value 1:10 /a");
	ERROR("a: [1, .inf]\n", "value 1:8 /a/1");
	ERROR("a: !x!y b\n", "syntax 1:4 /a");
	ERROR("a: [b?c]\n", "ambiguous 1:5 /a/0");
	ERROR("a: [\"b\\/c\"]\n", "ambiguous 1:5 /a/0");
	ERROR("a: [!t,b]\n", "ambiguous 1:5 /a/0");
	ERROR("a: [b:,c]\n", "ambiguous 1:6 /a/0");
}

static void keys_are_strings_and_stand_once(void **state)
{
	(void)state;
	TREE("1: a\n1.50: b\nyes: c\n0x10: d\n.inf: e\n'<<': f\n",
	     "{\"1\":\"a\",\"1.5\":\"b\",\"true\":\"c\",\"16\":\"d\",\".inf\":\"e\",\"<<"
	     "\":\"f\"}");
	ERROR("a: b\nc: d\na: e\n", "ambiguous 3:1 /a");
	ERROR("x:\n- {1: a, '1': b}\n", "ambiguous 2:10 /x/0/1");
	ERROR("{a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, c: 1, b: 1}\n",
	      "ambiguous 1:56 /c");
	ERROR("a: {~: b}\n", "type 1:5 /a");
	ERROR("a: {[b]: c}\n", "type 1:5 /a");
	ERROR("18446744073709551615: a\n", "type 1:1 ");
	ERROR("1.23456789: a\n", "ambiguous 1:1 ");
}

static void aliases_are_copies(void **state)
{
	(void)state;
	TREE("a: &x {b: [1]}\nc: *x\n&k d: *x\ne: *k\n",
	     "{\"a\":{\"b\":[1]},\"c\":{\"b\":[1]},\"d\":{\"b\":[1]},\"e\":\"d\"}");
	TREE("[&a 1, *a, &a 2, *a]", "[1,1,2,2]");
	TREE("[&a [&a b, *a], *a]", "[[\"b\",\"b\"],\"b\"]");
	TREE("[&aa 1, &a 2, &ab 3, *a, *aa, *ab]", "[1,2,3,2,1,3]");
}

static void merges_apply_where_all_agree(void **state)
{
	(void)state;
	TREE("- &x {a: 1, b: 2}\n- <<: *x\n  c: 3\n  b: 4\n",
	     "[{\"a\":1,\"b\":2},{\"a\":1,\"c\":3,\"b\":4}]");
	TREE("- &x {a: 1}\n- &y {a: 2, b: 3}\n- <<: [*x, *y, {d: 4}]\n",
	     "[{\"a\":1},{\"a\":2,\"b\":3},{\"a\":1,\"b\":3,\"d\":4}]");
	TREE("<<: {a: {<<: {b: 1}}}\n", "{\"a\":{\"b\":1}}");
	ERROR("a: &x {b: 1}\nc:\n  b: 2\n  <<: *x\n", "ambiguous 4:3 /c/b");
	ERROR("<<: {a: 1}\n<<: {a: 2}\n", "ambiguous 2:1 /a");
	ERROR("<<: {1: a}\n'1': b\n", "ambiguous 2:1 /1");
	ERROR("a: &x [{b: 1}]\nc: {<<: *x}\n", "type 2:9 /c/<<");
	ERROR("<<: [[a]]\n", "type 1:6 /<</0");
	ERROR("<<: ~\n", "type 1:5 /<<");
	ERROR("<<: [{a: 1}, b]\n", "type 1:14 /<</1");
}

static void limits_hold(void **state)
{
	struct reading r;

	(void)state;
	check_error(SV("[[[]]]"), "ok 0:0 ", 3, 0);
	check_error(SV("[[[]]]"), "limit 1:3 /0/0", 2, 0);
	check_error(SV("[1, 2]"), "ok 0:0 ", 0, 3);
	check_error(SV("[1, 2]"), "limit 1:5 /1", 0, 2);
	check_error(SV("a: &x [1, 2]\nb: *x\n"), "ok 0:0 ", 0, 9);
	check_error(SV("a: &x [1, 2]\nb: *x\n"), "limit 2:4 /b", 0, 8);

	begin(&r, SV("a: bcd"));
	r.limits.max_string = 2;
	assert_int_equal(next(&r), OCIENV_ERR_LIMIT);
	assert_int_equal(r.error.column, 4);
	r.limits.max_document = 5;
	r.stream = (struct yaml_stream){0, 0, 0};
	assert_int_equal(next(&r), OCIENV_ERR_LIMIT);
	assert_int_equal(r.error.column, 1);
	arena_free(&r.arena);
}

static void an_alias_bomb_stops_early(void **state)
{
	static char bomb[1024];
	size_t used = (size_t)snprintf(bomb, sizeof(bomb), "a0: &a0 x\n");
	struct reading r;

	(void)state;
	for (int i = 1; i < 30; i++)
		used += (size_t)snprintf(bomb + used, sizeof(bomb) - used,
					 "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
	begin(&r, sv_from(bomb, used));
	assert_int_equal(next(&r), OCIENV_ERR_LIMIT);
	assert_true(r.arena.taken < 65536);
	arena_free(&r.arena);
}

/* go-yaml's allowedAliasRatio: 0.99 up to 400,000 decoded values, 0.10 from 4,000,000 on, between
 * them a straight line. `plain` values and as many times 1,000 by aliases. */
static int32_t read_with_aliases(unsigned int plain, unsigned int aliases)
{
	size_t size = 4 * (size_t)plain + 3000 + 4 * (size_t)aliases, used = 0;
	char *text = malloc(size);
	struct reading r;
	int32_t status;

	assert_non_null(text);
	used += (size_t)sprintf(text, "- &a [");
	for (int i = 0; i < 999; i++)
		used += (size_t)sprintf(text + used, "1,");
	used += (size_t)sprintf(text + used, "]\n- [");
	for (unsigned int i = 0; i < plain; i++)
		used += (size_t)sprintf(text + used, "1,");
	used += (size_t)sprintf(text + used, "]\n- [");
	for (unsigned int i = 0; i < aliases; i++)
		used += (size_t)sprintf(text + used, "*a,");
	used += (size_t)sprintf(text + used, "]\n");
	begin(&r, sv_from(text, used));
	r.limits.max_nodes = 8 << 20;
	r.limits.max_document = 64 << 20;
	status = next(&r);
	arena_free(&r.arena);
	free(text);
	return status;
}

static void the_larger_a_document_the_less_may_be_aliases(void **state)
{
	(void)state;
	assert_int_equal(read_with_aliases(20000, 350), OCIENV_OK);	    /* 0.94 of 371,000 */
	assert_int_equal(read_with_aliases(1, 350), OCIENV_ERR_LIMIT); /* 0.997 */
	assert_int_equal(read_with_aliases(200000, 500), OCIENV_OK);	    /* 0.71 of 700,000: 0.92 */
	assert_int_equal(read_with_aliases(40000, 900), OCIENV_ERR_LIMIT); /* 0.96 of 940,000: 0.86 */
}

static void messages_hold_no_values(void **state)
{
	static const struct sv texts[] = {
	    {"a: !!int secret\n", 16},    {"a: 'secret\n", 11},
	    {"a: [secret?]\n", 13},       {"a: \"secret\\q\"\n", 14},
	    {"a: *secret\n", 11},         {"secret: .inf\n", 13},
	    {"a: !!binary secret\n", 19}, {"a: {<<: secret}\n", 16},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct reading r;

		begin(&r, texts[i]);
		assert_int_not_equal(next(&r), OCIENV_OK);
		assert_null(strstr(r.error.message, "secret"));
		assert_true(r.error.message[0]);
		arena_free(&r.arena);
	}
}

/* What aliases repeat may be as long as a document, nested ones counted in full. */
static void repeated_text_is_bounded(void **state)
{
	static const struct {
		const char *text;
		int32_t status;
	} rows[] = {
		{"- &a abcdef\n- *a\n- *a\n", OCIENV_OK},
		{"- &a abcdefabcdefabcdefabcdef\n- *a\n- *a\n", OCIENV_ERR_LIMIT},
		{"- &a {k: abcdefabcdefabcdef}\n- *a\n- *a\n", OCIENV_OK},
		{"- &a {abcdefabcdef: abcdefabcdefabcdef}\n- *a\n- *a\n", OCIENV_ERR_LIMIT},
		{"- &a abcdefabcdef\n- &b [*a]\n- *b\n", OCIENV_OK},
		{"- &a abcdefabcdef\n- &b [*a, *a]\n- *b\n", OCIENV_ERR_LIMIT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reading r;

		begin(&r, sv_of(rows[i].text));
		r.limits.max_document = (uint32_t)strlen(rows[i].text);
		assert_int_equal(next(&r), rows[i].status);
		arena_free(&r.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_pod_is_read),
	    cmocka_unit_test(marks_are_those_of_an_editor),
	    cmocka_unit_test(a_file_is_cut_as_kubectl_does),
	    cmocka_unit_test(old_line_ends_end_comments),
	    cmocka_unit_test(bytes_are_checked_before_the_grammar),
	    cmocka_unit_test(grammar_errors_have_their_place),
	    cmocka_unit_test(keys_are_strings_and_stand_once),
	    cmocka_unit_test(aliases_are_copies),
	    cmocka_unit_test(merges_apply_where_all_agree),
	    cmocka_unit_test(limits_hold),
	    cmocka_unit_test(an_alias_bomb_stops_early),
	    cmocka_unit_test(the_larger_a_document_the_less_may_be_aliases),
    cmocka_unit_test(messages_hold_no_values),
	    cmocka_unit_test(repeated_text_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
