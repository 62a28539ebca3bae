/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#define POD                                                                              \
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"                               \
	"spec: {containers: [{name: c, image: i, command: [/x]}]}\n"

/* Something behind a pod that nobody reads. */
#define YAML(called, open, unit, close)                                                    \
	{                                                                                \
		.name = called, .reader = READ_POD, .document = {POD "x: " open, unit, close} \
	}
#define RAW(called, open, unit, close)                                                     \
	{                                                                                \
		.name = called, .reader = READ_POD, .document = {open, unit, close}        \
	}

static const struct shape shapes[] = {
	YAML("yaml-flow-deep", "", "[", "\n"),
	YAML("yaml-flow-map-deep", "", "{a: ", "\n"),
	YAML("yaml-flow-lists-63", "\n", "- [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	     "[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",""),
	YAML("yaml-dashes-line", "\n", "- ", "\n"),
	YAML("yaml-dashes-lines", "\n", "-\n", ""),
	YAML("yaml-dashes-deeper", "\n", "\5-\n", ""),
	YAML("yaml-questions-line", "\n", "? ", "\n"),
	YAML("yaml-colons-line", "", ": ", "\n"),
	YAML("yaml-alias-bomb-lists",
	     "\n  a: &a [x,x,x,x,x,x,x,x,x]\n  b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
	     "  c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n  d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\n  e: [",
	     "*d,", "]\n"),
	YAML("yaml-alias-bomb-chain", "\n  a: &a000000 x\n  f: ", "\n  k\1: &b\1 [*a000000, *a000000]",
	     "\n"),
	YAML("yaml-alias-doubling", "\n  - &l000000 [x]\n", "  - &l\1 [*l\2, *l\2]\n", ""),
	YAML("yaml-aliases", "\n  - &a x\n", "  - *a\n", ""),
	YAML("yaml-anchors", "\n", "- &a\1 x\n", ""),
	YAML("yaml-anchors-one-name", "\n", "- &a x\n", ""),
	YAML("yaml-anchors-colliding", "\n", "- &\3 x\n", ""),
	YAML("yaml-anchors-long", "\n", "- &\6\1 x\n", ""),
	RAW("yaml-tag-directives", "", "%TAG !e\1! tag:e,2000:\n", "---\nx\n"),
	RAW("yaml-percent-lines", "#\n", "%\n", "---\nx\n"),
	YAML("yaml-tags", "\n", "- !!str x\n", ""),
	YAML("yaml-long-keys", "\n", "  ? \6\1\n  : x\n", ""),
	YAML("yaml-implicit-keys", "\n", "  \6\1: x\n", ""),
	YAML("yaml-keys", "\n", "  \1: x\n", ""),
	YAML("yaml-keys-colliding", "\n", "  \3: x\n", ""),
	YAML("yaml-key-too-long", "\n  ", "k", ": x\n"),
	YAML("yaml-quoted-key-too-long", "\n  \"", "k", "\": x\n"),
	YAML("yaml-plain", "", "word", "\n"),
	YAML("yaml-plain-words", "", "w ", "\n"),
	YAML("yaml-plain-lines", "", " w\n", "\n"),
	YAML("yaml-double-quoted", "\"", "word", "\"\n"),
	YAML("yaml-double-escapes", "\"", "\\x41\\n", "\"\n"),
	YAML("yaml-double-lines", "\"", "\n\n w\\\n", "\"\n"),
	YAML("yaml-single-quoted", "'", "''", "'\n"),
	YAML("yaml-literal", "|\n", "  w\n", ""),
	YAML("yaml-literal-line", "|\n  ", "word", "\n"),
	YAML("yaml-folded", ">\n", "  w\n\n", ""),
	YAML("yaml-comments", "\n", "# comment\n", "  y\n"),
	YAML("yaml-comment-line", "#", "comment ", "\n  y\n"),
	YAML("yaml-comments-deeper", "\n", "\5# c\n", "  y\n"),
	YAML("yaml-blank-lines", "\n", "\n", "  y\n"),
	YAML("yaml-blanks", "", " ", "y\n"),
	YAML("yaml-cr-only", "", "\r", " y\n"),
	YAML("yaml-cr-lines", "\r", "- x\r", ""),
	YAML("yaml-flow-mix", "[", "{a: [b, \"c\", 'd', {e: }]}, ", "]\n"),
	YAML("yaml-flow-words", "[", "a,", "]\n"),
	YAML("yaml-flow-pairs", "[", "a: b,", "]\n"),
	YAML("yaml-flow-lines", "[", "a\n,", "]\n"),
	RAW("yaml-empty-documents", "", "---\n", ""),
	RAW("yaml-pods", "", "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p\1}\n", ""),
	RAW("yaml-other-objects", POD, "---\napiVersion: v1\nkind: X\n", ""),
	YAML("yaml-merges", "\n  m000000: &m000000 {a: b}\n", "  m\1: &m\1 {<<: *m\2, k\1: x}\n", ""),
	YAML("yaml-merge-of-merge", "\n  - &m000000 {a: b}\n", "  - &m\1 {<<: {<<: *m000000}}\n", ""),
	YAML("yaml-merge-list", "\n  - &m {a: b}\n  - <<: [", "{k\1: x},", "]\n"),
	YAML("yaml-tabs", "a", "\t", "b\n"),
	YAML("yaml-multi-byte", "", "\xc3\xa9\xe2\x82\xac", "\n"),
	YAML("yaml-multi-byte-list", "\n", "- \xf0\x9f\x98\x80\n", ""),
	YAML("yaml-wide-breaks", "", "\xe2\x80\xa8", " y\n"),
	YAML("yaml-floats", "\n",
	     "- 0.1000000000000000055511151231257827021181583404541015625\n", ""),
	YAML("yaml-small-floats", "\n", "- 4.9406564584124654e-324\n", ""),
	YAML("yaml-long-float", "0.", "3", "\n"),
	YAML("yaml-long-integer", "", "9", "\n"),
	YAML("yaml-sexagesimal", "1", ":1", "\n"),
	YAML("yaml-dates", "\n", "- 2001-12-14t21:59:43.10-05:00\n", ""),
	YAML("yaml-binary", "!!binary ", "QUJD", "\n"),
	RAW("yaml-fault-far-away", "", "- x\n", "]\n"),
};

SHAPE_TABLE(yaml_shapes, shapes);
