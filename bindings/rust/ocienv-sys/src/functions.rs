// SPDX-License-Identifier: Apache-2.0
//! Functions of ocienv.h. What each one asks of its caller stands there.
use crate::types::*;
use std::os::raw::{c_char, c_int, c_void};

extern "C" {
    pub fn ocienv_version() -> *const c_char;
    pub fn ocienv_status_name(status: i32) -> *const c_char;
    pub fn ocienv_cluster_new(
        ret: *mut *mut ocienv_cluster,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_cluster_add_objects(
        cluster: *mut ocienv_cluster,
        document: *const ocienv_document,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_cluster_add_fact(
        cluster: *mut ocienv_cluster,
        key: *const c_char,
        value: *const c_char,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_cluster_free(cluster: *mut ocienv_cluster);
    pub fn ocienv_layer_from_image_config(
        ret: *mut *mut ocienv_layer,
        document: *const ocienv_document,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_layer_from_runtime_spec(
        ret: *mut *mut ocienv_layer,
        document: *const ocienv_document,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_layer_from_pod(
        ret: *mut *mut ocienv_layer,
        document: *const ocienv_document,
        cluster: *const ocienv_cluster,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_layer_decode(
        ret: *mut *mut ocienv_layer,
        blob: *const ocienv_document,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_layer_encode(
        ret: *mut ocienv_buffer,
        layer: *const ocienv_layer,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_layer_kind(layer: *const ocienv_layer) -> u32;
    pub fn ocienv_layer_report(
        ret: *mut ocienv_buffer,
        layer: *const ocienv_layer,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_layer_free(layer: *mut ocienv_layer);
    pub fn ocienv_policy_from_json(
        ret: *mut *mut ocienv_policy,
        document: *const ocienv_document,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_policy_builtin(
        ret: *mut *mut ocienv_policy,
        name: *const c_char,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_policy_free(policy: *mut ocienv_policy);
    pub fn ocienv_resolve(
        ret: *mut *mut ocienv_config,
        layers: *const *const ocienv_layer,
        count: usize,
        rootfs_fd: c_int,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_config_decode(
        ret: *mut *mut ocienv_config,
        blob: *const ocienv_document,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_config_encode(
        ret: *mut ocienv_buffer,
        config: *const ocienv_config,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_config_encode_public(
        ret: *mut ocienv_buffer,
        config: *const ocienv_config,
        key: *const c_void,
        key_size: usize,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_config_digest(
        ret: *mut u8,
        config: *const ocienv_config,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_config_argv(
        config: *const ocienv_config,
        ret_count: *mut usize,
    ) -> *const *const c_char;
    pub fn ocienv_config_envp(
        config: *const ocienv_config,
        ret_count: *mut usize,
    ) -> *const *const c_char;
    pub fn ocienv_config_cwd(config: *const ocienv_config) -> *const c_char;
    pub fn ocienv_config_exec(config: *const ocienv_config, ret: *mut ocienv_exec) -> i32;
    pub fn ocienv_config_user(config: *const ocienv_config, ret: *mut ocienv_user) -> i32;
    pub fn ocienv_source_name(source: u32) -> *const c_char;
    pub fn ocienv_config_origin(
        config: *const ocienv_config,
        item: u32,
        index: usize,
        depth: usize,
        ret: *mut ocienv_origin,
    ) -> i32;
    pub fn ocienv_config_ruling(
        config: *const ocienv_config,
        index: usize,
        ret: *mut ocienv_ruling,
    ) -> i32;
    pub fn ocienv_policy_pin(
        ret: *mut ocienv_buffer,
        config: *const ocienv_config,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_config_warning(
        config: *const ocienv_config,
        index: usize,
        ret: *mut ocienv_warning,
    ) -> i32;
    pub fn ocienv_config_report(
        ret: *mut ocienv_buffer,
        config: *const ocienv_config,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_config_gramine(
        ret: *mut ocienv_buffer,
        config: *const ocienv_config,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_config_free(config: *mut ocienv_config);
    pub fn ocienv_verify(
        ret: *mut *mut ocienv_verdict,
        layers: *const *const ocienv_layer,
        count: usize,
        rootfs_fd: c_int,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_verdict_status(verdict: *const ocienv_verdict, reterr: *mut ocienv_error) -> i32;
    pub fn ocienv_verdict_difference(
        verdict: *const ocienv_verdict,
        index: usize,
        ret: *mut ocienv_difference,
    ) -> i32;
    pub fn ocienv_verdict_report(
        ret: *mut ocienv_buffer,
        verdict: *const ocienv_verdict,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_verdict_free(verdict: *mut ocienv_verdict);
    pub fn ocienv_lookup_new(
        ret: *mut *mut ocienv_lookup,
        layers: *const *const ocienv_layer,
        count: usize,
        rootfs_fd: c_int,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_lookup_status(lookup: *const ocienv_lookup, reterr: *mut ocienv_error) -> i32;
    pub fn ocienv_lookup_config(lookup: *const ocienv_lookup) -> *const ocienv_config;
    pub fn ocienv_lookup_candidate(
        lookup: *const ocienv_lookup,
        index: usize,
        ret: *mut ocienv_candidate,
    ) -> i32;
    pub fn ocienv_lookup_library(
        lookup: *const ocienv_lookup,
        index: usize,
        ret: *mut ocienv_library,
    ) -> i32;
    pub fn ocienv_lookup_report(
        ret: *mut ocienv_buffer,
        lookup: *const ocienv_lookup,
        show_secrets: u32,
        options: *const ocienv_options,
        reterr: *mut ocienv_error,
    ) -> i32;
    pub fn ocienv_lookup_free(lookup: *mut ocienv_lookup);
    pub fn ocienv_buffer_free(buffer: *mut ocienv_buffer);
}
