/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_execve SHOW_ARGV STATIC DYNAMIC [SEED [SCRIPTS]]: the kernel executes random scripts and
 * corrupted programs, and says of each what was foretold. Root only.
 */
#define _GNU_SOURCE
#include "unit/rootfs/really.h"
#include "unit/unit.h"

#include "rootfs/execution.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum { SCRIPTS = 1500, PROGRAMS = 400, NOBODY = 65534, TEXT = 1024 };

static struct {
	struct tree tree;
	struct rootfs rootfs;
	struct show_argv helper, fixed, dynamic;
	uint64_t random;
	unsigned int agreed, refused, crashed, stricter, faults;
} test;

static uint32_t draw(uint32_t below)
{
	test.random = test.random * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(test.random >> 33) % below;
}

static void put(const char *path, unsigned int mode, const void *bytes, size_t len)
{
	(void)unlinkat(test.tree.fd, path + 1, 0);
	tree_file(&test.tree, path, mode, bytes, len);
}

/* Interpreters of every kind; "/n5" is a chain of five scripts. */
static void build(void)
{
	char text[64], path[16];

	tree_make(&test.tree);
	test.rootfs.fd = test.tree.fd;
	tree_dir(&test.tree, "/bin", 0755);
	tree_dir(&test.tree, "/bin/dir", 0755);
	tree_dir(&test.tree, "/closed", 0700);
	tree_file(&test.tree, "/bin/i", 0755, test.helper.bytes, test.helper.len);
	tree_file(&test.tree, "/bin/i\r", 0755, test.helper.bytes, test.helper.len);
	tree_file(&test.tree, "/bin/x", 0111, test.helper.bytes, test.helper.len);
	tree_file(&test.tree, "/bin/nox", 0644, test.helper.bytes, test.helper.len);
	tree_file(&test.tree, "/closed/i", 0755, test.helper.bytes, test.helper.len);
	tree_text(&test.tree, "/bin/text", 0755, "text\n");
	tree_text(&test.tree, "/bin/empty", 0755, "");
	tree_link(&test.tree, "/bin/link", "i");
	tree_link(&test.tree, "/bin/loop", "loop");
	tree_link(&test.tree, "/bin/dangling", "/nope");
	tree_fifo(&test.tree, "/bin/fifo", 0777);
	tree_text(&test.tree, "/self", 0755, "#!/self\n");
	tree_text(&test.tree, "/n1", 0755, "#!/bin/i one\n");
	for (int i = 2; i <= 7; i++) {
		snprintf(text, sizeof(text), "#!/n%d %d \n", i - 1, i);
		snprintf(path, sizeof(path), "/n%d", i);
		tree_text(&test.tree, path, 0755, text);
	}
}

/* --- random scripts ----------------------------------------------------------------- */

struct text {
	char bytes[TEXT];
	size_t len;
};

static void add(struct text *text, const char *bytes, size_t len)
{
	if (len > TEXT - text->len)
		len = TEXT - text->len;
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
}

static void add_random(struct text *text, uint32_t most)
{
	static const char alphabet[] = "ab-/. \t\r\v#!\\\"'$\x80\xff";
	uint32_t count = draw(most + 1);

	for (uint32_t i = 0; i < count; i++) {
		char byte = draw(40) ? alphabet[draw(sizeof(alphabet) - 1)] : (char)draw(256);

		add(text, &byte, 1);
	}
}

static void add_blanks(struct text *text)
{
	static const uint32_t most[] = {1, 1, 1, 1, 1, 1, 2, 2, 2, 4, 4, 300};

	for (uint32_t n = draw(most[draw(12)]); n; n--)
		add(text, draw(2) ? " " : "\t", 1);
}

/* A name that is there is padded so that the line ends near the edge. */
static void add_name(struct text *text)
{
	static const char *const names[] = {
		"/bin/i", "/bin/i", "/bin/i", "bin/i", "../bin/i", "i", "/bin/link", "/bin/x",
		"/bin/nox", "/bin/text", "/bin/empty", "/bin/dir", "/bin", "/bin/loop",
		"/bin/dangling", "/bin/fifo", "/bin/i/", "/bin/i/.", "/bin/dir/../i", "/nope",
		"/nope/../bin/i", "/closed/i", "/self", "/n1", "/n3", "/n4", "/n5", "/n6", "",
		".", "/s", "s",
	};
	const char *name = names[draw(sizeof(names) / sizeof(names[0]))];

	if (*name == '/' && !draw(4)) {
		uint32_t edge = 245 + draw(20);

		while (text->len + strlen(name) + 1 < edge)
			add(text, draw(8) ? "/" : "/.", draw(8) ? 1 : 2);
		if (text->bytes[text->len - 1] == '.')
			add(text, "/", 1);
	}
	add(text, name, strlen(name));
}

static void make_script(struct text *text)
{
	static const char *const ends[] = {"\n", "\n", "\n", "\r\n", "", "\n\n", " \n", "\t", "\v\n"};
	const char *end = ends[draw(9)];

	text->len = 0;
	if (!draw(25))
		add_random(text, 3);
	add(text, "#!", draw(30) ? 2 : draw(3));
	add_blanks(text);
	if (draw(12))
		add_name(text);
	else
		add_random(text, 12);
	if (draw(2)) {
		add(text, draw(2) ? " " : "\t", draw(8) ? 1 : 0); /* else a name with a tail */
		add_blanks(text);
		add_random(text, draw(8) ? 8 : 300);
	}
	if (!draw(20))
		add(text, "", 1); /* a NUL */
	add(text, end, strlen(end));
	if (draw(2))
		add_random(text, 300);
}

/* --- what is foretold --------------------------------------------------------------- */

/* 0, or the errno that is foretold. */
static int foretell(const char *cwd, const char *path, unsigned int uid, struct arena *arena,
		    struct lookup_result *ret)
{
	struct identity who = {.known = true, .uid = uid, .gid = uid};
	struct ocienv_error error = {0};
	struct diag diag = {.error = &error};
	struct execution execution = {.rootfs = &test.rootfs,
				      .cwd = {sv_of(cwd), SV_NONE},
				      .who = &who,
				      .architecture = SV("amd64"),
				      .arena = arena,
				      .diag = &diag};
	struct found found;
	int32_t status;

	who.capabilities = uid ? 0 : UINT64_MAX;
	*ret = (struct lookup_result){.path_index = -1};
	assert_int_equal(rootfs_walk(&test.rootfs, SV("/"), sv_of(path), &who, arena, &found), 0);
	status = execution_foretell(&execution, &found, sv_of(path), SV_NONE, ret);
	close(found.fd);
	assert_int_equal(status != OCIENV_OK, execution.error != 0);
	return execution.error;
}

static void fault(const char *what, const struct text *text, const struct really *really,
		  int told)
{
	printf("%s: the kernel says %d (%s), foretold %d (%s):\n  ", what, really->error,
	       strerror(really->error), told, strerror(told));
	for (size_t i = 0; i < text->len && i < 300; i++)
		printf(text->bytes[i] > ' ' && text->bytes[i] < 0x7f ? "%c" : "\\%03o",
		       (unsigned char)text->bytes[i]);
	printf("\n");
	test.faults++;
}

static void try_script(const struct text *text, const char *cwd, unsigned int uid)
{
	static char expected[sizeof(((struct really *)NULL)->argv)];
	static struct really really;
	struct lookup_result told;
	struct arena arena;
	int error;
	size_t len;

	put("/s", 0755, text->bytes, text->len);
	arena_init(&arena, NULL, 1 << 20);
	error = foretell(cwd, "/s", uid, &arena, &told);
	really_execute(&test.tree, cwd, "/s", uid, &really);
	len = error ? 0 : really_expect(&told, "/s", expected, sizeof(expected));
	if (error != really.error)
		fault("a script", text, &really, error);
	else if (!error && (len != really.len || memcmp(expected, really.argv, len) != 0))
		fault("argv of a script", text, &really, error);
	else if (error)
		test.refused++;
	else
		test.agreed++;
	arena_free(&arena);
}

static void scripts(uint32_t count)
{
	static const char *const cwds[] = {"/", "/bin"};
	struct text text;

	for (uint32_t i = 0; i < count; i++) {
		make_script(&text);
		try_script(&text, cwds[draw(2)], draw(2) ? NOBODY : 0);
	}
	printf("%u scripts: %u run, %u refused, as foretold\n", count, test.agreed, test.refused);
	/* Else the draw is no good. */
	assert_true(count < 1000 || (test.agreed > count / 6 && test.refused > count / 6));
}

/* --- corrupted programs ------------------------------------------------------------- */

/* What the kernel does not look at, and we do: a loader of any system does. It runs such a
 * program, or refuses it for something that we never come to. */
static bool may_be_stricter(const unsigned char *bytes)
{
	return bytes[EI_CLASS] != ELFCLASS64 || bytes[EI_DATA] != ELFDATA2LSB;
}

static void try_program(const char *what, const unsigned char *bytes, size_t len)
{
	struct text head = {.len = len < sizeof(head.bytes) ? len : sizeof(head.bytes)};
	static struct really really;
	struct lookup_result told;
	struct arena arena;
	int error;

	memcpy(head.bytes, bytes, head.len);
	put("/p", 0755, bytes, len);
	arena_init(&arena, NULL, 1 << 20);
	error = foretell("/", "/p", NOBODY, &arena, &told);
	really_execute(&test.tree, "/", "/p", NOBODY, &really);
	arena_free(&arena);
	if (really.error == error)
		test.agreed += !error, test.refused += error != 0;
	else if (really.crashed)
		test.crashed++;
	else if (error && may_be_stricter(bytes))
		test.stricter++;
	else
		fault(what, &head, &really, error);
}

static size_t headers_of(const unsigned char *bytes)
{
	const Elf64_Ehdr *header = (const void *)bytes;

	return (size_t)header->e_phoff + (size_t)header->e_phnum * sizeof(Elf64_Phdr);
}

static void corrupt(const char *what, const struct show_argv *program)
{
	static const unsigned char values[] = {0, 1, 2, 3, 0x38, 0x7f, 0x80, 0xff};
	unsigned char *bytes = malloc(program->len);
	size_t headers = headers_of(program->bytes);

	assert_non_null(bytes);
	/* Each byte of the header once, then many at once. */
	for (size_t at = 4; at < sizeof(Elf64_Ehdr); at++) {
		memcpy(bytes, program->bytes, program->len);
		bytes[at] ^= (unsigned char)(1U << draw(8));
		try_program(what, bytes, program->len);
	}
	for (uint32_t i = 0; i < PROGRAMS; i++) {
		size_t len = draw(8) ? program->len : draw((uint32_t)program->len);

		memcpy(bytes, program->bytes, program->len);
		for (uint32_t n = 1 + draw(4); n; n--)
			bytes[4 + draw((uint32_t)(draw(3) ? headers : 64) - 4)] =
				draw(2) ? values[draw(8)] : (unsigned char)draw(256);
		try_program(what, bytes, len);
	}
	free(bytes);
}

/* A table of program headers of every size near the limits, and PT_INTERP of every length. */
static void edges(const struct show_argv *program)
{
	size_t room = program->len + 70000;
	unsigned char *bytes = calloc(1, room);
	static const uint16_t counts[] = {0, 1, 16, 17, 72, 73, 74, 128, 1169, 1170, 1171, 65535};
	static const uint64_t sizes[] = {0, 1, 2, 3, 4095, 4096, 4097, UINT64_MAX};
	Elf64_Ehdr header;
	Elf64_Phdr segment = {.p_type = PT_INTERP, .p_offset = 1024};

	assert_non_null(bytes);
	memcpy(&header, program->bytes, sizeof(header));
	header.e_phoff = sizeof(header);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		size_t cut = sizeof(header) + counts[i] * sizeof(segment) - 1;

		header.e_phnum = counts[i];
		memset(bytes, 0, room);
		memcpy(bytes, &header, sizeof(header));
		try_program("a count of headers", bytes, room);
		try_program("a table cut short", bytes, cut < room ? cut : room);
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (int end = 0; end < 3; end++) {
			header.e_phnum = 1;
			segment.p_filesz = sizes[i];
			memset(bytes, end == 2 ? '/' : 0, room);
			memcpy(bytes, &header, sizeof(header));
			memcpy(bytes + sizeof(header), &segment, sizeof(segment));
			if (end == 1)
				memcpy(bytes + 1024, "/bin/i", 6);
			try_program("a length of PT_INTERP", bytes, room);
			if (sizes[i] < 8192)
				try_program("PT_INTERP cut short", bytes,
					    1024 + (size_t)sizes[i] / 2);
		}
	}
	free(bytes);
}

/* Each interpreter there is, as the loader of a program. */
static void loaders(void)
{
	static const char *const paths[] = {
		"/bin/i", "bin/i", "/bin/x", "/bin/nox", "/bin/text", "/bin/empty", "/bin/dir", "/bin/loop",
		"/bin/dangling", "/bin/fifo", "/bin/i/", "/closed/i", "/n1", "/nope", "/bin/arm", "/bin/32",
		"/bin/cut", "/bin/object", "",
	};
	unsigned char elf[TREE_ELF];
	size_t len = tree_elf(elf, NULL);

	elf[offsetof(Elf64_Ehdr, e_machine)] = EM_AARCH64;
	put("/bin/arm", 0755, elf, len);
	len = tree_elf(elf, NULL);
	put("/bin/cut", 0755, elf, len - 1);
	elf[EI_CLASS] = ELFCLASS32;
	put("/bin/32", 0755, elf, len);
	elf[EI_CLASS] = ELFCLASS64;
	elf[offsetof(Elf64_Ehdr, e_type)] = ET_REL;
	put("/bin/object", 0755, elf, len);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		len = tree_elf(elf, paths[i]);
		if (!*paths[i]) /* two bytes at least */
			elf[sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr) + offsetof(Elf64_Phdr, p_filesz)] = 2;
		try_program(paths[i], elf, len + !*paths[i]);
	}
}

static void programs(void)
{
	test.agreed = test.refused = 0;
	corrupt("a static program", &test.fixed);
	corrupt("a dynamic program", &test.dynamic);
	edges(&test.fixed);
	loaders();
	printf("programs: %u run, %u refused as foretold, %u crashed, %u of another class or byte "
	       "order, of which the kernel takes most\n",
	       test.agreed, test.refused, test.crashed, test.stricter);
}

/* The real program's loader and C library, so that one that is whole runs. */
static void put_loader(const struct show_argv *program)
{
	const Elf64_Ehdr *header = (const void *)program->bytes;
	const Elf64_Phdr *segments = (const void *)(program->bytes + header->e_phoff);
	struct show_argv loader;

	for (int i = 0; i < header->e_phnum; i++) {
		const char *path = (const char *)program->bytes + segments[i].p_offset;

		if (segments[i].p_type != PT_INTERP)
			continue;
		show_argv_load(&loader, path);
		tree_dir(&test.tree, "/lib64", 0755);
		tree_file(&test.tree, path, 0755, loader.bytes, loader.len);
		free(loader.bytes);
	}
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 4 ? strtoull(argv[4], NULL, 10) : (uint64_t)time(NULL);

	if (argc < 4 || geteuid()) {
		fprintf(stderr, "usage, as root: test_execve SHOW_ARGV STATIC DYNAMIC [SEED [SCRIPTS]]\n");
		return 2;
	}
	printf("seed %llu\n", (unsigned long long)seed);
	test.random = seed;
	show_argv_load(&test.helper, argv[1]);
	show_argv_load(&test.fixed, argv[2]);
	show_argv_load(&test.dynamic, argv[3]);
	build();
	put_loader(&test.dynamic);
	scripts(argc > 5 ? (uint32_t)strtoul(argv[5], NULL, 10) : SCRIPTS);
	programs();
	tree_remove(&test.tree);
	free(test.helper.bytes);
	free(test.fixed.bytes);
	free(test.dynamic.bytes);
	printf("%u faults\n", test.faults);
	return test.faults != 0;
}
