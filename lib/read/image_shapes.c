/* SPDX-License-Identifier: Apache-2.0 */
/* The OCI image config 1.1, as its Go structs have it. What only Docker writes is not there. */
#include "read/shape.h"

static const struct shape shape_set = SHAPE_MAP_OF(shape_empty);

static const struct shape_member process_members[] = {
	SHAPE_MEMBER("User", shape_string),
	SHAPE_MEMBER("ExposedPorts", shape_set),
	SHAPE_MEMBER("Env", shape_strings),
	SHAPE_MEMBER("Entrypoint", shape_strings),
	SHAPE_MEMBER("Cmd", shape_strings),
	SHAPE_MEMBER("Volumes", shape_set),
	SHAPE_MEMBER("WorkingDir", shape_string),
	SHAPE_MEMBER("Labels", shape_string_map),
	SHAPE_MEMBER("StopSignal", shape_string),
	SHAPE_MEMBER("ArgsEscaped", shape_bool),
};
static const struct shape shape_process = SHAPE_OF_MEMBERS(process_members);

static const struct shape_member rootfs_members[] = {
	SHAPE_MEMBER("type", shape_string),
	SHAPE_MEMBER("diff_ids", shape_strings),
};
static const struct shape shape_rootfs = SHAPE_OF_MEMBERS(rootfs_members);

static const struct shape_member step_members[] = {
	SHAPE_MEMBER("created", shape_time),
	SHAPE_MEMBER("created_by", shape_string),
	SHAPE_MEMBER("author", shape_string),
	SHAPE_MEMBER("comment", shape_string),
	SHAPE_MEMBER("empty_layer", shape_bool),
};
static const struct shape shape_step = SHAPE_OF_MEMBERS(step_members);

static const struct shape shape_history = SHAPE_LIST_OF(shape_step);

static const struct shape_member image_config_members[] = {
	SHAPE_MEMBER("created", shape_time),
	SHAPE_MEMBER("author", shape_string),
	SHAPE_MEMBER("architecture", shape_string),
	SHAPE_MEMBER("os", shape_string),
	SHAPE_MEMBER("os.version", shape_string),
	SHAPE_MEMBER("os.features", shape_strings),
	SHAPE_MEMBER("variant", shape_string),
	SHAPE_MEMBER("config", shape_process),
	SHAPE_MEMBER("rootfs", shape_rootfs),
	SHAPE_MEMBER("history", shape_history),
};
const struct shape shape_image_config = SHAPE_OF_MEMBERS(image_config_members);
