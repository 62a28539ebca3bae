// SPDX-License-Identifier: Apache-2.0
fn main() {
    ocienv_pkg_config::link("ocienv");
}
