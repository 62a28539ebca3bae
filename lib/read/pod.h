/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pod as its document says it, before the kubelet did anything: what one container is to
 * run, with everything that the variables may refer to. Texts are views into the document or
 * the scratch arena; the kubelet step copies what stays. Nothing points into the tree, which is
 * gone by then; the few nodes are copies of bind_keep().
 */
#ifndef OCIENV_READ_POD_H
#define OCIENV_READ_POD_H

#include "read/objects.h"
#include "read/read.h"

/* env[].valueFrom: which one is set. */
enum value_source {
	VALUE_LITERAL,
	VALUE_FIELD,
	VALUE_RESOURCE,
	VALUE_CONFIGMAP,
	VALUE_SECRET,
	VALUE_FILE,
};

struct pod_reference {
	struct text object, key;  /* ConfigMap or Secret; file: volume and path, key */
	struct text field;	  /* field: fieldPath; resource: resource */
	struct text container;	  /* resource: containerName */
	const struct node *divisor; /* resource: a quantity, or NULL */
	bool optional;
};

/* There may be very many of them. */
struct pod_env {
	const char *name;
	union {
		const char *value;		  /* of a literal; NULL: "" */
		const struct pod_reference *from; /* of anything else */
	};
	uint32_t name_length, value_length;
	struct mark name_mark;
	struct mark mark; /* of the literal value, or else of the entry */
	uint8_t source;	  /* enum value_source */
};

static inline struct sv pod_env_name(const struct pod_env *env)
{
	return sv_from(env->name, env->name_length);
}

/* "" for what is no literal. */
static inline struct sv pod_env_value(const struct pod_env *env)
{
	return env->source == VALUE_LITERAL && env->value ? sv_from(env->value, env->value_length)
							  : SV("");
}

struct pod_env_from {
	struct mark mark;
	struct text prefix;
	struct text object;
	uint8_t kind; /* enum object_kind */
	bool optional;
};

struct pod_metadata {
	struct text name, namespace, uid;
	const struct node *labels, *annotations; /* maps of strings, or NULL */
};

/* securityContext, of the pod or of the container. */
struct pod_security {
	struct number user, group, non_root;
	struct number fs_group;
	struct number_list supplemental_groups;
	struct text groups_policy;
	struct number privileged;
	uint64_t capabilities_add, capabilities_drop;
};

/* What a container states of resources: maps of quantities, or NULL. */
struct pod_resources {
	struct sv name;
	uint8_t list; /* 0 init, 1 regular, 2 ephemeral */
	const struct node *limits, *requests;
};

struct pod {
	uint8_t kind; /* enum ocienv_pod_kind: how much of the pod the document holds */
	struct pod_metadata metadata; /* of the Pod, or of the template it is made from */
	bool from_template;	      /* the pod's name is generated then */
	struct text hostname, hostname_override, subdomain, node_name;
	struct text service_account, service_account_old;
	struct number service_links, host_network, fqdn;
	struct pod_security pod_security, security; /* security: the container's */

	const struct path *container_path; /* where the container stands, for errors */
	struct text container_name;
	struct text_list command, args, mounts;
	struct text working_dir;
	struct number tty;
	struct pod_resources own_resources; /* of the container */
	struct vec resources; /* of struct pod_resources: all containers */
	uint32_t env_count, env_from_count;
	struct pod_env *env;
	struct pod_env_from *env_from;
};

/* The container, the spec around it, the metadata beside that: what is not in the document
 * is not known, and has no default. */
static inline bool pod_has_metadata(const struct pod *pod)
{
	return pod->kind == OCIENV_POD_OBJECT;
}

static inline bool pod_has_spec(const struct pod *pod)
{
	return pod->kind != OCIENV_POD_CONTAINER;
}

/*
 * Finds the container that the options name and reads it; ConfigMaps, Secrets and Services
 * of the same file are added to `objects`, which is indexed afterwards. Warnings go to
 * `layer`. Errors: NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE, REFERENCE.
 */
int32_t read_pod(const struct read_input *in, struct ocienv_layer *layer,
		 struct objects *objects, struct pod *ret);

/* Reads the ConfigMaps, Secrets and Services of a file into `objects` and indexes them. */
int32_t read_objects(const struct read_input *in, struct objects *objects);

#endif
