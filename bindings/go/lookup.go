// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

import "unsafe"

// Lookup is which file is executed, and what else was looked at.
type Lookup struct{ ref *reference }

func (l *Lookup) reference() *reference {
	if l == nil {
		return nil
	}
	return l.ref
}

// read calls the function with the object, which stays until it is over.
func (l *Lookup) read(read func(lookup *C.struct_ocienv_lookup) error) error {
	ref := l.reference()
	pointer, err := ref.acquire("lookup")
	if err != nil {
		return err
	}
	defer ref.release()
	return read((*C.struct_ocienv_lookup)(pointer))
}

// Status is what Resolve would return as its error: nil if the program was found.
func (l *Lookup) Status() error {
	return l.read(func(lookup *C.struct_ocienv_lookup) error {
		var e C.struct_ocienv_error
		return failure(C.ocienv_lookup_status(lookup, &e), &e)
	})
}

// Config is what Resolve would return; where the program was not found that is Status's error.
// It is closed like any other, before or after the lookup.
func (l *Lookup) Config() (*Config, error) {
	if err := l.Status(); err != nil {
		return nil, err
	}
	ref := l.reference()
	pointer, err := ref.acquire("lookup")
	if err != nil {
		return nil, err
	}
	config := C.ocienv_lookup_config((*C.struct_ocienv_lookup)(pointer))
	if config == nil {
		ref.release()
		return nil, refuse(ErrNotFound, "expected an answer of the lookup, found none")
	}
	// The lookup owns it, and ends behind it.
	return &Config{newReference(unsafe.Pointer(config), func(unsafe.Pointer) {
		ref.release()
	})}, nil
}

// Candidate is one file that was looked at.
type Candidate struct {
	Path      string // as it was tried: absolute in the rootfs
	PathIndex int    // entry of PATH, from 0; -1: the name has a slash, PATH was not searched
	Code      Code   // OK: it is executed; else why it is not
	Reason    string // the same for people: "does not exist"; "": it is executed
	Secret    bool   // the path is made of a value that came from a Secret or is sealed
}

// Candidates are the files that were looked at, in the order of PATH.
func (l *Lookup) Candidates() (candidates []Candidate, err error) {
	err = l.read(func(lookup *C.struct_ocienv_lookup) error {
		var found C.struct_ocienv_candidate
		for i := C.size_t(0); C.ocienv_lookup_candidate(lookup, i, &found) == C.OCIENV_OK; i++ {
			candidates = append(candidates, Candidate{
				Path:      C.GoString(found.path),
				PathIndex: int(found.path_index),
				Code:      Code(found.status),
				Reason:    C.GoString(found.reason),
				Secret:    found.secret != 0,
			})
		}
		return nil
	})
	return candidates, err
}

// Library is a library that the program needs, or another of its libraries.
type Library struct {
	Name     string // as it is asked for: "libc.so.6"
	Path     string // where the loader finds it in the rootfs; "": nowhere
	Rule     string // by which of its rules: "LD_LIBRARY_PATH", "DT_RUNPATH"
	NeededBy string // name of the library that asks for it; "": the program
	Broken   bool   // the loader takes it, and it is no library for the machine
	Secret   bool   // the path is made of a value that came from a Secret or is sealed
}

// Libraries are those of the program first, then those of each in its turn.
func (l *Lookup) Libraries() (libraries []Library, err error) {
	err = l.read(func(lookup *C.struct_ocienv_lookup) error {
		var found C.struct_ocienv_library
		for i := C.size_t(0); C.ocienv_lookup_library(lookup, i, &found) == C.OCIENV_OK; i++ {
			libraries = append(libraries, Library{
				Name:     C.GoString(found.name),
				Path:     C.GoString(found.path),
				Rule:     C.GoString(found.rule),
				NeededBy: C.GoString(found.needed_by),
				Broken:   found.broken != 0,
				Secret:   found.secret != 0,
			})
		}
		return nil
	})
	return libraries, err
}

// Report is the whole lookup as JSON text, one line feed at the end. Without showSecrets paths
// made of secrets are null.
func (l *Lookup) Report(showSecrets bool, options *Options) ([]byte, error) {
	var show C.uint32_t
	if showSecrets {
		show = 1
	}
	return write(l.reference(), "lookup", options, func(lookup unsafe.Pointer,
		ret *C.struct_ocienv_buffer, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_lookup_report(ret, (*C.struct_ocienv_lookup)(lookup), show, options, e)
	})
}

// Close ends the lookup and closes its descriptor, once its configs are closed, too.
func (l *Lookup) Close() error {
	l.reference().close()
	return nil
}
