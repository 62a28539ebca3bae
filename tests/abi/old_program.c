/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program as it was compiled for the baseline: against its headers, and linked to a library
 * that has its functions and no other. It runs with the library of today.
 */
#include <ocienv/boot.h>
#include <ocienv/ocienv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char image[] = "{\"config\":{\"Entrypoint\":[\"/bin/server\"],\"Cmd\":[\"-v\"],"
			    "\"Env\":[\"A=image\",\"PATH=/bin\"],\"WorkingDir\":\"/srv\"}}";
static const char spec[] = "{\"ociVersion\":\"1.2.0\",\"process\":{\"args\":[\"/bin/server\","
			   "\"spec\"],\"cwd\":\"/srv\",\"env\":[\"A=spec\"],"
			   "\"user\":{\"uid\":7,\"gid\":8}}}";
static const char pod[] = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},"
			  "\"spec\":{\"containers\":[{\"name\":\"c\",\"args\":[\"$(N)\"],"
			  "\"env\":[{\"name\":\"N\",\"valueFrom\":"
			  "{\"fieldRef\":{\"fieldPath\":\"spec.nodeName\"}}}]}]}}";

static void expect(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "expected: %s\n", what);
	exit(1);
}

#define EXPECT(condition) expect(condition, #condition)

static struct ocienv_layer *read_pod(const struct ocienv_options *options)
{
	const struct ocienv_document document = {"pod.json", pod, sizeof(pod) - 1};
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_layer *layer = NULL;

	EXPECT(!ocienv_cluster_new(&cluster, options, NULL));
	EXPECT(!ocienv_cluster_add_fact(cluster, "spec.nodeName", "node-1", NULL));
	EXPECT(!ocienv_layer_from_pod(&layer, &document, cluster, options, NULL));
	EXPECT(ocienv_layer_kind(layer) == OCIENV_LAYER_POD);
	ocienv_cluster_free(cluster);
	return layer;
}

/* By way of a blob. */
static struct ocienv_layer *read_image(const struct ocienv_options *options)
{
	const struct ocienv_document document = {"image.json", image, sizeof(image) - 1};
	struct ocienv_document blob = {"image.blob", NULL, 0};
	struct ocienv_buffer buffer;
	struct ocienv_layer *first = NULL, *again = NULL;

	EXPECT(!ocienv_layer_from_image_config(&first, &document, options, NULL));
	EXPECT(!ocienv_layer_encode(&buffer, first, options, NULL));
	blob.data = buffer.data;
	blob.size = buffer.size;
	EXPECT(!ocienv_layer_decode(&again, &blob, options, NULL));
	ocienv_buffer_free(&buffer);
	ocienv_layer_free(first);
	return again;
}

static struct ocienv_config *resolve(struct ocienv_layer *image_layer, struct ocienv_layer *other,
				     const struct ocienv_options *options)
{
	const struct ocienv_layer *layers[] = {image_layer, other};
	struct ocienv_config *config = NULL;

	EXPECT(!ocienv_resolve(&config, layers, 2, OCIENV_NO_ROOTFS, options, NULL));
	ocienv_layer_free(image_layer);
	ocienv_layer_free(other);
	return config;
}

static void answer_for_pod(const struct ocienv_options *options)
{
	struct ocienv_config *config = resolve(read_image(options), read_pod(options), options);
	size_t count = 0;
	const char *const *argv = ocienv_config_argv(config, &count);
	struct ocienv_origin origin;

	EXPECT(count == 2 && !argv[2]);
	EXPECT(!strcmp(argv[0], "/bin/server") && !strcmp(argv[1], "node-1"));
	EXPECT(!strcmp(ocienv_config_cwd(config), "/srv"));
	EXPECT(!ocienv_config_origin(config, OCIENV_ITEM_ARGV, 1, 0, &origin));
	EXPECT(origin.source == OCIENV_SOURCE_POD && !strcmp(origin.document, "pod.json"));
	EXPECT(origin.changed == OCIENV_CHANGED_BY_EXPANSION);
	ocienv_config_free(config);
}

static void answer_for_enclave(const struct ocienv_options *options)
{
	const struct ocienv_document document = {"config.json", spec, sizeof(spec) - 1};
	struct ocienv_layer *layer = NULL;
	struct ocienv_config *config;
	struct ocienv_buffer buffer;
	struct ocienv_boot boot;
	struct ocienv_boot_user user;
	char *vec[3], *envp[16];

	EXPECT(!ocienv_layer_from_runtime_spec(&layer, &document, options, NULL));
	config = resolve(read_image(options), layer, options);
	EXPECT(!ocienv_config_encode(&buffer, config, options, NULL));
	ocienv_config_free(config);
	EXPECT(!ocienv_boot_open(&boot, buffer.data, buffer.size));
	EXPECT(!ocienv_boot_argv(&boot, vec, 3) && !strcmp(vec[1], "spec") && !vec[2]);
	EXPECT(ocienv_boot_envc(&boot) < 16 && !ocienv_boot_envp(&boot, envp, 16));
	EXPECT(!strcmp(envp[0], "A=spec")); /* sorted by name */
	EXPECT(!ocienv_boot_user(&boot, &user) && user.uid == 7 && user.umask == 0022);
	ocienv_buffer_free(&buffer);
}

/* The caller's struct is as large as it was: what lies behind it stays. */
static void fail(void)
{
	static const char text[] = "{\n \"config\": 5}";
	const struct ocienv_document document = {"bad.json", text, sizeof(text) - 1};
	struct {
		struct ocienv_error error;
		unsigned char behind[64];
	} given;
	struct ocienv_layer *layer = NULL;
	size_t i;

	memset(&given, 0xa5, sizeof(given));
	EXPECT(ocienv_layer_from_image_config(&layer, &document, NULL, &given.error) ==
	       OCIENV_ERR_TYPE);
	EXPECT(!layer && given.error.status == OCIENV_ERR_TYPE);
	EXPECT(given.error.line == 2 && given.error.column == 12);
	EXPECT(!strcmp(given.error.document, "bad.json"));
	EXPECT(!strcmp(given.error.pointer, "/config"));
	for (i = 0; i < sizeof(given.behind); i++)
		EXPECT(given.behind[i] == 0xa5);
}

int main(void)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_depth = 16};
	struct ocienv_options options = {.size = sizeof(options), .limits = &limits};

	answer_for_pod(&options);
	answer_for_enclave(&options);
	fail();
	puts("as then");
	return 0;
}
