/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libyaml's texts vary in style and are no interface, so each is looked up here and an
 * unknown one gets a general message. AMBIGUOUS stands where libyaml refuses what the
 * loader of Kubernetes, which descends from an older libyaml, reads.
 */
#include "text/yaml_problem.h"

#include <stddef.h>
#include <string.h>

#define SYNTAX(text, message)                                                            \
	{                                                                                \
		text, message, OCIENV_ERR_SYNTAX, YAML_PLACE_PROBLEM                     \
	}
#define SYNTAX_AT(place, text, message)                                                  \
	{                                                                                \
		text, message, OCIENV_ERR_SYNTAX, YAML_PLACE_##place                     \
	}
#define AMBIGUOUS(text, message)                                                         \
	{                                                                                \
		text, message, OCIENV_ERR_AMBIGUOUS, YAML_PLACE_PROBLEM                  \
	}

const char yaml_problem_tab[] = "expected spaces as indentation, found a tab";

static const struct yaml_problem problems[] = {
	SYNTAX_AT(CONTEXT, "could not find expected ':'",
		  "expected \":\" and a blank behind a key, found none"),
	SYNTAX("did not find expected key",
	       "expected a key or the end of the map, found something else"),
	SYNTAX("did not find expected '-' indicator",
	       "expected \"-\" or the end of the list, found something else"),
	SYNTAX("did not find expected ',' or ']'",
	       "expected \",\" or \"]\", found something else"),
	SYNTAX("did not find expected ',' or '}'",
	       "expected \",\" or \"}\", found something else"),
	SYNTAX("did not find expected node content", "expected a value, found none"),
	SYNTAX("block sequence entries are not allowed in this context",
	       "expected a list to start on a line of its own, found \"-\" behind other text"),
	SYNTAX("mapping keys are not allowed in this context",
	       "expected a map to start on a line of its own, found \"?\" behind other text"),
	SYNTAX("mapping values are not allowed in this context",
	       "expected a value or the end of the line, found \":\" where no map can start"),
	SYNTAX("found character that cannot start any token",
	       "expected a value, found a character that starts none"),
	SYNTAX("found unexpected end of stream",
	       "expected the closing quote, found the end of the document"),
	SYNTAX("found unexpected document indicator",
	       "expected the closing quote, found the end of the document"),
	SYNTAX("found a tab character where an indentation space is expected",
	       yaml_problem_tab),
	SYNTAX("found a tab character that violates indentation", yaml_problem_tab),
	SYNTAX("found an indentation indicator equal to 0",
	       "expected an indentation from 1 to 9, found 0"),
	SYNTAX("did not find expected comment or line break",
	       "expected the end of the line, found more text"),
	SYNTAX_AT(ESCAPE, "did not find expected hexdecimal number",
		  "expected hexadecimal digits in an escape, found another character"),
	SYNTAX_AT(ESCAPE, "found invalid Unicode character escape code",
		  "expected an escape of a Unicode character, found another number"),
	SYNTAX("did not find expected alphabetic or numeric character",
	       "expected the name of an anchor or alias, found none"),
	SYNTAX("did not find the expected '>'",
	       "expected \">\" at the end of a tag, found another character"),
	SYNTAX("did not find URI escaped octet",
	       "expected two hexadecimal digits behind \"%\" in a tag, found fewer"),
	SYNTAX("found an incorrect leading UTF-8 octet",
	       "expected UTF-8 in a tag, found another byte"),
	SYNTAX("found an incorrect trailing UTF-8 octet",
	       "expected UTF-8 in a tag, found another byte"),
	SYNTAX("found undefined tag handle",
	       "expected a tag prefix that is known, found another one"),
	AMBIGUOUS("found unexpected ':'",
		  "expected quotes around a word with \":\" at its end in a flow list or map, "
		  "found none: parsers disagree about it"),
	AMBIGUOUS("found unknown escape character",
		  "expected an escape that all parsers know, found another one"),
	AMBIGUOUS("did not find expected tag URI",
		  "expected a tag that all parsers know behind \"!\", found another one"),
	AMBIGUOUS("did not find expected whitespace or line break",
		  "expected a blank behind a tag, found more text: parsers disagree about it"),
};

static const struct yaml_problem unknown =
	SYNTAX("", "expected well-formed YAML, found something else");

/* Those that need no "---" of their own: kubectl would have cut it off. */
static const struct yaml_problem directive =
	SYNTAX_AT(CONTEXT, "", "expected a document without directives, found one");

const struct yaml_problem *yaml_problem_find(const char *text, const char *context)
{
	if (context && strstr(context, "directive"))
		return &directive;
	for (size_t i = 0; text && i < sizeof(problems) / sizeof(problems[0]); i++)
		if (!strcmp(text, problems[i].text))
			return &problems[i];
	return &unknown;
}
