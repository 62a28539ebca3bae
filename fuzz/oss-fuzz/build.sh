#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
#
# CC, CFLAGS, LIB_FUZZING_ENGINE and OUT come from the image. The programs run where no library
# is installed: build-fuzzers.sh links the static ones.
exec fuzz/build-fuzzers.sh
