/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/home.h"

#include "resolve/crio_passwd.h"
#include "resolve/user_step.h"

/* Each runtime reads the file with its own library, and these disagree about lines that are no
 * entries. */
static passwd_reader *const readers[] = {
	[OCIENV_RUNTIME_RUNC] = passwd_next,
	[OCIENV_RUNTIME_RUNC_1_2] = passwd_next,
	[OCIENV_RUNTIME_RUNC_1_3] = passwd_next,
	[OCIENV_RUNTIME_CRUN] = passwd_next_glibc,
	[OCIENV_RUNTIME_KATA] = passwd_next_musl,
	[OCIENV_RUNTIME_EXECVP] = passwd_next,
	[OCIENV_RUNTIME_RUNC_1_1] = passwd_next,
	[OCIENV_RUNTIME_CRUN_1_8] = passwd_next_glibc,
};

/* The container's file: the one of the rootfs, found as the kernel does, or CRI-O's copy of
 * what it found. CRI-O finds no HOME in the environment, or this would not be asked for, and
 * takes the working directory, which is still the root. */
static int32_t read_file(const struct home *in, struct sv *ret)
{
	bool moby = readers[in->runtime] == passwd_next;
	struct accounts physical = *in->accounts, *accounts = in->accounts;
	struct sv file = SV_NONE;
	int32_t status;

	if (accounts->lexical && !in->added_name.ptr) {
		physical.lexical = false;
		physical.files[ACCOUNT_PASSWD].read = !physical.rootfs;
		accounts = &physical;
	}
	status = moby ? user_read(accounts, in->blame, ACCOUNT_PASSWD, &file)
		      : accounts_read(accounts, ACCOUNT_PASSWD);
	if (status)
		return status;
	*ret = accounts->files[ACCOUNT_PASSWD].text;
	if (!in->added_name.ptr)
		return OCIENV_OK;
	*ret = crio_passwd(*ret, in->added_name, in->uid, in->added_gid, SV("/"), in->scratch);
	return ret->ptr ? OCIENV_OK : diag_memory(in->blame->diag, arena_status(in->scratch));
}

int32_t home_find(const struct home_source *source, struct text *ret, bool *unknown)
{
	const struct home *in = (const struct home *)source;
	struct passwd_entry entry;
	struct sv rest = SV_NONE;
	uint32_t line = 0;
	bool found = false;
	int32_t status = read_file(in, &rest);
	bool file = rest.ptr != NULL;

	*ret = (struct text){SV("/"), ORIGIN_RUNTIME}; /* no line: the root */
	*unknown = false;
	while (!status && !found && readers[in->runtime](&rest, &line, &entry))
		found = entry.uid == in->uid;
	*unknown = !found && file;
	if (status || !found)
		return status;
	if (in->strict)
		status = user_check_passwd(in->blame, &entry);
	if (!status && !entry.home.ptr)
		status = blame(in->blame, OCIENV_ERR_VALUE, ORIGIN_DEFAULT,
			       "expected a home directory in line %u of /etc/passwd, found none "
			       "that the runtime can read", entry.line);
	ret->value = entry.home;
	return status;
}
