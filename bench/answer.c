/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer SECONDS FOLDER SET ROOTFS: the nanoseconds of processor time that one whole answer takes,
 * for compare.py, which sets it against what others take for the same. With 0 for SECONDS the
 * answer itself, as `ocienv resolve --output json` prints it, but for the limits: those of the
 * command are too low for the largest sets.
 */
#define _POSIX_C_SOURCE 200809L
#include "timing.h"
#include "work.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

static void print_answer(const struct work *work)
{
	struct ocienv_layer *image = NULL, *pod = NULL;
	struct ocienv_config *config = NULL;
	struct ocienv_buffer report;
	struct ocienv_error error;

	if (ocienv_layer_from_image_config(&image, &work->documents[IMAGE], &work_options,
					   &error) ||
	    ocienv_layer_from_pod(&pod, &work->documents[POD], NULL, &work_options, &error) ||
	    ocienv_resolve(&config, (const struct ocienv_layer *[]){image, pod}, 2, work->rootfs,
			   &work_options, &error) ||
	    ocienv_config_report(&report, config, &work_options, &error))
		die(error.document, error.message);
	(void)fwrite(report.data, 1, report.size, stdout);
	ocienv_buffer_free(&report);
	ocienv_config_free(config);
	ocienv_layer_free(pod);
	ocienv_layer_free(image);
}

static void print_time(const struct work *work, double most)
{
	double start, spent;
	long count = 0;

	work_answer(work);
	start = timing_now();
	do {
		work_answer(work);
		count++;
		spent = timing_now() - start;
	} while (spent < most);
	(void)printf("%.0f\n", spent * 1e3 / (double)count);
}

int main(int argc, char **argv)
{
	struct work work;
	double seconds;

	if (argc != 5)
		die("usage", "answer SECONDS FOLDER SET ROOTFS");
	seconds = strtod(argv[1], NULL);
	work.rootfs = open(argv[4], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (work.rootfs < 0)
		die(argv[4], "cannot be opened");
	work_read(&work, argv[2], argv[3]);
	if (seconds > 0)
		print_time(&work, seconds * 1e6);
	else
		print_answer(&work);
	work_free(&work);
	return 0;
}
