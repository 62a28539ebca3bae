/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the kubelet step share. Private to it. */
#ifndef OCIENV_RESOLVE_KUBELET_STATE_H
#define OCIENV_RESOLVE_KUBELET_STATE_H

#include "resolve/downward.h"
#include "resolve/envfile.h"
#include "resolve/kubelet.h"
#include "resolve/services.h"
#include "resolve/slots.h"

/* One assignment: a variable of a Service, a key of envFrom or an entry of env. */
struct assignment {
	struct sv name;
	const struct service_variable *service; /* into S */
	const struct object_entry *entry;	/* a key of a ConfigMap or Secret, by envFrom */
	const struct object *object;		/* whose key it is */
	uint32_t index;				/* of the envFrom or env entry */
};

/* A file of variables that was read. */
struct kubelet_file {
	const char *bytes; /* of its fact: each has its own */
	struct envfile content;
};

/* One run of the step: T is what envFrom and env set, S what Services do. */
struct kubelet {
	const struct kubelet_input *in;
	struct ocienv_layer *layer;
	struct downward downward;
	const struct objects *sets[2];
	size_t set_count;
	struct vec services; /* of struct service_variable */
	struct vec keys;     /* of struct assignment: those of envFrom */
	struct vec files;    /* of struct kubelet_file */
	struct slots slots;
	struct env_entry **env;	    /* T, by slot: in the layer, by first appearance */
	struct env_entry **service; /* S, by slot: in scratch; NULL: there is none */
	bool *own;		    /* by slot: set by env, not by envFrom */
	bool secret_used; /* a Secret's value went into the text that is being expanded */
	struct sv sealed, sealed_name; /* the last sealed value that did, and whose it is */
};

/* A variable's value on its way to becoming an entry. */
struct kubelet_value {
	struct sv text;
	struct origin from;
};

/* Fills the layer's env. Errors: as kubelet(). */
int32_t kubelet_env(struct kubelet *k);

/* When nothing is expanded any more: from then on a name ends where everybody else sees its end,
 * at the first "=". */
void kubelet_cut_names(struct kubelet *k);

/* The value of env[].valueFrom. *skip: optional and not there; then nothing is to be done.
 * Errors: as kubelet(). */
int32_t kubelet_value(struct kubelet *k, const struct pod_env *env, const struct path *item,
		      struct kubelet_value *ret, bool *skip);

/* The expanded text in the layer, behind `name` and a "=" if that is not SV_NONE. */
int32_t kubelet_expand(struct kubelet *k, struct sv name, struct text *text,
		       const struct path *path);

/* An object of the pod's namespace; *ret NULL: there is none. */
int32_t kubelet_find_object(struct kubelet *k, enum object_kind kind, struct sv name,
			    const struct object **ret);

struct origin kubelet_object_origin(struct kubelet *k, const struct object *object,
				    const struct object_entry *entry);

int32_t kubelet_check_bytes(struct kubelet *k, struct sv value, struct mark mark,
			    const struct path *path);

int32_t kubelet_fail_missing(struct kubelet *k, const struct text *name, struct mark fallback,
			     const struct path *path, const char *what);

int32_t kubelet_no_memory(const struct kubelet *k);

#endif
