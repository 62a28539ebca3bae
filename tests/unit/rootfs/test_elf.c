/* SPDX-License-Identifier: Apache-2.0 */
/* ELF files that are whole, cut short and corrupted. */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/unit.h"

#include "rootfs/elf_file.h"
#include "rootfs/execution.h"

#include <elf.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

struct fixture {
	struct tree tree;
	struct rootfs rootfs;
	struct arena arena;
	struct ocienv_error error;
	struct elf_facts facts;
	struct sv architecture;
	int error_of_execve;
};

static const struct identity root = {.known = true, .capabilities = UINT64_MAX};

static int set_up(void **state)
{
	static struct fixture fixture;
	unsigned char elf[TREE_ELF];

	memset(&fixture, 0, sizeof(fixture));
	tree_make(&fixture.tree);
	tree_dir(&fixture.tree, "/lib", 0755);
	tree_file(&fixture.tree, "/lib/ld.so", 0755, elf, tree_elf(elf, NULL));
	tree_text(&fixture.tree, "/lib/empty", 0755, "");
	tree_text(&fixture.tree, "/lib/script", 0755,
		  "#!/lib/ld.so\n# as long as the header of an ELF file is, or longer than that\n");
	tree_text(&fixture.tree, "/lib/nox", 0644, "");
	fixture.rootfs.fd = fixture.tree.fd;
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	tree_remove(&fixture->tree);
	return 0;
}

static int32_t read_bytes(struct fixture *fixture, const void *bytes, size_t len)
{
	const struct diag diag = {.error = &fixture->error};
	struct execution execution = {.rootfs = &fixture->rootfs,
				      .cwd = {SV("/"), SV_NONE},
				      .who = &root,
				      .architecture = fixture->architecture,
				      .arena = &fixture->arena,
				      .diag = &diag};
	char head[ELF_START] = {0};
	size_t got = len < sizeof(head) ? len : sizeof(head);
	int fd = memfd_create("elf", MFD_CLOEXEC);
	int32_t status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	memcpy(head, bytes, got);
	fixture->facts = (struct elf_facts){0};
	arena_free(&fixture->arena);
	arena_init(&fixture->arena, NULL, 1 << 20);
	status = elf_read(&execution, fd, sv_from(head, got), SV("/prog"), &fixture->facts);
	fixture->error_of_execve = execution.error;
	close(fd);
	return status;
}

static void done(struct fixture *fixture)
{
	arena_free(&fixture->arena);
}

static void the_interpreter_is_looked_for(void **state)
{
	static const struct {
		const char *interp;
		int32_t status;
	} rows[] = {
		{NULL, OCIENV_OK},
		{"/lib/ld.so", OCIENV_OK},
		{"lib/ld.so", OCIENV_OK},
		{"/lib/nope", OCIENV_ERR_UNSUPPORTED},
		{"/lib/empty", OCIENV_ERR_UNSUPPORTED},
		{"/lib/script", OCIENV_ERR_UNSUPPORTED},
		{"/lib", OCIENV_ERR_ACCESS},
		{"/lib/nox", OCIENV_ERR_ACCESS},
		{"/proc/self/exe", OCIENV_ERR_UNSAFE},
		{"", OCIENV_ERR_UNSUPPORTED}, /* a length of 1 */
	};
	struct fixture *fixture = *state;
	unsigned char elf[TREE_ELF];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = tree_elf(elf, rows[i].interp);

		assert_int_equal(read_bytes(fixture, elf, len), rows[i].status);
		if (rows[i].interp && *rows[i].interp)
			assert_true(sv_eq(fixture->facts.interp, sv_of(rows[i].interp)));
		else
			assert_null(fixture->facts.interp.ptr);
	}
	done(fixture);
}

static void swap(unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		unsigned char byte = bytes[i];

		bytes[i] = bytes[size - 1 - i];
		bytes[size - 1 - i] = byte;
	}
}

/* What the library reads of a header, and the type of the program header behind it. */
static void swap_header(unsigned char *elf)
{
	swap(elf + offsetof(Elf64_Ehdr, e_type), 2);
	swap(elf + offsetof(Elf64_Ehdr, e_phoff), 8);
	swap(elf + offsetof(Elf64_Ehdr, e_phentsize), 2);
	swap(elf + offsetof(Elf64_Ehdr, e_phnum), 2);
	swap(elf + sizeof(Elf64_Ehdr), 4);
}

static void machine_and_type_are_facts(void **state)
{
	static const struct {
		unsigned short machine, type;
		const char *name, *kind;
		int32_t status;
	} rows[] = {
		{EM_X86_64, ET_DYN, "x86_64", "dyn", OCIENV_OK},
		{EM_AARCH64, ET_EXEC, "aarch64", "exec", OCIENV_OK},
		{EM_RISCV, ET_DYN, "riscv64", "dyn", OCIENV_OK},
		{0xfffe, ET_DYN, "unknown", "dyn", OCIENV_OK},
		{EM_X86_64, ET_REL, "x86_64", "rel", OCIENV_ERR_UNSUPPORTED},
		{EM_X86_64, ET_CORE, "x86_64", "core", OCIENV_ERR_UNSUPPORTED},
		{EM_X86_64, 0xff00, "x86_64", "other", OCIENV_ERR_UNSUPPORTED},
	};
	struct fixture *fixture = *state;
	unsigned char elf[TREE_ELF];
	Elf64_Ehdr header;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = tree_elf(elf, NULL);

		memcpy(&header, elf, sizeof(header));
		header.e_machine = rows[i].machine;
		header.e_type = rows[i].type;
		memcpy(elf, &header, sizeof(header));
		assert_int_equal(read_bytes(fixture, elf, len), rows[i].status);
		assert_string_equal(fixture->facts.machine, rows[i].name);
		assert_string_equal(fixture->facts.type, rows[i].kind);
	}
	done(fixture);
}

/* Linux: elf_check_arch() and compat_elf_check_arch() of each architecture. */
static void a_program_is_for_the_machine_of_the_image(void **state)
{
	static const struct {
		const char *architecture;
		unsigned short machine;
		unsigned char class, order;
		bool runs;
	} rows[] = {
		{"amd64", EM_X86_64, ELFCLASS64, ELFDATA2LSB, true},
		{"amd64", EM_X86_64, ELFCLASS32, ELFDATA2LSB, false}, /* x32 */
		{"amd64", EM_386, ELFCLASS64, ELFDATA2LSB, false},
		{"amd64", EM_AARCH64, ELFCLASS64, ELFDATA2LSB, false},
		{"amd64", 0xfffe, ELFCLASS64, ELFDATA2LSB, false},
		{"arm64", EM_AARCH64, ELFCLASS64, ELFDATA2LSB, true},
		{"arm64", EM_AARCH64, ELFCLASS64, ELFDATA2MSB, false},
		{"arm64", EM_X86_64, ELFCLASS64, ELFDATA2LSB, false},
		{"ppc64le", EM_PPC64, ELFCLASS64, ELFDATA2LSB, true},
		{"ppc64le", EM_PPC64, ELFCLASS64, ELFDATA2MSB, false},
		{"s390x", EM_S390, ELFCLASS64, ELFDATA2MSB, true},
		{"riscv64", EM_RISCV, ELFCLASS64, ELFDATA2LSB, true},
		{"386", EM_X86_64, ELFCLASS64, ELFDATA2LSB, false},
		/* None that is known: nothing is guessed. */
		{"wasm", EM_AARCH64, ELFCLASS64, ELFDATA2LSB, true},
		{"amd6", EM_AARCH64, ELFCLASS64, ELFDATA2LSB, true},
		{"", 0xfffe, ELFCLASS64, ELFDATA2LSB, true},
	};
	struct fixture *fixture = *state;
	unsigned char elf[TREE_ELF];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = tree_elf(elf, NULL);

		elf[EI_CLASS] = rows[i].class;
		elf[EI_DATA] = rows[i].order;
		if (rows[i].order == ELFDATA2MSB)
			swap_header(elf);
		elf[offsetof(Elf64_Ehdr, e_machine) + (rows[i].order == ELFDATA2MSB)] =
			(unsigned char)rows[i].machine;
		elf[offsetof(Elf64_Ehdr, e_machine) + (rows[i].order == ELFDATA2LSB)] =
			(unsigned char)(rows[i].machine >> 8);
		fixture->architecture = sv_of(rows[i].architecture);
		assert_int_equal(read_bytes(fixture, elf, len),
				 rows[i].runs ? OCIENV_OK : OCIENV_ERR_UNSUPPORTED);
		assert_int_equal(fixture->error_of_execve, rows[i].runs ? 0 : ENOEXEC);
	}
	fixture->architecture = SV_NONE;
	done(fixture);
}

/* Every prefix: no byte is missed that is not there. */
static void a_file_cut_short_is_no_program(void **state)
{
	struct fixture *fixture = *state;
	unsigned char elf[TREE_ELF];
	const size_t headers = sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr);
	size_t len = tree_elf(elf, "/lib/ld.so");

	for (size_t n = 6; n < len; n++) {
		assert_int_equal(read_bytes(fixture, elf, n), OCIENV_ERR_UNSUPPORTED);
		/* The kernel fails to read where it knows that it is a program. */
		assert_int_equal(fixture->error_of_execve, n < headers ? ENOEXEC : EIO);
	}
	assert_int_equal(read_bytes(fixture, elf, len), OCIENV_OK);
	done(fixture);
}

static void check_corrupted(struct fixture *fixture, const unsigned char *elf, size_t len)
{
	int32_t status = read_bytes(fixture, elf, len);

	assert_true(status == OCIENV_OK || status == OCIENV_ERR_UNSUPPORTED ||
		    status == OCIENV_ERR_ACCESS ||
		    status == OCIENV_ERR_UNSAFE);
}

/* Every byte with the values that overflow sums, then random ones. */
static void corrupted_files_fail_cleanly(void **state)
{
	static const unsigned char values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	struct fixture *fixture = *state;
	unsigned char elf[TREE_ELF];
	uint32_t seed = 7;

	for (size_t at = 4; at < 256; at++) {
		for (size_t i = 0; i < sizeof(values); i++) {
			size_t len = tree_elf(elf, "/lib/ld.so");

			elf[at] = values[i];
			check_corrupted(fixture, elf, len);
			memset(elf + at, values[i], at + 8 < TREE_ELF ? 8 : 1);
			check_corrupted(fixture, elf, len);
		}
	}
	for (int round = 0; round < 5000; round++) {
		size_t len = tree_elf(elf, "/lib/ld.so");

		for (int i = 0; i < 8; i++) {
			seed = seed * 1664525 + 1013904223;
			elf[4 + (seed >> 8) % 196] = (unsigned char)(seed >> 24);
		}
		check_corrupted(fixture, elf, len);
	}
	done(fixture);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Program headers behind what was read of the start, of a file that cannot be read any more. */
static void headers_that_cannot_be_read_are_told(void **state)
{
	const size_t phoff = offsetof(Elf64_Ehdr, e_phoff);
	struct fixture *fixture = *state;
	const uint64_t far = 4096;
	unsigned char elf[ELF_START] = {0};
	const struct diag diag = {.error = NULL};
	struct execution execution = {.rootfs = &fixture->rootfs,
				      .cwd = {SV("/"), SV_NONE},
				      .who = &root,
				      .arena = &fixture->arena,
				      .diag = &diag};

	(void)tree_elf(elf, NULL);
	memcpy(elf + phoff, &far, sizeof(far));
	fixture->facts = (struct elf_facts){0};
	assert_int_equal(elf_read(&execution, -1, sv_from((const char *)elf, sizeof(elf)),
				  SV("/prog"), &fixture->facts),
			 OCIENV_ERR_SYSTEM);
	assert_int_equal(execution.error, EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_interpreter_is_looked_for),
		TEST(machine_and_type_are_facts),
		TEST(a_program_is_for_the_machine_of_the_image),
		TEST(a_file_cut_short_is_no_program),
		TEST(corrupted_files_fail_cleanly),
		TEST(headers_that_cannot_be_read_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
