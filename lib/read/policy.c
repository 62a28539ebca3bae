/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy file. Unlike a document that others write for others, it is for this library
 * alone, so whatever is not known here is an error: a rule that is not understood protects
 * nobody.
 */
#include "read/policy.h"

#include "base/limits.h"
#include "read/read.h"
#include "text/text.h"

struct file {
	struct number version, svn, hostfs;
	struct text id;
	const struct node *image, *exec, *argv, *cwd, *user, *env, *limits;
};

static const struct field file_fields[] = {
	FIELD("ocienv_policy", INT64, struct file, version),
	FIELD("id", STRING, struct file, id),
	FIELD("svn", UINT32, struct file, svn),
	FIELD("image", MAP, struct file, image),
	FIELD("exec", MAP, struct file, exec),
	FIELD("argv", MAP, struct file, argv),
	FIELD("cwd", MAP, struct file, cwd),
	FIELD("user", MAP, struct file, user),
	FIELD("env", MAP, struct file, env),
	FIELD("limits", MAP, struct file, limits),
	FIELD("hostfs", BOOL, struct file, hostfs),
};

int32_t policy_new(struct ocienv_policy **ret, const struct ocienv_options *options)
{
	struct ocienv_limits limits = limits_of(options->limits);
	struct ocienv_policy *policy;
	struct arena arena;
	int32_t status;

	policy = arena_object(&arena, options->allocator, limits.max_result, sizeof(*policy),
			      &status);
	if (!policy)
		return status;
	policy->arena = arena;
	*ret = policy;
	return OCIENV_OK;
}

void policy_free(struct ocienv_policy *policy)
{
	struct arena arena = policy->arena; /* the policy lies in it */

	arena_free(&arena);
}

int32_t policy_fail(const struct reader *reader, int32_t status, struct mark mark,
		    const struct path *up, const char *member, const char *message)
{
	struct path here = path_key(up, sv_of(member));

	return diag_fail(reader->diag, status, mark, member ? &here : up, "%s", message);
}

static int32_t refuse_null(const struct reader *reader, const struct node *node,
			   const struct path *path)
{
	if (node->kind != NODE_NULL)
		return OCIENV_OK;
	return bind_fail(reader, OCIENV_ERR_TYPE, node, path, "expected a value, found null");
}

int32_t policy_bind(const struct reader *reader, const struct node *map, const struct path *path,
		    const struct field *fields, size_t count, void *object)
{
	int32_t status = bind_expect(reader, map, path, NODE_MAP);

	for (uint32_t i = 0; !status && i < node_size(map); i++) {
		const struct node *value = node_value(map, i);
		struct path here = path_key(path, node_sv(node_key(map, i)));

		status = refuse_null(reader, value, &here);
		for (uint32_t k = 0; !status && value->kind == NODE_LIST && k < value->count; k++) {
			struct path element = path_index(&here, k);

			status = refuse_null(reader, &value->children[k], &element);
		}
	}
	return status ? status : bind_members(reader, map, path, fields, count, object);
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool policy_digest(struct sv text, uint8_t ret[DIGEST_SHA256])
{
	if (text.len != 2 * DIGEST_SHA256)
		return false;
	for (size_t i = 0; i < DIGEST_SHA256; i++) {
		int high = digit_of(text.ptr[2 * i]), low = digit_of(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

struct image {
	struct text digest;
};

static int32_t read_image(const struct policy_reader *r, const struct node *map,
			  const struct path *path)
{
	static const struct field fields[] = {FIELD("digest", STRING, struct image, digest)};
	struct image image = {.digest = {.value = SV_NONE}};
	struct ocienv_policy *policy = r->policy;
	int32_t status = policy_bind(&r->reader, map, path, fields, FIELD_COUNT(fields), &image);

	if (status)
		return status;
	if (!image.digest.value.ptr)
		return policy_fail(&r->reader, OCIENV_ERR_VALUE, bind_first(map)->mark, path, NULL,
				   "expected the digest of the image, found none");
	policy->has_image = true;
	policy->image_mark = image.digest.from.mark;
	if (sv_has_prefix(image.digest.value, SV("sha256:")) &&
	    policy_digest(sv_skip(image.digest.value, 7), policy->image))
		return OCIENV_OK;
	return policy_fail(&r->reader, OCIENV_ERR_VALUE, image.digest.from.mark, path, "digest",
			   "expected \"sha256:\" and 64 hexadecimal digits in lower case, found "
			   "another text");
}

struct exec {
	struct text value;
	struct number must_exist;
};

static int32_t read_exec(const struct policy_reader *r, const struct node *map,
			 const struct path *path)
{
	static const struct field fields[] = {
		FIELD("value", STRING, struct exec, value),
		FIELD("must_exist", BOOL, struct exec, must_exist),
	};
	struct exec exec = {.value = {.value = SV_NONE}};
	int32_t status = policy_bind(&r->reader, map, path, fields, FIELD_COUNT(fields), &exec);

	if (status)
		return status;
	if (!exec.value.value.ptr)
		return policy_fail(&r->reader, OCIENV_ERR_VALUE, bind_first(map)->mark, path, NULL,
				   "expected the path of the program, found none");
	if (exec.value.value.ptr[0] != '/' || !exec.value.value.len)
		return policy_fail(&r->reader, OCIENV_ERR_VALUE, exec.value.from.mark, path, "value",
				   "expected an absolute path, found another one");
	r->policy->exec = (struct policy_exec){
		text_keep(&r->policy->arena, exec.value),
		!exec.must_exist.present || exec.must_exist.value};
	return OCIENV_OK;
}

int32_t policy_read_match(const struct policy_reader *r, const struct node *map,
			  const struct path *path, const struct text *word, bool exact,
			  uint8_t *ret)
{
	static const struct sv words[] = {
		[MATCH_IMAGE] = {"image", 5},
		[MATCH_EXACT] = {"exact", 5},
		[MATCH_PREFIX] = {"prefix", 6},
		[MATCH_ANY] = {"any", 3},
	};
	bool known = !word->value.ptr, pins;

	*ret = MATCH_EXACT;
	for (size_t i = 0; word->value.ptr && i < sizeof(words) / sizeof(words[0]); i++) {
		if (!sv_eq(words[i], word->value))
			continue;
		*ret = (uint8_t)i;
		known = true;
	}
	if (!known)
		return policy_fail(&r->reader, OCIENV_ERR_VALUE, word->from.mark, path, "match",
				   "expected \"exact\", \"prefix\" (of arguments), \"image\" or "
				   "\"any\", found another word");
	pins = *ret == MATCH_EXACT || *ret == MATCH_PREFIX;
	if (pins == exact)
		return OCIENV_OK;
	return policy_fail(&r->reader, OCIENV_ERR_VALUE, bind_first(map)->mark, path, NULL,
			   pins ? "expected what must be there, found nothing to compare with"
				: "expected nothing beside \"image\" and \"any\", found more");
}

struct argv {
	struct text match, digest;
	struct text_list value;
	struct number max;
};

static int32_t read_argv(const struct policy_reader *r, const struct node *map,
			 const struct path *path)
{
	static const struct field fields[] = {
		FIELD("match", STRING, struct argv, match),
		FIELD("value", STRINGS, struct argv, value),
		FIELD("value_sha256", STRING, struct argv, digest),
		FIELD("max", UINT32, struct argv, max),
	};
	struct argv argv = {.match = {.value = SV_NONE}};
	struct policy_argv *ret = &r->policy->argv;
	int32_t status = policy_bind(&r->reader, map, path, fields, FIELD_COUNT(fields), &argv);

	ret->mark = map->mark;
	if (!status)
		status = policy_read_match(r, map, path, &argv.match,
				    argv.value.present || argv.digest.value.ptr, &ret->match);
	if (status)
		return status;
	if (argv.digest.value.ptr && (argv.value.present || ret->match != MATCH_EXACT))
		return policy_fail(&r->reader, OCIENV_ERR_VALUE, argv.digest.from.mark, path,
				   "value_sha256",
				   "expected the arguments or their digest, found both, or a "
				   "digest of some of them");
	if (argv.max.present && ret->match != MATCH_PREFIX)
		return policy_fail(&r->reader, OCIENV_ERR_VALUE, argv.max.from.mark, path, "max",
				   "expected a largest number of arguments beside \"prefix\" only, "
				   "found one");
	if (argv.digest.value.ptr && !policy_digest(argv.digest.value, ret->digest))
		return policy_fail(&r->reader, OCIENV_ERR_VALUE, argv.digest.from.mark, path,
				   "value_sha256",
				   "expected 64 hexadecimal digits in lower case, found another text");
	ret->has_digest = argv.digest.value.ptr != NULL;
	ret->max = argv.max;
	ret->value = text_list_keep(&r->policy->arena, argv.value);
	return OCIENV_OK;
}

struct cwd {
	struct text match, value;
};

static int32_t read_cwd(const struct policy_reader *r, const struct node *map,
			const struct path *path)
{
	static const struct field fields[] = {
		FIELD("match", STRING, struct cwd, match),
		FIELD("value", STRING, struct cwd, value),
	};
	struct cwd cwd = {.match = {.value = SV_NONE}};
	struct policy_cwd *ret = &r->policy->cwd;
	int32_t status = policy_bind(&r->reader, map, path, fields, FIELD_COUNT(fields), &cwd);

	ret->mark = map->mark;
	if (!status)
		status = policy_read_match(r, map, path, &cwd.match, cwd.value.value.ptr, &ret->match);
	if (status)
		return status;
	if (ret->match == MATCH_PREFIX)
		return policy_fail(&r->reader, OCIENV_ERR_VALUE, cwd.match.from.mark, path, "match",
				   "expected \"exact\", \"image\" or \"any\", found \"prefix\"");
	ret->value = text_keep(&r->policy->arena, cwd.value);
	return OCIENV_OK;
}

struct limits {
	struct number env, bytes, value;
};

static int32_t read_limits(const struct policy_reader *r, const struct node *map,
			   const struct path *path)
{
	static const struct field fields[] = {
		FIELD("env", UINT32, struct limits, env),
		FIELD("bytes", UINT32, struct limits, bytes),
		FIELD("value", UINT32, struct limits, value),
	};
	struct limits limits = {.env = {.present = false}};
	int32_t status = policy_bind(&r->reader, map, path, fields, FIELD_COUNT(fields), &limits);

	r->policy->max_env = limits.env;
	r->policy->max_bytes = limits.bytes;
	r->policy->max_value = limits.value;
	return status;
}

static int32_t read_head(const struct policy_reader *r, const struct node *document,
			 const struct path *root, const struct file *file)
{
	struct ocienv_policy *policy = r->policy;

	if (!file->version.present || file->version.value != 1)
		return policy_fail(&r->reader, OCIENV_ERR_VALUE,
				   file->version.present ? file->version.from.mark
							 : bind_first(document)->mark,
				   root, file->version.present ? "ocienv_policy" : NULL,
				   "expected \"ocienv_policy\": 1, found another version or none");
	if (file->svn.present && file->svn.value > UINT16_MAX)
		return policy_fail(&r->reader, OCIENV_ERR_VALUE, file->svn.from.mark, root, "svn",
				   "expected a number from 0 to 65535, found a larger one");
	policy->id = text_keep(&policy->arena, file->id).value;
	policy->svn = file->svn;
	policy->hostfs = file->hostfs.present && file->hostfs.value;
	return OCIENV_OK;
}

static int32_t read_parts(const struct policy_reader *r, const struct path *root,
			  const struct file *file)
{
	const struct {
		const char *name;
		const struct node *map;
		int32_t (*read)(const struct policy_reader *r, const struct node *map,
				const struct path *path);
	} parts[] = {
		{"image", file->image, read_image}, {"exec", file->exec, read_exec},
		{"argv", file->argv, read_argv},    {"cwd", file->cwd, read_cwd},
		{"user", file->user, policy_read_user}, {"limits", file->limits, read_limits},
		{"env", file->env, policy_read_env},
	};
	int32_t status = OCIENV_OK;

	for (size_t i = 0; !status && i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct path here = path_key(root, sv_of(parts[i].name));

		if (parts[i].map)
			status = parts[i].read(r, parts[i].map, &here);
	}
	return status;
}

int32_t read_policy(const struct read_input *in, struct ocienv_policy *policy)
{
	struct text_input text = {in->bytes, in->diag, in->limits, in->scratch, false, NULL};
	struct policy_reader r = {.reader = {.diag = in->diag,
					     .limits = in->limits,
					     .scratch = in->scratch,
					     .source = OCIENV_SOURCE_POLICY,
					     .document = DOCUMENT_NONE,
					     .strict = true},
				  .policy = policy};
	struct path root = {NULL, {NULL, 0}, 0};
	struct file file = {.version = {.present = false}};
	const struct node *document;
	int32_t status = json_parse(&text, &document);

	policy->id = SV("");
	if (!status)
		status = policy_bind(&r.reader, document, &root, file_fields,
				     FIELD_COUNT(file_fields), &file);
	if (!status)
		status = read_head(&r, document, &root, &file);
	return status ? status : read_parts(&r, &root, &file);
}

static const struct {
	const char *name, *text;
} builtins[] = {
	/* What a cluster or a host says stays out. */
	{"image-only",
	 "{\"ocienv_policy\": 1, \"id\": \"image-only\", \"env\": {\"unlisted\": \"drop\",\n"
	 "\"rules\": [{\"name\": \"*\", \"from\": [\"default\", \"image\"]}]}}\n"},
	/* What there is to be pinned. */
	{"observe", "{\"ocienv_policy\": 1, \"id\": \"observe\"}\n"},
};

struct sv policy_builtin(struct sv name)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (sv_eq(sv_of(builtins[i].name), name))
			return sv_of(builtins[i].text);
	return SV_NONE;
}
