/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the command's own tables: a subcommand, a flag of it, 1 if a value stands behind it, and
 * the words that this may be, a line. */
#include "command_line.h"

/* The forms of an answer are not the same for every subcommand. */
static bool takes_word(const struct subcommand *sub, const struct flag *flag,
		       const struct choice *choice)
{
	return flag->kind != OUTPUT || sub->forms & 1U << choice->value;
}

int main(void)
{
	for (size_t i = 0; subcommand_at(i); i++) {
		const struct subcommand *sub = subcommand_at(i);

		for (size_t at = 0; flag_at(at); at++) {
			const struct flag *flag = flag_at(at);

			if (!flag_is_taken(flag, sub->takes))
				continue;
			printf("%s %s %d", sub->name, flag->name, flag->value != NULL);
			for (const struct choice *c = flag->choices; c && c->name; c++)
				if (takes_word(sub, flag, c))
					printf(" %s", c->name);
			puts("");
		}
	}
	return 0;
}
