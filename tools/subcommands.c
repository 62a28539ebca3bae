/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands, with what their help says beside the flags. */
#include "command_line.h"

#define FORM(name) (1U << OUTPUT_##name)

enum {
	FORMS_ANSWER = FORM(TEXT) | FORM(JSON) | FORM(BLOB) | FORM(ENV0) | FORM(ARGV0) |
		       FORM(OCCLUM) | FORM(GRAMINE) | FORM(PUBLIC),
	FORMS_REPORT = FORM(TEXT) | FORM(JSON),
};

static const struct subcommand subcommands[] = {
	{"resolve",
	 TAKES_INPUTS | TAKES_LIBOS | TAKES_POLICY | TAKES_ROOTFS | TAKES_OUTPUT |
		 TAKES_KEY | TAKES_SECRETS | TAKES_OUT,
	 FORMS_ANSWER, command_resolve, "the answer",
	 "INPUTS [--rootfs DIR] [--output FORM] [-o FILE]",
	 "Prints which file is executed, with which argv, environment, working directory "
	 "and user, and where each value came from. Text masks what came from Secrets; the "
	 "other forms are complete.",
	 "ocienv resolve --image image.json --pod pod.yaml --rootfs /mnt/rootfs\n"
	 "ocienv resolve --bundle /run/bundle --output json\n"
	 "ocienv resolve --oci-layout redis:7.2 --rootfs /mnt/rootfs\n"
	 "kubectl get pod web -o json | ocienv resolve --image image.json --pod -\n"
	 "ocienv resolve --image image.json --rootfs rootfs --libos occlum\n"
	 "ocienv resolve --spec config.json --output public --digest-key key -o c.oeb\n"},
	{"layer", TAKES_INPUTS | TAKES_OUT, 0, command_layer,
	 "one document as a blob, to resolve elsewhere", "INPUT -o FILE",
	 "Writes what one document says as a LAYER blob, for whoever resolves it with the "
	 "others.",
	 "ocienv layer --pod pod.yaml --objects objects.yaml -o pod.oeb\n"
	 "ocienv resolve --image image.json --layer pod.oeb\n"},
	{"verify", TAKES_INPUTS | TAKES_ROOTFS | TAKES_OUTPUT, FORMS_REPORT, command_verify,
	 "what did the host drop, change or add?",
	 "--spec FILE --image FILE --pod FILE [INPUTS]",
	 "What did the host drop, change, add, repeat or reorder? Compares its config.json "
	 "with what image and pod give. Exit status 1: something.",
	 "ocienv verify --image image.json --pod pod.yaml --spec config.json\n"},
	{"explain",
	 TAKES_INPUTS | TAKES_LIBOS | TAKES_POLICY | TAKES_ROOTFS | TAKES_OUTPUT | TAKES_EXEC |
		 TAKES_NAMES | TAKES_SECRETS,
	 FORMS_REPORT, command_explain, "where values come from, step by step",
	 "INPUTS [--rootfs DIR] [--exec] [NAME...]",
	 "Where do variables come from, what did they override, and which step changed them? "
	 "Without a NAME: all of them, argv, cwd and user. With --exec: which files were "
	 "tried; --output json is for that alone.",
	 "ocienv explain --image image.json --pod pod.yaml PATH\n"
	 "ocienv explain --bundle /run/bundle --exec\n"},
	{"policy", TAKES_INPUTS | TAKES_ROOTFS | TAKES_OUT | OBSERVES, 0, command_policy,
	 "a policy that pins the answer", "INPUTS [--rootfs DIR] [-o FILE]",
	 "Writes the policy that pins the answer: under it the same inputs give the same "
	 "answer, and each change of them is refused.",
	 "ocienv policy --image image.json --pod pod.yaml -o policy.json\n"
	 "ocienv resolve --image image.json --pod pod.yaml --policy policy.json\n"},
	{"show", TAKES_BLOB | TAKES_OUTPUT | TAKES_KEY | TAKES_SECRETS | TAKES_OUT, FORMS_ANSWER,
	 command_show,
	 "reads a blob back", "BLOB [--output FORM] [-o FILE]",
	 "Reads a LAYER or CONFIG blob back; with a CONFIG, its digest too. A LAYER has the "
	 "forms text and json, which are the same.",
	 "ocienv show config.oeb --output json\n"
	 "ocienv resolve --spec config.json --output blob | ocienv show -\n"},
};

const struct subcommand *subcommand_at(size_t index)
{
	return index < sizeof(subcommands) / sizeof(subcommands[0]) ? &subcommands[index] : NULL;
}
