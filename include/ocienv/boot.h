/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file boot.h
 * @brief libocienv-boot: the reader of CONFIG blobs for the inside of an enclave.
 *
 * One freestanding translation unit: no allocation, no system call, no dependency, no libc
 * beyond memcpy, memset and memcmp. It parses no JSON and no YAML.
 *
 * Threads: every function is pure over its arguments; distinct objects from distinct
 * threads, a const object from many.
 *
 * Time of check, time of use: ocienv_boot_open() reads the bytes that it is given, where
 * they lie. Copy a blob that somebody else can write to (shared memory, a host mapping)
 * into memory of your own *before* you open it; all pointers handed out later point into
 * those bytes. Whatever happens to them, these functions read nothing outside the blob. A
 * string that was handed out ends in a NUL inside the blob for as long as nobody writes.
 */
#ifndef OCIENV_BOOT_H
#define OCIENV_BOOT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The largest blob that is read, in bytes. */
#define OCIENV_BOOT_MAX_SIZE ((size_t)16 * 1024 * 1024)

/** Status of the functions below; the same numbers as in ocienv.h. */
enum {
	OCIENV_BOOT_OK = 0,
	OCIENV_BOOT_ERR_ARGUMENT = -1, /**< a NULL or a buffer too small for the answer */
	OCIENV_BOOT_ERR_ENCODING = -5,     /**< a variable that is not UTF-8 (Occlum dies) */
	OCIENV_BOOT_ERR_VALUE = -8,        /**< a sealed value that nobody opens */
	OCIENV_BOOT_ERR_UNSUPPORTED = -12, /**< a path to execute that Occlum refuses */
	OCIENV_BOOT_ERR_BLOB = -16         /**< no canonical CONFIG blob of a known version */
};

/**
 * An opened CONFIG blob. The caller owns the memory of the struct and of the blob; the
 * blob must outlive it. The members are private.
 */
struct ocienv_boot {
	const uint8_t *bytes;  /**< private */
	uint32_t size;         /**< private: bytes of the measured prefix */
	uint32_t section[16];  /**< private: offset of the content by section type, 0: absent */
	uint32_t length[16];   /**< private: its length in bytes */
};

/** The user of the process. */
struct ocienv_boot_user {
	uint32_t uid;           /**< user */
	uint32_t gid;           /**< primary group */
	uint32_t umask;         /**< file mode creation mask, 0022 if nobody said otherwise */
	uint32_t group_count;   /**< supplementary groups */
	const uint8_t *groups;  /**< group_count little-endian 32-bit numbers, maybe unaligned */
};

/**
 * Occlum's `struct user_rootfs_config`, the second argument of its system call 363
 * (MountRootFS), byte for byte: 56 bytes on x86-64.
 */
struct ocienv_occlum_rootfs_config {
	size_t len;                   /**< sizeof this struct; anything else is EINVAL */
	const char *upper_layer_path; /**< host path of the read-write SEFS, NULL: as measured */
	const char *lower_layer_path; /**< host path of the image SEFS, NULL: as measured */
	const char *entry_point;      /**< the one path prefix that may be run, NULL: as measured */
	const char *hostfs_source;    /**< host directory, NULL: no HostFS change */
	const char *hostfs_target;    /**< where it is mounted, NULL: "/host" */
	const char *const *envp;      /**< trusted environment, NULL-terminated */
};

/**
 * @brief Checks a whole CONFIG blob and opens it.
 *
 * Everything is checked once, here: after OCIENV_BOOT_OK the functions below cannot meet a
 * malformed blob. Bytes behind the measured prefix (a trailer) are neither read nor
 * trusted.
 *
 * @param ret   filled on success only
 * @param blob  the bytes, at any alignment
 * @param size  bytes available at @p blob; at most OCIENV_BOOT_MAX_SIZE are looked at
 *
 * @ownership @p ret borrows @p blob.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors ARGUMENT (NULL), BLOB.
 * @since 0.1
 */
int32_t ocienv_boot_open(struct ocienv_boot *ret, const void *blob, size_t size);

/**
 * @brief Bytes of the measured prefix: hash exactly these.
 *
 * @param boot  NULL gives 0
 *
 * @ownership Nothing is handed over.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors None.
 * @since 0.1
 */
size_t ocienv_boot_measured_size(const struct ocienv_boot *boot);

/**
 * @brief The path to execute: absolute, NUL-terminated; NULL if the blob was made without a
 * rootfs.
 *
 * @param boot  NULL gives NULL
 *
 * @ownership Borrowed from the blob.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors None.
 * @since 0.1
 */
const char *ocienv_boot_exec(const struct ocienv_boot *boot);

/**
 * @brief The working directory: absolute, NUL-terminated.
 *
 * @param boot  NULL gives NULL
 *
 * @ownership Borrowed from the blob.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors None.
 * @since 0.1
 */
const char *ocienv_boot_cwd(const struct ocienv_boot *boot);

/**
 * @brief Number of arguments (>= 1), without the NULL.
 *
 * @param boot  NULL gives 0
 *
 * @ownership Nothing is handed over.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors None.
 * @since 0.1
 */
size_t ocienv_boot_argc(const struct ocienv_boot *boot);

/**
 * @brief Number of environment entries, without the NULL.
 *
 * @param boot  NULL gives 0
 *
 * @ownership Nothing is handed over.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors None.
 * @since 0.1
 */
size_t ocienv_boot_envc(const struct ocienv_boot *boot);

/**
 * @brief Fills a NULL-terminated argument vector for execve.
 *
 * @param boot      an opened blob
 * @param vec       the caller's array
 * @param capacity  its size in pointers, at least ocienv_boot_argc() + 1
 *
 * @ownership The strings point into the blob; they are not const because execve wants them
 *            so, and must not be written to.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors ARGUMENT (NULL, too small).
 * @since 0.1
 */
int32_t ocienv_boot_argv(const struct ocienv_boot *boot, char **vec, size_t capacity);

/**
 * @brief Like ocienv_boot_argv(), for the environment: unique names, sorted.
 *
 * @param boot      an opened blob
 * @param vec       the caller's array
 * @param capacity  its size in pointers, at least ocienv_boot_envc() + 1
 *
 * @ownership The strings point into the blob; they are not const because execve wants them
 *            so, and must not be written to.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors ARGUMENT (NULL, too small).
 * @since 0.1
 */
int32_t ocienv_boot_envp(const struct ocienv_boot *boot, char **vec, size_t capacity);

/** Opens sealed values: the caller's, for ocienv_boot_envp_unsealed(). */
struct ocienv_boot_unseal {
	/**
	 * Writes the plain text of a sealed value to @p ret, at most @p most bytes and without
	 * a NUL, and returns its length. Anything else fails the whole call: negative, that
	 * there is none; 0 too, so that a function which answers 0 for "well done" gives no
	 * process an empty secret; more than @p most, that it does not fit.
	 *
	 * @param name   of the variable, NUL-terminated; good until the function returns
	 * @param value  begins with "sealed."; @p size bytes, followed by a NUL for as long as
	 *               nobody writes to the blob
	 */
	int64_t (*open)(void *ctx, const char *name, const char *value, size_t size, char *ret,
			size_t most);
	void *ctx; /**< handed to the function */
};

/**
 * @brief Like ocienv_boot_envp(), with the plain text in place of each sealed value (one
 * that begins with "sealed.").
 *
 * Call it last: open the blob, check its digest, apply your policy, and unseal then. It
 * fails closed. Whatever goes wrong, the whole scratch is cleared and @p vec is empty (its
 * first element is NULL, unless @p capacity is 0), so there is nothing to start a process
 * with. What is in a value is never expanded or looked at, but for NUL and UTF-8.
 *
 * For Occlum call ocienv_boot_occlum() first and this with the same @p vec.
 *
 * @param boot          an opened blob
 * @param vec           the caller's array
 * @param capacity      its size in pointers, at least ocienv_boot_envc() + 1
 * @param scratch       for "NAME=plain text" and a NUL of each sealed variable, one behind
 *                      the other; the function is offered all that is left. May be NULL if
 *                      @p scratch_size is 0, which is enough if nothing is sealed. It must
 *                      live as long as @p vec, and is the caller's to clear
 * @param scratch_size  bytes; what is beyond OCIENV_BOOT_MAX_SIZE is left alone
 * @param unseal        must not be NULL, nor its function
 *
 * @ownership The strings point into the blob and the scratch.
 * @threads Any number at once on one blob that nobody writes to, each with a scratch of its
 *          own.
 * @errors ARGUMENT (NULL, @p vec or scratch too small); VALUE (a value was not opened);
 *         ENCODING (a plain text with a NUL, or not UTF-8: Occlum dies of it); BLOB
 *         (somebody writes to the blob).
 * @since 0.1
 */
int32_t ocienv_boot_envp_unsealed(const struct ocienv_boot *boot, char **vec, size_t capacity,
				  char *scratch, size_t scratch_size,
				  const struct ocienv_boot_unseal *unseal);

/**
 * @brief The user of the process.
 *
 * @param boot  an opened blob
 * @param ret   filled on success
 *
 * @ownership Its groups point into the blob.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors ARGUMENT (NULL).
 * @since 0.1
 */
int32_t ocienv_boot_user(const struct ocienv_boot *boot, struct ocienv_boot_user *ret);

/**
 * @brief Supplementary group number @p i, or UINT32_MAX if there is none.
 *
 * @param user  of ocienv_boot_user(); NULL has none
 * @param i     from 0
 *
 * @ownership Nothing is handed over.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors None.
 * @since 0.1
 */
uint32_t ocienv_boot_group(const struct ocienv_boot_user *user, size_t i);

/**
 * @brief Fills Occlum's struct from the blob.
 *
 * len, entry_point (the exact path that is executed, so that nothing else may be started
 * from outside, unless ROOTFS has a wider filter; NULL without both) and envp are set; the
 * layer and HostFS paths come from the blob's ROOTFS section and are NULL where it has
 * none. A caller that has its own constants for them (the usual case: they are the host's
 * business) sets them afterwards.
 *
 * @param boot      an opened blob
 * @param ret       filled on success only
 * @param vec       scratch for envp; must live as long as @p ret
 * @param capacity  its size in pointers, at least ocienv_boot_envc() + 1
 *
 * @ownership What @p ret points to lies in the blob and @p vec.
 * @threads Any number at once on one blob that nobody writes to.
 * @errors ARGUMENT (NULL, too small); ENCODING (a variable is not UTF-8: Occlum panics on
 *         it; paths always are); UNSUPPORTED (".." in the path to execute: Occlum refuses
 *         it).
 * @since 0.1
 */
int32_t ocienv_boot_occlum(const struct ocienv_boot *boot,
			   struct ocienv_occlum_rootfs_config *ret, char **vec, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif /* OCIENV_BOOT_H */
