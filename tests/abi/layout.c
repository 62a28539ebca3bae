/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a compiled program has of the headers: sizes, offsets and numbers. Each is what the
 * rules of the processors' ABIs give (a member lies at the next multiple of its alignment),
 * so a mistake here does not compile. A released line is never changed; what a struct with a
 * size gets at its end gets lines of its own.
 *
 * Columns: LP64; ILP32; ILP32 where a uint64_t in a struct is aligned to 4 bytes (i386).
 */
#include <ocienv/boot.h>
#include <ocienv/ocienv.h>

struct aligned {
	char first;
	uint64_t number;
};

#define COLUMN(lp64, ilp32, i386)                                                        \
	(sizeof(void *) == 8 ? (lp64) : offsetof(struct aligned, number) == 8 ? (ilp32) : (i386))
#define SIZE(type, ...)                                                                  \
	_Static_assert(sizeof(struct type) == COLUMN(__VA_ARGS__), "size of " #type)
#define MEMBER(type, member, ...)                                                        \
	_Static_assert(offsetof(struct type, member) == COLUMN(__VA_ARGS__),             \
		       "offset of " #type "." #member)
#define NUMBER(name, value) _Static_assert((name) == (value), "value of " #name)

SIZE(ocienv_error, 512, 512, 512);
MEMBER(ocienv_error, status, 0, 0, 0);
MEMBER(ocienv_error, sys_errno, 4, 4, 4);
MEMBER(ocienv_error, offset, 8, 8, 8);
MEMBER(ocienv_error, line, 16, 16, 16);
MEMBER(ocienv_error, column, 20, 20, 20);
MEMBER(ocienv_error, document, 24, 24, 24);
MEMBER(ocienv_error, pointer, 96, 96, 96);
MEMBER(ocienv_error, message, 256, 256, 256);

SIZE(ocienv_allocator, 24, 12, 12);
MEMBER(ocienv_allocator, alloc, 0, 0, 0);
MEMBER(ocienv_allocator, free, 8, 4, 4);
MEMBER(ocienv_allocator, ctx, 16, 8, 8);

SIZE(ocienv_limits, 40, 36, 36);
MEMBER(ocienv_limits, size, 0, 0, 0);
MEMBER(ocienv_limits, max_document, 8, 4, 4);
MEMBER(ocienv_limits, max_depth, 12, 8, 8);
MEMBER(ocienv_limits, max_nodes, 16, 12, 12);
MEMBER(ocienv_limits, max_string, 20, 16, 16);
MEMBER(ocienv_limits, max_args, 24, 20, 20);
MEMBER(ocienv_limits, max_env, 28, 24, 24);
MEMBER(ocienv_limits, max_symlinks, 32, 28, 28);
MEMBER(ocienv_limits, max_result, 36, 32, 32);

SIZE(ocienv_document, 24, 12, 12);
MEMBER(ocienv_document, name, 0, 0, 0);
MEMBER(ocienv_document, data, 8, 4, 4);
MEMBER(ocienv_document, size, 16, 8, 8);

SIZE(ocienv_options, 112, 72, 72);
MEMBER(ocienv_options, size, 0, 0, 0);
MEMBER(ocienv_options, allocator, 8, 4, 4);
MEMBER(ocienv_options, limits, 16, 8, 8);
MEMBER(ocienv_options, runtime, 24, 12, 12);
MEMBER(ocienv_options, cri, 28, 16, 16);
MEMBER(ocienv_options, flags, 32, 20, 20);
MEMBER(ocienv_options, user, 36, 24, 24);
MEMBER(ocienv_options, workload, 40, 28, 28);
MEMBER(ocienv_options, container, 48, 32, 32);
MEMBER(ocienv_options, hostname, 56, 36, 36);
MEMBER(ocienv_options, pod_kind, 64, 40, 40);
MEMBER(ocienv_options, libos, 68, 44, 44);
MEMBER(ocienv_options, stack_size, 72, 48, 48);
MEMBER(ocienv_options, library_path, 80, 56, 56);
MEMBER(ocienv_options, library_path_count, 88, 60, 60);
MEMBER(ocienv_options, occlum_json, 96, 64, 64);
MEMBER(ocienv_options, policy, 104, 68, 68);

SIZE(ocienv_buffer, 40, 20, 20);
MEMBER(ocienv_buffer, data, 0, 0, 0);
MEMBER(ocienv_buffer, size, 8, 4, 4);
MEMBER(ocienv_buffer, allocator, 16, 8, 8);

SIZE(ocienv_interpreter, 16, 8, 8);
MEMBER(ocienv_interpreter, path, 0, 0, 0);
MEMBER(ocienv_interpreter, arg, 8, 4, 4);

SIZE(ocienv_exec, 80, 56, 52);
MEMBER(ocienv_exec, path, 0, 0, 0);
MEMBER(ocienv_exec, canonical, 8, 4, 4);
MEMBER(ocienv_exec, path_index, 16, 8, 8);
MEMBER(ocienv_exec, fd, 20, 12, 12);
MEMBER(ocienv_exec, device, 24, 16, 16);
MEMBER(ocienv_exec, inode, 32, 24, 24);
MEMBER(ocienv_exec, interpreters, 40, 32, 32);
MEMBER(ocienv_exec, interpreter_count, 48, 36, 36);
MEMBER(ocienv_exec, machine, 56, 40, 40);
MEMBER(ocienv_exec, elf_type, 64, 44, 44);
MEMBER(ocienv_exec, elf_interp, 72, 48, 48);

SIZE(ocienv_user, 32, 24, 24);
MEMBER(ocienv_user, uid, 0, 0, 0);
MEMBER(ocienv_user, gid, 4, 4, 4);
MEMBER(ocienv_user, umask, 8, 8, 8);
MEMBER(ocienv_user, group_count, 12, 12, 12);
MEMBER(ocienv_user, groups, 16, 16, 16);
MEMBER(ocienv_user, name, 24, 20, 20);

SIZE(ocienv_origin, 40, 36, 36);
MEMBER(ocienv_origin, source, 0, 0, 0);
MEMBER(ocienv_origin, secret, 4, 4, 4);
MEMBER(ocienv_origin, document, 8, 8, 8);
MEMBER(ocienv_origin, line, 16, 12, 12);
MEMBER(ocienv_origin, column, 20, 16, 16);
MEMBER(ocienv_origin, changed, 24, 20, 20);
MEMBER(ocienv_origin, lost_in, 28, 24, 24);
MEMBER(ocienv_origin, reserved, 32, 28, 28);

SIZE(ocienv_ruling, 32, 24, 24);
MEMBER(ocienv_ruling, name, 0, 0, 0);
MEMBER(ocienv_ruling, verdict, 8, 4, 4);
MEMBER(ocienv_ruling, source, 16, 8, 8);
MEMBER(ocienv_ruling, rule, 20, 12, 12);
MEMBER(ocienv_ruling, line, 24, 16, 16);
MEMBER(ocienv_ruling, reserved, 28, 20, 20);

SIZE(ocienv_warning, 64, 48, 48);
MEMBER(ocienv_warning, code, 0, 0, 0);
MEMBER(ocienv_warning, subject, 8, 4, 4);
MEMBER(ocienv_warning, message, 16, 8, 8);
MEMBER(ocienv_warning, origin, 24, 12, 12);

SIZE(ocienv_difference, 104, 88, 88);
MEMBER(ocienv_difference, code, 0, 0, 0);
MEMBER(ocienv_difference, subject, 8, 4, 4);
MEMBER(ocienv_difference, item, 16, 8, 8);
MEMBER(ocienv_difference, allowed, 20, 12, 12);
MEMBER(ocienv_difference, expected, 24, 16, 16);
MEMBER(ocienv_difference, found, 64, 52, 52);

SIZE(ocienv_candidate, 32, 20, 20);
MEMBER(ocienv_candidate, path, 0, 0, 0);
MEMBER(ocienv_candidate, path_index, 8, 4, 4);
MEMBER(ocienv_candidate, status, 12, 8, 8);
MEMBER(ocienv_candidate, reason, 16, 12, 12);
MEMBER(ocienv_candidate, secret, 24, 16, 16);

SIZE(ocienv_library, 40, 24, 24);
MEMBER(ocienv_library, name, 0, 0, 0);
MEMBER(ocienv_library, path, 8, 4, 4);
MEMBER(ocienv_library, rule, 16, 8, 8);
MEMBER(ocienv_library, needed_by, 24, 12, 12);
MEMBER(ocienv_library, broken, 32, 16, 16);
MEMBER(ocienv_library, secret, 36, 20, 20);

SIZE(ocienv_boot, 144, 136, 136);
MEMBER(ocienv_boot, bytes, 0, 0, 0);
MEMBER(ocienv_boot, size, 8, 4, 4);
MEMBER(ocienv_boot, section, 12, 8, 8);
MEMBER(ocienv_boot, length, 76, 72, 72);

SIZE(ocienv_boot_user, 24, 20, 20);
MEMBER(ocienv_boot_user, uid, 0, 0, 0);
MEMBER(ocienv_boot_user, gid, 4, 4, 4);
MEMBER(ocienv_boot_user, umask, 8, 8, 8);
MEMBER(ocienv_boot_user, group_count, 12, 12, 12);
MEMBER(ocienv_boot_user, groups, 16, 16, 16);

SIZE(ocienv_occlum_rootfs_config, 56, 28, 28);
MEMBER(ocienv_occlum_rootfs_config, len, 0, 0, 0);
MEMBER(ocienv_occlum_rootfs_config, upper_layer_path, 8, 4, 4);
MEMBER(ocienv_occlum_rootfs_config, lower_layer_path, 16, 8, 8);
MEMBER(ocienv_occlum_rootfs_config, entry_point, 24, 12, 12);
MEMBER(ocienv_occlum_rootfs_config, hostfs_source, 32, 16, 16);
MEMBER(ocienv_occlum_rootfs_config, hostfs_target, 40, 20, 20);
MEMBER(ocienv_occlum_rootfs_config, envp, 48, 24, 24);

SIZE(ocienv_boot_unseal, 16, 8, 8);
MEMBER(ocienv_boot_unseal, open, 0, 0, 0);
MEMBER(ocienv_boot_unseal, ctx, 8, 4, 4);

NUMBER(OCIENV_OK, 0);
NUMBER(OCIENV_ERR_ARGUMENT, -1);
NUMBER(OCIENV_ERR_NOMEM, -2);
NUMBER(OCIENV_ERR_LIMIT, -3);
NUMBER(OCIENV_ERR_SYNTAX, -4);
NUMBER(OCIENV_ERR_ENCODING, -5);
NUMBER(OCIENV_ERR_AMBIGUOUS, -6);
NUMBER(OCIENV_ERR_TYPE, -7);
NUMBER(OCIENV_ERR_VALUE, -8);
NUMBER(OCIENV_ERR_REFERENCE, -9);
NUMBER(OCIENV_ERR_NOTFOUND, -10);
NUMBER(OCIENV_ERR_ACCESS, -11);
NUMBER(OCIENV_ERR_UNSUPPORTED, -12);
NUMBER(OCIENV_ERR_UNSAFE, -13);
NUMBER(OCIENV_ERR_POLICY, -14);
NUMBER(OCIENV_ERR_MISMATCH, -15);
NUMBER(OCIENV_ERR_BLOB, -16);
NUMBER(OCIENV_ERR_SYSTEM, -17);

NUMBER(OCIENV_RUNTIME_RUNC, 0);
NUMBER(OCIENV_RUNTIME_RUNC_1_2, 1);
NUMBER(OCIENV_RUNTIME_RUNC_1_3, 2);
NUMBER(OCIENV_RUNTIME_CRUN, 3);
NUMBER(OCIENV_RUNTIME_KATA, 4);
NUMBER(OCIENV_RUNTIME_EXECVP, 5);
NUMBER(OCIENV_RUNTIME_RUNC_1_1, 6);
NUMBER(OCIENV_RUNTIME_CRUN_1_8, 7);

NUMBER(OCIENV_CRI_CONTAINERD, 0);
NUMBER(OCIENV_CRI_CRIO, 1);

NUMBER(OCIENV_POD_OBJECT, 0);
NUMBER(OCIENV_POD_SPEC, 1);
NUMBER(OCIENV_POD_CONTAINER, 2);

NUMBER(OCIENV_USER_STRICT, 0);
NUMBER(OCIENV_USER_CONTAINERD, 1);
NUMBER(OCIENV_USER_CONTAINERD_1_7, 2);
NUMBER(OCIENV_USER_CRIO, 3);
NUMBER(OCIENV_USER_DOCKER, 4);

NUMBER(OCIENV_LIBOS_NONE, 0);
NUMBER(OCIENV_LIBOS_OCCLUM, 1);
NUMBER(OCIENV_LIBOS_GRAMINE, 2);

NUMBER(OCIENV_STRICT, 1);
NUMBER(OCIENV_LENIENT, 2);
NUMBER(OCIENV_CRI_DIRECT, 4);
NUMBER(OCIENV_ACCEPT_ROOT, 8);
NUMBER(OCIENV_KEEP_DIGEST, 16);
NUMBER(OCIENV_INSIDE_LIBOS, 32);

NUMBER(OCIENV_LAYER_IMAGE, 1);
NUMBER(OCIENV_LAYER_RUNTIME, 2);
NUMBER(OCIENV_LAYER_POD, 3);

NUMBER(OCIENV_SOURCE_DEFAULT, 0);
NUMBER(OCIENV_SOURCE_IMAGE, 1);
NUMBER(OCIENV_SOURCE_RUNTIME, 2);
NUMBER(OCIENV_SOURCE_SERVICE, 3);
NUMBER(OCIENV_SOURCE_CONFIGMAP, 4);
NUMBER(OCIENV_SOURCE_SECRET, 5);
NUMBER(OCIENV_SOURCE_DOWNWARD, 6);
NUMBER(OCIENV_SOURCE_POD, 7);
NUMBER(OCIENV_SOURCE_POLICY, 8);
NUMBER(OCIENV_SOURCE_LIBOS, 9);
NUMBER(OCIENV_SOURCE_CALLER, 10);

NUMBER(OCIENV_STEP_NONE, 0);
NUMBER(OCIENV_STEP_KUBELET, 1);
NUMBER(OCIENV_STEP_CRI, 2);
NUMBER(OCIENV_STEP_RUNTIME, 3);
NUMBER(OCIENV_STEP_LIBOS, 4);

NUMBER(OCIENV_CHANGED_BY_EXPANSION, 1);
NUMBER(OCIENV_CHANGED_BY_DEFAULT, 2);
NUMBER(OCIENV_CHANGED_BY_RUNTIME, 4);

NUMBER(OCIENV_ITEM_ENV, 1);
NUMBER(OCIENV_ITEM_ARGV, 2);
NUMBER(OCIENV_ITEM_CWD, 3);
NUMBER(OCIENV_ITEM_USER, 4);

NUMBER(OCIENV_BOOT_OK, 0);
NUMBER(OCIENV_BOOT_ERR_ARGUMENT, -1);
NUMBER(OCIENV_BOOT_ERR_ENCODING, -5);
NUMBER(OCIENV_BOOT_ERR_VALUE, -8);
NUMBER(OCIENV_BOOT_ERR_UNSUPPORTED, -12);
NUMBER(OCIENV_BOOT_ERR_BLOB, -16);

NUMBER(OCIENV_NO_ROOTFS, -2);
NUMBER(OCIENV_DIGEST_SIZE, 48);
NUMBER(OCIENV_BOOT_MAX_SIZE, 16777216);
