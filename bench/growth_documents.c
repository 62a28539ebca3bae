/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "growth.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>

/* Names and values have one length, so that bytes grow as counts do. */

struct writer {
	FILE *file;
	char *data;
	size_t size;
};

static FILE *begin(struct writer *writer)
{
	writer->file = open_memstream(&writer->data, &writer->size);
	if (!writer->file)
		die("document", "no memory");
	return writer->file;
}

static struct ocienv_document end(struct writer *writer, const char *name)
{
	if (fclose(writer->file))
		die(name, "no memory");
	return (struct ocienv_document){name, writer->data, writer->size};
}

static struct ocienv_document write_image(size_t variables, size_t arguments)
{
	struct writer writer;
	FILE *f = begin(&writer);

	(void)fputs("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"999\","
		    "\"WorkingDir\":\"/data\",\"Entrypoint\":[\"dash\"],\"Env\":[\"PATH=/usr/bin\"",
		    f);
	for (size_t i = 0; i < variables; i++)
		(void)fprintf(f, ",\"APP_%06zu=value-%06zu\"", i, i);
	(void)fputs("],\"Cmd\":[\"--first\"", f);
	for (size_t i = 0; i < arguments; i++)
		(void)fprintf(f, ",\"--image-%06zu\"", i);
	(void)fputs("]}}\n", f);
	return end(&writer, "image.json");
}

static FILE *begin_pod(struct writer *writer)
{
	FILE *f = begin(writer);

	(void)fputs("apiVersion: v1\nkind: Pod\nmetadata:\n  name: app-0\nspec:\n"
		    "  securityContext:\n    runAsUser: 999\n    runAsGroup: 999\n"
		    "  containers:\n  - name: app\n    image: registry.example/app:1\n    env:\n"
		    "    - name: FIRST\n      value: first\n",
		    f);
	return f;
}

/* Each second one overrides one of the image, each fourth refers to one before it. */
static struct ocienv_document write_pod_variables(size_t count)
{
	struct writer writer;
	FILE *f = begin_pod(&writer);

	for (size_t i = 0; i < count; i++) {
		(void)fprintf(f, "    - name: %s_%06zu\n      value: ", i % 2 ? "APP" : "POD", i);
		if (i % 4 == 3)
			(void)fprintf(f, "$(POD_%06zu)\n", i - 1);
		else
			(void)fprintf(f, "value-%06zu\n", i);
	}
	return end(&writer, "pod.yaml");
}

static struct grown variables(size_t count)
{
	return (struct grown){.image = write_image(count, 0), .pod = write_pod_variables(count)};
}

/* The image's are read and given up for the pod's. */
static struct grown arguments(size_t count)
{
	struct writer writer;
	FILE *f = begin_pod(&writer);

	(void)fputs("    args:\n", f);
	for (size_t i = 0; i < count; i++)
		(void)fprintf(f, "    - --pod-%06zu=$(FIRST)\n", i);
	return (struct grown){.image = write_image(0, count), .pod = end(&writer, "pod.yaml")};
}

static struct ocienv_document write_objects(size_t count)
{
	struct writer writer;
	FILE *f = begin(&writer);

	for (size_t i = 0; i < count; i++)
		(void)fprintf(f,
			      "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n"
			      "  name: settings-%06zu\ndata:\n  key: value-%06zu\n",
			      i, i);
	return end(&writer, "objects.yaml");
}

/* The pod takes a key of each. */
static struct grown objects(size_t count)
{
	struct writer writer;
	FILE *f = begin_pod(&writer);

	for (size_t i = 0; i < count; i++)
		(void)fprintf(f,
			      "    - name: POD_%06zu\n      valueFrom:\n        configMapKeyRef:\n"
			      "          name: settings-%06zu\n          key: key\n",
			      i, count - 1 - i);
	return (struct grown){.image = write_image(0, 0),
			      .pod = end(&writer, "pod.yaml"),
			      .objects = write_objects(count)};
}

/* A rule for each variable of image and pod. */
static struct grown rules(size_t count)
{
	struct ocienv_document pod = write_pod_variables(count / 2);
	struct writer writer;
	FILE *f = begin(&writer);

	(void)fputs("{\"ocienv_policy\":1,\"argv\":{\"match\":\"any\"},\"user\":{\"match\":\"any\"},"
		    "\"env\":{\"unlisted\":\"drop\",\"rules\":[{\"name\":\"PATH\",\"from\":[\"image\"]}",
		    f);
	for (size_t i = 0; i < count; i++)
		(void)fprintf(f,
			      ",{\"name\":\"%s_%06zu\",\"from\":[\"image\",\"pod\"],"
			      "\"override\":true}",
			      i % 2 ? "APP" : "POD", i);
	(void)fputs("]}}\n", f);
	return (struct grown){.image = write_image(count / 2, 0),
			      .pod = pod,
			      .policy = end(&writer, "policy.json")};
}

const struct growth_kind growth_kinds[] = {
	{"variables", variables}, {"arguments", arguments}, {"objects", objects},
	{"policy rules", rules},  {NULL, NULL},
};

void growth_free(struct grown *grown)
{
	free((void *)(uintptr_t)grown->image.data);
	free((void *)(uintptr_t)grown->pod.data);
	free((void *)(uintptr_t)grown->objects.data);
	free((void *)(uintptr_t)grown->policy.data);
}
