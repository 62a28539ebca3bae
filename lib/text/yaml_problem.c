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
		text, message, OCIENV_ERR_SYNTAX                                         \
	}
#define AMBIGUOUS(text, message)                                                         \
	{                                                                                \
		text, message, OCIENV_ERR_AMBIGUOUS                                      \
	}

static const struct yaml_problem problems[] = {
	SYNTAX("could not find expected ':'", "expected \":\" behind a key, found none"),
	SYNTAX("did not find expected key", "expected a key or the end of the mapping"),
	SYNTAX("did not find expected '-' indicator",
	   "expected \"-\" or the end of the list"),
	SYNTAX("did not find expected ',' or ']'", "expected \",\" or \"]\""),
	SYNTAX("did not find expected ',' or '}'", "expected \",\" or \"}\""),
	SYNTAX("did not find expected node content", "expected a value, found none"),
	SYNTAX("did not find expected <document start>",
	   "expected the end of the document, found more text"),
	SYNTAX("block sequence entries are not allowed in this context",
	   "found \"- \" where no list can start"),
	SYNTAX("mapping keys are not allowed in this context",
	   "found \"? \" where no key can start"),
	SYNTAX("mapping values are not allowed in this context",
	   "found \": \" where no mapping can start"),
	SYNTAX("found character that cannot start any token",
	   "expected a value, found a character that starts none"),
	SYNTAX("found unexpected end of stream",
	   "expected the closing quote, found the end of the document"),
	SYNTAX("found unexpected document indicator",
	   "expected the closing quote, found the end of the document"),
	SYNTAX("found a tab character where an indentation space is expected",
	   "expected spaces as indentation, found a tab"),
	SYNTAX("found a tab character that violates indentation",
	   "expected spaces as indentation, found a tab"),
	SYNTAX("found an indentation indicator equal to 0",
	   "expected an indentation from 1 to 9, found 0"),
	SYNTAX("did not find expected comment or line break",
	   "expected the end of the line, found more text"),
	SYNTAX("did not find expected hexdecimal number",
	   "expected hexadecimal digits in an escape"),
	SYNTAX("found invalid Unicode character escape code",
	   "expected an escape of a Unicode character, found another number"),
	SYNTAX("did not find expected alphabetic or numeric character",
	   "expected the name of an anchor or alias"),
	SYNTAX("did not find the expected '>'", "expected \">\" at the end of a tag"),
	SYNTAX("did not find URI escaped octet", "expected digits behind \"%\" in a tag"),
	SYNTAX("found an incorrect leading UTF-8 octet", "expected UTF-8 in a tag"),
	SYNTAX("found an incorrect trailing UTF-8 octet", "expected UTF-8 in a tag"),
	SYNTAX("found undefined tag handle", "expected a known tag prefix"),
	AMBIGUOUS("found unexpected ':'",
		  "found \":\" at the end of a word in a flow list or mapping, which "
		  "parsers read differently"),
	AMBIGUOUS("found unknown escape character",
	      "expected an escape that all parsers know, found another"),
	AMBIGUOUS("did not find expected tag URI",
	      "expected a tag that all parsers know behind \"!\""),
	AMBIGUOUS("did not find expected whitespace or line break",
	      "expected a blank behind a tag, found more text"),
};

static const struct yaml_problem unknown = SYNTAX("", "expected well-formed YAML");

const struct yaml_problem *yaml_problem_find(const char *text)
{
	for (size_t i = 0; text && i < sizeof(problems) / sizeof(problems[0]); i++)
		if (!strcmp(text, problems[i].text))
			return &problems[i];
	return &unknown;
}
