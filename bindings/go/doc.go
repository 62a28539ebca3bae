// SPDX-License-Identifier: Apache-2.0

// Package ocienv answers which file a container executes, with which arguments, environment,
// working directory and user, and where each value comes from. It is the Go form of
// libocienv; the comments of <ocienv/ocienv.h> are the reference for what is not said here.
//
// Documents become layers, layers become a config, a config becomes a blob:
//
//	spec, err := ocienv.LayerFromRuntimeSpec(ocienv.Document{Name: "config.json", Data: text}, nil)
//	if err != nil {
//		return err // config.json:12:7: /process/args: expected ... [type]
//	}
//	defer spec.Close()
//	config, err := ocienv.Resolve([]*ocienv.Layer{spec}, rootfs, nil)
//	if err != nil {
//		return err
//	}
//	defer config.Close()
//	blob, err := config.Encode(nil)
//
// # Errors
//
// Every error of this package is an [*Error]: errors.As finds it, and with it the place in the
// document. errors.Is takes a [Code], as in errors.Is(err, ocienv.ErrPolicy), the errno of a
// failed system call, and [ErrClosed]. No message holds the value of a variable.
//
// # Ownership
//
// A [Cluster], [Layer], [Policy], [Config], [Verdict] or [Lookup] holds memory of the library
// until Close. The garbage collector does not see that memory: its finalizers are a net for
// what was forgotten, not a substitute. What methods return is a copy in Go's memory and stays
// valid after Close; the library keeps no reference to a [Document] or [Options] after the call.
// The one exception is named where it is: [Config.ExecFile] returns a descriptor that is yours.
//
// # Goroutines
//
// All methods may be called from many goroutines at once. Close may be called at any time and
// any number of times, also while other calls use the object: it does not wait for them, they
// end as if there had been no Close, and the last one ends the object. Every call that begins
// after Close returns an error for which errors.Is(err, ErrClosed) is true, and so does one on
// nil or on the zero value. The bytes of a document must not change during a call. Calls are not
// interrupted by anything; the limits of [Limits] bound them. The library starts no thread,
// forks no process and touches no signal, so that reapers and subreapers are left alone.
//
// # Secrets
//
// The library clears its memory when an object ends. Go does not: a value of a Secret that came
// out of [Config.Env], [Config.Argv], [Config.Encode], a report or a pinned policy stays in Go's
// memory until that is used again, and so do documents. A process whose memory must not hold
// them hands blobs on as bytes and asks for [Config.Digest] and [Config.Origin] only.
package ocienv
