/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Must crash on each input: a promise is broken on purpose, an error that is filled although
 * the call succeeded. If it does not, the other targets see nothing either.
 */
#include "fuzz.h"

#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ocienv_document document = {"negative", data, size};
	struct outcome outcome = {.status = OCIENV_OK};
	struct run run = {.documents = {&document}, .outcome = &outcome};
	struct ocienv_error error;

	error_prepare(&error);
	error.status = OCIENV_OK;
	(void)call_succeeded(&run, OCIENV_OK, 0, &error);
	return 0;
}
