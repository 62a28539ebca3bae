/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the ocienv command share. */
#ifndef OCIENV_TOOLS_TOOL_H
#define OCIENV_TOOLS_TOOL_H

#include "ocienv/ocienv.h"

#include <stdbool.h>
#include <stdio.h>

/* Exit status: a stable interface. */
enum { EXIT_ANSWER = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_SYSTEM = 3 };

enum {
	MAX_LAYERS = 8,
	MAX_OBJECTS = 64,
	MAX_FACTS = 64,
	MAX_NAMES = 64,
	MAX_LIBRARIES = 64,
	MAX_FLAGS = 48
};

/* Columns of a line. */
enum { WIDTH = 80 };

enum output {
	OUTPUT_TEXT,
	OUTPUT_JSON,
	OUTPUT_BLOB,
	OUTPUT_ENV0,
	OUTPUT_ARGV0,
	OUTPUT_OCCLUM,
	OUTPUT_GRAMINE,
	OUTPUT_PUBLIC,
};

/* The flags of one call; strings are argv's. */
struct flags {
	const char *image, *pod, *spec;
	const char *layers[MAX_LAYERS];
	const char *objects[MAX_OBJECTS];
	const char *facts[MAX_FACTS]; /* KEY=VALUE */
	size_t layer_count, object_count, fact_count;
	const char *workload, *container, *hostname, *rootfs, *out, *policy;
	const char *bundle, *oci_layout, *platform;
	const char *operands[MAX_NAMES]; /* arguments that are no flags */
	size_t operand_count;
	uint32_t runtime, cri, user, pod_kind, libos, options;
	uint64_t stack_size;
	const char *occlum_json, *digest_key;
	const char *library_path[MAX_LIBRARIES];
	size_t library_count;
	enum output output;
	bool show_secrets, exec, help;
	bool given[MAX_FLAGS]; /* by place in flag_table.c */
};

/* Which of them a subcommand takes. */
enum {
	TAKES_INPUTS = 1,  /* documents, and what says how to read them */
	TAKES_ROOTFS = 2,
	TAKES_OUTPUT = 4,
	TAKES_BLOB = 8,	  /* one operand: a file */
	TAKES_OUT = 16,
	TAKES_NAMES = 32, /* operands: variables */
	TAKES_SECRETS = 64,
	TAKES_LIBOS = 128, /* where the answer is to run */
	TAKES_EXEC = 256,
	TAKES_POLICY = 512, /* what may set what */
	OBSERVES = 1024,   /* under the built-in policy that keeps account */
	TAKES_KEY = 2048,  /* of the public form */
};

/* Fills `flags`; on failure says why on stderr. */
bool flags_parse(struct flags *flags, int argc, char **argv, unsigned int takes);

/* A whole file, or standard input for "-"; its data is ended by free(), on failure too.
 * Returns an exit status. */
int input_read(const char *name, struct ocienv_document *ret);

/* The same for a descriptor, which stays the caller's, and any name. */
int input_read_fd(int fd, const char *name, struct ocienv_document *ret);

/* The same for a file in a directory that others made: no FIFO or device makes anybody wait. */
int input_read_regular(int dir, const char *path, const char *name, struct ocienv_document *ret);

enum { DIGEST_TEXT = 136 }; /* "sha512:", its digits and a NUL */

/* The config of an image in an OCI image layout, called by its digest. */
struct oci_image {
	struct ocienv_document document; /* its data is ended by free(), on failure too */
	char name[DIGEST_TEXT];
};

/* As the flags say. Returns an exit status. */
int oci_image_read(struct oci_image *ret, const struct flags *flags);

/* The config.json of a bundle, and the rootfs that it names. */
struct bundle {
	struct ocienv_document spec; /* name and data are ended by free(), on failure too */
	int rootfs; /* or -1 */
};

/* Returns an exit status. */
int bundle_read(struct bundle *ret, const char *directory);

/* Replaces `name` in one step, or writes to standard output (NULL). Returns an exit status;
 * on failure the file is as it was. */
int file_write(const char *name, const void *data, size_t size);

/* Text is put together in memory, so that a file is replaced as a whole or not at all. */
struct printed {
	FILE *to;
	char *bytes;
	size_t size;
	bool labels; /* lines start with one: on a terminal it stands out */
};

/* Returns an exit status; text_end() must follow in any case. */
int text_begin(struct printed *text);

/* Wraps the text and writes it as file_write() does, if `status` is EXIT_ANSWER. Returns `status`, or what
 * went wrong. */
int text_end(struct printed *text, int status, const char *name);

/* The same for a buffer, which ends with it. */
int buffer_write(const char *name, struct ocienv_buffer *buffer);

/* The layers that the inputs give, and the rootfs. */
struct inputs {
	int rootfs; /* OCIENV_NO_ROOTFS: none was named */
	struct ocienv_cluster *cluster;
	struct ocienv_policy *policy; /* NULL: none was named */
	struct ocienv_layer *layers[MAX_LAYERS + 3];
	size_t count;
	struct ocienv_document occlum_json; /* data NULL: none was named */
};

/* Returns an exit status; inputs_free() must follow in any case. */
int inputs_read(struct inputs *inputs, const struct flags *flags);
void inputs_free(struct inputs *inputs);

/* Those of the flags, and of what was read; `inputs` may be empty. */
struct ocienv_options options_of(const struct flags *flags, const struct inputs *inputs);

/* "FILE:LINE:COLUMN: " on stderr; no line: "FILE: "; no document: "ocienv: ". */
void say_place(const char *document, uint32_t line, uint32_t column);

/* FILE:LINE:COLUMN: /pointer: message [status], on stderr. Returns the exit status. */
int say_error(const struct ocienv_error *error);

/* NAME: message [status], on stderr. Returns EXIT_REFUSED. */
int say_refused(const char *name, const char *message, const char *status);

/* NAME: what: text of the errno [system], on stderr. Returns EXIT_SYSTEM. */
int say_system(const char *name, const char *what, int error);

/* The enclave's reader does not take what was written for it. Returns EXIT_REFUSED. */
int say_unreadable(void);

/* FILE:LINE:COLUMN: warning: subject: message [code] for each warning, on stderr. */
void say_warnings(const struct ocienv_config *config);

/* "expected ..., found ..." about the command line. Returns EXIT_USAGE. */
int say_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* May a descriptor get colours? */
bool colours_on(int fd);

/* No line wider than WIDTH. `labels`: the first word of a line in bold. */
void print_wrapped(FILE *to, const char *text, size_t size, bool labels);

/* " [status]" and the line's end, on stderr. */
void say_status(const char *status);

/* Text of others: what would steer a terminal, and what is not UTF-8, as \xNN. */
void print_escaped(FILE *to, const char *text, size_t length);

/* The same as one shell-like word, in quotes if need be. */
void print_quoted(FILE *to, const char *text);

/* The answer for people. */
void print_config(FILE *to, const struct ocienv_config *config, bool show_secrets);

/* Occlum's struct, filled from the blob. Returns an exit status. */
int print_occlum(FILE *to, const struct ocienv_buffer *blob);

/* The name of a document. */
void print_document(FILE *to, const char *name);

/* "pod pod.yaml:12:9" */
void print_origin(FILE *to, const struct ocienv_origin *origin);

/* NAME=VALUE, masked if it is or may be a secret. */
void print_variable(FILE *to, const char *entry, bool secret, bool show_secrets);

/* Variables with everything that happened to them, by name. Returns an exit status. */
int explain_names(FILE *to, const struct flags *flags, const struct ocienv_config *config);

/* The file that is executed, how it is found and what it runs as; masked: without paths. */
void print_exec(FILE *to, const struct ocienv_config *config, bool masked);

/* The answer to the inputs; ocienv_config_free() ends it. Returns an exit status. */
int resolve_inputs(const struct flags *flags, struct ocienv_config **ret);

int command_resolve(const struct flags *flags);
int command_explain(const struct flags *flags);
int command_explain_exec(const struct flags *flags);
int command_verify(const struct flags *flags);
int command_layer(const struct flags *flags);
int command_show(const struct flags *flags);
int command_policy(const struct flags *flags);

#endif
