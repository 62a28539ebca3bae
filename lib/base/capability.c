/* SPDX-License-Identifier: Apache-2.0 */
#include "base/capability.h"

#define NAME(literal) {literal, sizeof(literal) - 1}

/* In the order of their numbers (capabilities(7)). */
static const struct sv names[] = {
	/* clang-format off */
	NAME("CHOWN"), NAME("DAC_OVERRIDE"), NAME("DAC_READ_SEARCH"), NAME("FOWNER"),
	NAME("FSETID"), NAME("KILL"), NAME("SETGID"), NAME("SETUID"), NAME("SETPCAP"),
	NAME("LINUX_IMMUTABLE"), NAME("NET_BIND_SERVICE"), NAME("NET_BROADCAST"),
	NAME("NET_ADMIN"), NAME("NET_RAW"), NAME("IPC_LOCK"), NAME("IPC_OWNER"),
	NAME("SYS_MODULE"), NAME("SYS_RAWIO"), NAME("SYS_CHROOT"), NAME("SYS_PTRACE"),
	NAME("SYS_PACCT"), NAME("SYS_ADMIN"), NAME("SYS_BOOT"), NAME("SYS_NICE"),
	NAME("SYS_RESOURCE"), NAME("SYS_TIME"), NAME("SYS_TTY_CONFIG"), NAME("MKNOD"),
	NAME("LEASE"), NAME("AUDIT_WRITE"), NAME("AUDIT_CONTROL"), NAME("SETFCAP"),
	NAME("MAC_OVERRIDE"), NAME("MAC_ADMIN"), NAME("SYSLOG"), NAME("WAKE_ALARM"),
	NAME("BLOCK_SUSPEND"), NAME("AUDIT_READ"), NAME("PERFMON"), NAME("BPF"),
	NAME("CHECKPOINT_RESTORE"),
	/* clang-format on */
};

static bool equal_upper(struct sv text, struct sv upper)
{
	if (text.len != upper.len)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != upper.ptr[i])
			return false;
	}
	return true;
}

static bool has_prefix(struct sv name)
{
	return name.len >= 4 && equal_upper(sv_from(name.ptr, 4), SV("CAP_"));
}

static uint64_t bit_of(struct sv short_name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (equal_upper(short_name, names[i]))
			return UINT64_C(1) << i;
	return 0;
}

uint64_t capability_bit(struct sv name)
{
	return has_prefix(name) ? bit_of(sv_skip(name, 4)) : 0;
}

uint64_t capability_bit_short(struct sv name)
{
	if (equal_upper(name, SV("ALL")))
		return CAPABILITIES_ALL;
	return bit_of(has_prefix(name) ? sv_skip(name, 4) : name);
}

static uint64_t bits_of(const char *const *set, size_t count)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < count; i++)
		bits |= bit_of(sv_of(set[i]));
	return bits;
}

uint64_t capabilities_containerd(void)
{
	static const char *const set[] = {
		"CHOWN",   "DAC_OVERRIDE", "FSETID",  "FOWNER",		  "MKNOD",
		"NET_RAW", "SETGID",	   "SETUID",  "SETFCAP",	  "SETPCAP",
		"KILL",	   "SYS_CHROOT",   "AUDIT_WRITE", "NET_BIND_SERVICE",
	};

	return bits_of(set, sizeof(set) / sizeof(set[0]));
}

uint64_t capabilities_crio(void)
{
	static const char *const set[] = {
		"CHOWN",  "DAC_OVERRIDE", "FSETID", "FOWNER",		"SETGID",
		"SETUID", "SETPCAP",	  "KILL",   "NET_BIND_SERVICE",
	};

	return bits_of(set, sizeof(set) / sizeof(set[0]));
}
