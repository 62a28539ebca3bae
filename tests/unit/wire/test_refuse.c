/* SPDX-License-Identifier: Apache-2.0 */
/* One blob for each rule of docs/wire.md that can be broken, and the rule that is named.
 * */
#include "unit/wire/parts.h"

#include "wire/reader.h"

/* A field of the container with another value. `entry` >= 0: a field of that entry. */
struct field_case {
	const char *title;
	int entry;
	uint32_t at, size, value, fault;
};

/* Entries: 0 EXEC, 1 ARGV, 2 ENVP, 3 CWD, 4 USER, 5 ENVSRC, 6 ROOTFS, 7 ARGSRC. */
static const struct field_case fields[] = {
	{"magic", -1, 0, 1, 'o', WIRE_FAULT_MAGIC},
	{"magic's NUL", -1, 7, 1, 1, WIRE_FAULT_MAGIC},
	{"major 0", -1, WIRE_AT_MAJOR, 2, 0, WIRE_FAULT_VERSION},
	{"major 2", -1, WIRE_AT_MAJOR, 2, 2, WIRE_FAULT_VERSION},
	{"minor 1 for nothing", -1, WIRE_AT_MINOR, 2, 1, WIRE_FAULT_VERSION},
	{"header size", -1, WIRE_AT_HEADER_SIZE, 4, 40, WIRE_FAULT_HEADER},
	{"reserved", -1, WIRE_AT_RESERVED, 4, 1, WIRE_FAULT_HEADER},
	{"kind", -1, WIRE_AT_FLAGS, 4, WIRE_LAYER, WIRE_FAULT_KIND},
	{"unknown flag", -1, WIRE_AT_FLAGS, 4, 2, WIRE_FAULT_KIND},
	{"total size 0", -1, WIRE_AT_TOTAL_SIZE, 4, 0, WIRE_FAULT_SIZE},
	{"total size odd", -1, WIRE_AT_TOTAL_SIZE, 4, 33, WIRE_FAULT_SIZE},
	{"total size beyond", -1, WIRE_AT_TOTAL_SIZE, 4, 0xfffffff8, WIRE_FAULT_SIZE},
	{"no section", -1, WIRE_AT_SECTIONS, 4, 0, WIRE_FAULT_SIZE},
	{"a section too many", -1, WIRE_AT_SECTIONS, 4, 9,
	 WIRE_EXEC << 16 | WIRE_FAULT_OFFSET},
	{"sections that wrap", -1, WIRE_AT_SECTIONS, 4, 0x10000001, WIRE_FAULT_SECTIONS},
	{"type 0", 0, WIRE_ENTRY_TYPE, 2, 0, WIRE_FAULT_ORDER},
	{"type twice", 1, WIRE_ENTRY_TYPE, 2, 1, WIRE_EXEC << 16 | WIRE_FAULT_ORDER},
	{"types descend", 1, WIRE_ENTRY_TYPE, 2, 4, WIRE_ENVP << 16 | WIRE_FAULT_ORDER},
	{"entry flag", 1, WIRE_ENTRY_FLAGS, 2, 3, WIRE_ARGV << 16 | WIRE_FAULT_ENTRY},
	{"entry reserved", 1, WIRE_ENTRY_RESERVED, 4, 1,
	 WIRE_ARGV << 16 | WIRE_FAULT_ENTRY},
	{"not critical", 1, WIRE_ENTRY_FLAGS, 2, 0,
	 WIRE_ARGV << 16 | WIRE_FAULT_CRITICAL},
	{"critical", 5, WIRE_ENTRY_FLAGS, 2, 1, WIRE_ENVSRC << 16 | WIRE_FAULT_CRITICAL},
	{"a note that is critical", 6, WIRE_ENTRY_TYPE, 2, 8, 8U << 16 | WIRE_FAULT_CRITICAL},
	{"reserved type, not critical", 7, WIRE_ENTRY_TYPE, 2, 12,
	 12U << 16 | WIRE_FAULT_UNKNOWN},
	{"type of a layer", 7, WIRE_ENTRY_TYPE, 2, 32, 32U << 16 | WIRE_FAULT_UNKNOWN},
	{"offset", 0, WIRE_ENTRY_OFFSET, 4, 168, WIRE_EXEC << 16 | WIRE_FAULT_OFFSET},
	{"offset into the table", 1, WIRE_ENTRY_OFFSET, 4, 32,
	 WIRE_ARGV << 16 | WIRE_FAULT_OFFSET},
	{"a gap", 0, WIRE_ENTRY_LENGTH, 4, 0, WIRE_ARGV << 16 | WIRE_FAULT_OFFSET},
	{"length that wraps", 0, WIRE_ENTRY_LENGTH, 4, 0xffffffff,
	 WIRE_EXEC << 16 | WIRE_FAULT_OFFSET},
	{"last length", 7, WIRE_ENTRY_LENGTH, 4, 9,
	 WIRE_ARGSRC << 16 | WIRE_FAULT_OFFSET},
};

static void containers_are_refused(void **state)
{
	struct arena arena;
	struct sv good;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	good = parts_blob(&parts_config, WIRE_CONFIG, &arena);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct field_case *c = &fields[i];
		uint8_t *bytes = (uint8_t *)arena_strdup(&arena, good);
		struct ocienv_boot boot;
		uint32_t at = c->at, fault;

		if (c->entry >= 0)
			at += WIRE_HEADER_SIZE + WIRE_ENTRY_SIZE * (uint32_t)c->entry;
		for (uint32_t k = 0; k < c->size; k++)
			bytes[at + k] = (uint8_t)(c->value >> 8 * k);
		fault = wire_check_config(&boot, bytes, good.len);
		if (fault != c->fault)
			fail_msg("%s: fault %#x, expected %#x", c->title, fault,
				 c->fault);
	}
	arena_free(&arena);
}

/* A section with other content; `bytes` NULL: taken away. */
struct content_case {
	const char *title;
	struct part_of_blob part;
	uint32_t fault;
};

/* Section `type`, critical or not, with `bytes` in it. */
#define ITEM(title, type, bytes, fault)                                                  \
	{                                                                                \
		title, {type, 1, BYTES(bytes)}, (uint32_t)(type) << 16 | (fault)         \
	}
#define NOTE(title, type, bytes, fault)                                                  \
	{                                                                                \
		title, {type, 0, BYTES(bytes)}, (uint32_t)(type) << 16 | (fault)         \
	}
#define LOST(type, about, fault)                                                         \
	{                                                                                \
		"without " #type, {type, 1, NULL, 0}, (about) << 16 | (fault)            \
	}
#define MISSING(type)       LOST(type, type, WIRE_FAULT_MISSING)
#define EXEC(b, fault)      ITEM("exec " b, WIRE_EXEC, b, fault)
#define CWD(b, fault)       ITEM("cwd " b, WIRE_CWD, b, fault)
#define ARGV(t, b, fault)   ITEM(t, WIRE_ARGV, b, fault)
#define ENVP(t, b, fault)   ITEM(t, WIRE_ENVP, b, fault)
#define USER(t, b, fault)   ITEM(t, WIRE_USER, b, fault)
#define ROOTFS(t, b, fault) ITEM(t, WIRE_ROOTFS, b, fault)
#define ENVSRC(t, b, fault) NOTE(t, WIRE_ENVSRC, b, fault)
#define ARGSRC(t, b, fault) NOTE(t, WIRE_ARGSRC, b, fault)
#define TWO(pool, a, b)     "\2\0\0\0" pool "\0\0\0" a "\0\0\0" b "\0\0\0"
#define FIVE(pool, a, b, c, d)                                                           \
	"\5\0\0\0" pool "\0\0\0\0\0\0\0" a "\0\0\0" b "\0\0\0" c "\0\0\0" d "\0\0\0"
#define ID "\1\0\0\0"
#define INPUTS(t, b, fault) NOTE(t, WIRE_INPUTS, b, fault)
#define ONE                 "\1\0\0\0"
#define HALF                "sixteen bytes ##"

static const struct content_case contents[] = {
	MISSING(WIRE_ARGV),
	MISSING(WIRE_ENVP),
	MISSING(WIRE_CWD),
	MISSING(WIRE_USER),
	MISSING(WIRE_ENVSRC),
	MISSING(WIRE_ARGSRC),
	EXEC("", WIRE_FAULT_PATH),
	EXEC("\0", WIRE_FAULT_PATH),
	EXEC("/bin/sh", WIRE_FAULT_PATH),
	EXEC("/bin\0sh\0", WIRE_FAULT_PATH),
	EXEC("/bin/sh\0\0", WIRE_FAULT_PATH),
	EXEC("bin/sh\0", WIRE_FAULT_PATH),
	EXEC("/\0", WIRE_FAULT_PATH),
	EXEC("//sh\0", WIRE_FAULT_PATH),
	EXEC("/bin//sh\0", WIRE_FAULT_PATH),
	EXEC("/bin/\0", WIRE_FAULT_PATH),
	EXEC("/./sh\0", WIRE_FAULT_PATH),
	EXEC("/bin/.\0", WIRE_FAULT_PATH),
	EXEC("/caf\xe9\0", WIRE_FAULT_PATH),
	EXEC("/\xc0\xaf\0", WIRE_FAULT_PATH),
	EXEC("/\xe0\x9f\xbf\0", WIRE_FAULT_PATH),
	EXEC("/\xed\xa0\x80\0", WIRE_FAULT_PATH),
	EXEC("/\xf0\x8f\xbf\xbf\0", WIRE_FAULT_PATH),
	EXEC("/\xf4\x90\x80\x80\0", WIRE_FAULT_PATH),
	EXEC("/\xf5\x80\x80\x80\0", WIRE_FAULT_PATH),
	EXEC("/\xe2\x82\0", WIRE_FAULT_PATH),
	EXEC("/\x80\0", WIRE_FAULT_PATH),
	CWD("", WIRE_FAULT_PATH),
	CWD("\0", WIRE_FAULT_PATH),
	CWD("data\0", WIRE_FAULT_PATH),
	CWD("/data", WIRE_FAULT_PATH),
	CWD("/\xff\0", WIRE_FAULT_PATH),
	ARGV("no argument", "\0\0\0\0\0\0\0\0", WIRE_FAULT_COUNT),
	ARGV("too short", "\0\0\0\0\0\0\0", WIRE_FAULT_LENGTH),
	ARGV("count that wraps", "\0\0\0\100\0\0\0\0", WIRE_FAULT_LENGTH),
	ARGV("empty with a pool", "\0\0\0\0\1\0\0\0\0", WIRE_FAULT_LENGTH),
	ARGV("pool too large", TWO("\7", "\0", "\3") "sh\0-c\0", WIRE_FAULT_LENGTH),
	ARGV("pool too small", TWO("\5", "\0", "\3") "sh\0-c\0", WIRE_FAULT_LENGTH),
	ARGV("count too small", "\1\0\0\0\6\0\0\0\0\0\0\0\3\0\0\0sh\0-c\0",
	     WIRE_FAULT_LENGTH),
	ARGV("first offset", TWO("\6", "\1", "\3") "sh\0-c\0", WIRE_FAULT_STRINGS),
	ARGV("offset inside", TWO("\6", "\0", "\2") "sh\0-c\0", WIRE_FAULT_STRINGS),
	ARGV("offset twice", TWO("\6", "\0", "\0") "sh\0-c\0", WIRE_FAULT_STRINGS),
	ARGV("offset at the end", TWO("\6", "\0", "\6") "sh\0-c\0", WIRE_FAULT_STRINGS),
	ARGV("offset beyond", TWO("\6", "\0", "\377") "sh\0-c\0", WIRE_FAULT_STRINGS),
	ARGV("no NUL between", TWO("\6", "\0", "\3") "sh--c\0", WIRE_FAULT_STRINGS),
	ARGV("no NUL at the end", TWO("\6", "\0", "\3") "sh\0-cc", WIRE_FAULT_STRINGS),
	ARGV("NUL inside", TWO("\6", "\0", "\3") "s\0\0-c\0", WIRE_FAULT_STRINGS),
	ARGV("NUL inside the second", TWO("\6", "\0", "\3") "sh\0-\0\0",
	     WIRE_FAULT_STRINGS),
	ENVP("no =", TWO("\10", "\0", "\4") "A=1\0B-2\0", WIRE_FAULT_VARIABLE),
	ENVP("no name", TWO("\10", "\0", "\4") "=A1\0B=2\0", WIRE_FAULT_VARIABLE),
	ENVP("empty entry", TWO("\5", "\0", "\1") "\0B=2\0", WIRE_FAULT_VARIABLE),
	ENVP("name twice", TWO("\10", "\0", "\4") "A=1\0A=2\0", WIRE_FAULT_UNSORTED),
	ENVP("unsorted", TWO("\10", "\0", "\4") "B=2\0A=1\0", WIRE_FAULT_UNSORTED),
	ENVP("longer name first", TWO("\11", "\0", "\5") "AA=1\0A=1\0",
	     WIRE_FAULT_UNSORTED),
	ENVP("sorted with the =", TWO("\12", "\0", "\6") "A-B=1\0A=2\0",
	     WIRE_FAULT_UNSORTED),
	{"a variable more",
	 {WIRE_ENVP, 1, BYTES("\1\0\0\0\4\0\0\0\0\0\0\0A=1\0")},
	 WIRE_ENVSRC << 16 | WIRE_FAULT_LENGTH},
	ENVSRC("a source more", "\1\2\3", WIRE_FAULT_LENGTH),
	ENVSRC("unknown source", "\1\13", WIRE_FAULT_SOURCE),
	ENVSRC("unknown secret source", "\1\177", WIRE_FAULT_SOURCE),
	ENVSRC("seal that is not there", "\1\201", WIRE_FAULT_SOURCE),
	{"seal that is not said",
	 {WIRE_ENVP, 1, BYTES(TWO("\16", "\0", "\12") "A=sealed.\0B=2\0")},
	 WIRE_ENVSRC << 16 | WIRE_FAULT_SOURCE},
	ARGSRC("a source less", "\1\2\3", WIRE_FAULT_LENGTH),
	ARGSRC("nothing", "", WIRE_FAULT_LENGTH),
	ARGSRC("unknown source", "\1\2\3\13", WIRE_FAULT_SOURCE),
	ARGSRC("sealed argument", "\201\2\3\4", WIRE_FAULT_SOURCE),
	USER("short", ID ID ID "\0\0\0", WIRE_FAULT_LENGTH),
	USER("odd", ID ID ID "\0\0\0\0\0", WIRE_FAULT_LENGTH),
	USER("a group less", ID ID ID "\1\0\0\0", WIRE_FAULT_LENGTH),
	USER("a group more", ID ID ID "\0\0\0\0\1\0\0\0", WIRE_FAULT_LENGTH),
	USER("uid -1", "\377\377\377\377" ID ID "\0\0\0\0", WIRE_FAULT_ID),
	USER("gid -1", ID "\377\377\377\377" ID "\0\0\0\0", WIRE_FAULT_ID),
	USER("umask 01000",
	     ID ID "\0\2\0\0"
		   "\0\0\0\0",
	     WIRE_FAULT_ID),
	USER("group -1", ID ID ID ID "\377\377\377\377", WIRE_FAULT_ID),
	USER("group twice", ID ID ID "\2\0\0\0" ID ID, WIRE_FAULT_UNSORTED),
	USER("groups descend", ID ID ID "\2\0\0\0" ID "\0\0\0\0", WIRE_FAULT_UNSORTED),
	ROOTFS("two strings", TWO("\6", "\0", "\3") "sh\0-c\0", WIRE_FAULT_COUNT),
	ROOTFS("all empty", FIVE("\5", "\1", "\2", "\3", "\4") "\0\0\0\0\0",
	       WIRE_FAULT_COUNT),
	ROOTFS("not UTF-8", FIVE("\6", "\2", "\3", "\4", "\5") "\xff\0\0\0\0\0",
	       WIRE_FAULT_PATH),
	ROOTFS("relative filter", FIVE("\6", "\1", "\2", "\4", "\5") "\0\0b\0\0\0",
	       WIRE_FAULT_PATH),
	ROOTFS("filter that filters nothing",
	       FIVE("\6", "\1", "\2", "\4", "\5") "\0\0/\0\0\0", WIRE_FAULT_PATH),
	ROOTFS("relative target", FIVE("\7", "\1", "\2", "\3", "\5") "\0\0\0h\0t\0",
	       WIRE_FAULT_PATH),
	ROOTFS("target without source", FIVE("\6", "\1", "\2", "\3", "\4") "\0\0\0\0/\0",
	       WIRE_FAULT_PATH),
	INPUTS("no digest", "", WIRE_FAULT_LENGTH),
	INPUTS("half a digest", ONE ONE HALF, WIRE_FAULT_LENGTH),
	INPUTS("document 0", "\0\0\0\0" ONE HALF HALF, WIRE_FAULT_DIGEST),
	INPUTS("document 5", "\5\0\0\0" ONE HALF HALF, WIRE_FAULT_DIGEST),
	INPUTS("algorithm 0", ONE "\0\0\0\0" HALF HALF, WIRE_FAULT_DIGEST),
	INPUTS("algorithm 2", ONE "\2\0\0\0" HALF HALF, WIRE_FAULT_DIGEST),
	INPUTS("document twice", ONE ONE HALF HALF ONE ONE HALF HALF, WIRE_FAULT_DIGEST),
	INPUTS("documents descend", "\2\0\0\0" ONE HALF HALF ONE ONE HALF HALF,
	       WIRE_FAULT_DIGEST),
	{"critical vendor", {0x8000, 1, BYTES("x")}, 0x8000U << 16 | WIRE_FAULT_CRITICAL},
};

static void run(const struct content_case *cases, size_t count, const struct parts *from,
		uint32_t kind)
{
	struct arena arena;

	arena_init(&arena, NULL, 1 << 22);
	for (size_t i = 0; i < count; i++) {
		struct parts parts = *from;
		struct ocienv_boot boot;
		struct wire_view view;
		struct sv blob;
		uint32_t fault;

		parts_set(&parts, cases[i].part);
		blob = parts_blob(&parts, kind, &arena);
		fault = kind == WIRE_LAYER
				? wire_check_layer((const uint8_t *)blob.ptr, blob.len,
						   &view)
				: wire_check_config(&boot, (const uint8_t *)blob.ptr,
						    blob.len);
		if (fault != cases[i].fault)
			fail_msg("%s: fault %#x, expected %#x", cases[i].title, fault,
				 cases[i].fault);
	}
	arena_free(&arena);
}

static void contents_of_configs_are_refused(void **state)
{
	(void)state;
	run(contents, sizeof(contents) / sizeof(contents[0]), &parts_config, WIRE_CONFIG);
}

#define MARK  "\1\0\0\0\2\0\0\0"
#define FACTS "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static const struct content_case layers[] = {
	MISSING(WIRE_FACTS),
	MISSING(WIRE_DOCUMENTS),
	ITEM("facts too short", WIRE_FACTS, "\1\0\0\0", WIRE_FAULT_LENGTH),
	ITEM("kind 0", WIRE_FACTS, "\0\0\0\0\0\0\0\0" FACTS, WIRE_FAULT_FACTS),
	ITEM("kind 4", WIRE_FACTS, "\4\0\0\0\0\0\0\0" FACTS, WIRE_FAULT_FACTS),
	ITEM("fact flag", WIRE_FACTS, "\1\0\0\0\40\0\0\0" FACTS, WIRE_FAULT_FACTS),
	ITEM("documents", WIRE_DOCUMENTS, "\1\0\0\0\1\0\0\0\0\0\0\0a",
	     WIRE_FAULT_STRINGS),
	{"fewer documents",
	 {WIRE_DOCUMENTS, 1, BYTES("\1\0\0\0\1\0\0\0\0\0\0\0\0")},
	 (WIRE_LAYER_CWD + 1) << 16 | WIRE_FAULT_ORIGIN},
	LOST(WIRE_ENV, WIRE_ENV, WIRE_FAULT_PAIR),
	LOST(WIRE_ENV + 1, WIRE_ENV, WIRE_FAULT_PAIR),
	LOST(WIRE_UID + 1, WIRE_UID, WIRE_FAULT_PAIR),
	LOST(WIRE_OVERRODE, WIRE_OVERRODE, WIRE_FAULT_PAIR),
	LOST(WIRE_OVERRODE + 1, WIRE_OVERRODE, WIRE_FAULT_PAIR),
	ITEM("nobody overridden by one", WIRE_OVERRODE, "\0\0\0\0\0\0\0\0", WIRE_FAULT_COUNT),
	ITEM("nobody overridden", WIRE_OVERRODE, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	     WIRE_FAULT_COUNT),
	ITEM("one entry too many", WIRE_OVERRODE, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	     WIRE_FAULT_COUNT),
	ITEM("more than there are", WIRE_OVERRODE, "\2\0\0\0\0\0\0\0", WIRE_FAULT_NUMBER),
	ITEM("more origins than lost", WIRE_OVERRODE + 1, MARK "\0\0\7\0" MARK "\0\0\7\0",
	     WIRE_FAULT_LENGTH),
	ITEM("origin of a lost one", WIRE_OVERRODE + 1, MARK "\2\0\7\0", WIRE_FAULT_ORIGIN),
	ITEM("overrode odd", WIRE_OVERRODE, "\1\0\0\0", WIRE_FAULT_LENGTH),
	ITEM("overrode empty", WIRE_OVERRODE, "", WIRE_FAULT_COUNT),
	ITEM("an origin less", WIRE_ENV + 1, "", WIRE_FAULT_LENGTH),
	ITEM("an origin more", WIRE_ENV + 1, MARK "\0\0\7\0" MARK "\0\0\7\0",
	     WIRE_FAULT_LENGTH),
	ITEM("origin odd", WIRE_UID + 1, MARK "\0\0\7\0\0", WIRE_FAULT_LENGTH),
	ITEM("source 11", WIRE_UID + 1, MARK "\0\0\13\0", WIRE_FAULT_ORIGIN),
	ITEM("origin flag", WIRE_UID + 1, MARK "\0\0\7\4", WIRE_FAULT_ORIGIN),
	ITEM("document 2 of 2", WIRE_UID + 1, MARK "\2\0\7\0", WIRE_FAULT_ORIGIN),
	ITEM("document 0xfffe", WIRE_UID + 1, MARK "\376\377\7\0", WIRE_FAULT_ORIGIN),
	ITEM("two cwds", WIRE_LAYER_CWD, TWO("\4", "\0", "\2") "a\0b\0",
	     WIRE_FAULT_COUNT),
	ITEM("no cwd", WIRE_LAYER_CWD, "\0\0\0\0\0\0\0\0", WIRE_FAULT_COUNT),
	ITEM("cwd not UTF-8", WIRE_LAYER_CWD, "\1\0\0\0\2\0\0\0\0\0\0\0\377\0",
	     WIRE_FAULT_PATH),
	ITEM("cwd no list", WIRE_LAYER_CWD, "a\0", WIRE_FAULT_LENGTH),
	ITEM("uid 2^32", WIRE_UID, "\0\0\0\0\1\0\0\0", WIRE_FAULT_NUMBER),
	ITEM("uid -1", WIRE_UID, "\377\377\377\377\377\377\377\377", WIRE_FAULT_NUMBER),
	ITEM("no uid", WIRE_UID, "", WIRE_FAULT_COUNT),
	ITEM("two uids", WIRE_UID, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", WIRE_FAULT_COUNT),
	ITEM("uid of 4 bytes", WIRE_UID, "\0\0\0\0", WIRE_FAULT_LENGTH),
	ITEM("non-root 2", WIRE_NON_ROOT, "\2\0\0\0\0\0\0\0", WIRE_FAULT_NUMBER),
	ITEM("no groups", WIRE_GROUPS, "", WIRE_FAULT_COUNT),
	{"two strings",
	 {WIRE_WARNINGS, 0, BYTES(TWO("\4", "\0", "\2") "w\0m\0")},
	 WIRE_WARNINGS << 16 | WIRE_FAULT_COUNT},
	{"no warnings",
	 {WIRE_WARNINGS, 0, BYTES("\0\0\0\0\0\0\0\0")},
	 WIRE_WARNINGS << 16 | WIRE_FAULT_COUNT},
	{"no code",
	 {WIRE_WARNINGS, 0, BYTES("\3\0\0\0\3\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0\0\0\0")},
	 WIRE_WARNINGS << 16 | WIRE_FAULT_CODE},
	{"code in capitals",
	 {WIRE_WARNINGS, 0, BYTES("\3\0\0\0\4\0\0\0\0\0\0\0\2\0\0\0\3\0\0\0A\0\0\0")},
	 WIRE_WARNINGS << 16 | WIRE_FAULT_CODE},
	{"message not UTF-8",
	 {WIRE_WARNINGS, 0, BYTES("\3\0\0\0\5\0\0\0\0\0\0\0\2\0\0\0\3\0\0\0w\0\0\377\0")},
	 WIRE_WARNINGS << 16 | WIRE_FAULT_PATH},
	ITEM("critical warnings", WIRE_WARNINGS, "", WIRE_FAULT_CRITICAL),
	ITEM("no digest", WIRE_DIGEST, "", WIRE_FAULT_LENGTH),
	ITEM("half a digest", WIRE_DIGEST, ONE HALF, WIRE_FAULT_LENGTH),
	ITEM("digest too long", WIRE_DIGEST, ONE HALF HALF "\0", WIRE_FAULT_LENGTH),
	ITEM("unknown algorithm", WIRE_DIGEST, "\2\0\0\0" HALF HALF, WIRE_FAULT_DIGEST),
	{"digest that is not critical",
	 {WIRE_DIGEST, 0, BYTES(ONE HALF HALF)},
	 WIRE_DIGEST << 16 | WIRE_FAULT_CRITICAL},
	ITEM("type 67", 67, "", WIRE_FAULT_CRITICAL),
	{"type 66", {66, 0, BYTES("")}, 66U << 16 | WIRE_FAULT_UNKNOWN},
	ITEM("type of a config", WIRE_ARGV, "", WIRE_FAULT_CRITICAL),
};

static void contents_of_layers_are_refused(void **state)
{
	(void)state;
	run(layers, sizeof(layers) / sizeof(layers[0]), &parts_layer, WIRE_LAYER);
}

static void what_all_those_were_made_from_is_accepted(void **state)
{
	const struct content_case config = {"good", {WIRE_ARGV, 1, NULL, 0}, 0};
	struct content_case same = config;

	(void)state;
	same.part = parts_config.items[1];
	run(&same, 1, &parts_config, WIRE_CONFIG);
	same.part = parts_layer.items[1];
	run(&same, 1, &parts_layer, WIRE_LAYER);
}

static void padding_is_zero(void **state)
{
	struct arena arena;
	struct ocienv_boot boot;
	uint8_t *bytes;
	struct sv good;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	good = parts_blob(&parts_config, WIRE_CONFIG, &arena);
	bytes = (uint8_t *)arena_strdup(&arena, good);
	bytes[good.len - 1] = 1; /* behind ARGSRC */
	assert_int_equal(wire_check_config(&boot, bytes, good.len),
			 WIRE_ARGSRC << 16 | WIRE_FAULT_PADDING);
	arena_free(&arena);
}

/* The host says which rule and where; and it has two rules of its own. */
static void the_host_names_the_rule(void **state)
{
	struct ocienv_error error;
	struct diag diag = {&error, "agent.oeb", {NULL, 0}};
	struct parts parts = parts_config;
	struct ocienv_config config = {0};
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	arena_init(&config.arena, NULL, 1 << 20);
	assert_int_equal(wire_decode_config(parts_blob(&parts, WIRE_CONFIG, &arena),
					    &config, NULL, &diag),
			 OCIENV_ERR_BLOB);
	assert_string_equal(error.message,
			    "expected a canonical blob, found one with section 7 wrong: a section that a "
			    "config object has no place for");
	assert_string_equal(error.document, "agent.oeb");
	assert_int_equal(wire_decode_config(sv_from("", 0), &config, NULL, &diag),
			 OCIENV_ERR_BLOB);
	assert_string_equal(error.message,
			    "expected a canonical blob, found one that has a wrong total size");
	for (uint32_t fault = 1; fault < WIRE_FAULT_COUNT_OF; fault++) {
		assert_int_equal(wire_say(&diag, OCIENV_ERR_BLOB, fault),
				 OCIENV_ERR_BLOB);
		assert_null(strstr(error.message, "(null)"));
	}
	arena_free(&config.arena);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(containers_are_refused),
		cmocka_unit_test(contents_of_configs_are_refused),
		cmocka_unit_test(contents_of_layers_are_refused),
		cmocka_unit_test(what_all_those_were_made_from_is_accepted),
		cmocka_unit_test(padding_is_zero),
		cmocka_unit_test(the_host_names_the_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
