// SPDX-License-Identifier: Apache-2.0
module shim

go 1.19

require ocienv v0.0.0

replace ocienv => ../../../bindings/go
