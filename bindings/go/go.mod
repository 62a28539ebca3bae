// SPDX-License-Identifier: Apache-2.0

module ocienv

go 1.19
