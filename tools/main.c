/* SPDX-License-Identifier: Apache-2.0 */
/* ocienv: the library at a prompt. */
#include "tool.h"

#include <errno.h>
#include <string.h>

struct subcommand {
	const char *name;
	unsigned int takes;
	int (*run)(const struct flags *flags);
	const char *help;
};

#define INPUTS                                                                           \
	"  --image FILE         image config (JSON)\n"                                   \
	"  --pod FILE           Pod or workload (YAML or JSON)\n"                        \
	"  --spec FILE          OCI runtime spec (config.json)\n"                        \
	"  --layer BLOB         a layer blob in place of a document\n"                   \
	"  --objects FILE       ConfigMaps, Secrets, Services; may be repeated\n"        \
	"  --fact KEY=VALUE     what no document holds: status.podIP=10.0.0.5\n"         \
	"  --pod-kind KIND      object (default), podspec, container: what FILE is\n"       \
	"  --workload KIND/NAME which workload of the pod's file\n"                      \
	"  --container NAME     which container of the pod\n"                            \
	"  --hostname NAME      the sandbox's host name\n"                               \
	"  --runtime NAME       runc (default), runc-1.1, runc-1.2, runc-1.3, crun,\n"   \
	"                       crun-1.8, kata, execvp\n"                                \
	"  --cri NAME           containerd (default), crio\n"                            \
	"  --user-profile NAME  strict (default), containerd, containerd-1.7, crio,\n"   \
	"                       docker\n"                                                \
	"  --cri-direct         no kubelet: the image's User whole, with its group\n"    \
	"  --strict             unknown fields are errors\n"                             \
	"  --lenient            malformed variables as kubelet and runtime take them\n" \
	"  --digests            a blob tells the SHA-256 of what it was made from\n"

#define LIBOS                                                                            \
	"  --libos NAME         occlum, gramine: can it run there?\n"                   \
	"  --stack-size BYTES   of the LibOS's first stack; 4M, 256K...\n"              \
	"  --library-path DIR   goes in front of LD_LIBRARY_PATH; may be repeated\n"    \
	"  --occlum-json FILE   what Occlum adds, and what it lets the host change\n"  \
	"  --accept-root        Occlum may run it as root, whatever user was meant\n"

#define POLICY                                                                           \
	"  --policy FILE        what may set what; image-only and observe are built in\n"

static const struct subcommand subcommands[] = {
	{"resolve", TAKES_INPUTS | TAKES_LIBOS | TAKES_POLICY | TAKES_ROOTFS | TAKES_OUTPUT | TAKES_KEY | TAKES_SECRETS | TAKES_OUT, command_resolve,
	 "usage: ocienv resolve INPUTS [--rootfs DIR] [--output FORM] [-o FILE]\n"
	 "Prints which file is executed, with which argv, environment, working\n"
	 "directory and user, and where each value came from.\n\n" INPUTS LIBOS POLICY
	 "  --rootfs DIR         the container's root\n"
	 "  --output FORM        text (default), json, blob, env0, argv0, occlum,\n"
	 "                       gramine, public\n"
	 "  --digest-key FILE    of --output public: 32 to 128 bytes\n"
	 "  --show-secrets       do not mask values of Secrets in text\n"
	 "  -o FILE              write there instead of standard output\n\n"
	 "example: ocienv resolve --image image.json --pod pod.yaml --rootfs /mnt/rootfs\n"},
	{"layer", TAKES_INPUTS | TAKES_OUT, command_layer,
	 "usage: ocienv layer INPUT -o FILE\n"
	 "Writes what one document says as a LAYER blob.\n\n" INPUTS
	 "  -o FILE              where the blob goes\n\n"
	 "example: ocienv layer --pod pod.yaml --objects objects.yaml -o pod.oeb\n"},
	{"verify", TAKES_INPUTS | TAKES_ROOTFS | TAKES_OUTPUT, command_verify,
	 "usage: ocienv verify --spec FILE --image FILE --pod FILE [INPUTS]\n"
	 "What did the host drop, change, add, repeat or reorder? Compares its\n"
	 "config.json with what image and pod give. Exit status 1: something.\n\n" INPUTS
	 "  --rootfs DIR         the container's root\n"
	 "  --output FORM        text (default), json\n"
	 "\nexample: ocienv verify --image image.json --pod pod.yaml --spec config.json\n"},
	{"explain", TAKES_INPUTS | TAKES_LIBOS | TAKES_POLICY | TAKES_ROOTFS | TAKES_OUTPUT | TAKES_EXEC | TAKES_NAMES | TAKES_SECRETS, command_explain,
	 "usage: ocienv explain INPUTS [--rootfs DIR] [--exec] [NAME...]\n"
	 "Where do variables come from, what did they override, and which step\n"
	 "changed them? Without a NAME: all of them, argv, cwd and user.\n\n" INPUTS LIBOS POLICY
	 "  --rootfs DIR         the container's root\n"
	 "  --exec               what is executed, and what was passed over, and why\n"
	 "  --output FORM        text (default); json: of --exec alone\n"
	 "  --show-secrets       do not mask values of Secrets\n\n"
	 "example: ocienv explain --image image.json --pod pod.yaml PATH\n"},
	{"policy", TAKES_INPUTS | TAKES_ROOTFS | TAKES_OUT | OBSERVES, command_policy,
	 "usage: ocienv policy INPUTS [--rootfs DIR] [-o FILE]\n"
	 "Writes the policy that pins the answer: under it the same inputs give the\n"
	 "same answer, and each change of them is refused.\n\n" INPUTS
	 "  --rootfs DIR         the container's root\n"
	 "  -o FILE              write there instead of standard output\n\n"
	 "example: ocienv policy --image image.json --pod pod.yaml -o policy.json\n"},
	{"show", TAKES_BLOB | TAKES_OUTPUT | TAKES_KEY | TAKES_SECRETS | TAKES_OUT, command_show,
	 "usage: ocienv show BLOB [--output FORM]\n"
	 "Reads a LAYER or CONFIG blob back; with a CONFIG, its digest too.\n\n"
	 "  --output FORM        text (default), json, blob, env0, argv0, occlum,\n"
	 "                       gramine, public\n"
	 "  --digest-key FILE    of --output public: 32 to 128 bytes\n"
	 "  --show-secrets       do not mask values of Secrets in text\n"
	 "  -o FILE              write there instead of standard output\n\n"
	 "example: ocienv show config.oeb --output json\n"},
};

static void print_usage(FILE *to)
{
	(void)fputs("usage: ocienv SUBCOMMAND ...\n"
		    "Which file does a container execute, with which argv, environment,\n"
		    "working directory and user, and where did each value come from?\n\n",
		    to);
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
		(void)fprintf(to, "  ocienv %s --help\n", subcommands[i].name);
	(void)fputs("  ocienv --version\n", to);
}

/* Whoever did not get all of it is told so. */
static int end_of_stdout(void)
{
	if (fflush(stdout) || ferror(stdout))
		return say_system("<stdout>", "cannot write", errno);
	return EXIT_ANSWER;
}

int main(int argc, char **argv)
{
	struct flags flags = {0};

	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0) {
		print_usage(stdout);
		return end_of_stdout();
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("ocienv %s\n", ocienv_version());
		return end_of_stdout();
	}
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
		const struct subcommand *sub = &subcommands[i];

		if (strcmp(argv[1], sub->name) != 0)
			continue;
		if (!flags_parse(&flags, argc - 2, argv + 2, sub->takes))
			return EXIT_USAGE;
		if (sub->takes & OBSERVES)
			flags.policy = "observe";
		if (flags.help)
			return file_write(NULL, sub->help, strlen(sub->help));
		return sub->run(&flags);
	}
	return say_usage("expected a subcommand, found another word");
}
