/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libyaml takes a hundred instructions for each byte, whatever the document. Nearly all manifests
 * are written in a small part of YAML, where a line is a key, an element or both, and what it
 * means depends on its indentation alone. That part is read here, directly into the tree.
 *
 * Whatever is not plainly of that form ends the attempt: anchors, tags, block scalars, escapes,
 * scalars of several lines, tabs, bytes beyond ASCII, and each mistake. Nothing is reported from
 * here but want of memory. Must never guess.
 */
#include "text/yaml_simple.h"

#include "text/scalar.h"
#include "text/tree.h"

enum {
	LEVELS = 32,	    /* more are not simple */
	MOST_INDENT = 255,
	MOST_KEY = 512,	    /* libyaml looks for the ":" within 1,024 characters */
	MOST_LINE = 2048,   /* so that no run of blanks comes near the limit of yaml_check() */
	ENTRY = 32,	    /* bytes of an element of a list: a short map, on two lines */
	MOST_BLANK = 1024,  /* bytes of blank lines in a row, likewise */
};

/* What a byte may be. */
enum {
	PRINTABLE = 1,
	PLAIN = 2, /* in a plain scalar, whatever is beside it */
	FIRST = 4, /* the first of one */
	WORD = 8,  /* in a plain scalar of a flow list */
	KEY = 16,
	KEY_FIRST = 32,
};

#define N 0
#define H PRINTABLE /* "#" and ":": it depends on what is beside them */
#define P (PRINTABLE | PLAIN)
#define F (P | FIRST)
#define W (F | WORD)
#define D (P | WORD | KEY) /* "-" begins a scalar if no blank follows */
#define I (W | KEY)
#define L (I | KEY_FIRST)

static const uint8_t classes[256] = {
	/* clang-format off */
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	/*  !  "  #  $  %  &  '  (  )  *  +  ,  -  .  / */
	P, P, P, H, W, P, P, P, W, W, P, W, P, D, I, I,
	/* 0 to 9                  :  ;  <  =  >  ? */
	I, I, I, I, I, I, I, I, I, I, H, F, F, W, P, P,
	/* @, A to O */
	P, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	/* P to Z                     [  \  ]  ^  _ */
	L, L, L, L, L, L, L, L, L, L, L, P, F, P, F, L,
	/* `, a to o */
	P, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	/* p to z                     {  |  }  ~ */
	L, L, L, L, L, L, L, L, L, L, L, P, P, P, F, N,
	/* clang-format on */
};

#undef N
#undef H
#undef P
#undef F
#undef W
#undef D
#undef I
#undef L

static bool is(char c, uint8_t class)
{
	return classes[(unsigned char)c] & class;
}

/* An open list or map. */
struct level {
	uint32_t indent;
	bool list;
};

struct simple {
	struct tree tree;
	const char *line_start;
	const char *end; /* of the line */
	uint32_t line;
	uint32_t blank;	      /* bytes of blank lines before it */
	struct mark value;    /* behind the ":" of a key whose value has not been seen yet... */
	bool awaits_value;    /* ...if there is one */
	uint32_t depth;
	struct level levels[LEVELS]; /* those of the tree */
};

static uint32_t column_of(const struct simple *s, const char *p)
{
	return (uint32_t)(p - s->line_start);
}

static struct mark mark_of(const struct simple *s, const char *p)
{
	return (struct mark){s->line, column_of(s, p) + 1};
}

static bool open_level(struct simple *s, bool list, const char *p)
{
	if (s->depth == LEVELS ||
	    tree_open(&s->tree, list ? NODE_LIST : NODE_MAP, mark_of(s, p)))
		return false;
	s->levels[s->depth++] = (struct level){column_of(s, p), list};
	return true;
}

static bool close_level(struct simple *s)
{
	s->depth--;
	return !tree_close(&s->tree);
}

static bool add_scalar(struct simple *s, struct sv text, enum scalar_tag tag, struct mark mark)
{
	struct node node = {.mark = mark};
	struct scalar scalar;

	if (text.len > s->tree.in->limits->max_string ||
	    scalar_resolve(text, tag, s->tree.in->arena, &scalar) || scalar.not_finite)
		return false;
	if (tree_wants_key(&s->tree) && scalar.kind != NODE_STRING)
		return false;
	node.kind = (uint8_t)scalar.kind;
	node.count = (uint32_t)scalar.text.len;
	node.text = scalar.text.ptr;
	return !tree_add(&s->tree, node);
}

static bool add_null(struct simple *s)
{
	s->awaits_value = false;
	return add_scalar(s, SV(""), SCALAR_TAG_NONE, s->value);
}

static const char *skip_blanks(const struct simple *s, const char *p)
{
	while (p < s->end && *p == ' ')
		p++;
	return p;
}

/* The end of the run of bytes of that class. */
static const char *skip_class(const struct simple *s, const char *p, uint8_t class)
{
	while (p < s->end && is(*p, class))
		p++;
	return p;
}

/* Only blanks and a comment up to the end of the line? A comment has a blank before it. */
static bool is_rest(const struct simple *s, const char *p)
{
	const char *rest = skip_blanks(s, p);

	return rest == s->end ||
	       (*rest == '#' && rest[-1] == ' ' && skip_class(s, rest, PRINTABLE) == s->end);
}

/* --- values that end on their line ------------------------------------------------------ */

/* Between quotes, without escapes. NULL: not simple. */
static const char *read_quoted(struct simple *s, const char *p)
{
	const char quote = *p;
	struct sv text = sv_from(p + 1, (size_t)(s->end - p - 1));

	text.len = sv_find(text, quote);
	p += 1 + text.len;
	if (p == s->end || skip_class(s, text.ptr, PRINTABLE) < p)
		return NULL;
	if (quote == '"' ? sv_contains(text, '\\') : p + 1 < s->end && p[1] == quote)
		return NULL;
	return add_scalar(s, text, SCALAR_TAG_STR, mark_of(s, text.ptr - 1)) ? p + 1 : NULL;
}

/* An element of a flow list that stands on one line. */
static const char *read_flow_element(struct simple *s, const char *p)
{
	const char *end;

	if (*p == '"' || *p == '\'')
		return read_quoted(s, p);
	end = skip_class(s, p, WORD);
	if (end == p || (*p == '-' ? end == p + 1 : !is(*p, FIRST)))
		return NULL;
	return add_scalar(s, sv_from(p, (size_t)(end - p)), SCALAR_TAG_NONE, mark_of(s, p)) ? end
											    : NULL;
}

/* "[a, b]", p behind the bracket. */
static const char *read_flow_elements(struct simple *s, const char *p)
{
	p = skip_blanks(s, p);
	if (p < s->end && *p == ']')
		return p + 1;
	while (p < s->end) {
		p = read_flow_element(s, p);
		p = p ? skip_blanks(s, p) : s->end;
		if (p < s->end && *p == ']')
			return p + 1;
		if (p == s->end || *p != ',')
			return NULL;
		p = skip_blanks(s, p + 1);
	}
	return NULL;
}

/* A flow list, or "{}". */
static const char *read_flow(struct simple *s, const char *p)
{
	bool list = *p == '[';

	if (!open_level(s, list, p))
		return NULL;
	p++;
	if (list)
		p = read_flow_elements(s, p);
	else
		p = p < s->end && *p == '}' ? p + 1 : NULL;
	return p && close_level(s) ? p : NULL;
}

static const char *read_plain(struct simple *s, const char *p)
{
	const char *start = p, *end;

	if (*p == '-' ? p + 1 == s->end || p[1] == ' ' : !is(*p, FIRST))
		return NULL;
	for (p = skip_class(s, p, PLAIN); p < s->end; p = skip_class(s, p + 1, PLAIN)) {
		if (*p == '#' && p[-1] == ' ')
			break;
		if (!is(*p, PRINTABLE) || (*p == ':' && (p + 1 == s->end || p[1] == ' ')))
			return NULL;
	}
	for (end = p; end[-1] == ' ';)
		end--;
	return add_scalar(s, sv_from(start, (size_t)(end - start)), SCALAR_TAG_NONE,
			  mark_of(s, start))
		       ? end
		       : NULL;
}

static bool read_value(struct simple *s, const char *p)
{
	if (*p == '"' || *p == '\'')
		p = read_quoted(s, p);
	else if (*p == '[' || *p == '{')
		p = read_flow(s, p);
	else
		p = read_plain(s, p);
	return p && is_rest(s, p);
}

/* --- lines ------------------------------------------------------------------------------ */

/* The ":" of a key that begins here; NULL: there is none. */
static const char *find_colon(const struct simple *s, const char *p)
{
	const char *end = is(*p, KEY_FIRST) ? skip_class(s, p, KEY) : s->end;

	if (end == s->end || *end != ':' || end - p > MOST_KEY)
		return NULL;
	return end + 1 == s->end || end[1] == ' ' ? end : NULL;
}

/* The entry whose key ends at the colon. */
static bool read_entry(struct simple *s, const char *p, const char *colon)
{
	if (!colon || !add_scalar(s, sv_from(p, (size_t)(colon - p)), SCALAR_TAG_NONE,
				  mark_of(s, p)))
		return false;
	p = skip_blanks(s, colon + 1);
	if (p < s->end && *p != '#')
		return read_value(s, p);
	s->awaits_value = true;
	s->value = mark_of(s, colon + 1);
	return is_rest(s, colon + 1);
}

/* Behind "- ": a value, or the first entry of a map whose others stand below it. */
static bool read_element(struct simple *s, const char *p)
{
	const char *colon;

	p = skip_blanks(s, p);
	if (p == s->end)
		return false;
	colon = find_colon(s, p);
	return colon ? open_level(s, false, p) && read_entry(s, p, colon) : read_value(s, p);
}

/*
 * Which list or map a line belongs to, by its indentation. What follows a key belongs to it if
 * it stands further to the right; the "-" of its list may stand below it. Anything deeper than
 * what is open would continue a scalar.
 */
static bool settle_level(struct simple *s, const char *p, bool dash)
{
	uint32_t indent = column_of(s, p);

	if (!s->depth)
		return !s->tree.root && !dash && open_level(s, false, p);
	if (s->awaits_value && indent + dash > s->levels[s->depth - 1].indent) {
		s->awaits_value = false;
		return open_level(s, dash, p);
	}
	if (s->awaits_value && !add_null(s))
		return false;
	while (s->depth) {
		const struct level *top = &s->levels[s->depth - 1];

		if (indent == top->indent && dash == top->list)
			return true;
		/* A key ends the list whose "-" stand below the key before. */
		if (indent > top->indent || (indent == top->indent && !top->list) || !close_level(s))
			return false;
	}
	return false;
}

static bool read_line(struct simple *s)
{
	const char *p = skip_blanks(s, s->line_start);
	bool dash;

	if (p == s->end) {
		s->blank += column_of(s, p) + 1;
		return s->blank <= MOST_BLANK;
	}
	s->blank = 0;
	if (*p == '#')
		return skip_class(s, p, PRINTABLE) == s->end;
	dash = *p == '-' && p + 1 < s->end && p[1] == ' ';
	if (column_of(s, p) > MOST_INDENT || !settle_level(s, p, dash))
		return false;
	return dash ? read_element(s, p + 1) : read_entry(s, p, find_colon(s, p));
}

static bool read_lines(struct simple *s, struct sv rest)
{
	for (; rest.len; s->line++) {
		size_t length = sv_find(rest, '\n');

		s->line_start = rest.ptr;
		s->end = rest.ptr + length;
		if (length > MOST_LINE || !read_line(s))
			return false;
		rest = sv_skip(rest, length + 1);
	}
	if (s->awaits_value && !add_null(s))
		return false;
	while (s->depth)
		if (!close_level(s))
			return false;
	return s->tree.root;
}

/* What the text's tree took of an arena. */
struct share {
	struct arena *arena;
	struct arena_mark before;
};

static struct share share_of(struct arena *arena)
{
	return (struct share){arena, arena_mark(arena)};
}

/* There was no memory, or the lines are not simple, and nothing of them stays behind. */
static int32_t give_up(const struct tree *tree, const struct diag *diag,
		       const struct share shares[2])
{
	for (int i = 0; i < 2; i++)
		if (arena_failed(shares[i].arena))
			return diag_memory(diag, arena_status(shares[i].arena));
	if (arena_failed(&tree->stacks))
		return diag_memory(diag, arena_status(&tree->stacks));
	for (int i = 0; i < 2; i++)
		arena_rewind(shares[i].arena, &shares[i].before);
	return OCIENV_OK;
}

int32_t yaml_simple(const struct text_input *in, const struct yaml_part *part, uint32_t line,
		    const struct node **ret)
{
	const struct diag silent = {.text = in->diag->text};
	struct sv text = sv_from(in->bytes.ptr + part->start, part->end - part->start);
	struct text_input quiet = *in;
	struct simple s = {.line = line};
	const struct share shares[] = {share_of(in->arena), share_of(text_nodes(in))};
	int32_t status = OCIENV_OK;

	quiet.diag = &silent;
	tree_init(&s.tree, &quiet, text.len / ENTRY);
	if (read_lines(&s, text))
		*ret = s.tree.root;
	else
		status = give_up(&s.tree, in->diag, shares);
	tree_end(&s.tree);
	return status;
}
