/* SPDX-License-Identifier: Apache-2.0 */
#include "base/glob.h"

/* Two positions. When the text does not go on as the glob says, the last "*" takes one byte
 * more: earlier ones never have to. */
bool glob_match(struct sv glob, struct sv text, uint64_t *steps)
{
	size_t g = 0, t = 0, star = SIZE_MAX, taken = 0;

	while (t < text.len) {
		if (!*steps)
			return false;
		--*steps;
		if (g < glob.len && glob.ptr[g] == '*') {
			star = g++;
			taken = t;
		} else if (g < glob.len && (glob.ptr[g] == '?' || glob.ptr[g] == text.ptr[t])) {
			g++;
			t++;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			t = ++taken;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.ptr[g] == '*')
		g++;
	return g == glob.len;
}

bool glob_is_pattern(struct sv text)
{
	return sv_contains(text, '*') || sv_contains(text, '?');
}
