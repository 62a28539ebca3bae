/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "api.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char image_text[] =
	"{\"config\": {\"Cmd\": [\"sh\", \"-c\"], \"User\": \"7\", \"WorkingDir\": \"/data\",\n"
	" \"Env\": [\"PATH=/bin:/sbin\", \"A=" MARKER "\", \"A=2\"]}}";
static const char spec_text[] =
	"{\"ociVersion\": \"1.0.2\", \"process\": {\"args\": [\"/bin/sh\"], \"cwd\": \"/\",\n"
	" \"env\": [\"B=" MARKER "\", \"A=1\"], \"user\": {\"uid\": 7, \"gid\": 8,\n"
	" \"additionalGids\": [9, 8]}}}";
static const char pod_text[] =
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n"
	"    args: [script, $(TOKEN), $(NONE)]\n    envFrom: [{configMapRef: {name: m}}]\n    env:\n    - {name: A, value: pod}\n"
	"    - {name: TOKEN, valueFrom: {secretKeyRef: {name: s, key: token}}}\n"
	"    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}\n"
	"    - {name: URL, value: 'x://$(TOKEN)'}\n";
static const char objects_text[] =
	"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {token: " MARKER "}\n"
	"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {k: v, l: w}\n";

const uint8_t public_key[32] = "31 bytes and a NUL, for a test.";
const struct ocienv_document image_document = {"image.json", image_text,
					       sizeof(image_text) - 1};
const struct ocienv_document spec_document = {"config.json", spec_text,
					      sizeof(spec_text) - 1};
const struct ocienv_document pod_document = {"pod.yaml", pod_text, sizeof(pod_text) - 1};
const struct ocienv_document objects_document = {"objects.yaml", objects_text,
						 sizeof(objects_text) - 1};

struct ocienv_layer *make_image(const struct ocienv_options *options)
{
	struct ocienv_layer *layer = NULL;

	assert_int_equal(ocienv_layer_from_image_config(&layer, &image_document, options, NULL),
			 0);
	return layer;
}

struct ocienv_layer *make_spec(const struct ocienv_options *options)
{
	struct ocienv_layer *layer = NULL;

	assert_int_equal(ocienv_layer_from_runtime_spec(&layer, &spec_document, options, NULL),
			 0);
	return layer;
}

struct ocienv_layer *make_pod(const struct ocienv_options *options)
{
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_layer *layer = NULL;

	assert_int_equal(ocienv_cluster_new(&cluster, options, NULL), 0);
	assert_int_equal(ocienv_cluster_add_objects(cluster, &objects_document, NULL), 0);
	assert_int_equal(ocienv_cluster_add_fact(cluster, "spec.nodeName", "node-1", NULL), 0);
	assert_int_equal(ocienv_layer_from_pod(&layer, &pod_document, cluster, options, NULL), 0);
	ocienv_cluster_free(cluster);
	return layer;
}

struct ocienv_config *make_config(const struct ocienv_options *options, int rootfs)
{
	struct ocienv_layer *image = make_image(options), *pod = make_pod(options);
	const struct ocienv_layer *layers[] = {pod, image};
	struct ocienv_config *config = NULL;

	assert_int_equal(ocienv_resolve(&config, layers, 2, rootfs, options, NULL), 0);
	ocienv_layer_free(image);
	ocienv_layer_free(pod);
	return config;
}

struct ocienv_config *make_spec_config(const struct ocienv_options *options)
{
	struct ocienv_layer *spec = make_spec(options);
	const struct ocienv_layer *layers[] = {spec};
	struct ocienv_config *config = NULL;

	assert_int_equal(ocienv_resolve(&config, layers, 1, OCIENV_NO_ROOTFS, options, NULL), 0);
	ocienv_layer_free(spec);
	return config;
}

/* --- rootfs -------------------------------------------------------------------------- */

static char tree_path[64];
static int tree_fd = -1;

/* A static ELF file that nobody runs: header and one PT_LOAD. */
static const unsigned char program[] = {
	0x7f, 'E', 'L', 'F', 2, 1, 1, 0, [16] = 2, [18] = 62, [20] = 1,
	[24] = 0x78, [26] = 0x40, [32] = 64, [52] = 64, [54] = 56, [56] = 1, [58] = 64,
	[64] = 1, [68] = 5, [82] = 0x40, [90] = 0x40, [96] = 120, [104] = 120, [113] = 0x10,
	[119] = 0,
};

static void tree_file(const char *path, const void *bytes, size_t size, mode_t mode)
{
	int fd = openat(tree_fd, path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

int tree_begin(void)
{
	static const char passwd[] = "seven:x:7:8::/data:/bin/sh\n"
				     "vast:x:99999999999999999999:5::/:\n",
			  group[] = "nine:x:9:seven\n";
	static const char script[] = "#!/bin/sh -e\n";

	strcpy(tree_path, "/tmp/ocienv-api-XXXXXX");
	assert_non_null(mkdtemp(tree_path));
	assert_int_equal(chmod(tree_path, 0755), 0);
	tree_fd = open(tree_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(tree_fd >= 0);
	assert_int_equal(mkdirat(tree_fd, "bin", 0755), 0);
	assert_int_equal(mkdirat(tree_fd, "etc", 0755), 0);
	assert_int_equal(mkdirat(tree_fd, "data", 0755), 0);
	tree_file("bin/busybox", program, sizeof(program), 0755);
	assert_int_equal(symlinkat("busybox", tree_fd, "bin/sh"), 0);
	tree_file("bin/script", script, sizeof(script) - 1, 0755);
	tree_file("etc/passwd", passwd, sizeof(passwd) - 1, 0644);
	tree_file("etc/group", group, sizeof(group) - 1, 0644);
	return tree_fd;
}

void tree_end(void)
{
	static const char *const names[] = {"bin/busybox", "bin/sh",	"bin/script",
					    "etc/passwd",  "etc/group", "bin",
					    "etc",	   "data"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (unlinkat(tree_fd, names[i], 0))
			(void)unlinkat(tree_fd, names[i], AT_REMOVEDIR);
	close(tree_fd);
	(void)rmdir(tree_path);
	tree_fd = -1;
}

size_t open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* --- heap ---------------------------------------------------------------------------- */

/* In front of each block; keeps the alignment of malloc. */
union block {
	struct {
		union block *next;
		size_t size;
	} head;
	max_align_t align;
};

static void *heap_alloc(void *ctx, size_t size)
{
	struct heap *heap = ctx;
	union block *block;

	heap->calls++;
	if (heap->fail_at && (heap->calls == heap->fail_at ||
			      (heap->for_ever && heap->calls > heap->fail_at)))
		return NULL;
	block = malloc(sizeof(*block) + size);
	if (!block)
		return NULL;
	block->head.size = size;
	heap->live++;
	return memset(block + 1, 0xa5, size); /* who counts on zeros is found out */
}

/* Each byte is as it came or was cleared: no value is left, in whatever form. */
static void assert_cleared(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] && bytes[i] != 0xa5)
			fail_msg("byte %zu of %zu was not cleared before it was freed", i, size);
}

static void heap_free(void *ctx, void *ptr)
{
	struct heap *heap = ctx;
	union block *block = (union block *)ptr - 1;

	assert_non_null(ptr);
	assert_true(heap->live > 0);
	heap->live--;
	assert_cleared(ptr, block->head.size);
	memset(ptr, 0xdd, block->head.size);
	block->head.next = heap->kept;
	heap->kept = block;
}

void heap_begin(struct heap *heap)
{
	*heap = (struct heap){.allocator = {heap_alloc, heap_free, heap}};
}

void heap_end(struct heap *heap)
{
	while (heap->kept) {
		union block *block = heap->kept;

		heap->kept = block->head.next;
		for (size_t i = 0; i < block->head.size; i++)
			assert_int_equal(((unsigned char *)(block + 1))[i], 0xdd);
		free(block);
	}
	assert_int_equal(heap->live, 0);
}

/* --- errors -------------------------------------------------------------------------- */

void error_fill(struct ocienv_error *error)
{
	memset(error, 0x5a, sizeof(*error));
}

bool error_is_filled(const struct ocienv_error *error)
{
	const unsigned char *bytes = (const unsigned char *)error;

	for (size_t i = 0; i < sizeof(*error); i++)
		if (bytes[i] != 0x5a)
			return false;
	return true;
}

static void check_text(const char *text, size_t size)
{
	assert_non_null(memchr(text, '\0', size));
	assert_null(strchr(text, '\n'));
}

void check_error(int32_t status, const struct ocienv_error *error)
{
	assert_true(status < 0 && status >= OCIENV_ERR_SYSTEM);
	assert_int_equal(error->status, status);
	assert_int_equal(status == OCIENV_ERR_SYSTEM, error->sys_errno != 0);
	check_text(error->document, sizeof(error->document));
	check_text(error->pointer, sizeof(error->pointer));
	check_text(error->message, sizeof(error->message));
	assert_true(error->message[0] != '\0');
	assert_null(strstr(error->message, MARKER));
	assert_int_equal(error->line == 0, error->column == 0);
}
