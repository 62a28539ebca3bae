/* SPDX-License-Identifier: Apache-2.0 */
/* The reasons for which the library may refuse what upstream takes. */
#include "kinds.h"

/* As docs/strictness.md lists them. */
static const struct {
	int32_t status;
	const char *found; /* in the message */
	const char *reason;
} reasons[] = {
	{OCIENV_ERR_AMBIGUOUS, "letter case", "a name in another letter case"},
	{OCIENV_ERR_AMBIGUOUS, "each key once", "a key that stands twice"},
	{OCIENV_ERR_AMBIGUOUS, "found null", "a null element"},
	{OCIENV_ERR_AMBIGUOUS, "behind the value", "text behind the value"},
	{OCIENV_ERR_AMBIGUOUS, "nested", "nesting that json-c refuses"},
	{OCIENV_ERR_AMBIGUOUS, "merge", "a merge that overrides"},
	{OCIENV_ERR_AMBIGUOUS, "end of the document", "text behind the document"},
	{OCIENV_ERR_AMBIGUOUS, "directive", "a directive"},
	{OCIENV_ERR_ENCODING, "\\u0000", "a NUL"},
	{OCIENV_ERR_ENCODING, "without NUL", "a NUL"},
	{OCIENV_ERR_ENCODING, "surrogate", "half of a surrogate pair"},
	{OCIENV_ERR_ENCODING, "base64", "binary that is not text"},
	{OCIENV_ERR_ENCODING, "UTF-16", "UTF-16"},
	{OCIENV_ERR_ENCODING, "UTF-8", "bytes that are not UTF-8"},
	{OCIENV_ERR_LIMIT, "nested", "the limit of depth"},
	{OCIENV_ERR_UNSAFE, "/proc", "a path into /proc"},
	{OCIENV_ERR_VALUE, "\"process\"", "no process"},
	{OCIENV_ERR_VALUE, "without sign or leading zeros", "a sign or a leading zero"},
	{OCIENV_ERR_VALUE, "\":\" in the image's User", "a second colon"},
	{OCIENV_ERR_VALUE, "one line as the image's User", "a line feed or NUL in a user"},
	{OCIENV_ERR_VALUE, "in the entry that is used", "an entry without name or id"},
	{OCIENV_ERR_VALUE, "an id from 0 to 2147483647, found", "an id beyond 31 bits"},
	{OCIENV_ERR_VALUE, "regular file", "no regular file"},
	{OCIENV_ERR_VALUE, "without \"=\"", "an entry that is no NAME=VALUE"},
	{OCIENV_ERR_VALUE, "without a name", "an entry that is no NAME=VALUE"},
	{OCIENV_ERR_VALUE, "absolute working directory", "a relative working directory"},
};

enum verdict row_refused(struct row *row, const struct ocienv_error *error, bool upstream_too)
{
	if (upstream_too)
		return ROW_PASSES;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (error->status != reasons[i].status ||
		    !strstr(error->message, reasons[i].found))
			continue;
		row->reason = reasons[i].reason;
		return ROW_STRICTER;
	}
	return row_fails(row, "refused for no listed reason: %s", error->message);
}
