/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of flags: what is taken, and what the help says about it. */
#include "command_line.h"

#include <stddef.h>

static const struct choice runtimes[] = {
	{"runc", OCIENV_RUNTIME_RUNC},
	{"runc-1.1", OCIENV_RUNTIME_RUNC_1_1},
	{"runc-1.2", OCIENV_RUNTIME_RUNC_1_2},
	{"runc-1.3", OCIENV_RUNTIME_RUNC_1_3},
	{"crun", OCIENV_RUNTIME_CRUN},
	{"crun-1.8", OCIENV_RUNTIME_CRUN_1_8},
	{"kata", OCIENV_RUNTIME_KATA},
	{"execvp", OCIENV_RUNTIME_EXECVP},
	{NULL, 0},
};

static const struct choice cris[] = {
	{"containerd", OCIENV_CRI_CONTAINERD},
	{"crio", OCIENV_CRI_CRIO},
	{NULL, 0},
};

static const struct choice pod_kinds[] = {
	{"object", OCIENV_POD_OBJECT},
	{"podspec", OCIENV_POD_SPEC},
	{"container", OCIENV_POD_CONTAINER},
	{NULL, 0},
};

static const struct choice user_profiles[] = {
	{"strict", OCIENV_USER_STRICT},
	{"containerd", OCIENV_USER_CONTAINERD},
	{"containerd-1.7", OCIENV_USER_CONTAINERD_1_7},
	{"crio", OCIENV_USER_CRIO},
	{"docker", OCIENV_USER_DOCKER},
	{NULL, 0},
};

static const struct choice liboses[] = {
	{"occlum", OCIENV_LIBOS_OCCLUM},
	{"gramine", OCIENV_LIBOS_GRAMINE},
	{NULL, 0},
};

static const struct choice outputs[] = {
	{"text", OUTPUT_TEXT}, {"json", OUTPUT_JSON},	{"blob", OUTPUT_BLOB},
	{"env0", OUTPUT_ENV0}, {"argv0", OUTPUT_ARGV0}, {"occlum", OUTPUT_OCCLUM},
	{"gramine", OUTPUT_GRAMINE}, {"public", OUTPUT_PUBLIC}, {NULL, 0},
};

#define AT(member) offsetof(struct flags, member)
#define ONE_OF(takes, member) ONE, TAKES_##takes, AT(member), 0, 0, NULL
#define MANY_OF(takes, member, counter, most)                                            \
	MANY, TAKES_##takes, AT(member), AT(counter), most, NULL
#define CHOICE_OF(takes, member, choices) CHOICE, TAKES_##takes, AT(member), 0, 0, choices
#define OPTION_OF(takes, bit) OPTION, TAKES_##takes, AT(options), 0, bit, NULL
#define SWITCH_OF(takes, member) SWITCH, takes, AT(member), 0, 0, NULL

static const struct flag table[] = {
	{"--image", "FILE", "image config (JSON)", ONE_OF(INPUTS, image)},
	{"--oci-layout", "DIR[:TAG]",
	 "the image config in an OCI image layout, digests verified; its layers are not unpacked: "
	 "that is --rootfs",
	 ONE_OF(INPUTS, oci_layout)},
	{"--platform", "OS/ARCH[/VARIANT]",
	 "which image of the layout (default: linux and this machine)",
	 ONE_OF(INPUTS, platform)},
	{"--pod", "FILE", "Pod or workload (YAML or JSON)", ONE_OF(INPUTS, pod)},
	{"--spec", "FILE", "OCI runtime spec (config.json)", ONE_OF(INPUTS, spec)},
	{"--bundle", "DIR",
	 "an OCI bundle: its config.json, and the rootfs that root.path names there, as runc finds "
	 "it",
	 ONE_OF(ROOTFS, bundle)},
	{"--layer", "BLOB", "a layer blob in place of a document; may be repeated",
	 MANY_OF(INPUTS, layers, layer_count, MAX_LAYERS)},
	{"--objects", "FILE", "ConfigMaps, Secrets, Services; may be repeated",
	 MANY_OF(INPUTS, objects, object_count, MAX_OBJECTS)},
	{"--fact", "KEY=VALUE",
	 "what no document holds: status.podIP=10.0.0.5; may be repeated",
	 MANY_OF(INPUTS, facts, fact_count, MAX_FACTS)},
	{"--pod-kind", "KIND", "what the pod's file is", CHOICE_OF(INPUTS, pod_kind, pod_kinds)},
	{"--workload", "KIND/NAME", "which workload of the pod's file",
	 ONE_OF(INPUTS, workload)},
	{"--container", "NAME", "which container of the pod", ONE_OF(INPUTS, container)},
	{"--hostname", "NAME", "the sandbox's host name", ONE_OF(INPUTS, hostname)},
	{"--runtime", "NAME", "whose rules", CHOICE_OF(INPUTS, runtime, runtimes)},
	{"--cri", "NAME", "whose rules", CHOICE_OF(INPUTS, cri, cris)},
	{"--user-profile", "NAME", "how a user is looked up",
	 CHOICE_OF(INPUTS, user, user_profiles)},
	{"--cri-direct", NULL, "no kubelet: the image's User whole, with its group",
	 OPTION_OF(INPUTS, OCIENV_CRI_DIRECT)},
	{"--strict", NULL, "unknown fields are errors", OPTION_OF(INPUTS, OCIENV_STRICT)},
	{"--lenient", NULL, "malformed variables as kubelet and runtime take them",
	 OPTION_OF(INPUTS, OCIENV_LENIENT)},
	{"--digests", NULL, "a blob tells the SHA-256 of what it was made from",
	 OPTION_OF(INPUTS, OCIENV_KEEP_DIGEST)},
	{"--rootfs", "DIR", "the container's root", ONE_OF(ROOTFS, rootfs)},
	{"--libos", "NAME", "must be able to run it", LIBOS, TAKES_LIBOS, AT(libos), 0, 0, liboses},
	{"--stack-size", "BYTES", "of the LibOS's first stack; 4M, 256K...", SIZE, TAKES_LIBOS,
	 AT(stack_size), 0, 0, NULL},
	{"--library-path", "DIR", "goes in front of LD_LIBRARY_PATH; may be repeated",
	 MANY_OF(LIBOS, library_path, library_count, MAX_LIBRARIES)},
	{"--occlum-json", "FILE", "what Occlum adds, and what it lets the host change",
	 ONE_OF(LIBOS, occlum_json)},
	{"--accept-root", NULL, "Occlum may run it as root, whatever user was meant",
	 OPTION_OF(LIBOS, OCIENV_ACCEPT_ROOT)},
	{"--policy", "FILE", "what may set what; image-only and observe are built in",
	 ONE_OF(POLICY, policy)},
	{"--exec", NULL, "what is executed, and what was passed over, and why",
	 SWITCH_OF(TAKES_EXEC, exec)},
	{"--output", "FORM", "the form of the answer", OUTPUT, TAKES_OUTPUT, AT(output), 0, 0,
	 outputs},
	{"--digest-key", "FILE", "of --output public: 32 to 128 bytes", ONE_OF(KEY, digest_key)},
	{"--show-secrets", NULL, "do not mask values of Secrets in text",
	 SWITCH_OF(TAKES_SECRETS, show_secrets)},
	{"-o", "FILE", "write there instead of standard output", ONE_OF(OUT, out)},
	{"--help", NULL, "this text", SWITCH_OF(0, help)},
	{"-h", NULL, "the same", SWITCH_OF(0, help)},
};

#define TABLE_SIZE (sizeof(table) / sizeof(table[0]))

_Static_assert(TABLE_SIZE <= MAX_FLAGS, "flags.given has a place for each");

const struct flag *flag_at(size_t index)
{
	return index < TABLE_SIZE ? &table[index] : NULL;
}

bool flag_is_taken(const struct flag *flag, unsigned int takes)
{
	return flag->takes & takes || !flag->takes;
}
