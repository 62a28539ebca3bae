/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read without libyaml is read as libyaml reads it, or not at all: many documents that are
 * put together of pieces which lie near the border of the simple form, and the pieces alone.
 */
#include "unit/unit.h"

#include "base/limits.h"
#include "text/yaml_simple.h"

enum { MOST_TEXT = 3072, DOCUMENTS = 60000, MOST_LINES = 7, MOST_DEPTH = 64 };

/* One reading. */
struct reading {
	struct ocienv_error error;
	struct diag diag;
	struct ocienv_limits limits;
	struct arena arena;
	struct text_input in;
	const struct node *node;
	int32_t status;
};

typedef int32_t reader(const struct text_input *in, const struct yaml_part *part, uint32_t line,
		       const struct node **ret);

static void read_all(struct reading *r, struct sv text, reader *read)
{
	struct yaml_part part = {0, text.len};

	*r = (struct reading){.diag = {&r->error, "test.yaml", text}, .limits = limits_of(NULL)};
	arena_init(&r->arena, NULL, 64U << 20);
	r->in = (struct text_input){text, &r->diag, &r->limits, &r->arena, false, NULL};
	r->status = read(&r->in, &part, 5, &r->node);
}

static bool same_node(const struct node *a, const struct node *b)
{
	bool container = a->kind == NODE_LIST || a->kind == NODE_MAP;

	return a->kind == b->kind && !a->escaped && !b->escaped && a->count == b->count &&
	       a->mark.line == b->mark.line && a->mark.column == b->mark.column &&
	       (container || sv_eq(node_sv(a), node_sv(b)));
}

static bool same_tree(const struct node *a, const struct node *b, int depth)
{
	if (!same_node(a, b) || depth > MOST_DEPTH)
		return false;
	for (uint32_t i = 0; a->kind >= NODE_LIST && i < a->count; i++)
		if (!same_tree(&a->children[i], &b->children[i], depth + 1))
			return false;
	return true;
}

/* True if the text is simple. */
static bool compare(struct sv text)
{
	struct reading simple, events;
	bool taken;

	read_all(&simple, text, yaml_simple);
	taken = simple.node;
	assert_int_equal(simple.status, OCIENV_OK);
	if (taken) {
		read_all(&events, text, yaml_part_events);
		if (events.status)
			fail_msg("libyaml refuses \"%.*s\": %s", SV_ARG(text), events.error.message);
		if (!events.node || !same_tree(simple.node, events.node, 0))
			fail_msg("libyaml reads \"%.*s\" otherwise", SV_ARG(text));
		arena_free(&events.arena);
	}
	arena_free(&simple.arena);
	return taken;
}

static const char *const keys[] = {
	"a:", "b:", "c-d.e/f:", "name:", "y:", "null:", "8:", "\"q\":", "a :", "_x:", "a:b:", "<<:",
	"? a", "&x a:", "Off:", "-a:", "a#b:", "a b:", "$a:", "true:", "~:", "", "", "\xc3\xa4:",
};

static const char *const values[] = {
	"", "", "", "x", "x y", "x  ", "8", "0755", "0x1F", "1e3", "1_000", ".5", ".inf", "-.inf",
	"true", "off", "~", "null", "-1", "-", "--", "-p", "--port=1", "-:x", "- x", "? x", "?x", ":x",
	"#x", "x #y", "x#y", "x # y: z", "x:y", "x: y", "x:", "\"x\"", "\"x\" ", "\"x\" y", "\"x",
	"\"x\\n\"", "\"a: b\"", "\"\"", "\"x\"#y", "\"x\" # y", "\"x\": y", "'x'", "'x''y'", "''",
	"'it\"s'", "\"'\"", "'x", "[]", "[ ]", "{}", "{ }", "[a]", "[a, b]", "[ a , \"b\" ]", "[a,b]",
	"[a, ]", "[, a]", "[a b]", "[a: b]", "[\"a\":b]", "[\"a\", 'b']", "[-1, -, a]", "[-a]", "[[a]]",
	"[a", "a]", "[]x", "[] # y", "[]#y", "[1, true, ~, x]", "[a?b]", "{a: b}", "{}x", "|", ">-",
	"&x y", "*x", "!!str 8", "! 8", "!x y", "%x", "@x", "`x", "=x", "=", "<<", "$(A)", "(x)", "x\\y",
	"\\x", ";x", ",x", "x, y", "x]y}z", "^", "~x", "x\ty", "\tx", "x\r", "\xc3\xa4", "x\x7f", "..",
	"...", "---", "2001-01-01", "0b1", "1:30", "+1", "1.", "99999999999999999999", "0o7", ".", "_",
};

static uint64_t step(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#define ANY(list) ((list)[step(state) % (sizeof(list) / sizeof((list)[0]))])

/* A line of a document: the first are likely ones, so that something comes of it. */
static int make_line(char *out, uint64_t *state, bool likely)
{
	static const char *const dashes[] = {"", "", "- ", "- ", "-", "-  ", "- - ", "-\t"};
	static const char *const ends[] = {"\n", "\n", "\n", "\n\n", "\n  \n", " \n", "\n# x\n", "\r\n"};
	int indent = (int)(step(state) % 4) * 2 + (likely ? 0 : (int)(step(state) % 2));
	const char *dash = dashes[step(state) % (likely ? 4 : 8)];
	const char *key = keys[step(state) % (likely ? 4 : sizeof(keys) / sizeof(keys[0]))];
	const char *value = likely && step(state) % 2 ? values[step(state) % 6] : ANY(values);
	const char *end = ends[step(state) % (likely ? 3 : 8)];

	return sprintf(out, "%*s%s%s%s%s%s", indent, "", dash, key, key[0] ? " " : "", value, end);
}

static void any_document_is_read_alike(void **test)
{
	uint64_t seed = 88172645463325252, *state = &seed;
	size_t taken = 0;

	(void)test;
	for (int i = 0; i < DOCUMENTS; i++) {
		int lines = 1 + (int)(step(state) % MOST_LINES);
		char text[MOST_TEXT] = "a:\n";
		size_t used = step(state) % 2 ? 3 : 0;

		for (int k = 0; k < lines; k++)
			used += (size_t)make_line(text + used, state, step(state) % 8 != 0);
		used -= step(state) % 4 == 0; /* the last line may have no end */
		taken += compare(sv_from(text, used));
	}
	/* Else this looks at nothing. */
	assert_in_range(taken, DOCUMENTS / 20, DOCUMENTS);
}

static void what_is_simple(void **test)
{
	static const char *const simple[] = {
		"a: b", "a:\n", "a:\nb:\n", "a:\n  b: c\n", "a:\n- b\n- c\nd: e\n", "a:\n  - b\n",
		"a:\n- b: c\n  d: e\n- b: f\n", "a: [b, \"c\"]\n", "a: {}\n", "a: 'b'\n", "a: \"b: #\"\n",
		"# x\na: b # y\n\nc: d\n", "  a: b\n  c: d\n", "a: -b\n",
		"a:   # x\n  b: c\n", "a:\n# x\n- b\n", "a.b/c-d: $(E)\n",
	};

	(void)test;
	for (size_t i = 0; i < sizeof(simple) / sizeof(simple[0]); i++)
		if (!compare(sv_of(simple[i])))
			fail_msg("not simple: \"%s\"", simple[i]);
}

static void what_is_not_simple(void **test)
{
	static const char *const other[] = {
		"", "\n", "# a\n", "a\n", "- a\n", "a: b\n c\n", "a: b\n  c: d\n", "a: |\n  b\n",
		"a: b: c\n", "a: \"b\\n\"\n", "a: 'b''c'\n", "a: &b c\n", "a: *b\n", "a: !c d\n", "? a\n",
		"a:\n  b: c\n d: e\n", "a:\n  b: c\nd:\n  - e\n f: g\n", "a: \tb\n", "a: b\r\n",
		"a: \xc3\xa4\n", "y: a\n", "8: a\n", "<<: {}\n", "a: .inf\n", "a: b\na: c\n", "%A\na: b\n",
		"a:\n- - b\n", "a:\n-\n", "...\n", "a: [b\n", "a: \"b\n  c\"\n", "a: b #c\x01\n",
		" a: b\nc: d\n", "a:\n- b\n  c\n",
	};

	(void)test;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (compare(sv_of(other[i])))
			fail_msg("simple: \"%s\"", other[i]);
}

/* Limits are libyaml's reader's to tell; here they only end the attempt. */
static void limits_end_it(void **test)
{
	static const struct sv text = {"a:\n  bc: [c, d]\n", 16};
	static const uint32_t too_low[] = {6, 2, 1}; /* by one each */
	struct reading r;

	(void)test;
	read_all(&r, text, yaml_simple);
	assert_non_null(r.node);
	arena_free(&r.arena);
	for (uint32_t which = 0; which < 3; which++) {
		struct yaml_part part = {0, text.len};
		uint32_t *const limits[] = {&r.limits.max_nodes, &r.limits.max_depth,
					    &r.limits.max_string};

		read_all(&r, SV(""), yaml_simple);
		r.in.bytes = text;
		*limits[which] = too_low[which];
		r.node = NULL;
		assert_int_equal(yaml_simple(&r.in, &part, 1, &r.node), OCIENV_OK);
		assert_null(r.node);
		assert_int_equal(r.error.status, OCIENV_OK);
		arena_free(&r.arena);
	}
}

/* A null takes no bytes, but counts: before a line, and at the end. */
static void nulls_count_too(void **test)
{
	static const struct sv texts[] = {{"a:\nb: c\n", 8}, {"a:\n", 3}};

	(void)test;
	for (size_t i = 0; i < 2; i++) {
		struct yaml_part part = {0, texts[i].len};
		struct reading r;

		read_all(&r, texts[i], yaml_simple);
		assert_non_null(r.node);
		r.limits.max_nodes = 2;
		r.node = NULL;
		assert_int_equal(yaml_simple(&r.in, &part, 1, &r.node), OCIENV_OK);
		assert_null(r.node);
		arena_free(&r.arena);
	}
}

static void deep_and_long_lines_are_left(void **test)
{
	char text[MOST_TEXT];
	size_t used = 0;

	(void)test;
	for (int i = 0; i < 33; i++)
		used += (size_t)sprintf(text + used, "%*sa:\n", i, "");
	assert_false(compare(sv_from(text, used)));
	used = (size_t)sprintf(text, "a:\n%*sb: c\n", 255, "");
	assert_true(compare(sv_from(text, used)));
	used = (size_t)sprintf(text, "a:\n%*sb: c\n", 256, "");
	assert_false(compare(sv_from(text, used)));
	used = (size_t)sprintf(text, "a: %*sb\n", 2044, "");
	assert_true(compare(sv_from(text, used)));
	used = (size_t)sprintf(text, "a: %*sb\n", 2045, "");
	assert_false(compare(sv_from(text, used)));
	used = (size_t)sprintf(text, "a: b\n%*s\n", 1023, "");
	assert_true(compare(sv_from(text, used)));
	used = (size_t)sprintf(text, "a: b\n%*s\n\n", 1023, "");
	assert_false(compare(sv_from(text, used)));
	memset(text, 'k', 512);
	memcpy(text + 512, ": b\n", 4);
	assert_true(compare(sv_from(text, 516)));
	memset(text, 'k', 513);
	memcpy(text + 513, ": b\n", 4);
	assert_false(compare(sv_from(text, 517)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_document_is_read_alike),
		cmocka_unit_test(what_is_simple),
		cmocka_unit_test(what_is_not_simple),
		cmocka_unit_test(limits_end_it),
		cmocka_unit_test(nulls_count_too),
		cmocka_unit_test(deep_and_long_lines_are_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
