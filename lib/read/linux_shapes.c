/* SPDX-License-Identifier: Apache-2.0 */
/* `linux` of the OCI runtime spec 1.3, as its Go structs have it: config-linux.md. */
#include "read/shape.h"

static const struct shape_member id_mapping_members[] = {
	SHAPE_MEMBER("containerID", shape_uint32),
	SHAPE_MEMBER("hostID", shape_uint32),
	SHAPE_MEMBER("size", shape_uint32),
};
static const struct shape shape_id_mapping = SHAPE_OF_MEMBERS(id_mapping_members);

const struct shape shape_id_mappings = SHAPE_LIST_OF(shape_id_mapping);

static const struct shape_member device_rule_members[] = {
	SHAPE_MEMBER("allow", shape_bool),
	SHAPE_MEMBER("type", shape_string),
	SHAPE_MEMBER("major", shape_int),
	SHAPE_MEMBER("minor", shape_int),
	SHAPE_MEMBER("access", shape_string),
};
static const struct shape shape_device_rule = SHAPE_OF_MEMBERS(device_rule_members);

static const struct shape shape_device_rules = SHAPE_LIST_OF(shape_device_rule);

static const struct shape_member memory_members[] = {
	SHAPE_MEMBER("limit", shape_int),
	SHAPE_MEMBER("reservation", shape_int),
	SHAPE_MEMBER("swap", shape_int),
	SHAPE_MEMBER("kernel", shape_int),
	SHAPE_MEMBER("kernelTCP", shape_int),
	SHAPE_MEMBER("swappiness", shape_uint),
	SHAPE_MEMBER("disableOOMKiller", shape_bool),
	SHAPE_MEMBER("useHierarchy", shape_bool),
	SHAPE_MEMBER("checkBeforeUpdate", shape_bool),
};
static const struct shape shape_memory = SHAPE_OF_MEMBERS(memory_members);

static const struct shape_member cpu_members[] = {
	SHAPE_MEMBER("shares", shape_uint),
	SHAPE_MEMBER("quota", shape_int),
	SHAPE_MEMBER("burst", shape_uint),
	SHAPE_MEMBER("period", shape_uint),
	SHAPE_MEMBER("realtimeRuntime", shape_int),
	SHAPE_MEMBER("realtimePeriod", shape_uint),
	SHAPE_MEMBER("cpus", shape_string),
	SHAPE_MEMBER("mems", shape_string),
	SHAPE_MEMBER("idle", shape_int),
};
static const struct shape shape_cpu = SHAPE_OF_MEMBERS(cpu_members);

static const struct shape_member pids_members[] = {
	SHAPE_MEMBER("limit", shape_int),
};
static const struct shape shape_pids = SHAPE_OF_MEMBERS(pids_members);

static const struct shape_member weight_device_members[] = {
	SHAPE_MEMBER("major", shape_int),
	SHAPE_MEMBER("minor", shape_int),
	SHAPE_MEMBER("weight", shape_uint16),
	SHAPE_MEMBER("leafWeight", shape_uint16),
};
static const struct shape shape_weight_device = SHAPE_OF_MEMBERS(weight_device_members);

static const struct shape shape_weight_devices = SHAPE_LIST_OF(shape_weight_device);

static const struct shape_member throttle_device_members[] = {
	SHAPE_MEMBER("major", shape_int),
	SHAPE_MEMBER("minor", shape_int),
	SHAPE_MEMBER("rate", shape_uint),
};
static const struct shape shape_throttle_device = SHAPE_OF_MEMBERS(throttle_device_members);

static const struct shape shape_throttle_devices = SHAPE_LIST_OF(shape_throttle_device);

static const struct shape_member block_io_members[] = {
	SHAPE_MEMBER("weight", shape_uint16),
	SHAPE_MEMBER("leafWeight", shape_uint16),
	SHAPE_MEMBER("weightDevice", shape_weight_devices),
	SHAPE_MEMBER("throttleReadBpsDevice", shape_throttle_devices),
	SHAPE_MEMBER("throttleWriteBpsDevice", shape_throttle_devices),
	SHAPE_MEMBER("throttleReadIOPSDevice", shape_throttle_devices),
	SHAPE_MEMBER("throttleWriteIOPSDevice", shape_throttle_devices),
};
static const struct shape shape_block_io = SHAPE_OF_MEMBERS(block_io_members);

static const struct shape_member hugepage_limit_members[] = {
	SHAPE_MEMBER("pageSize", shape_string),
	SHAPE_MEMBER("limit", shape_uint),
};
static const struct shape shape_hugepage_limit = SHAPE_OF_MEMBERS(hugepage_limit_members);

static const struct shape shape_hugepage_limits = SHAPE_LIST_OF(shape_hugepage_limit);

static const struct shape_member net_priority_members[] = {
	SHAPE_MEMBER("name", shape_string),
	SHAPE_MEMBER("priority", shape_uint32),
};
static const struct shape shape_net_priority = SHAPE_OF_MEMBERS(net_priority_members);

static const struct shape shape_net_priorities = SHAPE_LIST_OF(shape_net_priority);

static const struct shape_member network_members[] = {
	SHAPE_MEMBER("classID", shape_uint32),
	SHAPE_MEMBER("priorities", shape_net_priorities),
};
static const struct shape shape_network = SHAPE_OF_MEMBERS(network_members);

static const struct shape_member rdma_limit_members[] = {
	SHAPE_MEMBER("hcaHandles", shape_uint32),
	SHAPE_MEMBER("hcaObjects", shape_uint32),
};
static const struct shape shape_rdma_limit = SHAPE_OF_MEMBERS(rdma_limit_members);

static const struct shape shape_rdma = SHAPE_MAP_OF(shape_rdma_limit);

static const struct shape_member resources_members[] = {
	SHAPE_MEMBER("devices", shape_device_rules),
	SHAPE_MEMBER("memory", shape_memory),
	SHAPE_MEMBER("cpu", shape_cpu),
	SHAPE_MEMBER("pids", shape_pids),
	SHAPE_MEMBER("blockIO", shape_block_io),
	SHAPE_MEMBER("hugepageLimits", shape_hugepage_limits),
	SHAPE_MEMBER("network", shape_network),
	SHAPE_MEMBER("rdma", shape_rdma),
	SHAPE_MEMBER("unified", shape_string_map),
};
static const struct shape shape_resources = SHAPE_OF_MEMBERS(resources_members);

static const struct shape_member namespace_members[] = {
	SHAPE_MEMBER("type", shape_string),
	SHAPE_MEMBER("path", shape_string),
};
static const struct shape shape_namespace = SHAPE_OF_MEMBERS(namespace_members);

static const struct shape shape_namespaces = SHAPE_LIST_OF(shape_namespace);

static const struct shape_member device_members[] = {
	SHAPE_MEMBER("path", shape_string),
	SHAPE_MEMBER("type", shape_string),
	SHAPE_MEMBER("major", shape_int),
	SHAPE_MEMBER("minor", shape_int),
	SHAPE_MEMBER("fileMode", shape_uint32),
	SHAPE_MEMBER("uid", shape_uint32),
	SHAPE_MEMBER("gid", shape_uint32),
};
static const struct shape shape_device = SHAPE_OF_MEMBERS(device_members);

static const struct shape shape_devices = SHAPE_LIST_OF(shape_device);

static const struct shape_member net_device_members[] = {
	SHAPE_MEMBER("name", shape_string),
};
static const struct shape shape_net_device = SHAPE_OF_MEMBERS(net_device_members);

static const struct shape shape_net_devices = SHAPE_MAP_OF(shape_net_device);

static const struct shape_member syscall_arg_members[] = {
	SHAPE_MEMBER("index", shape_uint),
	SHAPE_MEMBER("value", shape_uint),
	SHAPE_MEMBER("valueTwo", shape_uint),
	SHAPE_MEMBER("op", shape_string),
};
static const struct shape shape_syscall_arg = SHAPE_OF_MEMBERS(syscall_arg_members);

static const struct shape shape_syscall_args = SHAPE_LIST_OF(shape_syscall_arg);

static const struct shape_member syscall_members[] = {
	SHAPE_MEMBER("names", shape_strings),
	SHAPE_MEMBER("action", shape_string),
	SHAPE_MEMBER("errnoRet", shape_uint),
	SHAPE_MEMBER("args", shape_syscall_args),
};
static const struct shape shape_syscall = SHAPE_OF_MEMBERS(syscall_members);

static const struct shape shape_syscalls = SHAPE_LIST_OF(shape_syscall);

static const struct shape_member seccomp_members[] = {
	SHAPE_MEMBER("defaultAction", shape_string),
	SHAPE_MEMBER("defaultErrnoRet", shape_uint),
	SHAPE_MEMBER("architectures", shape_strings),
	SHAPE_MEMBER("flags", shape_strings),
	SHAPE_MEMBER("listenerPath", shape_string),
	SHAPE_MEMBER("listenerMetadata", shape_string),
	SHAPE_MEMBER("syscalls", shape_syscalls),
};
static const struct shape shape_seccomp = SHAPE_OF_MEMBERS(seccomp_members);

static const struct shape_member intel_rdt_members[] = {
	SHAPE_MEMBER("closID", shape_string),
	SHAPE_MEMBER("schemata", shape_strings),
	SHAPE_MEMBER("l3CacheSchema", shape_string),
	SHAPE_MEMBER("memBwSchema", shape_string),
	SHAPE_MEMBER("enableMonitoring", shape_bool),
	SHAPE_MEMBER("enableCMT", shape_bool),
	SHAPE_MEMBER("enableMBM", shape_bool),
};
static const struct shape shape_intel_rdt = SHAPE_OF_MEMBERS(intel_rdt_members);

static const struct shape_member personality_members[] = {
	SHAPE_MEMBER("domain", shape_string),
	SHAPE_MEMBER("flags", shape_strings),
};
static const struct shape shape_personality = SHAPE_OF_MEMBERS(personality_members);

static const struct shape_member time_offset_members[] = {
	SHAPE_MEMBER("secs", shape_int),
	SHAPE_MEMBER("nanosecs", shape_uint32),
};
static const struct shape shape_time_offset = SHAPE_OF_MEMBERS(time_offset_members);

static const struct shape shape_time_offsets = SHAPE_MAP_OF(shape_time_offset);

static const struct shape_member memory_policy_members[] = {
	SHAPE_MEMBER("mode", shape_string),
	SHAPE_MEMBER("nodes", shape_string),
	SHAPE_MEMBER("flags", shape_strings),
};
static const struct shape shape_memory_policy = SHAPE_OF_MEMBERS(memory_policy_members);

static const struct shape_member linux_members[] = {
	SHAPE_MEMBER("uidMappings", shape_id_mappings),
	SHAPE_MEMBER("gidMappings", shape_id_mappings),
	SHAPE_MEMBER("sysctl", shape_string_map),
	SHAPE_MEMBER("resources", shape_resources),
	SHAPE_MEMBER("cgroupsPath", shape_string),
	SHAPE_MEMBER("namespaces", shape_namespaces),
	SHAPE_MEMBER("devices", shape_devices),
	SHAPE_MEMBER("netDevices", shape_net_devices),
	SHAPE_MEMBER("seccomp", shape_seccomp),
	SHAPE_MEMBER("rootfsPropagation", shape_string),
	SHAPE_MEMBER("maskedPaths", shape_strings),
	SHAPE_MEMBER("readonlyPaths", shape_strings),
	SHAPE_MEMBER("mountLabel", shape_string),
	SHAPE_MEMBER("intelRdt", shape_intel_rdt),
	SHAPE_MEMBER("personality", shape_personality),
	SHAPE_MEMBER("timeOffsets", shape_time_offsets),
	SHAPE_MEMBER("memoryPolicy", shape_memory_policy),
};
const struct shape shape_linux = SHAPE_OF_MEMBERS(linux_members);
