/* SPDX-License-Identifier: Apache-2.0 */
#include "situations.h"

#include "unit/resolve/libos_given.h"
#include "unit/rootfs/dynamic_elf.h"

#define IMAGE(config)                                                                    \
	"{\"os\": \"linux\", \"architecture\": \"amd64\","                                    \
	" \"created\": \"\\u0032024-01-01T00:00:00Z\", \"config\": {" config "}}"
#define PROCESS(members) "{\"process\": {" members "}}"
#define HONEST_ENV                                                                       \
	"\"PATH=/bin\", \"HOSTNAME=p\", \"A=image\", \"A=pod\", \"B=two\", \"HOME=/home\""

/* More than are sorted in place. */
#define TEN_OF(item, n)                                                                  \
	item(n "0") ", " item(n "1") ", " item(n "2") ", " item(n "3") ", " item(n "4")  \
	", " item(n "5") ", " item(n "6") ", " item(n "7") ", " item(n "8") ", " item(n "9")
#define TEN(item) TEN_OF(item, "N")
#define POLICY_RULE(name) "{\"name\": \"" name "\", \"from\": [\"image\", \"pod\"]}"
#define JSON_ENTRY(name) "\"" name "=x\""
#define YAML_MEMBER(name) name ": x"
#define YAML_ENTRY(name) "{name: " name ", value: x}"
#define YAML_OBJECT(name)                                                                \
	"{apiVersion: v1, kind: ConfigMap, metadata: {name: " name ", namespace: ns}}"

static const char objects[] =
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n"
	"data: {KEY: k, A: one, B: two, " TEN(YAML_MEMBER) "}\nbinaryData: {bin: AAEC}\n"
	"---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n"
	"data: {S: dmFsdWU=}\nstringData: {T: t}\n"
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: web-front, namespace: ns}\n"
	"spec: {clusterIP: 10.0.0.1, ports: [{port: 80, name: http}, {port: 81}]}\n"
	"---\napiVersion: v1\nkind: List\nitems: [" TEN_OF(YAML_OBJECT, "n") "]\n";

static const char image[] = IMAGE(
	"\"User\": \"app:staff\", \"Entrypoint\": [\"run\"], \"Cmd\": [\"c\"],"
	" \"Env\": [\"PATH=/bin:/app\", \"A=image\", \"A=again\", \"HOME=\", \"DUP=1\", \"BARE\", "
	TEN(JSON_ENTRY) "],"
	" \"WorkingDir\": \"/app/new\"");

static const char deployment[] =
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: ns}\n"
	"spec:\n  template:\n    metadata:\n      labels: {l: one, k: two, " TEN(YAML_MEMBER) "}\n"
	"      annotations: {a: 'x\ny'}\n"
	"    spec:\n      hostname: box\n      subdomain: sub\n"
	"      securityContext: {supplementalGroups: [17, 16, 15, 14, 13, 12, 11, 10, 7, 6], fsGroup: 5}\n"
	"      volumes: [{name: v, emptyDir: {}}]\n"
	"      initContainers: [{name: i, image: i}]\n"
	"      containers:\n      - name: c\n        image: c\n        unknown: [1_000.5, 1_0.e3, !!binary YWJj, {1.5: x}, &a1 [x], *a1]\n"
	"        command: [run, '$(A)', '$(NONE)']\n        args: ['$(L)']\n"
	"        resources: {limits: {cpu: 1500m, memory: 1Gi}, requests: {cpu: '1'}}\n"
	"        volumeMounts: [{name: v, mountPath: /bin/sub}, {name: v, mountPath: /data}]\n"
	"        envFrom: [{configMapRef: {name: m}}, {prefix: P_, secretRef: {name: s}}]\n"
	"        env:\n        - {name: A, value: '$(A)$(WEB_FRONT_SERVICE_HOST)$(P_S)'}\n"
	"        - {name: I, valueFrom: {fieldRef: {fieldPath: status.podIP}}}\n"
	"        - {name: L, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['l']\"}}}\n"
	"        - {name: AN, valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['a']\"}}}\n"
	"        - {name: K, valueFrom: {configMapKeyRef: {name: m, key: KEY}}}\n"
	"        - {name: Z, valueFrom: {secretKeyRef: {name: s, key: S}}}\n"
	"        - {name: O, valueFrom: {secretKeyRef: {name: none, key: S, optional: true}}}\n"
	"        - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}\n"
	"        - {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory,"
	" divisor: 1Mi}}}\n"
	"        - {name: ALL, valueFrom: {resourceFieldRef: {resource: limits.ephemeral-storage}}}\n"
	"        - {name: F, valueFrom: {fileKeyRef: {volumeName: w, path: d/p, key: k}}}\n"
	"        - {name: DUP, value: '2'}\n        - {name: LD_PRELOAD, value: /x}\n"
	"        - {name: HOME, value: ''}\n        - {name: sealed, value: sealed.a.b.c.d}\n";

/* The same words in JSON, where texts have to be decoded. */
static const char json_pod[] =
	"{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"\\u0070\","
	" \"creationTimestamp\": \"\\u0032024-01-01T00:00:00Z\","
	" \"namespace\": \"ns\", \"annotations\": {\"a\": \"\\u0041\\ud83d\\ude00\","
	" \"kubectl.kubernetes.io/default-container\": \"\\u0063\"}}, \"spec\": {"
	"\"containers\": [{\"name\": \"c\", \"image\": \"i\", \"tty\": true,"
	" \"resources\": {\"limits\": {\"cpu\": \"\\u0032\"}},"
	" \"env\": [{\"name\": \"CPU\", \"valueFrom\": {\"resourceFieldRef\": {"
	"\"resource\": \"limits.cpu\", \"divisor\": \"\\u0031\"}}},"
	" {\"name\": \"AN\", \"valueFrom\": {\"fieldRef\": {"
	"\"fieldPath\": \"metadata.annotations['a']\"}}}]}]}}";

static const char pod_spec[] =
	"containers:\n- name: c\n  env: [" TEN(YAML_ENTRY) "]\n"
	"  command: [/bin/app]\n  base: &b {x: 1}\n  merged: {<<: *b, " TEN(YAML_MEMBER) "}\n";

static const char pod[] =
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns}\nspec:\n"
	"  containers:\n  - name: c\n    env: [{name: A, value: pod}, {name: B, value: two}]\n";

#define ARGV_SHA256 "93bed5e7bf489aba1fe0cb03d9910b96b8a51b76131dbaaf06290f417ff5aa49"

static const char policy[] =
	"{\"ocienv_policy\": 1,"
	" \"argv\": {\"match\": \"any\"}, \"cwd\": {\"match\": \"any\"},"
	" \"user\": {\"match\": \"any\"},"
	" \"env\": {\"unlisted\": \"drop\", \"rules\": ["
	"{\"name\": \"A\", \"from\": [\"image\", \"pod\"], \"override\": true},"
	"{\"name\": \"B*\", \"from\": [\"pod\", \"configmap\"], \"type\": \"text\"},"
	"{\"name\": \"PATH\", \"from\": [\"default\", \"image\"]},"
	"{\"name\": \"FIXED\", \"from\": [\"policy\"], \"value\": \"v\"},"
	"{\"name\": \"HOME\", \"from\": [\"runtime\"]}, " TEN(POLICY_RULE) "]}}";

/* What pins the spec below: sha256 of "app", "one" with a NUL behind each. */
static const char pin[] =
	"{\"ocienv_policy\": 1, \"argv\": {\"match\": \"exact\", \"value_sha256\": \"" ARGV_SHA256
	"\"}, \"cwd\": {\"match\": \"any\"},"
	" \"user\": {\"match\": \"exact\", \"uid\": 7, \"groups\": [7, 9]},"
	" \"env\": {\"rules\": [{\"name\": \"A\", \"from\": [\"runtime\"], \"repeats\": 1},"
	" {\"name\": \"PATH\", \"from\": [\"runtime\"]}]}}";

static const char spec[] =
	PROCESS("\"args\": [\"app\", \"one\"], \"cwd\": \"/app\","
		" \"env\": [\"PATH=/no:/bin\", \"A=1\", \"A=2\", \"LD_LIBRARY_PATH=/l:\","
		" \"HOME=\", \"SPARE=x\", " TEN(JSON_ENTRY) "],"
		" \"user\": {\"uid\": 7, \"gid\": 8, \"additionalGids\": [9, 7, 9]},"
		" \"capabilities\": {\"effective\": [\"CAP_DAC_OVERRIDE\"]}");

#define LONG(entry)                                                                      \
	entry ":" entry ":" entry ":" entry ":" entry ":" entry ":" entry ":" entry ":"  \
	entry ":" entry ":" entry ":" entry ":" entry ":" entry ":" entry ":" entry
#define STARTS(program)                                                                  \
	PROCESS("\"args\": [\"" program "\"], \"cwd\": \"/\","                           \
		" \"env\": [\"LD_LIBRARY_PATH=/l:$ORIGIN/../l\", \"PATH=/bin\"],"        \
		" \"user\": {\"uid\": 0, \"gid\": 0},"                                   \
		" \"capabilities\": {\"effective\": [\"CAP_DAC_OVERRIDE\"]}")

static const char occlum_json[] =
	"{\"process\": {\"default_stack_size\": \"8MB\"}, \"env\": {\"default\":"
	" [\"OCCLUM=yes\", \"A=3\", \"B=4\"], \"untrusted\": [\"EXAMPLE\", \"B\"]},"
	" \"entry_points\": [\"/bin\"], \"mount\": [{\"target\": \"/host\","
	" \"type\": \"hostfs\"}, {\"target\": \"/app\", \"type\": \"hostfs\"}]}";

const struct situation situations[] = {
	{.name = "deployment", .objects = objects, .image = image, .pod = deployment},
	{.name = "deployment under CRI-O", .objects = objects, .image = image,
	 .pod = deployment, .cri = OCIENV_CRI_CRIO, .user = OCIENV_USER_CRIO,
	 .runtime = OCIENV_RUNTIME_CRUN, .flags = OCIENV_LENIENT},
	{.name = "deployment under docker", .objects = objects, .image = image,
	 .pod = deployment, .user = OCIENV_USER_DOCKER, .flags = OCIENV_CRI_DIRECT},
	{.name = "policy", .image = image, .pod = pod, .policy = policy,
	 .flags = OCIENV_KEEP_DIGEST},
	{.name = "a policy without rules", .spec = STARTS("/bin/app"), .policy =
		 "{\"ocienv_policy\": 1, \"id\": \"name\", \"argv\": {\"match\": \"any\"},"
		 " \"cwd\": {\"match\": \"any\"}, \"user\": {\"uid\": 0}, \"exec\": {\"value\":"
		 " \"/bin/app\"}}"},
	{.name = "policy of a spec", .image = IMAGE("\"Env\": [" TEN(JSON_ENTRY) "]"), .spec = spec, .policy = policy,
	 .flags = OCIENV_KEEP_DIGEST},
	{.name = "policy of objects", .objects = objects, .image = image, .pod = deployment,
	 .policy = policy, .cri = OCIENV_CRI_CRIO},
	{.name = "spec", .spec = spec, .flags = OCIENV_KEEP_DIGEST},
	{.name = "spec under kata", .spec = spec, .runtime = OCIENV_RUNTIME_KATA},
	{.name = "spec in a LibOS", .spec = spec, .flags = OCIENV_INSIDE_LIBOS},
	{.name = "occlum", .spec = STARTS("/bin/app"), .libos = OCIENV_LIBOS_OCCLUM,
	 .occlum_json = occlum_json, .library_path = {"/app", "/l", "/no"}},
	{.name = "occlum's script", .spec = STARTS("/bin/run"), .libos = OCIENV_LIBOS_OCCLUM,
	 .occlum_json = occlum_json},
	{.name = "occlum with another user", .spec = spec, .libos = OCIENV_LIBOS_OCCLUM,
	 .flags = OCIENV_ACCEPT_ROOT},
	{.name = "gramine", .spec = STARTS("app"), .libos = OCIENV_LIBOS_GRAMINE,
	 .library_path = {"/app", "/link", "/lib64"}},
	{.name = "gramine's script", .spec = STARTS("/bin/run"), .libos = OCIENV_LIBOS_GRAMINE,
	 .library_path = {"/lib64"}},
	{.name = "mounts", .spec =
		 "{\"process\": {\"args\": [\"app\"], \"cwd\": \"/\", \"env\": [\"PATH=/no:/bin\"],"
		 " \"capabilities\": {\"effective\": [\"CAP_DAC_OVERRIDE\"]}},"
		 " \"mounts\": [{\"destination\": \"/no\"}, {\"destination\": \"/bin/app\"}]}"},
	{.name = "pod in JSON", .image = image, .pod = json_pod, .occlum_json = occlum_json,
	 .libos = OCIENV_LIBOS_OCCLUM, .flags = OCIENV_ACCEPT_ROOT},
	{.name = "a user without an entry under CRI-O", .cri = OCIENV_CRI_CRIO,
	 .user = OCIENV_USER_CRIO, .pod = pod, .image = IMAGE("\"User\": \"77\","
	 " \"Cmd\": [\"/bin/app\"]")},
	{.name = "a dangerous name of the image", .image = IMAGE("\"Env\": [\"LD_PRELOAD=x\", "
	 TEN(JSON_ENTRY) "]"), .spec = PROCESS("\"args\": [\"/bin/app\"], \"cwd\": \"/\","
	 " \"env\": [\"LD_PRELOAD=x\"]")},
	{.name = "another loader for gramine", .libos = OCIENV_LIBOS_GRAMINE,
	 .library_path = {"/other"}, .spec = STARTS("/bin/app")},
	{.name = "PodSpec", .image = image, .pod = pod_spec, .pod_kind = OCIENV_POD_SPEC},
	{.name = "pin", .spec = spec, .policy = pin},
	{.name = "white space", .runtime = OCIENV_RUNTIME_KATA, .spec = PROCESS(
		"\"args\": [\"/bin/app\"], \"cwd\": \"bin/../app\", \"env\": [\" A = 1 \", \"A=2\"]")},
	{.name = "a path with ..", .libos = OCIENV_LIBOS_GRAMINE, .library_path = {"/lib64"},
	 .spec = STARTS("/app/../bin/app")},
	{.name = "a long PATH", .asks = LOOKS, .spec = PROCESS(
		"\"args\": [\"app\"], \"cwd\": \"/\", \"env\": [\"PATH=" LONG(LONG("/no"))
		":/bin\"]")},
	{.name = "long LD_LIBRARY_PATH", .libos = OCIENV_LIBOS_GRAMINE, .library_path = {"/lib64"},
	 .spec = PROCESS("\"args\": [\"/bin/app\"], \"cwd\": \"/\","
			 " \"capabilities\": {\"effective\": [\"CAP_DAC_OVERRIDE\"]},"
			 " \"env\": [\"LD_LIBRARY_PATH=" LONG("/l") "\"]")},
	{.name = "another user's program", .spec = STARTS("setuid"), .asks = LOOKS},
	{.name = "another user's program for musl", .spec = STARTS("musl-setuid"), .asks = LOOKS},
	{.name = "verify without a rootfs", .no_rootfs = true, .asks = VERIFIES,
	 .image = IMAGE("\"User\": \"5:6\", \"Cmd\": [\"x\"]"), .pod = pod,
	 .spec = PROCESS("\"args\": [\"x\"], \"cwd\": \"/\","
			 " \"user\": {\"uid\": 1, \"gid\": 2, \"umask\": 7},"
			 " \"env\": [\"A=pod\", \"B=two\"]")},
	{.name = "verify", .image = IMAGE("\"Env\": [\"A=image\"], \"Cmd\": [\"/bin/app\", \"y\"]"),
	 .pod = pod, .asks = VERIFIES,
	 .spec = PROCESS("\"args\": [\"/bin/app\", \"z\"], \"cwd\": \"/else\","
			 " \"user\": {\"uid\": 1, \"gid\": 2, \"additionalGids\": [3]},"
			 " \"env\": [" HONEST_ENV ", \"A=pod\", \"C=3\", \"TERM=x\"]")},
	{.name = "verify a user", .image = image, .pod = pod, .asks = VERIFIES,
	 .spec = PROCESS("\"args\": [\"run\", \"c\"], \"cwd\": \"/app/new\","
			 " \"user\": {\"uid\": 7, \"gid\": 9, \"additionalGids\": [9]},"
			 " \"env\": [" HONEST_ENV "]")},
	{.name = "libraries of glibc", .spec = STARTS("linked"), .asks = LOOKS},
	{.name = "directories of a loader", .spec = STARTS("linked-too"), .asks = LOOKS},
	{.name = "a directory of PATH that is a link", .spec = PROCESS(
		"\"args\": [\"tool\"], \"cwd\": \"/\", \"env\": [\"PATH=/link:/bin\"],"
		" \"capabilities\": {\"effective\": [\"CAP_DAC_OVERRIDE\"]}")},
	{.name = "libraries of musl", .spec = STARTS("musl"), .asks = LOOKS},
	{.name = "a script's libraries", .spec = STARTS("run"), .asks = LOOKS},
	{.name = "the kata agent", .spec = STARTS("none"), .asks = LOOKS,
	 .runtime = OCIENV_RUNTIME_KATA},
	{.name = "execvp", .spec = STARTS("text"), .asks = LOOKS,
	 .runtime = OCIENV_RUNTIME_EXECVP},
};

const size_t situation_count = sizeof(situations) / sizeof(situations[0]);

static void put(const char *path, unsigned int mode, const struct dynamic_elf *elf)
{
	static unsigned char bytes[DYNAMIC_ELF];
	size_t len = dynamic_elf(bytes, elf);

	tree_file(&tree, path, mode, bytes, len);
}

/* A loader with its directories in it, as glibc's has them. */
static void put_loader(const char *path)
{
	static const char directories[] = "\0/lib64/\0/usr/lib64/\0";
	static unsigned char bytes[DYNAMIC_ELF + sizeof(directories)];
	size_t len = dynamic_elf(bytes, &(struct dynamic_elf){.soname = "ld-linux-too.so.2"});

	memcpy(bytes + len, directories, sizeof(directories));
	tree_file(&tree, path, 0755, bytes, len + sizeof(directories));
}

void situations_root(void)
{
	tree_dir(&tree, "/etc", 0755);
	tree_dir(&tree, "/l", 0755);
	tree_dir(&tree, "/lib", 0755);
	tree_dir(&tree, "/other", 0755);
	program("/other/ld-linux-x86-64.so.2", 0755, ET_DYN, EM_X86_64, NULL);
	tree_text(&tree, "/etc/passwd", 0644, "root:x:0:0::/root:/bin/sh\napp:x:7:8::/home:/x\n");
	tree_text(&tree, "/etc/group", 0644, "staff:x:9:app\n");
	tree_text(&tree, "/etc/ld-musl-x86_64.path", 0644, "/lib\n/l\n");
	tree_link(&tree, "/link", "app");
	tree_text(&tree, "/bin/run", 0755, "#!/bin/sh -e\n");
	tree_text(&tree, "/bin/text", 0755, "echo\n");
	put("/lib/ld-musl-x86_64.so.1", 0755, &(struct dynamic_elf){.soname = "libc.musl-x86_64.so.1"});
	put("/l/libx.so", 0755, &(struct dynamic_elf){.soname = "libx.so", .needed = {"liby.so"}});
	put("/l/liby.so", 0755, &(struct dynamic_elf){.soname = "liby.so", .rpath = "$ORIGIN/../l"});
	put("/bin/linked", 0755, &(struct dynamic_elf){.interp = LOADER,
						  .needed = {"libx.so", "$ORIGIN/../l/liby.so", "none.so"},
						  .runpath = "/no:${ORIGIN}/../l:$LIB"});
	put_loader("/lib64/ld-linux-too.so.2");
	put("/bin/linked-too", 0755,
	    &(struct dynamic_elf){.interp = "/lib64/ld-linux-too.so.2",
				  .needed = {"libx.so", "none.so"}, .runpath = "/l:/$LIB"});
	program("/app/tool", 0755, ET_DYN, EM_X86_64, LOADER);
	put("/bin/setuid", 04755, &(struct dynamic_elf){.interp = LOADER, .needed = {"$ORIGIN/libx.so"},
						  .rpath = "$ORIGIN/../l:$ORIGIN"});
	put("/bin/musl-setuid", 04755, &(struct dynamic_elf){.interp = "/lib/ld-musl-x86_64.so.1",
						       .needed = {"libx.so"},
						       .rpath = "$ORIGIN/../l"});
	tree_own(&tree, "/bin/setuid", 5, 5);
	tree_own(&tree, "/bin/musl-setuid", 5, 5);
	put("/bin/musl", 0755, &(struct dynamic_elf){.interp = "/lib/ld-musl-x86_64.so.1",
						.needed = {"libx.so", "libc.so", "none.so"},
						.rpath = "$ORIGIN/../l"});
}
