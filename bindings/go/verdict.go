// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

import "unsafe"

// Verdict is how a host's runtime spec differs from what image and pod give.
type Verdict struct{ ref *reference }

func (v *Verdict) reference() *reference {
	if v == nil {
		return nil
	}
	return v.ref
}

// Status is nil if the host's document is what image and pod give, else ErrMismatch with the
// place of the first difference that is not allowed.
func (v *Verdict) Status() error {
	ref := v.reference()
	pointer, err := ref.acquire("verdict")
	if err != nil {
		return err
	}
	defer ref.release()
	var e C.struct_ocienv_error
	return failure(C.ocienv_verdict_status((*C.struct_ocienv_verdict)(pointer), &e), &e)
}

// Difference is one difference. It holds no value of a variable.
type Difference struct {
	Code     string // "dropped", "changed", "added", "duplicated", "reordered", "cannot-tell"
	Subject  string // the variable's name; "argv[2]", "cwd", "uid", "gid", "groups", "umask"
	Item     Item
	Allowed  bool   // a host may do it
	Expected Origin // where image or pod say it; Line 0: nowhere
	Found    Origin // where the runtime spec says it; Line 0: nowhere
}

// Differences are all differences, also those that are allowed.
func (v *Verdict) Differences() ([]Difference, error) {
	ref := v.reference()
	pointer, err := ref.acquire("verdict")
	if err != nil {
		return nil, err
	}
	defer ref.release()
	verdict := (*C.struct_ocienv_verdict)(pointer)
	var found C.struct_ocienv_difference
	var differences []Difference
	for i := C.size_t(0); C.ocienv_verdict_difference(verdict, i, &found) == C.OCIENV_OK; i++ {
		differences = append(differences, Difference{
			Code:     C.GoString(found.code),
			Subject:  C.GoString(found.subject),
			Item:     Item(found.item),
			Allowed:  found.allowed != 0,
			Expected: newOrigin(&found.expected),
			Found:    newOrigin(&found.found),
		})
	}
	return differences, nil
}

// Report is the whole verdict as JSON text, one line feed at the end.
func (v *Verdict) Report(options *Options) ([]byte, error) {
	return write(v.reference(), "verdict", options, func(verdict unsafe.Pointer,
		ret *C.struct_ocienv_buffer, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_verdict_report(ret, (*C.struct_ocienv_verdict)(verdict), options, e)
	})
}

// Close ends the verdict.
func (v *Verdict) Close() error {
	v.reference().close()
	return nil
}
