/* SPDX-License-Identifier: Apache-2.0 */
#include "base/capability.h"

/* In the order of their numbers (capabilities(7)). */
static const char *const names[] = {
	"CHOWN",	"DAC_OVERRIDE",	  "DAC_READ_SEARCH", "FOWNER",
	"FSETID",	"KILL",		  "SETGID",	     "SETUID",
	"SETPCAP",	"LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST",
	"NET_ADMIN",	"NET_RAW",	  "IPC_LOCK",	     "IPC_OWNER",
	"SYS_MODULE",	"SYS_RAWIO",	  "SYS_CHROOT",	     "SYS_PTRACE",
	"SYS_PACCT",	"SYS_ADMIN",	  "SYS_BOOT",	     "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME",	  "SYS_TTY_CONFIG",  "MKNOD",
	"LEASE",	"AUDIT_WRITE",	  "AUDIT_CONTROL",   "SETFCAP",
	"MAC_OVERRIDE", "MAC_ADMIN",	  "SYSLOG",	     "WAKE_ALARM",
	"BLOCK_SUSPEND", "AUDIT_READ",	  "PERFMON",	     "BPF",
	"CHECKPOINT_RESTORE",
};

static bool equal_upper(struct sv text, const char *upper)
{
	struct sv name = sv_of(upper);

	if (text.len != name.len)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != name.ptr[i])
			return false;
	}
	return true;
}

static bool has_prefix(struct sv name)
{
	return name.len >= 4 && equal_upper(sv_from(name.ptr, 4), "CAP_");
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
	if (equal_upper(name, "ALL"))
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
