/* SPDX-License-Identifier: Apache-2.0 */
/* The OCI runtime spec 1.3, as its Go structs have it: config.md, config-linux.md. Other
 * platforms' members are not looked at. */
#include "read/shape.h"

static const struct shape_member box_members[] = {
	SHAPE_MEMBER("height", shape_uint),
	SHAPE_MEMBER("width", shape_uint),
};
static const struct shape shape_box = SHAPE_OF_MEMBERS(box_members);

static const struct shape shape_uint32s = SHAPE_LIST_OF(shape_uint32);

static const struct shape_member user_members[] = {
	SHAPE_MEMBER("uid", shape_uint32),
	SHAPE_MEMBER("gid", shape_uint32),
	SHAPE_MEMBER("umask", shape_uint32),
	SHAPE_MEMBER("additionalGids", shape_uint32s),
	SHAPE_MEMBER("username", shape_string),
};
static const struct shape shape_user = SHAPE_OF_MEMBERS(user_members);

static const struct shape_member capabilities_members[] = {
	SHAPE_MEMBER("bounding", shape_strings),
	SHAPE_MEMBER("effective", shape_strings),
	SHAPE_MEMBER("inheritable", shape_strings),
	SHAPE_MEMBER("permitted", shape_strings),
	SHAPE_MEMBER("ambient", shape_strings),
};
static const struct shape shape_capabilities = SHAPE_OF_MEMBERS(capabilities_members);

static const struct shape_member rlimit_members[] = {
	SHAPE_MEMBER("type", shape_string),
	SHAPE_MEMBER("hard", shape_uint),
	SHAPE_MEMBER("soft", shape_uint),
};
static const struct shape shape_rlimit = SHAPE_OF_MEMBERS(rlimit_members);

static const struct shape shape_rlimits = SHAPE_LIST_OF(shape_rlimit);

static const struct shape_member scheduler_members[] = {
	SHAPE_MEMBER("policy", shape_string),
	SHAPE_MEMBER("nice", shape_int32),
	SHAPE_MEMBER("priority", shape_int32),
	SHAPE_MEMBER("flags", shape_strings),
	SHAPE_MEMBER("runtime", shape_uint),
	SHAPE_MEMBER("deadline", shape_uint),
	SHAPE_MEMBER("period", shape_uint),
};
static const struct shape shape_scheduler = SHAPE_OF_MEMBERS(scheduler_members);

static const struct shape_member io_priority_members[] = {
	SHAPE_MEMBER("class", shape_string),
	SHAPE_MEMBER("priority", shape_int),
};
static const struct shape shape_io_priority = SHAPE_OF_MEMBERS(io_priority_members);

static const struct shape_member affinity_members[] = {
	SHAPE_MEMBER("initial", shape_string),
	SHAPE_MEMBER("final", shape_string),
};
static const struct shape shape_affinity = SHAPE_OF_MEMBERS(affinity_members);

static const struct shape_member process_members[] = {
	SHAPE_MEMBER("terminal", shape_bool),
	SHAPE_MEMBER("consoleSize", shape_box),
	SHAPE_MEMBER("user", shape_user),
	SHAPE_MEMBER("args", shape_strings),
	SHAPE_MEMBER("commandLine", shape_string),
	SHAPE_MEMBER("env", shape_strings),
	SHAPE_MEMBER("cwd", shape_string),
	SHAPE_MEMBER("capabilities", shape_capabilities),
	SHAPE_MEMBER("rlimits", shape_rlimits),
	SHAPE_MEMBER("noNewPrivileges", shape_bool),
	SHAPE_MEMBER("apparmorProfile", shape_string),
	SHAPE_MEMBER("oomScoreAdj", shape_int),
	SHAPE_MEMBER("scheduler", shape_scheduler),
	SHAPE_MEMBER("selinuxLabel", shape_string),
	SHAPE_MEMBER("ioPriority", shape_io_priority),
	SHAPE_MEMBER("execCPUAffinity", shape_affinity),
};
static const struct shape shape_process = SHAPE_OF_MEMBERS(process_members);

static const struct shape_member root_members[] = {
	SHAPE_MEMBER("path", shape_string),
	SHAPE_MEMBER("readonly", shape_bool),
};
static const struct shape shape_root = SHAPE_OF_MEMBERS(root_members);

static const struct shape_member mount_members[] = {
	SHAPE_MEMBER("destination", shape_string),
	SHAPE_MEMBER("type", shape_string),
	SHAPE_MEMBER("source", shape_string),
	SHAPE_MEMBER("options", shape_strings),
	SHAPE_MEMBER("uidMappings", shape_id_mappings),
	SHAPE_MEMBER("gidMappings", shape_id_mappings),
};
static const struct shape shape_mount = SHAPE_OF_MEMBERS(mount_members);

static const struct shape shape_mounts = SHAPE_LIST_OF(shape_mount);

static const struct shape_member hook_members[] = {
	SHAPE_MEMBER("path", shape_string),
	SHAPE_MEMBER("args", shape_strings),
	SHAPE_MEMBER("env", shape_strings),
	SHAPE_MEMBER("timeout", shape_int),
};
static const struct shape shape_hook = SHAPE_OF_MEMBERS(hook_members);

static const struct shape shape_hook_list = SHAPE_LIST_OF(shape_hook);

static const struct shape_member hooks_members[] = {
	SHAPE_MEMBER("prestart", shape_hook_list),
	SHAPE_MEMBER("createRuntime", shape_hook_list),
	SHAPE_MEMBER("createContainer", shape_hook_list),
	SHAPE_MEMBER("startContainer", shape_hook_list),
	SHAPE_MEMBER("poststart", shape_hook_list),
	SHAPE_MEMBER("poststop", shape_hook_list),
};
static const struct shape shape_hooks = SHAPE_OF_MEMBERS(hooks_members);

static const struct shape_member runtime_spec_members[] = {
	SHAPE_MEMBER("ociVersion", shape_string),
	SHAPE_MEMBER("process", shape_process),
	SHAPE_MEMBER("root", shape_root),
	SHAPE_MEMBER("hostname", shape_string),
	SHAPE_MEMBER("domainname", shape_string),
	SHAPE_MEMBER("mounts", shape_mounts),
	SHAPE_MEMBER("hooks", shape_hooks),
	SHAPE_MEMBER("annotations", shape_string_map),
	SHAPE_MEMBER("linux", shape_linux),
};
const struct shape shape_runtime_spec = SHAPE_OF_MEMBERS(runtime_spec_members);
