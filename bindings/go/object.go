// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

import (
	"runtime"
	"sync"
	"unsafe"
)

// reference is an object of the library that calls may use while others close it. A lock held
// for the length of a call could make two calls with two objects wait for each other behind a
// Close, so the calls are counted and the last one ends the object.
type reference struct {
	mu      sync.Mutex
	pointer unsafe.Pointer // nil: ended
	uses    int            // calls that are under way, and objects inside of this one
	closed  bool
	free    func(unsafe.Pointer)
}

// newReference takes the object over. The finalizer is the net for a forgotten Close.
func newReference(pointer unsafe.Pointer, free func(unsafe.Pointer)) *reference {
	r := &reference{pointer: pointer, free: free}
	runtime.SetFinalizer(r, (*reference).close)
	return r
}

// acquire answers the object, which lives until release.
func (r *reference) acquire(what string) (unsafe.Pointer, error) {
	if r == nil {
		return nil, closedError(what)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, closedError(what)
	}
	r.uses++
	return r.pointer, nil
}

func closedError(what string) error {
	e := refuse(ErrArgument, "expected an open %s, found one that is closed or nil", what)
	e.cause = ErrClosed
	return e
}

// release ends what acquire began. It refers to r behind the call into C, which keeps the
// finalizer away until then.
func (r *reference) release() {
	r.mu.Lock()
	r.uses--
	r.endUnlock()
}

func (r *reference) close() {
	if r == nil {
		return
	}
	r.mu.Lock()
	r.closed = true
	r.endUnlock()
}

// endUnlock ends a closed object that nobody uses any more; r.mu is held, and is not behind it.
func (r *reference) endUnlock() {
	var last unsafe.Pointer
	if r.closed && r.uses == 0 {
		last, r.pointer = r.pointer, nil
	}
	r.mu.Unlock()
	if last != nil {
		runtime.SetFinalizer(r, nil)
		r.free(last)
	}
}

// Document is a document in memory. Its bytes are read during the call only.
type Document struct {
	Name string // for errors and provenance, a file name usually; not opened
	Data []byte
}

// parts are what the functions of shim.h take. The bytes stay where they are: C has them for the
// call alone.
func (d *Document) parts() (*C.char, unsafe.Pointer, C.size_t, error) {
	name, err := cString("name of a document", d.Name)
	if err != nil || len(d.Data) == 0 {
		return name, nil, 0, err
	}
	return name, unsafe.Pointer(&d.Data[0]), C.size_t(len(d.Data)), nil
}

// cString is s with a NUL behind it, in Go's memory: for arguments of a call, not for what C
// keeps or finds through a pointer.
func cString(what, s string) (*C.char, error) {
	if err := checkNUL(what, s); err != nil {
		return nil, err
	}
	text := make([]byte, len(s)+1)
	copy(text, s)
	return (*C.char)(unsafe.Pointer(&text[0])), nil
}

func checkNUL(what, s string) error {
	for i := 0; i < len(s); i++ {
		if s[i] == 0 {
			return refuse(ErrEncoding, "expected a %s without NUL, found one at byte %d", what, i)
		}
	}
	return nil
}

// takeBuffer copies what the library wrote, and clears and ends its memory.
func takeBuffer(buffer *C.struct_ocienv_buffer) []byte {
	defer C.ocienv_buffer_free(buffer)
	if buffer.size == 0 {
		return []byte{}
	}
	bytes := make([]byte, buffer.size)
	copy(bytes, unsafe.Slice((*byte)(buffer.data), buffer.size))
	return bytes
}

// goStrings copies a vector of count strings.
func goStrings(vector **C.char, count C.size_t) []string {
	texts := make([]string, 0, count)
	if count == 0 {
		return texts
	}
	for _, text := range unsafe.Slice(vector, count) {
		texts = append(texts, C.GoString(text))
	}
	return texts
}
