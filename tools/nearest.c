/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean ...?": only for what is near, and always the same answer. */
#include "command_line.h"

#include <string.h>

enum { LONGEST = 32 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: letters put in, left out, changed, or two of them exchanged.
 * Three rows of the table are enough. */
static size_t distance_of(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][LONGEST + 1];

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *row = rows[i % 3], *up = rows[(i - 1) % 3], *two_up = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			row[j] = up[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = least(row[j], least(up[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], two_up[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

/* A third of the letters may be wrong; a word that was broken off is as good as one letter. */
void nearest_offer(struct nearest *nearest, const char *candidate)
{
	const char *word = nearest->word + strspn(nearest->word, "-");
	size_t length = nearest->length - least((size_t)(word - nearest->word), nearest->length);
	const char *name = candidate + strspn(candidate, "-");
	size_t name_length = strlen(name), distance;

	if (!length || length > LONGEST || name_length > LONGEST)
		return;
	distance = distance_of(word, length, name, name_length);
	if (length >= 3 && strncmp(word, name, length) == 0)
		distance = least(distance, 1);
	if (distance > least(name_length, length + 1) / 3)
		return;
	if (nearest->best && nearest->distance <= distance)
		return;
	nearest->best = candidate;
	nearest->distance = distance;
}

int say_unknown(const char *what, const struct nearest *nearest)
{
	int shown = (int)least(nearest->length, 64);

	if (nearest->best)
		return say_usage("expected %s, found \"%.*s\"; did you mean %s?", what, shown,
				 nearest->word, nearest->best);
	return say_usage("expected %s, found \"%.*s\"", what, shown, nearest->word);
}
