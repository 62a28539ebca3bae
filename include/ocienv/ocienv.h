/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file ocienv.h
 * @brief libocienv: which file does a container execute, with which arguments,
 * environment, working directory and user, and where did each value come from?
 *
 * Documents become *layers*, layers become a *config*, a config becomes a *blob*:
 *
 *     image config --+
 *     runtime spec --+--> layer --+
 *     pod + cluster -+            +--ocienv_resolve()--> config --encode--> blob
 *     layer blob -----------------+         ^
 *                                        rootfs
 *
 * Rules that hold for every function here:
 *
 * - Ownership: layers, clusters, configs and buffers belong to the caller and end with
 *   their free function, which takes NULL. All that a getter returns is borrowed from the
 *   object and lives as long as it does.
 * - Outcome: the result is 0 (OCIENV_OK) or one of enum ocienv_status, and never one that
 *   stands not behind "errors" of that function. On failure nothing is written through a
 *   `ret` parameter; on success nothing is written through `reterr`.
 * - Every document, blob and file below the rootfs is taken to be hostile.
 * - No value of an environment variable is ever part of a message.
 * - Threads: distinct objects may be used from distinct threads, a const object from many
 *   at once. There is no global state.
 * - Sizes are in bytes and counts in elements; lines and columns count from 1. A column
 *   counts characters (Unicode code points), not bytes; a line ends at LF, CR LF or CR; a
 *   byte order mark belongs to no column. The position of a JSON string or a quoted YAML
 *   scalar is that of its opening quote.
 */
#ifndef OCIENV_OCIENV_H
#define OCIENV_OCIENV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OCIENV_VERSION_MAJOR 0 /**< version of this header */
#define OCIENV_VERSION_MINOR 1 /**< grows with the interface */
#define OCIENV_VERSION_PATCH 0 /**< grows without it */

/** What a function can answer. The numbers are frozen. */
enum ocienv_status {
	OCIENV_OK = 0,
	OCIENV_ERR_ARGUMENT = -1,     /**< the caller broke the contract of the function */
	OCIENV_ERR_NOMEM = -2,        /**< an allocation failed */
	OCIENV_ERR_LIMIT = -3,        /**< a size, count or depth limit */
	OCIENV_ERR_SYNTAX = -4,       /**< not well-formed JSON or YAML */
	OCIENV_ERR_ENCODING = -5,     /**< not UTF-8, or a NUL where a C string must come out */
	OCIENV_ERR_AMBIGUOUS = -6,    /**< parsers of this document are known to disagree */
	OCIENV_ERR_TYPE = -7,         /**< wrong type for a field that is read */
	OCIENV_ERR_VALUE = -8,        /**< an invalid value, or a required field is missing */
	OCIENV_ERR_REFERENCE = -9,    /**< something is named that is not there */
	OCIENV_ERR_NOTFOUND = -10,    /**< no such executable (or cwd) in the rootfs */
	OCIENV_ERR_ACCESS = -11,      /**< found, but this user may not execute it */
	OCIENV_ERR_UNSUPPORTED = -12, /**< the target cannot run it */
	OCIENV_ERR_UNSAFE = -13,      /**< a path that cannot be trusted or pinned */
	OCIENV_ERR_POLICY = -14,      /**< refused by the policy */
	OCIENV_ERR_MISMATCH = -15,    /**< the host's document is not what image and pod give */
	OCIENV_ERR_BLOB = -16,        /**< not a canonical blob of a known version */
	OCIENV_ERR_SYSTEM = -17       /**< a system call failed; see ocienv_error.sys_errno */
};

/**
 * What went wrong. The caller's memory (512 bytes, never allocated by the library); filled
 * only when a function fails. All strings end in NUL; what does not fit is cut.
 */
struct ocienv_error {
	int32_t status;     /**< the result of the function, enum ocienv_status */
	int32_t sys_errno;  /**< with SYSTEM: the errno of the system call, else 0 */
	uint64_t offset;    /**< of the offending value, in bytes from the document's start;
				 0 in ocienv_resolve(), which has the documents no more */
	uint32_t line;      /**< 1-based; 0: the error is not about a place in a document */
	uint32_t column;    /**< 1-based, in characters */
	char document[72];  /**< the name that the caller gave to the document, or "" */
	char pointer[160];  /**< RFC 6901 pointer to the value, or "" for the whole document */
	char message[256];  /**< one line: what was expected, what was found */
};

/**
 * Where memory comes from. Each function of the library takes it from the options of its
 * call; an object frees its memory through the allocator it was made with, so the
 * functions and @p ctx must outlive it. What the library wrote to a block is cleared before
 * it is freed, since it may hold a value of a Secret. json-c and libyaml use malloc for their
 * own, short-lived needs, and do not clear it.
 */
struct ocienv_allocator {
	void *(*alloc)(void *ctx, size_t size); /**< aligned as malloc does, NULL: none left */
	void (*free)(void *ctx, void *ptr);     /**< never called with NULL */
	void *ctx;                              /**< handed to both */
};

/** Bounds. A member that is 0 means its default. */
struct ocienv_limits {
	size_t size;           /**< sizeof(struct ocienv_limits) */
	uint32_t max_document; /**< bytes per document, and of text in it that YAML aliases
				    repeat; default 4 MiB */
	uint32_t max_depth;    /**< nested lists and maps; default 64 */
	uint32_t max_nodes;    /**< values per document, after alias expansion; 65,536 */
	uint32_t max_string;   /**< bytes per decoded string; 131,072 */
	uint32_t max_args;     /**< arguments; 4,096 */
	uint32_t max_env;      /**< environment entries per list, and of the result; 4,096 */
	uint32_t max_symlinks; /**< links followed in one lookup; 40 (the kernel's own) */
	uint32_t max_result;   /**< bytes of one object (layer, config, blob); 16 MiB */
};

/** Whose last step before execve is reproduced. */
enum ocienv_runtime {
	OCIENV_RUNTIME_RUNC = 0, /**< runc, current */
	OCIENV_RUNTIME_RUNC_1_2, /**< runc 1.2 */
	OCIENV_RUNTIME_RUNC_1_3, /**< runc 1.3.0 to 1.5.1 */
	OCIENV_RUNTIME_CRUN,     /**< crun */
	OCIENV_RUNTIME_KATA,     /**< the kata agent */
	OCIENV_RUNTIME_EXECVP,   /**< runc's environment, glibc's execvp for the look-up */
	OCIENV_RUNTIME_RUNC_1_1, /**< runc before 1.2, as in Debian 12 */
	OCIENV_RUNTIME_CRUN_1_8  /**< crun 1.8, as in Debian 12 */
};

/** Whose merge of image and pod is reproduced. */
enum ocienv_cri {
	OCIENV_CRI_CONTAINERD = 0, /**< containerd's CRI plugin */
	OCIENV_CRI_CRIO            /**< CRI-O */
};

/** What the document of ocienv_layer_from_pod() is. */
enum ocienv_pod_kind {
	OCIENV_POD_OBJECT = 0, /**< a Pod or a workload, as its apiVersion and kind say */
	OCIENV_POD_SPEC,       /**< a PodSpec and nothing around it */
	OCIENV_POD_CONTAINER   /**< one container and nothing around it */
};

/** Who looks the user up, and how much of what upstreams accept by luck is accepted. A
 *  profile decides for images and pods; a runtime spec has the numbers already. */
enum ocienv_user_profile {
	/** As the CRI plugin of `cri` does (containerd, current, or CRI-O), on the way of a
	 *  pod. Refused: ids outside 0 to 2147483647; an entry of /etc/passwd or /etc/group
	 *  that is used and lacks a name or an id, or looks like a comment or NIS; a sign, a
	 *  leading zero, a line feed, a NUL or a second ":" in the image's User; anything but
	 *  a regular file in place of either. */
	OCIENV_USER_STRICT = 0,
	OCIENV_USER_CONTAINERD,     /**< containerd 2.2.4, 2.3.1 and later */
	/** containerd 1.7.27 to 1.7.30: a number that is no id is a name. It knows no
	 *  supplementalGroupsPolicy, so Strict is an error. */
	OCIENV_USER_CONTAINERD_1_7,
	OCIENV_USER_CRIO,           /**< CRI-O; it may add a line to the container's passwd */
	/** docker: the image's User whole, with its group; memberships only without a group.
	 *  No kubelet, no supplementalGroupsPolicy. */
	OCIENV_USER_DOCKER
};

/** Where the program is to run. */
enum ocienv_libos {
	OCIENV_LIBOS_NONE = 0, /**< on Linux: nothing is checked */
	OCIENV_LIBOS_OCCLUM,   /**< Occlum 0.31 */
	OCIENV_LIBOS_GRAMINE   /**< Gramine 1.9 */
};

/** Bits of ocienv_options.flags. */
enum {
	/** Members that no reader of the document knows are errors, not warnings. */
	OCIENV_STRICT = 1 << 0,
	/** What only a check beforehand refuses is treated as what comes behind it does, where
	 *  that one does not refuse it itself: environment entries that are no NAME=VALUE as
	 *  the runtime does, variables of a pod that the API server would refuse as the kubelet
	 *  does. Otherwise they are errors. */
	OCIENV_LENIENT = 1 << 1,
	/** There is no kubelet: the CRI plugin gets the pod's fields as they are and the
	 *  image's User whole, with its group. Nobody looks at runAsNonRoot. */
	OCIENV_CRI_DIRECT = 1 << 2,
	/** Occlum runs everything as root. Whoever asked for another user gets a warning, not
	 *  an error. */
	OCIENV_ACCEPT_ROOT = 1 << 3,
	/** A layer keeps the SHA-256 of its document's bytes, by which a policy pins an image; a
	 *  policy keeps its own. Resolving: a CONFIG blob tells what it was made from. */
	OCIENV_KEEP_DIGEST = 1 << 4,
	/** The caller itself runs inside a LibOS whose directory descriptors are but names, as
	 *  Occlum's are: the rootfs is looked at by names from rootfs_fd, and openat2 is not
	 *  tried. The answer is the same, for fewer calls: what is not there, as most of what a
	 *  search of PATH asks for, takes no descriptor. Nothing short of a change to the tree
	 *  would show what descriptors are, so it is not guessed; without the flag the library
	 *  is right there, too. Since 0.1. */
	OCIENV_INSIDE_LIBOS = 1 << 5
};

/** A document in memory. */
struct ocienv_document {
	const char *name; /**< for errors and provenance, a file name usually; not opened */
	const void *data; /**< its bytes; need not end in NUL; only read during the call */
	size_t size;      /**< their number */
};

/** Rules about what may set what. Immutable. */
struct ocienv_policy;

/** How a call is to be done. NULL in place of it, and 0 in a member, mean the default. Here
 *  and in the limits, a size that ends inside a member is ARGUMENT, and so is a member that
 *  is set but lies behind those that the library knows. */
struct ocienv_options {
	size_t size;                              /**< sizeof(struct ocienv_options) */
	const struct ocienv_allocator *allocator; /**< NULL: malloc and free */
	const struct ocienv_limits *limits;       /**< NULL: the defaults */
	uint32_t runtime;                         /**< enum ocienv_runtime */
	uint32_t cri;                             /**< enum ocienv_cri */
	uint32_t flags;                           /**< OCIENV_STRICT, ... */
	uint32_t user;                            /**< enum ocienv_user_profile */
	const char *workload;  /**< pod: "KIND/NAME" when the document has several workloads;
				    NULL unless pod_kind is OCIENV_POD_OBJECT */
	const char *container; /**< pod: name of the container; NULL: the default one */
	const char *hostname;  /**< pod: the sandbox's host name; NULL: what the pod says */
	uint32_t pod_kind;     /**< pod: enum ocienv_pod_kind */
	uint32_t libos;        /**< enum ocienv_libos */
	uint64_t stack_size;   /**< bytes of the first stack in the LibOS; 0: Occlum's template
				    has 4 MiB, Gramine has 256 KiB. Without a LibOS it is
				    ARGUMENT */
	/** Directories in the rootfs, absolute and without ":" or ";", that go in front of
	 *  LD_LIBRARY_PATH: those that are there, in this order, each once. Then no entry of the
	 *  variable is empty, also of what was in it before. At most 256. */
	const char *const *library_path;
	size_t library_path_count; /**< their number */
	/** The Occlum.json that the enclave is built from, or NULL. Warned of are the variables
	 *  that it lets the host set, those that Occlum adds from it, and paths on the host's
	 *  file system; the first stack's size is its own unless stack_size says another. Not
	 *  with OCIENV_LIBOS_GRAMINE (ARGUMENT). Borrowed for the call. */
	const struct ocienv_document *occlum_json;
	const struct ocienv_policy *policy; /**< resolving: what may set what; NULL: everything
						 may, and is reported */
};

/** Memory that the library made for the caller, who may write to the bytes but not to the
 *  members: ocienv_buffer_free() clears and ends it. */
struct ocienv_buffer {
	void *data;                        /**< the bytes */
	size_t size;                       /**< their number */
	struct ocienv_allocator allocator; /**< private */
};

/** What one document says. Immutable. */
struct ocienv_layer;
/** What a cluster knows beside the pod: ConfigMaps, Secrets, Services, facts. */
struct ocienv_cluster;
/** The answer. Immutable. */
struct ocienv_config;

/**
 * @brief The version of the library, "0.1.0".
 *
 * @ownership Static.
 * @threads Any.
 * @errors None.
 * @since 0.1
 */
const char *ocienv_version(void);

/**
 * @brief Short name of a status ("syntax"), or "unknown".
 *
 * @param status  enum ocienv_status, or any number
 *
 * @ownership Static.
 * @threads Any.
 * @errors None.
 * @since 0.1
 */
const char *ocienv_status_name(int32_t status);

/* --- cluster ------------------------------------------------------------------------ */

/**
 * @brief An empty cluster.
 *
 * @param ret      the new object
 * @param options  allocator and limits, which stay with the object; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_cluster_free() ends it.
 * @threads Any; nothing is shared with other calls.
 * @errors ARGUMENT, NOMEM, LIMIT.
 * @since 0.1
 */
int32_t ocienv_cluster_new(struct ocienv_cluster **ret, const struct ocienv_options *options,
			   struct ocienv_error *reterr);

/**
 * @brief Adds the ConfigMaps, Secrets and Services of a file (JSON, or YAML with any number
 * of documents). Objects of other kinds are passed over; of two objects with the same kind,
 * namespace and name the later one counts, as after `kubectl apply`.
 *
 * On failure the cluster is as it was.
 *
 * @param cluster   is added to
 * @param document  the bytes
 * @param reterr    why it failed; may be NULL
 *
 * @ownership @p document is only read during the call.
 * @threads One at a time on a cluster, and none beside that reads it.
 * @errors ARGUMENT, NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE.
 * @since 0.1
 */
int32_t ocienv_cluster_add_objects(struct ocienv_cluster *cluster,
				   const struct ocienv_document *document,
				   struct ocienv_error *reterr);

/**
 * @brief States what no document holds.
 *
 * By its fieldRef path: "status.podIP", "spec.nodeName", "metadata.uid",
 * "metadata.labels['KEY']" and so on; for resourceFieldRef "allocatable.cpu"; for
 * fileKeyRef the content of the file, as "volume.NAME/PATH". A later value replaces an
 * earlier one.
 *
 * @param cluster  is added to; as it was on failure
 * @param key      the path
 * @param value    in UTF-8
 * @param reterr   why it failed; may be NULL
 *
 * @ownership Both strings are copied.
 * @threads One at a time on a cluster, and none beside that reads it.
 * @errors ARGUMENT (NULL, or not a known fact), NOMEM, LIMIT, ENCODING.
 * @since 0.1
 */
int32_t ocienv_cluster_add_fact(struct ocienv_cluster *cluster, const char *key,
				const char *value, struct ocienv_error *reterr);

/**
 * @brief Ends a cluster. Layers made with it stay valid.
 *
 * @param cluster  may be NULL
 *
 * @ownership Takes @p cluster.
 * @threads None may use it at the same time, or later.
 * @errors None.
 * @since 0.1
 */
void ocienv_cluster_free(struct ocienv_cluster *cluster);

/* --- layers ------------------------------------------------------------------------- */

/** What a layer was made from. */
enum ocienv_layer_kind {
	OCIENV_LAYER_IMAGE = 1,
	OCIENV_LAYER_RUNTIME = 2,
	OCIENV_LAYER_POD = 3
};

/**
 * @brief Reads an OCI or Docker image config (JSON).
 *
 * @param ret       the new layer
 * @param document  the bytes
 * @param options   how; NULL: the defaults
 * @param reterr    why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_layer_free() ends it. @p document is only read
 *            during the call.
 * @threads Any; nothing is shared with other calls.
 * @errors ARGUMENT, NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE.
 * @since 0.1
 */
int32_t ocienv_layer_from_image_config(struct ocienv_layer **ret,
				       const struct ocienv_document *document,
				       const struct ocienv_options *options,
				       struct ocienv_error *reterr);

/**
 * @brief Reads an OCI runtime spec (config.json): what the CRI plugin already decided.
 *
 * @param ret       the new layer
 * @param document  the bytes
 * @param options   how; NULL: the defaults
 * @param reterr    why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_layer_free() ends it. @p document is only read
 *            during the call.
 * @threads Any; nothing is shared with other calls.
 * @errors ARGUMENT, NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE.
 * @since 0.1
 */
int32_t ocienv_layer_from_runtime_spec(struct ocienv_layer **ret,
				       const struct ocienv_document *document,
				       const struct ocienv_options *options,
				       struct ocienv_error *reterr);

/**
 * @brief Reads one container of a Pod (YAML or JSON) and does the kubelet's part:
 * variables, references, `$(VAR)` expansion.
 *
 * ConfigMaps, Secrets and Services of the pod's own file count too. With OCIENV_POD_SPEC or
 * OCIENV_POD_CONTAINER it holds one document that is no object, and workloads in it are
 * passed over. What would stand around that document is unknown: the name of the pod, its
 * labels and so on must be facts, and the namespace is "default" unless it is one.
 *
 * @param ret       the new layer
 * @param document  the bytes
 * @param cluster   what the pod may refer to; NULL: an empty cluster
 * @param options   workload, container and hostname choose and complete; NULL: the defaults
 * @param reterr    why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_layer_free() ends it. @p document and @p
 *            cluster are only read during the call.
 * @threads Any; on one cluster any number at once.
 * @errors ARGUMENT, NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE, REFERENCE (also
 *         a value that only a running node knows and no fact states).
 * @since 0.1
 */
int32_t ocienv_layer_from_pod(struct ocienv_layer **ret,
			      const struct ocienv_document *document,
			      const struct ocienv_cluster *cluster,
			      const struct ocienv_options *options,
			      struct ocienv_error *reterr);

/**
 * @brief Reads a LAYER blob back.
 *
 * @param ret      the new layer
 * @param blob     the bytes
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_layer_free() ends it. @p blob is only read
 *            during the call.
 * @threads Any; nothing is shared with other calls.
 * @errors ARGUMENT, NOMEM, LIMIT, BLOB.
 * @since 0.1
 */
int32_t ocienv_layer_decode(struct ocienv_layer **ret, const struct ocienv_document *blob,
			    const struct ocienv_options *options,
			    struct ocienv_error *reterr);

/**
 * @brief Writes a layer as a LAYER blob: one encoding per content.
 *
 * @param ret      filled on success
 * @param layer    is only read
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_buffer_free() ends it.
 * @threads Any number at once on one layer.
 * @errors ARGUMENT, NOMEM, LIMIT; UNSUPPORTED for what no reader of blobs would take.
 * @since 0.1
 */
int32_t ocienv_layer_encode(struct ocienv_buffer *ret, const struct ocienv_layer *layer,
			    const struct ocienv_options *options,
			    struct ocienv_error *reterr);

/**
 * @brief What a layer was made from: enum ocienv_layer_kind.
 *
 * @param layer  NULL gives 0
 *
 * @ownership Nothing is handed over.
 * @threads Any number at once on one layer.
 * @errors None.
 * @since 0.1
 */
uint32_t ocienv_layer_kind(const struct ocienv_layer *layer);

/**
 * @brief A layer as JSON text (UTF-8, one line feed at the end). It holds values of
 * Secrets.
 *
 * @param ret      filled on success
 * @param layer    is only read
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_buffer_free() ends it.
 * @threads Any number at once on one layer.
 * @errors ARGUMENT, NOMEM, LIMIT.
 * @since 0.1
 */
int32_t ocienv_layer_report(struct ocienv_buffer *ret, const struct ocienv_layer *layer,
			    const struct ocienv_options *options,
			    struct ocienv_error *reterr);

/**
 * @brief Ends a layer. Configs made of it stay valid.
 *
 * @param layer  may be NULL
 *
 * @ownership Takes @p layer.
 * @threads None may use it at the same time, or later.
 * @errors None.
 * @since 0.1
 */
void ocienv_layer_free(struct ocienv_layer *layer);

/* --- policies ----------------------------------------------------------------------- */

/**
 * @brief Reads a policy (JSON; docs/policy.md tells the language). It is data only, and
 * what is not known in it is an error.
 *
 * @param ret       the new policy
 * @param document  the bytes
 * @param options   how; NULL: the defaults
 * @param reterr    why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_policy_free() ends it, behind the calls that it
 *            is used in. @p document is only read during the call.
 * @threads Any; nothing is shared with other calls.
 * @errors ARGUMENT, NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE.
 * @since 0.1
 */
int32_t ocienv_policy_from_json(struct ocienv_policy **ret,
				const struct ocienv_document *document,
				const struct ocienv_options *options,
				struct ocienv_error *reterr);

/**
 * @brief A policy that the library brings along.
 *
 * "image-only" lets only the image's values through; variables from elsewhere are left out
 * and reported, other arguments, another working directory or user are refused. "observe"
 * refuses nothing and keeps account of everything: what it was used for can be pinned.
 *
 * @param ret      the new policy
 * @param name     one of those
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_policy_free() ends it.
 * @threads Any; nothing is shared with other calls.
 * @errors ARGUMENT (NULL, or no such policy), NOMEM, LIMIT.
 * @since 0.1
 */
int32_t ocienv_policy_builtin(struct ocienv_policy **ret, const char *name,
			      const struct ocienv_options *options,
			      struct ocienv_error *reterr);

/**
 * @brief Ends a policy. Configs made with it stay valid.
 *
 * @param policy  may be NULL
 *
 * @ownership Takes @p policy.
 * @threads None may use it at the same time, or later.
 * @errors None.
 * @since 0.1
 */
void ocienv_policy_free(struct ocienv_policy *policy);

/* --- resolving ---------------------------------------------------------------------- */

/** "No rootfs": nothing is looked up, and nothing is guessed. Not -1, which is what an
 *  open() that nobody looked at answers. */
#define OCIENV_NO_ROOTFS (-2)

/**
 * @brief The answer to: which file, which argv, env, cwd and user?
 *
 * Image and pod (or either alone) go through the CRI plugin's merge and the runtime's last
 * step. A runtime spec is that merge already and goes through the last step alone. An image
 * beside a runtime spec lies below it: it gives the arguments, the working directory and
 * the user that the spec leaves out, and its variables stand before the spec's, so that the
 * spec's win.
 *
 * With a LibOS in the options, the answer is what that LibOS is to be given, and whatever
 * it could not run is UNSUPPORTED, with what to do about it in the message: a program of
 * another machine, without the owner's x bit, at a path that it does not take, arguments
 * and variables that do not fit on its first stack; for Occlum a program that is static or
 * has a fixed address, and a user other than root; for Gramine a loader that it would not
 * find. A working directory that Gramine would miss is NOTFOUND.
 *
 * With a policy in the options, a variable that it does not let through is left out with a
 * warning, or the whole answer is refused (POLICY): the message names the variable, its
 * source and the rule, and the place is that of the value. A policy that names the image's
 * digest needs an image layer that was made with OCIENV_KEEP_DIGEST. What the LibOS step
 * adds needs no rule.
 *
 * @param ret        the new config
 * @param layers     at most one of each kind, in any order; a pod beside a runtime spec is
 *                   ARGUMENT (the spec already holds the pod's result)
 * @param count      number of layers, at least 1
 * @param rootfs_fd  directory that is the container's root, or OCIENV_NO_ROOTFS
 * @param options    how; NULL: the defaults
 * @param reterr     why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_config_free() ends it. All else is only read
 *            during the call.
 * @threads Any; on one layer, policy or rootfs any number at once.
 * @errors ARGUMENT, NOMEM, LIMIT, ENCODING, VALUE, REFERENCE (user or group), NOTFOUND,
 *         ACCESS, UNSUPPORTED, UNSAFE, POLICY, SYSTEM; with an Occlum.json also SYNTAX,
 *         AMBIGUOUS, TYPE.
 * @since 0.1
 */
int32_t ocienv_resolve(struct ocienv_config **ret, const struct ocienv_layer *const *layers,
		       size_t count, int rootfs_fd, const struct ocienv_options *options,
		       struct ocienv_error *reterr);

/**
 * @brief Reads a CONFIG blob back. It knows the class of each value's source, but no
 * document, line or column, and no file descriptor.
 *
 * @param ret      the new config
 * @param blob     the bytes
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_config_free() ends it. @p blob is only read
 *            during the call.
 * @threads Any; nothing is shared with other calls.
 * @errors ARGUMENT, NOMEM, LIMIT, BLOB.
 * @since 0.1
 */
int32_t ocienv_config_decode(struct ocienv_config **ret, const struct ocienv_document *blob,
			     const struct ocienv_options *options,
			     struct ocienv_error *reterr);

/**
 * @brief Writes a config as a CONFIG blob: one encoding per content, the environment sorted
 * by name.
 *
 * @param ret      filled on success
 * @param config   is only read
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_buffer_free() ends it.
 * @threads Any number at once on one config.
 * @errors ARGUMENT, NOMEM, LIMIT; UNSUPPORTED if there is no answer to carry: a user that
 *         is still a name, or a user or group 4294967295, which is nobody's number.
 * @since 0.1
 */
int32_t ocienv_config_encode(struct ocienv_buffer *ret, const struct ocienv_config *config,
			     const struct ocienv_options *options,
			     struct ocienv_error *reterr);

/**
 * @brief Writes the public form of a CONFIG blob: values of variables and arguments that came
 * out of Secrets are replaced by their HMAC-SHA-384, those that are sealed stay as they are.
 *
 * Its `sha384sum` may be told to everybody, in a quote or as a reference value: nobody can
 * try secrets until it fits without the key. It is the same for the config and for what was
 * decoded from its blob, so the enclave checks it before it unseals. Nothing reads it back.
 *
 * @param ret       filled on success
 * @param config    is only read
 * @param key       known to those who check the digest alone, as the nonce that the agent
 *                  draws for a start is
 * @param key_size  32 to 128 bytes
 * @param options   how; NULL: the defaults
 * @param reterr    why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_buffer_free() ends it. @p key is only read during
 *            the call.
 * @threads Any number at once on one config.
 * @errors ARGUMENT (also for another size of the key), NOMEM, LIMIT; UNSUPPORTED if there is no
 *         answer to carry, as with ocienv_config_encode().
 * @since 0.1
 */
int32_t ocienv_config_encode_public(struct ocienv_buffer *ret, const struct ocienv_config *config,
				    const void *key, size_t key_size,
				    const struct ocienv_options *options,
				    struct ocienv_error *reterr);

/** Bytes of a SHA-384 digest. */
#define OCIENV_DIGEST_SIZE 48

/**
 * @brief SHA-384 of the CONFIG blob's measured prefix: what `sha384sum` gives for the blob.
 *
 * @param ret     filled on success
 * @param config  is only read
 * @param reterr  why it failed; may be NULL
 *
 * @ownership @p ret is the caller's memory.
 * @threads Any number at once on one config.
 * @errors ARGUMENT, NOMEM, LIMIT; UNSUPPORTED if there is no answer to carry: a user that
 *         is still a name, or a user or group 4294967295, which is nobody's number.
 * @since 0.1
 */
int32_t ocienv_config_digest(uint8_t ret[OCIENV_DIGEST_SIZE], const struct ocienv_config *config,
			     struct ocienv_error *reterr);

/**
 * @brief Arguments, NULL-terminated, as execve takes them.
 *
 * @param config     NULL gives NULL
 * @param ret_count  their number without the NULL; may be NULL
 *
 * @ownership Borrowed from the config.
 * @threads Any number at once on one config.
 * @errors None.
 * @since 0.1
 */
const char *const *ocienv_config_argv(const struct ocienv_config *config, size_t *ret_count);

/**
 * @brief Environment, NULL-terminated, unique names, in the runtime's order.
 *
 * @param config     NULL gives NULL
 * @param ret_count  their number without the NULL; may be NULL
 *
 * @ownership Borrowed from the config.
 * @threads Any number at once on one config.
 * @errors None.
 * @since 0.1
 */
const char *const *ocienv_config_envp(const struct ocienv_config *config, size_t *ret_count);

/**
 * @brief Working directory; "/" if nobody said otherwise.
 *
 * @param config  NULL gives NULL
 *
 * @ownership Borrowed from the config.
 * @threads Any number at once on one config.
 * @errors None.
 * @since 0.1
 */
const char *ocienv_config_cwd(const struct ocienv_config *config);

/** One interpreter of a script. */
struct ocienv_interpreter {
	const char *path; /**< as written after "#!" */
	const char *arg;  /**< its one argument, or NULL */
};

/**
 * The file that is executed.
 *
 * Occlum reads less of a script's first line than the kernel does: it knows no argument, no
 * blank behind the name, no line feed behind byte 127, no script as interpreter and no relative
 * one. With such a script and OCIENV_LIBOS_OCCLUM the last interpreter is what is executed
 * (path to inode), path_index is -1, and the arguments are those that the kernel would give it:
 * interpreter, its argument, the script's absolute path in place of argv[0], the rest. They come
 * from OCIENV_SOURCE_LIBOS. The chain of interpreters stays. A script that Occlum understands is
 * executed as itself, so that an entry point can name it alone.
 */
struct ocienv_exec {
	const char *path;      /**< as found: absolute, what the runtime would execve */
	const char *canonical; /**< without links, "." and "..", inside the rootfs */
	int32_t path_index;    /**< 0-based entry of PATH, -1: PATH was not searched */
	int32_t fd;            /**< O_PATH descriptor of the file, borrowed; -1: none */
	uint64_t device;       /**< st_dev of the file */
	uint64_t inode;        /**< st_ino of the file */
	const struct ocienv_interpreter *interpreters; /**< script chain, outermost first */
	size_t interpreter_count; /**< 0: it is no script */
	const char *machine;    /**< of the ELF file that runs in the end ("x86_64"), or NULL */
	const char *elf_type;   /**< "exec" or "dyn", or NULL */
	const char *elf_interp; /**< its PT_INTERP, or NULL (static) */
};

/**
 * @brief The file that is executed.
 *
 * @param config  is only read
 * @param ret     filled on success
 *
 * @ownership What @p ret points to, and its descriptor, are borrowed from the config.
 * @threads Any number at once on one config.
 * @errors ARGUMENT (NULL, or the config was made without a rootfs).
 * @since 0.1
 */
int32_t ocienv_config_exec(const struct ocienv_config *config, struct ocienv_exec *ret);

/** The user of the process. */
struct ocienv_user {
	uint32_t uid;            /**< user; of no meaning while there is a name */
	uint32_t gid;            /**< primary group */
	uint32_t umask;          /**< file mode creation mask, 0022 if nobody said otherwise */
	uint32_t group_count;    /**< supplementary groups: the complete list */
	const uint32_t *groups;  /**< as many numbers */
	const char *name;        /**< not NULL: still a name, no rootfs to look it up in */
};

/**
 * @brief The user of the process.
 *
 * @param config  is only read
 * @param ret     filled on success
 *
 * @ownership What @p ret points to is borrowed from the config.
 * @threads Any number at once on one config.
 * @errors ARGUMENT (NULL).
 * @since 0.1
 */
int32_t ocienv_config_user(const struct ocienv_config *config, struct ocienv_user *ret);

/** Who a value comes from. */
enum ocienv_source {
	OCIENV_SOURCE_DEFAULT = 0, /**< built into the CRI plugin or the runtime */
	OCIENV_SOURCE_IMAGE,
	OCIENV_SOURCE_RUNTIME, /**< the runtime spec, or a value that the runtime adds */
	OCIENV_SOURCE_SERVICE, /**< a Service's variables */
	OCIENV_SOURCE_CONFIGMAP,
	OCIENV_SOURCE_SECRET,
	OCIENV_SOURCE_DOWNWARD, /**< a field of the pod, or a fact */
	OCIENV_SOURCE_POD,
	OCIENV_SOURCE_POLICY,
	OCIENV_SOURCE_LIBOS,
	OCIENV_SOURCE_CALLER
};

/**
 * @brief Short name of a source ("image"), or "unknown".
 *
 * @param source  enum ocienv_source, or any number
 *
 * @ownership Static.
 * @threads Any.
 * @errors None.
 * @since 0.1
 */
const char *ocienv_source_name(uint32_t source);

/** The steps between the documents and execve. */
enum ocienv_step {
	OCIENV_STEP_NONE = 0,
	OCIENV_STEP_KUBELET, /**< envFrom, env and Services become one list */
	OCIENV_STEP_CRI,     /**< image and pod become a runtime spec */
	OCIENV_STEP_RUNTIME, /**< the last one of a name wins, HOME is added */
	OCIENV_STEP_LIBOS    /**< directories of libraries are put in front */
};

/** Bits of ocienv_origin.changed: why a value is not what a document says. */
enum {
	OCIENV_CHANGED_BY_EXPANSION = 1 << 0, /**< the kubelet replaced a `$(NAME)` or `$$` */
	OCIENV_CHANGED_BY_DEFAULT = 1 << 1,   /**< no document says it: it is built in */
	OCIENV_CHANGED_BY_RUNTIME = 1 << 2    /**< the runtime made or trimmed it */
};

/** Where a value was written, and what became of it. */
struct ocienv_origin {
	uint32_t source;      /**< enum ocienv_source */
	uint32_t secret;      /**< 1: it came from a Secret; do not show the value */
	const char *document; /**< name of the document, or NULL */
	uint32_t line;        /**< 0: unknown */
	uint32_t column;      /**< 0: unknown */
	uint32_t changed;     /**< OCIENV_CHANGED_BY_EXPANSION, ... */
	uint32_t lost_in;     /**< of a value that was overridden: in which enum ocienv_step */
	uint32_t reserved[2]; /**< 0 */
};

/** What ocienv_config_origin() can be asked about. */
enum ocienv_item {
	OCIENV_ITEM_ENV = 1, /**< environment entry number `index` */
	OCIENV_ITEM_ARGV,    /**< argument number `index` */
	OCIENV_ITEM_CWD,
	OCIENV_ITEM_USER
};

/**
 * @brief Where a value came from, and what it overrode.
 *
 * @param config  is only read
 * @param item    enum ocienv_item
 * @param index   which environment entry or argument; else of no meaning
 * @param depth   0: the value itself; 1: the value that it overrode; 2: the one before...
 * @param ret     filled on success
 *
 * @ownership What @p ret points to is borrowed from the config.
 * @threads Any number at once on one config.
 * @errors ARGUMENT (NULL, no such item, or nothing at that depth).
 * @since 0.1
 */
int32_t ocienv_config_origin(const struct ocienv_config *config, uint32_t item, size_t index,
			     size_t depth, struct ocienv_origin *ret);

/** What a policy said about one variable. */
struct ocienv_ruling {
	const char *name;    /**< of the variable */
	const char *verdict; /**< "allowed", "dropped", "kept": left out, the image's value
				  stands */
	uint32_t source;     /**< enum ocienv_source, as the policy trusts it: an entry of a
				  runtime spec that the image has as well is the image's */
	uint32_t rule;	     /**< its number from 0, as in /env/rules/N; UINT32_MAX: none */
	uint32_t line;	     /**< of the rule in the policy; 0: none */
	uint32_t reserved;   /**< 0 */
};

/**
 * @brief Ruling number @p index: those of the variables in ocienv_config_envp()'s order as
 * the policy saw them, then those of what was left out.
 *
 * @param config  is only read
 * @param index   from 0
 * @param ret     filled on success
 *
 * @ownership What @p ret points to is borrowed from the config.
 * @threads Any number at once on one config.
 * @errors ARGUMENT (NULL, there are no more, or there was no policy).
 * @since 0.1
 */
int32_t ocienv_config_ruling(const struct ocienv_config *config, size_t index,
			     struct ocienv_ruling *ret);

/**
 * @brief Writes the policy that pins an answer: resolving the same layers under it gives
 * the same answer, and each change of them is refused.
 *
 * Values that come out of a Secret stand in it as SHA-256 digests, unless they are sealed.
 *
 * @param ret      filled on success
 * @param config   resolved with a policy, usually the built-in "observe"; a value that the
 *                 LibOS step made is not part of what a policy sees
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_buffer_free() ends it.
 * @threads Any number at once on one config.
 * @errors ARGUMENT (NULL, or resolved without a policy), NOMEM, LIMIT; UNSUPPORTED if there
 *         is nothing to pin: a user that is still a name, a variable that no rule can be
 *         about, or an answer that was made for a LibOS.
 * @since 0.1
 */
int32_t ocienv_policy_pin(struct ocienv_buffer *ret, const struct ocienv_config *config,
			  const struct ocienv_options *options,
			  struct ocienv_error *reterr);

/** Something that users get hurt by, although there is an answer. */
struct ocienv_warning {
	const char *code;    /**< of docs/warnings.md: "cwd-missing" */
	const char *subject; /**< what it is about: a variable's name, a path; maybe "" */
	const char *message; /**< one line, for people */
	struct ocienv_origin origin; /**< line 0: not about a place in a document */
};

/**
 * @brief Warning number @p index.
 *
 * @param config  is only read
 * @param index   from 0
 * @param ret     filled on success
 *
 * @ownership What @p ret points to is borrowed from the config.
 * @threads Any number at once on one config.
 * @errors ARGUMENT (NULL, or there are no more).
 * @since 0.1
 */
int32_t ocienv_config_warning(const struct ocienv_config *config, size_t index,
			      struct ocienv_warning *ret);

/**
 * @brief The whole answer as JSON text: the stable form that `ocienv resolve --output json`
 * prints, one line feed at the end. It holds values of Secrets.
 *
 * @param ret      filled on success
 * @param config   is only read
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_buffer_free() ends it.
 * @threads Any number at once on one config.
 * @errors ARGUMENT, NOMEM, LIMIT.
 * @since 0.1
 */
int32_t ocienv_config_report(struct ocienv_buffer *ret, const struct ocienv_config *config,
			     const struct ocienv_options *options,
			     struct ocienv_error *reterr);

/**
 * @brief The answer as lines of a Gramine manifest, to put into one that names mounts and
 * trusted files: libos.entrypoint, loader.argv, one loader.env."NAME" per variable,
 * fs.start_dir, loader.uid, loader.gid, and sys.stack.size where options->stack_size says
 * so or Gramine's 256 KiB would leave the program less than 64 KiB.
 *
 * The lines are safe in a template, which is code on the machine that signs it, and come
 * out of gramine-manifest and of the loader with the same bytes. Where the environment has
 * LD_LIBRARY_PATH, the directory of the program's loader is added at its end if it is not
 * in it.
 *
 * @param ret      filled on success
 * @param config   is only read
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_buffer_free() ends it.
 * @threads Any number at once on one config.
 * @errors ARGUMENT, NOMEM, LIMIT; UNSUPPORTED for what no manifest can carry, with what to
 *         do about it: a line feed in a variable's name; bytes that are not UTF-8; one of
 *         the characters U+000B, U+000E, U+000F, U+001A to U+001F and U+007F; the user or
 *         group 4294967295; an answer without a program or with a user that is still a
 *         name; too many or too long strings.
 * @since 0.1
 */
int32_t ocienv_config_gramine(struct ocienv_buffer *ret, const struct ocienv_config *config,
			      const struct ocienv_options *options,
			      struct ocienv_error *reterr);

/**
 * @brief Ends a config and closes its descriptor.
 *
 * @param config  may be NULL
 *
 * @ownership Takes @p config.
 * @threads None may use it at the same time, or later.
 * @errors None.
 * @since 0.1
 */
void ocienv_config_free(struct ocienv_config *config);

/* --- verifying ---------------------------------------------------------------------- */

/** How a host's runtime spec differs from what image and pod give. Immutable. */
struct ocienv_verdict;

/**
 * @brief What did the host drop, change, add, repeat or reorder?
 *
 * Image and pod are resolved on the one side, the runtime spec on the other, both to what
 * execve gets, and compared: variables by name (their order means nothing, but for entries
 * of one name), arguments, working directory, user. Nothing is looked up in PATH. A policy
 * in the options is not asked.
 *
 * OCIENV_OK means that there is a verdict, not that the host is right:
 * ocienv_verdict_status() says that.
 *
 * @param ret        the new verdict
 * @param layers     a runtime spec, and an image or a pod or both; at most one of each kind
 * @param count      number of layers, at least 2
 * @param rootfs_fd  as in ocienv_resolve(); without one a user is compared as far as image
 *                   and pod give numbers
 * @param options    how; NULL: the defaults
 * @param reterr     why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_verdict_free() ends it. All else is only read
 *            during the call.
 * @threads Any; on one layer or rootfs any number at once.
 * @errors ARGUMENT, NOMEM, LIMIT, ENCODING, VALUE, REFERENCE (user or group), ACCESS,
 *         UNSAFE, SYSTEM; with an Occlum.json also SYNTAX, AMBIGUOUS, TYPE.
 * @since 0.1
 */
int32_t ocienv_verify(struct ocienv_verdict **ret, const struct ocienv_layer *const *layers,
		      size_t count, int rootfs_fd, const struct ocienv_options *options,
		      struct ocienv_error *reterr);

/**
 * @brief Is the host's document what image and pod give?
 *
 * @param verdict  is only read
 * @param reterr   why it failed; may be NULL
 *
 * @ownership Nothing is handed over.
 * @threads Any number at once on one verdict.
 * @errors MISMATCH, with the place of the first difference that is not allowed; ARGUMENT
 *         (NULL).
 * @since 0.1
 */
int32_t ocienv_verdict_status(const struct ocienv_verdict *verdict, struct ocienv_error *reterr);

/** One difference. It holds no value of a variable. */
struct ocienv_difference {
	const char *code;    /**< "dropped", "changed", "added", "duplicated", "reordered";
				  "cannot-tell": no rootfs to look the user up in */
	const char *subject; /**< the variable's name; "argv[2]", "cwd", "uid", "gid",
				  "groups", "umask" */
	uint32_t item;       /**< enum ocienv_item */
	uint32_t allowed;    /**< 1: a host may do it: HOSTNAME where nobody gave a name, TERM,
				  variables of Services that nobody listed */
	struct ocienv_origin expected; /**< where image or pod say it; line 0: nowhere */
	struct ocienv_origin found;    /**< where the runtime spec says it; line 0: nowhere */
};

/**
 * @brief Difference number @p index.
 *
 * @param verdict  is only read
 * @param index    from 0
 * @param ret      filled on success
 *
 * @ownership What @p ret points to is borrowed from the verdict.
 * @threads Any number at once on one verdict.
 * @errors ARGUMENT (NULL, or there are no more).
 * @since 0.1
 */
int32_t ocienv_verdict_difference(const struct ocienv_verdict *verdict, size_t index,
				  struct ocienv_difference *ret);

/**
 * @brief The whole verdict as JSON text, one line feed at the end.
 *
 * @param ret      filled on success
 * @param verdict  is only read
 * @param options  how; NULL: the defaults
 * @param reterr   why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_buffer_free() ends it.
 * @threads Any number at once on one verdict.
 * @errors ARGUMENT, NOMEM, LIMIT.
 * @since 0.1
 */
int32_t ocienv_verdict_report(struct ocienv_buffer *ret, const struct ocienv_verdict *verdict,
			      const struct ocienv_options *options,
			      struct ocienv_error *reterr);

/**
 * @brief Ends a verdict.
 *
 * @param verdict  may be NULL
 *
 * @ownership Takes @p verdict.
 * @threads None may use it at the same time, or later.
 * @errors None.
 * @since 0.1
 */
void ocienv_verdict_free(struct ocienv_verdict *verdict);

/* --- looking up --------------------------------------------------------------------- */

/** Which file is executed, and what else was looked at. Immutable. */
struct ocienv_lookup;

/**
 * @brief As ocienv_resolve(), but what the rootfs refuses is an answer, too.
 *
 * OCIENV_OK means that the program was looked up, not that it was found:
 * ocienv_lookup_status() says that.
 *
 * @param ret        the new lookup
 * @param layers     as in ocienv_resolve()
 * @param count      number of layers, at least 1
 * @param rootfs_fd  directory that is the container's root
 * @param options    how; NULL: the defaults
 * @param reterr     why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_lookup_free() ends it. All else is only read
 *            during the call.
 * @threads Any; on one layer, policy or rootfs any number at once.
 * @errors ARGUMENT, NOMEM, LIMIT (also for a list of candidates beyond
 *         ocienv_limits.max_result), and those by which ocienv_resolve() refuses the
 *         documents before it looks the program up: ENCODING, VALUE, REFERENCE, ACCESS,
 *         UNSAFE, POLICY, SYSTEM; with an Occlum.json also SYNTAX, AMBIGUOUS, TYPE.
 * @since 0.1
 */
int32_t ocienv_lookup_new(struct ocienv_lookup **ret, const struct ocienv_layer *const *layers,
			  size_t count, int rootfs_fd, const struct ocienv_options *options,
			  struct ocienv_error *reterr);

/**
 * @brief What ocienv_resolve() would return, with its error.
 *
 * @param lookup  is only read
 * @param reterr  why it failed; may be NULL
 *
 * @ownership Nothing is handed over.
 * @threads Any number at once on one lookup.
 * @errors ARGUMENT (NULL), NOTFOUND, ACCESS, UNSUPPORTED, UNSAFE, POLICY (another program
 *         than the policy's), SYSTEM.
 * @since 0.1
 */
int32_t ocienv_lookup_status(const struct ocienv_lookup *lookup, struct ocienv_error *reterr);

/**
 * @brief The answer; NULL if there is none.
 *
 * @param lookup  NULL gives NULL
 *
 * @ownership Borrowed from the lookup.
 * @threads Any number at once on one lookup.
 * @errors None.
 * @since 0.1
 */
const struct ocienv_config *ocienv_lookup_config(const struct ocienv_lookup *lookup);

/** One file that was looked at. Strings are borrowed from the lookup. */
struct ocienv_candidate {
	const char *path;    /**< as it was tried: absolute in the rootfs, with "//" and "/./"
				  squeezed */
	int32_t path_index;  /**< 0-based entry of PATH; -1: the name has a slash, PATH was not
				  searched */
	int32_t status;      /**< OCIENV_OK: it is executed; else why it is not */
	const char *reason;  /**< the same for people: "does not exist"; NULL: it is executed */
	uint32_t secret;     /**< 1: the path is made of a value that came from a Secret or is
				  sealed; the reason never is */
};

/**
 * @brief File number @p index that was looked at, in the order of PATH.
 *
 * Each entry of PATH comes once, also where a runtime searches twice; the list ends where
 * the search ended. A program that was found may still be refused by a LibOS.
 *
 * @param lookup  is only read
 * @param index   from 0
 * @param ret     filled on success
 *
 * @ownership What @p ret points to is borrowed from the lookup.
 * @threads Any number at once on one lookup.
 * @errors ARGUMENT (NULL, or there are no more).
 * @since 0.1
 */
int32_t ocienv_lookup_candidate(const struct ocienv_lookup *lookup, size_t index,
				struct ocienv_candidate *ret);

/** A library that the program needs, or another of its libraries. Strings are borrowed. */
struct ocienv_library {
	const char *name;      /**< as it is asked for: "libc.so.6" */
	const char *path;      /**< where the loader finds it in the rootfs; NULL: nowhere */
	const char *rule;      /**< by which of its rules: "LD_LIBRARY_PATH", "DT_RUNPATH" */
	const char *needed_by; /**< name of the library that asks for it; NULL: the program */
	uint32_t broken;       /**< 1: the loader takes it, and it is no library for the machine */
	uint32_t secret;       /**< 1: the path is made of a value that came from a Secret or is
				    sealed */
};

/**
 * @brief Library number @p index: those of the program first, then those of each in its
 * turn.
 *
 * As glibc's or musl's loader looks for them, without a cache (/etc/ld.so.cache is not
 * read) and without what depends on the processor. A static program has none, nor has one
 * that this process may not read. There is none where the lookup failed.
 *
 * @param lookup  is only read
 * @param index   from 0
 * @param ret     filled on success
 *
 * @ownership What @p ret points to is borrowed from the lookup.
 * @threads Any number at once on one lookup.
 * @errors ARGUMENT (NULL, or there are no more).
 * @since 0.1
 */
int32_t ocienv_lookup_library(const struct ocienv_lookup *lookup, size_t index,
			      struct ocienv_library *ret);

/**
 * @brief The whole lookup as JSON text, one line feed at the end.
 *
 * @param ret           filled on success
 * @param lookup        is only read
 * @param show_secrets  0: paths made of secrets are null
 * @param options       how; NULL: the defaults
 * @param reterr        why it failed; may be NULL
 *
 * @ownership @p ret is the caller's; ocienv_buffer_free() ends it.
 * @threads Any number at once on one lookup.
 * @errors ARGUMENT, NOMEM, LIMIT.
 * @since 0.1
 */
int32_t ocienv_lookup_report(struct ocienv_buffer *ret, const struct ocienv_lookup *lookup,
			     uint32_t show_secrets, const struct ocienv_options *options,
			     struct ocienv_error *reterr);

/**
 * @brief Ends a lookup, its config and the descriptor.
 *
 * @param lookup  may be NULL
 *
 * @ownership Takes @p lookup.
 * @threads None may use it at the same time, or later.
 * @errors None.
 * @since 0.1
 */
void ocienv_lookup_free(struct ocienv_lookup *lookup);

/**
 * @brief Clears and ends a buffer and empties the struct.
 *
 * @param buffer  may be NULL
 *
 * @ownership Takes the bytes; the struct stays the caller's.
 * @threads None may use it at the same time, or later.
 * @errors None.
 * @since 0.1
 */
void ocienv_buffer_free(struct ocienv_buffer *buffer);

#ifdef __cplusplus
}
#endif

#endif /* OCIENV_OCIENV_H */
