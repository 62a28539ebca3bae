/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_vectors KIND FILE: rows of inputs and of what the real programs answered, put to the
 * library. A row passes when the library gives upstream's answer or refuses where upstream
 * does; it is stricter when the library refuses, for a listed reason, what upstream takes.
 */
#ifndef OCIENV_TESTS_KINDS_H
#define OCIENV_TESTS_KINDS_H

#include "base/arena.h"
#include "base/error.h"

#include <json-c/json.h>

#include <stdio.h>

enum verdict { ROW_PASSES, ROW_FAILS, ROW_STRICTER };

/* One row and what became of it. */
struct row {
	struct json_object *json;
	struct json_object *document; /* that it is in */
	struct arena *arena; /* empty at the start of each row */
	const char *reason;  /* of ROW_STRICTER, static */
	char detail[512];    /* of ROW_FAILS */
};

typedef enum verdict kind_check(struct row *row);

kind_check check_cri_containerd, check_cri_crio, check_envfile, check_envname, check_expand,
	check_go_json, check_inroot, check_kata_agent_env, check_kubelet_env, check_lookpath,
	check_merge_env, check_runc_env, check_runtime_real, check_user, check_user_files,
	check_yaml_docs, check_yaml_scalars;

/* Fails the row and says why. */
enum verdict row_fails(struct row *row, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The library refused: passes if upstream does too, is stricter for a listed reason. */
enum verdict row_refused(struct row *row, const struct ocienv_error *error,
			 bool upstream_too);

/* A member, or NULL where it is absent or null. */
struct json_object *member(struct json_object *object, const char *name);

/* The string `name`, or the bytes that `name`_b64 encodes; ptr NULL: neither. */
struct sv member_bytes(struct row *row, const char *name);

/* The bytes that a string encodes as base64. */
struct sv decoded(struct row *row, struct json_object *string);

/* The bytes of a string; json-c's keys cannot hold a NUL, so the loader writes it as a
 * character of its own, and this turns it back. */
struct sv bytes_of(struct row *row, struct json_object *string);
struct sv bytes_of_key(struct row *row, const char *key);

/* Compares a list of strings of the row with texts; false: row->detail says where. */
bool same_strings(struct row *row, const char *what, struct json_object *expected,
		  const struct sv *got, size_t count);

#endif
