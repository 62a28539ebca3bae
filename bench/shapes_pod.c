/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#define META "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
#define CONTAINER                                                                        \
	META "spec:\n  containers:\n  - name: c\n    image: i\n    command: [/x]\n"
#define MAP "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata:\n  k: v\n"

#define POD(shape, open, more, close)                                                    \
	.name = shape, .reader = READ_POD, .document = {CONTAINER open, more, close}

static const struct shape shapes[] = {
	{POD("pod-env-chain", "    env:\n    - {name: V000000, value: x}\n",
	     "    - {name: V\1, value: $(V\2)}\n", "")},
	{POD("pod-env-doubling", "    env:\n    - {name: V000000, value: x}\n",
	     "    - {name: V\1, value: $(V\2)$(V\2)}\n", ""), .bounded = true},
	{POD("pod-env-one-name", "    env:\n", "    - {name: A, value: x}\n", "")},
	{POD("pod-env-growing", "    env:\n    - {name: A, value: x}\n",
	     "    - {name: A, value: $(A)x}\n", ""), .bounded = true},
	{POD("pod-env-colliding", "    env:\n", "    - {name: \3, value: x}\n", "")},
	{POD("pod-unresolved", "    args: [\"", "$(N\1)", "\"]\n")},
	{POD("pod-unresolved-args", "    args:\n", "    - $(N\1)\n", "")},
	{POD("pod-dollars", "    args: [\"", "$", "\"]\n")},
	{POD("pod-dollar-open", "    args: [\"", "$(", "\"]\n")},
	{POD("pod-dollar-pairs", "    args: [\"", "$$(", "\"]\n")},
	{POD("pod-args", "    args:\n", "    - a\n", "")},
	{POD("pod-unknown-members", "", "    k\1: x\n", "")},
	{POD("pod-other-containers", "", "  - {name: d\1, image: i}\n", "")},
	{POD("pod-volumes", "  volumes:\n", "  - {name: v\1}\n", "")},
	{POD("pod-groups", "  securityContext:\n    supplementalGroups:\n", "    - 1\1\n", "")},
	{POD("pod-capabilities", "    securityContext:\n      capabilities:\n        add:\n",
	     "        - C\1\n", "")},
	{.name = "pod-labels", .reader = READ_POD,
	 .document = {"apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels:\n",
		      "    l\1: v\n",
		      "spec:\n  containers:\n  - name: c\n    image: i\n    env:\n"},
	 .second = {"", "    - {name: N\1, valueFrom: {fieldRef: {fieldPath: "
			"\"metadata.labels['l\1']\"}}}\n", ""}},
	{POD("pod-env-from", "    envFrom:\n    - {configMapRef: {name: cm}}\n    env:\n",
	     "    - {name: K\1, valueFrom: {configMapKeyRef: {name: cm, key: k\1}}}\n", ""),
	 .objects = {MAP, "  k\1: v\n", ""}},
	{POD("pod-env-from-again", "    envFrom:\n", "    - {configMapRef: {name: cm}}\n", ""),
	 .objects = {MAP, "  k\1: v\n", ""}, .bounded = true},
	{POD("pod-env-from-missing", "    envFrom:\n",
	     "    - {configMapRef: {name: n\1, optional: true}}\n", "")},
	{POD("pod-objects-one-name", "    envFrom:\n",
	     "    - {configMapRef: {name: cm, optional: true}}\n", ""),
	 .objects = {MAP, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\n", ""}},
	{POD("pod-config-maps", "    envFrom:\n",
	     "    - {configMapRef: {name: cm\1, optional: true}}\n", ""),
	 .objects = {MAP, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm\1}\n", ""}},
	{POD("pod-services", "    args: [$(S000000_SERVICE_HOST)]\n", NULL, NULL),
	 .objects = {MAP, "---\napiVersion: v1\nkind: Service\nmetadata: {name: s\1}\nspec: "
			  "{clusterIP: 10.0.0.1, ports: [{name: p, port: 80}]}\n", ""}},
	{POD("pod-services-one-name", "    args: [$(S_SERVICE_HOST)]\n", NULL, NULL),
	 .objects = {MAP, "---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: "
			  "{clusterIP: 10.0.0.1, ports: [{name: p, port: 80}]}\n", ""}},
	{POD("pod-service-ports", "    args: [$(S_SERVICE_HOST)]\n", NULL, NULL),
	 .objects = {MAP "---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n"
			 "  clusterIP: 10.0.0.1\n  ports:\n", "  - {name: p\1, port: 80}\n", ""}},
	{.name = "pod-secret-aliases", .reader = READ_POD,
	 .document = {CONTAINER "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
				"data:\n  a: &a ", "QUJD", "\n"},
	 .second = {"", "  k\1: *a\n", ""}, .bounded = true},
	{.name = "pod-env-aliases", .reader = READ_POD,
	 .document = {CONTAINER "    env:\n    - {name: A, value: &a ", "abcd", "}\n"},
	 .second = {"", "    - {name: N\1, value: *a}\n", ""}, .bounded = true},
	{.name = "pod-name-aliases", .reader = READ_POD,
	 .document = {CONTAINER "    env:\n    - {name: &a ", "abcd", ", value: x}\n"},
	 .second = {"", "    - {name: *a, value: x}\n", ""}, .bounded = true},
	{.name = "pod-label-aliases", .reader = READ_POD,
	 .document = {"apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels:\n    a: &a ",
		      "abcd", "\n"},
	 .second = {"", "    l\1: *a\n",
		    "spec: {containers: [{name: c, image: i, command: [/x]}]}\n"},
	 .bounded = true},
	{.name = "pod-list", .reader = READ_POD,
	 .document = {"apiVersion: v1\nkind: List\nitems:\n",
		      "- {apiVersion: v1, kind: ConfigMap, metadata: {name: c\1}}\n", ""}},
};

SHAPE_TABLE(pod_shapes, shapes);
