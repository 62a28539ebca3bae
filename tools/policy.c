/* SPDX-License-Identifier: Apache-2.0 */
/* policy: the answer to the inputs, pinned. */
#include "tool.h"

/* Resolved under "observe": whatever there is is let through, and kept account of. */
int command_policy(const struct flags *flags)
{
	struct ocienv_config *config = NULL;
	struct ocienv_buffer policy;
	struct ocienv_error error;
	int status = resolve_inputs(flags, &config);

	if (!status)
		say_warnings(config);
	if (!status && ocienv_policy_pin(&policy, config, NULL, &error))
		status = say_error(&error);
	else if (!status)
		status = buffer_write(flags->out, &policy);
	ocienv_config_free(config);
	return status;
}
