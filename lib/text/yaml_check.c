/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the bytes of a document before libyaml gets them. libyaml would find most
 * of these faults too, but without their place; the rest makes it slow, or is read
 * differently by the loader. Must not look at the grammar, only at bytes and lines.
 */
#include "text/yaml_check.h"

#include "base/utf8.h"

/* What the pass knows at a byte. */
struct scan {
	const struct text_input *in;
	const unsigned char *p;
	size_t start, at, end;
	size_t run;    /* blanks, or line ends and blanks, that end here */
	size_t run_at; /* where they begin */
	size_t longest_run, longest_at;
	bool line_start;
};

static int32_t fail(const struct scan *s, int32_t status, const char *message)
{
	return diag_fail_at(s->in->diag, status, s->at, NULL, message);
}

/* YAML 1.1 knows three line ends beyond ASCII. */
static bool is_wide_break(uint32_t code)
{
	return code == 0x85 || code == 0x2028 || code == 0x2029;
}

static bool is_printable(uint32_t code)
{
	return code == 0x85 || (code >= 0xa0 && code != 0xfffe && code != 0xffff);
}

static int32_t check_wide(struct scan *s)
{
	enum { BYTE_ORDER_MARK = 0xfeff };
	size_t n = utf8_sequence(s->p + s->at, s->end - s->at);
	uint32_t code;

	if (!n)
		return fail(s, OCIENV_ERR_ENCODING, "expected UTF-8, found a byte that is not");
	code = utf8_decode(s->p + s->at, n);
	if (!is_printable(code))
		return fail(s, OCIENV_ERR_SYNTAX,
			    "expected printable characters, found a control character");
	/* go-yaml passes over it at the start of each line, libyaml does not. */
	if (code == BYTE_ORDER_MARK && s->line_start)
		return fail(s, OCIENV_ERR_AMBIGUOUS,
			    "expected a byte order mark only at the start of a document, "
			    "found one at the start of a line");
	s->line_start = is_wide_break(code);
	s->run = s->line_start ? s->run + 1 : 0;
	s->at += n;
	return OCIENV_OK;
}

static int32_t check_control(struct scan *s)
{
	if (s->p[s->at] == '\0')
		return fail(s, OCIENV_ERR_ENCODING, "expected text without NUL, found one");
	return fail(s, OCIENV_ERR_SYNTAX,
		    "expected printable characters, found a control character");
}

static int32_t check_break(struct scan *s)
{
	static const struct sv doubled = {"\r\r\n", 3};
	struct sv rest = sv_from((const char *)s->p + s->at, s->end - s->at);

	/* kubectl's line reader drops the CR before an LF, so two line ends become
	 * one. */
	if (sv_has_prefix(rest, doubled))
		return fail(s, OCIENV_ERR_AMBIGUOUS,
			    "expected LF, CR LF or CR at the end of a line, found CR CR LF: "
			    "parsers disagree about it");
	s->line_start = true;
	s->run++;
	s->at++;
	return OCIENV_OK;
}

static int32_t check_byte(struct scan *s)
{
	unsigned char c = s->p[s->at];

	if (c >= 0x80)
		return check_wide(s);
	if (c == '\n' || c == '\r')
		return check_break(s);
	if ((c < 0x20 && c != '\t') || c == 0x7f)
		return check_control(s);
	s->line_start = false;
	s->run = c == ' ' || c == '\t' ? s->run + 1 : 0;
	s->at++;
	return OCIENV_OK;
}

/*
 * libyaml wipes its buffer of blanks at each word of a scalar, and the buffer stays as
 * large as the longest run of blanks was: a long run and many words are quadratic.
 */
static int32_t check_work(struct scan *s)
{
	enum { FREE_RUN = 4096 };
	const uint64_t most = UINT64_C(1) << 33; /* bytes wiped: a third of a second */
	uint64_t bytes = s->end - s->start;

	if (s->longest_run <= FREE_RUN || s->longest_run <= most / bytes)
		return OCIENV_OK;
	return diag_fail(s->in->diag, OCIENV_ERR_LIMIT, mark_at(s->in->bytes, s->longest_at),
			 NULL, "expected at most %llu blanks or line ends in a row, found %zu",
			 (unsigned long long)(most / bytes < FREE_RUN ? FREE_RUN : most / bytes),
			 s->longest_run);
}

/* kubectl cuts the "---" away that must follow a directive; the bare loader reads it. */
static int32_t check_directive(struct scan *s)
{
	size_t at = s->at;
	bool comment = false, line_start = true;

	while (at < s->end) {
		char c = (char)s->p[at];
		size_t wide = yaml_wide_break(sv_skip(s->in->bytes, at));

		if (c == '\n' || c == '\r' || wide)
			comment = false;
		else if (c == '#')
			comment = true;
		else if (!comment && c != ' ' && c != '\t')
			break;
		line_start = c == '\n' || c == '\r' || wide;
		at += wide ? wide : 1;
	}
	if (at == s->end || !line_start || s->p[at] != '%')
		return OCIENV_OK;
	s->at = at;
	return fail(s, OCIENV_ERR_AMBIGUOUS,
		    "expected a document without directives, found one: kubectl cuts it off");
}

/* Passes over printable ASCII: most of most documents. */
static void skip_plain(struct scan *s)
{
	size_t at = s->at;

	while (at < s->end && s->p[at] > ' ' && s->p[at] < 0x7f)
		at++;
	if (at == s->at)
		return;
	s->at = at;
	s->run = 0;
	s->line_start = false;
}

int32_t yaml_check(const struct text_input *in, const struct yaml_part *part)
{
	struct scan s = {
	    .in = in,
	    .p = (const unsigned char *)in->bytes.ptr,
	    .start = part->start,
	    .at = part->start,
	    .end = part->end,
	    .line_start = true,
	};
	int32_t r = check_directive(&s);

	skip_plain(&s);
	while (!r && s.at < s.end) {
		s.run_at = s.run ? s.run_at : s.at;
		r = check_byte(&s);
		if (s.run > s.longest_run) {
			s.longest_run = s.run;
			s.longest_at = s.run_at;
		}
		skip_plain(&s);
	}
	return r ? r : check_work(&s);
}
