/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/crio_passwd.h"

#include <stdio.h>
#include <sys/stat.h>

bool crio_adds_line(const struct account_file *passwd, uint32_t uid)
{
	struct sv rest = passwd->text;
	struct passwd_entry entry;
	uint32_t line = 0;

	if (!rest.len || passwd->mode & (S_IWGRP | S_IWOTH) ||
	    (passwd->owner == uid && passwd->mode & S_IWUSR))
		return false;
	while (passwd_next(&rest, &line, &entry))
		if (entry.uid == uid)
			return false;
	return true;
}

/* No line feed comes before it: a last line that has none gets it glued on. A name with a
 * colon, as of an image's "user:group", shifts the fields. */
struct sv crio_passwd(struct sv passwd, struct sv name, uint32_t uid, uint32_t gid,
		      struct sv home, struct arena *arena)
{
	char ids[32];
	struct sv numbers = {ids, (size_t)snprintf(ids, sizeof(ids), ":x:%u:%u:", uid, gid)};
	const struct sv parts[] = {
		passwd, name, numbers, name, SV(" user:"), home, SV(":/sbin/nologin\n"),
	};
	size_t len = 0;
	char *text, *end;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		len += parts[i].len;
	text = arena_chars(arena, len);
	if (!text)
		return SV_NONE;
	end = text;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		end = sv_write(end, parts[i]);
	return sv_from(text, len);
}
