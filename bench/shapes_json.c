/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#define IN_IMAGE(called, open, unit, close)                                                \
	{                                                                                \
		.name = called, .reader = READ_IMAGE,                                      \
		.document = {"{\"config\":{\"Cmd\":[\"/x\"]},\"x\":" open, unit, close "}"} \
	}
#define IN_CONFIG(called, open, unit, close)                                               \
	{                                                                                \
		.name = called, .reader = READ_IMAGE,                                      \
		.document = {"{\"config\":{\"Cmd\":[\"/x\"]," open, unit, close "}}"}     \
	}
#define IN_PROCESS(called, open, unit, close)                                              \
	{                                                                                \
		.name = called, .reader = READ_SPEC,                                       \
		.document = {"{\"ociVersion\":\"1.0.0\",\"process\":{\"cwd\":\"/\"," open, unit, \
			     close "}}"}                                                 \
	}
#define IN_SPEC(called, open, unit, close)                                                 \
	{                                                                                \
		.name = called, .reader = READ_SPEC,                                       \
		.document = {"{\"ociVersion\":\"1.0.0\",\"process\":{\"cwd\":\"/\",\"args\":[" \
			     "\"/x\"]}," open, unit, close "}"}                          \
	}

static const struct shape shapes[] = {
	IN_IMAGE("json-deep", "", "[", ""),
	IN_IMAGE("json-arrays", "[", "[],", "0]"),
	IN_IMAGE("json-maps", "[", "{\"a\":{}},", "0]"),
	IN_IMAGE("json-short-strings", "[", "\"a\",", "0]"),
	IN_IMAGE("json-numbers", "[", "1,", "0]"),
	IN_IMAGE("json-digits", "", "9", ""),
	IN_IMAGE("json-huge-string", "\"", "abcdefgh", "\""),
	IN_IMAGE("json-escapes-u", "\"", "\\u00e9", "\""),
	IN_IMAGE("json-multi-byte", "\"", "\xc3\xa9\xe2\x82\xac", "\""),
	IN_IMAGE("json-prefix-keys", "{", "\"\6\1\":0,", "\"\":0}"),
	IN_IMAGE("json-colliding-keys-33", "{", "\"\3\":0,", "\"\":0}"),
	IN_IMAGE("json-colliding-keys-31", "{", "\"\4\":0,", "\"\":0}"),
	IN_IMAGE("json-escaped-keys", "{", "\"\\u006b\1\":0,", "\"\":0}"),
	IN_IMAGE("json-blank", "", "        ", "0"),
	IN_IMAGE("json-cr-only", "", "\r", "0"),
	IN_IMAGE("json-lf-only", "", "\n", "0"),
	IN_IMAGE("json-fault-far-away", "[", "\r\n", "?"),
	IN_CONFIG("image-unknown-members", "\"x\":0", ",\"k\1\":0", ""),
	IN_CONFIG("image-env-one-name", "\"Env\":[\"A=\"", ",\"A=b\"", "]"),
	IN_CONFIG("image-env-names", "\"Env\":[\"A=\"", ",\"N\1=b\"", "]"),
	IN_CONFIG("image-env-colliding", "\"Env\":[\"A=\"", ",\"\3=\"", "]"),
	IN_CONFIG("image-env-escaped", "\"Env\":[\"A=\"", ",\"N\1=\\n\"", "]"),
	IN_CONFIG("image-env-one-escape-each", "\"Env\":[\"A=\"", ",\"A=\\t\"", "]"),
	IN_CONFIG("image-huge-escaped", "\"Env\":[\"A=", "\\n\\u0041", "\"]"),
	IN_CONFIG("image-labels", "\"Labels\":{\"\":\"\"", ",\"\1\":\"v\"", "}"),
	IN_CONFIG("image-long-user", "\"User\":\"", "1", "\""),
	IN_CONFIG("image-long-path", "\"Env\":[\"PATH=/a", ":/\1", "\"]"),
	IN_CONFIG("image-cwd-dots", "\"WorkingDir\":\"/", "../a/./", "\""),
	IN_PROCESS("spec-args", "\"args\":[\"/x\"", ",\"a\"", "]"),
	IN_PROCESS("spec-args-escaped", "\"args\":[\"/x\"", ",\"\\\"\"", "]"),
	IN_PROCESS("spec-env-one-name", "\"args\":[\"/x\"],\"env\":[\"A=\"", ",\"A=\1\"", "]"),
	IN_PROCESS("spec-env-no-sign", "\"args\":[\"/x\"],\"env\":[\"A=\"", ",\"=\"", "]"),
	IN_PROCESS("spec-groups", "\"args\":[\"/x\"],\"user\":{\"additionalGids\":[0", ",1\1", "]}"),
	IN_PROCESS("spec-groups-same", "\"args\":[\"/x\"],\"user\":{\"additionalGids\":[0", ",7",
		   "]}"),
	IN_PROCESS("spec-capabilities", "\"args\":[\"/x\"],\"capabilities\":{\"effective\":[\"\"",
		   ",\"CAP_CHOWN\"", "]}"),
	IN_SPEC("spec-unknown-members", "\"x\":0", ",\"k\1\":0", ""),
	IN_SPEC("spec-mounts", "\"mounts\":[{}", ",{\"destination\":\"/\1\",\"options\":[\"ro\"]}",
		"]"),
	IN_SPEC("spec-seccomp", "\"linux\":{\"seccomp\":{\"syscalls\":[{}",
		",{\"names\":[\"read\"],\"action\":\"A\",\"args\":[{\"index\":1}]}", "]}}"),
	IN_SPEC("spec-annotations", "\"annotations\":{\"\":\"\"", ",\"\3\":\"v\"", "}"),
};

SHAPE_TABLE(json_shapes, shapes);
