// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

// Version is the version of the library that the program runs with: "0.1.0".
func Version() string { return C.GoString(C.ocienv_version()) }
