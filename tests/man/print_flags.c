/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the command's own tables: a subcommand, a flag of it and the words that the flag takes
 * a line. */
int ocienv_main(int argc, char **argv);

#define main ocienv_main
#include "../../tools/flags.c"
#include "../../tools/main.c"
#undef main

int main(void)
{
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
		const struct subcommand *sub = &subcommands[i];

		for (size_t at = 0; at < TABLE_SIZE; at++) {
			const struct flag *flag = &table[at];

			if (!(flag->takes & sub->takes) && flag->takes)
				continue;
			printf("%s %s %d", sub->name, flag->name,
			       flag->kind != SWITCH && flag->kind != OPTION);
			for (const struct choice *c = flag->choices; c && c->name; c++)
				printf(" %s", c->name);
			puts("");
		}
	}
	return 0;
}
