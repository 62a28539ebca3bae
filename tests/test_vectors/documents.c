/* SPDX-License-Identifier: Apache-2.0 */
/* go_json and runtime_real: whole JSON documents through the public interface. */
#include "kinds.h"
#include "root.h"

#include "resolve/config.h"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

static bool same_list(struct row *row, const char *what, struct json_object *expected,
		      const struct text_list *list)
{
	struct sv *texts = ARENA_ARRAY(row->arena, list->count, struct sv);

	for (uint32_t i = 0; i < list->count; i++)
		texts[i] = list->items[i].value;
	return same_strings(row, what, expected, texts, list->count);
}

static bool same_env_list(struct row *row, struct json_object *expected,
			  const struct env_list *env)
{
	struct sv *texts = ARENA_ARRAY(row->arena, env->count, struct sv);

	for (uint32_t i = 0; i < env->count; i++)
		texts[i] = env->items[i].text;
	return same_strings(row, "env", expected, texts, env->count);
}

static bool same_text(struct row *row, struct json_object *expected, struct sv got)
{
	struct sv text = expected ? bytes_of(row, expected) : SV("");

	if (sv_eq(text, got))
		return true;
	(void)row_fails(row, "expected \"%.*s\", got \"%.*s\"", SV_ARG(text), SV_ARG(got));
	return false;
}

static bool same_layer(struct row *row, struct json_object *expected, bool image,
		       const struct ocienv_layer *layer)
{
	if (image)
		return same_list(row, "entrypoint", member(expected, "entrypoint"),
				 &layer->entrypoint) &&
		       same_list(row, "cmd", member(expected, "cmd"), &layer->args) &&
		       same_env_list(row, member(expected, "env"), &layer->env) &&
		       same_text(row, member(expected, "working_dir"), layer->cwd.value);
	return same_list(row, "args", member(expected, "args"), &layer->args) &&
	       same_env_list(row, member(expected, "env"), &layer->env) &&
	       same_text(row, member(expected, "cwd"), layer->cwd.value);
}

/* Image configs are read by json.Unmarshal everywhere; a config.json the way of runc. */
enum verdict check_go_json(struct row *row)
{
	bool image = strcmp(json_object_get_string(member(row->json, "kind")), "image") == 0;
	struct json_object *column = member(row->json, image ? "unmarshal" : "decoder");
	struct sv bytes = decoded(row, member(row->json, "doc_b64"));
	struct ocienv_document document = {"doc.json", bytes.ptr, bytes.len};
	bool ok = json_object_get_boolean(member(column, "ok"));
	struct ocienv_layer *layer = NULL;
	struct ocienv_error error;
	int32_t status;
	bool same;

	if (!column || !bytes.ptr)
		return row_fails(row, "expected a document and an answer, found none");
	status = image ? ocienv_layer_from_image_config(&layer, &document, NULL, &error)
		       : ocienv_layer_from_runtime_spec(&layer, &document, NULL, &error);
	if (status)
		return row_refused(row, &error, !ok);
	same = ok && same_layer(row, member(column, image ? "config" : "process"), image, layer);
	if (!ok)
		(void)row_fails(row, "upstream refuses: %s",
				json_object_get_string(member(column, "error")));
	ocienv_layer_free(layer);
	return same ? ROW_PASSES : ROW_FAILS;
}

/* --- runtime_real: the root that the rows were run in -------------------------------- */

static bool make_tree(const struct root *root)
{
	static const char *const dirs[] = {"bin", "opt", "etc", "w", "roothome"};
	static const char *const programs[] = {"show", "bin/show", "opt/optshow"};
	static const char *const passwd = "root:x:0:0::/roothome:\nu1:x:1001:1001::/home/u1:\n"
					  "u2:x:1002:1002:::\n";
	/* All that a lookup reads of a static program. */
	static const Elf64_Ehdr program = {
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	};
	static const Elf64_Phdr load = {.p_type = PT_LOAD};
	char image[sizeof(program) + sizeof(load)];

	memcpy(image, &program, sizeof(program));
	memcpy(image + sizeof(program), &load, sizeof(load));
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (mkdirat(root->fd, dirs[i], 0755))
			return false;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (!root_file(root, programs[i], sv_from(image, sizeof(image)), 0755))
			return false;
	return root_file(root, "etc/passwd", sv_of(passwd), 0644);
}

static bool same_config(struct row *row, struct json_object *expected,
			const struct ocienv_config *config)
{
	struct sv *args = ARENA_ARRAY(row->arena, config->argc, struct sv);

	for (uint32_t i = 0; i < config->argc; i++)
		args[i] = sv_of(config->argv[i]);
	return same_strings(row, "args", member(expected, "args"), args, config->argc) &&
	       same_env_list(row, member(expected, "env"), &config->env) &&
	       same_text(row, member(expected, "cwd"), config->cwd.value);
}

static int32_t answer(struct row *row, int root, uint32_t runtime, struct ocienv_config **ret,
		      struct ocienv_error *error)
{
	struct sv bytes = decoded(row, member(row->json, "config_b64"));
	struct ocienv_document document = {"config.json", bytes.ptr, bytes.len};
	/* crun has its own way with malformed entries; runc refuses them in any case. */
	struct ocienv_options options = {
		.size = sizeof(options), .runtime = runtime, .flags = OCIENV_LENIENT};
	struct ocienv_layer *layer = NULL;
	int32_t status = ocienv_layer_from_runtime_spec(&layer, &document, &options, error);

	if (!status)
		status = ocienv_resolve(ret, (const struct ocienv_layer *const *)&layer, 1, root,
					&options, error);
	ocienv_layer_free(layer);
	return status;
}

/* Where runtimes disagree about a document, it is refused (docs/strictness.md). */
static bool runc_refuses(struct row *row)
{
	struct json_object *column = member(member(row->json, "results"), "runc 1.3.6");

	return column && !json_object_get_boolean(member(column, "ok"));
}

static enum verdict check_column(struct row *row, int root, const char *name, uint32_t runtime)
{
	struct json_object *column = member(member(row->json, "results"), name);
	bool ok = json_object_get_boolean(member(column, "ok"));
	struct ocienv_config *config = NULL;
	struct ocienv_error error;
	enum verdict verdict;

	if (!column)
		return row_fails(row, "expected the column %s, found none", name);
	if (answer(row, root, runtime, &config, &error)) {
		verdict = row_refused(row, &error, !ok);
		if (verdict != ROW_FAILS || !runc_refuses(row))
			return verdict;
		row->reason = "what runc refuses";
		return ROW_STRICTER;
	}
	if (!ok)
		verdict = row_fails(row, "%s refuses", name);
	else
		verdict = same_config(row, column, config) ? ROW_PASSES : ROW_FAILS;
	ocienv_config_free(config);
	return verdict;
}

enum verdict check_runtime_real(struct row *row)
{
	static const struct {
		const char *name;
		uint32_t runtime;
	} columns[] = {
		{"runc 1.1.5", OCIENV_RUNTIME_RUNC_1_1},
		{"runc 1.1.15", OCIENV_RUNTIME_RUNC_1_1},
		{"runc 1.3.6", OCIENV_RUNTIME_RUNC_1_3},
		{"crun 1.8.1", OCIENV_RUNTIME_CRUN_1_8},
		{"crun 1.21", OCIENV_RUNTIME_CRUN},
		{"crun 1.28", OCIENV_RUNTIME_CRUN},
	};
	enum verdict verdict = ROW_PASSES;
	struct root root;

	if (!root_make(&root) || !make_tree(&root))
		verdict = row_fails(row, "cannot make a root in %s", root.name);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		enum verdict one = verdict == ROW_FAILS ? ROW_FAILS
							: check_column(row, root.fd, columns[i].name,
								       columns[i].runtime);

		verdict = one == ROW_PASSES ? verdict : one;
	}
	root_remove(&root);
	return verdict;
}
