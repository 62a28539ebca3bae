// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

import (
	"os"
	"unsafe"
)

// question is what Resolve, Verify and NewLookup ask.
type question struct {
	layers  []*Layer
	rootfs  *os.File
	has     bool // there is a rootfs
	options *Options
}

// asker is a function of the library that answers one.
type asker func(layers **C.struct_ocienv_layer, count C.size_t, rootfs C.int,
	options *C.struct_ocienv_options, e *C.struct_ocienv_error) C.int32_t

// ask holds all that the question is about for the length of the call.
func (q *question) ask(ask asker) error {
	c, err := q.options.toC()
	defer c.end()
	if err != nil {
		return err
	}
	pointers := make([]*C.struct_ocienv_layer, 0, len(q.layers))
	for _, layer := range q.layers {
		ref := layer.reference()
		pointer, err := ref.acquire("layer")
		if err != nil {
			return err
		}
		defer ref.release()
		pointers = append(pointers, (*C.struct_ocienv_layer)(pointer))
	}
	var first **C.struct_ocienv_layer
	if len(pointers) > 0 {
		first = &pointers[0]
	}
	return q.withRootfs(func(fd C.int) error {
		var e C.struct_ocienv_error
		return failure(ask(first, C.size_t(len(pointers)), fd, c.pointer(), &e), &e)
	})
}

// withRootfs lends the descriptor: the file cannot be closed until the call is over, and stays
// as it is, which Fd would not leave it.
func (q *question) withRootfs(call func(fd C.int) error) error {
	if !q.has {
		return call(C.OCIENV_NO_ROOTFS)
	}
	if q.rootfs == nil {
		return refuse(ErrArgument, "expected an open rootfs, found nil: the functions "+
			"WithoutRootfs ask without one")
	}
	raw, err := q.rootfs.SyscallConn()
	var answer error
	if err == nil {
		err = raw.Control(func(fd uintptr) { answer = call(C.int(fd)) })
	}
	if err != nil {
		e := refuse(ErrArgument, "expected an open rootfs, found one that is closed")
		e.cause = os.ErrClosed // which err is in all but name
		return e
	}
	return answer
}

// Resolve answers which file is executed, with which argv, env, cwd and user.
//
// There is at most one layer of each kind, in any order: an image, a pod or both, or a runtime
// spec with or without an image below it. rootfs is the container's root directory; it is
// borrowed for the call. nil is refused, since that is what an os.Open that nobody looked at
// answers: ResolveWithoutRootfs does without one.
//
// With Options.LibOS the answer is what that LibOS is to be given, and what it could not run is
// ErrUnsupported. With Options.Policy a variable that it does not let through is left out with a
// warning, or the answer is ErrPolicy.
func Resolve(layers []*Layer, rootfs *os.File, options *Options) (*Config, error) {
	return resolve(&question{layers, rootfs, true, options})
}

// ResolveWithoutRootfs answers what the documents alone say. Nothing is looked up and nothing
// guessed: there is no Exec, and a user that is given by name stays one.
func ResolveWithoutRootfs(layers []*Layer, options *Options) (*Config, error) {
	return resolve(&question{layers, nil, false, options})
}

func resolve(q *question) (*Config, error) {
	var ret *C.struct_ocienv_config
	err := q.ask(func(layers **C.struct_ocienv_layer, count C.size_t, rootfs C.int,
		options *C.struct_ocienv_options, e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_resolve(&ret, layers, count, rootfs, options, e)
	})
	return newConfig(ret, err)
}

// Verify compares the runtime spec among the layers with what the image and the pod among them
// give: variables by name, arguments, working directory, user. An error means that there is no
// verdict; whether the host is right is said by Verdict.Status.
func Verify(layers []*Layer, rootfs *os.File, options *Options) (*Verdict, error) {
	return verify(&question{layers, rootfs, true, options})
}

// VerifyWithoutRootfs compares a user only as far as image and pod give numbers.
func VerifyWithoutRootfs(layers []*Layer, options *Options) (*Verdict, error) {
	return verify(&question{layers, nil, false, options})
}

func verify(q *question) (*Verdict, error) {
	var ret *C.struct_ocienv_verdict
	err := q.ask(func(layers **C.struct_ocienv_layer, count C.size_t, rootfs C.int,
		options *C.struct_ocienv_options, e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_verify(&ret, layers, count, rootfs, options, e)
	})
	if err != nil {
		return nil, err
	}
	return &Verdict{newReference(unsafe.Pointer(ret), func(pointer unsafe.Pointer) {
		C.ocienv_verdict_free((*C.struct_ocienv_verdict)(pointer))
	})}, nil
}

// NewLookup is Resolve where also what the rootfs refuses is an answer: it tells what was looked
// at. An error means that the program was not looked up; whether it was found is said by
// Lookup.Status.
func NewLookup(layers []*Layer, rootfs *os.File, options *Options) (*Lookup, error) {
	q := &question{layers, rootfs, true, options}
	var ret *C.struct_ocienv_lookup
	err := q.ask(func(layers **C.struct_ocienv_layer, count C.size_t, rootfs C.int,
		options *C.struct_ocienv_options, e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_lookup_new(&ret, layers, count, rootfs, options, e)
	})
	if err != nil {
		return nil, err
	}
	return &Lookup{newReference(unsafe.Pointer(ret), func(pointer unsafe.Pointer) {
		C.ocienv_lookup_free((*C.struct_ocienv_lookup)(pointer))
	})}, nil
}
