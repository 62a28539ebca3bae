// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

import "unsafe"

// Policy is rules about what may set what; docs/policy.md tells the language. It is put into
// Options.Policy.
type Policy struct{ ref *reference }

// PolicyFromJSON reads a policy. What is not known in it is an error.
func PolicyFromJSON(document Document, options *Options) (*Policy, error) {
	c, err := options.toC()
	defer c.end()
	if err != nil {
		return nil, err
	}
	name, data, size, err := document.parts()
	if err != nil {
		return nil, err
	}
	var ret *C.struct_ocienv_policy
	var e C.struct_ocienv_error
	status := C.go_policy_from_json(&ret, name, data, size, c.pointer(), &e)
	return newPolicy(ret, failure(status, &e))
}

// BuiltinPolicy is a policy that the library brings along: "image-only" lets only the image's
// values through, "observe" refuses nothing and keeps account of everything, for Config.Pin.
func BuiltinPolicy(name string, options *Options) (*Policy, error) {
	c, err := options.toC()
	defer c.end()
	if err != nil {
		return nil, err
	}
	text, err := cString("name of a policy", name)
	if err != nil {
		return nil, err
	}
	var ret *C.struct_ocienv_policy
	var e C.struct_ocienv_error
	status := C.ocienv_policy_builtin(&ret, text, c.pointer(), &e)
	return newPolicy(ret, failure(status, &e))
}

func newPolicy(policy *C.struct_ocienv_policy, err error) (*Policy, error) {
	if err != nil {
		return nil, err
	}
	return &Policy{newReference(unsafe.Pointer(policy), func(pointer unsafe.Pointer) {
		C.ocienv_policy_free((*C.struct_ocienv_policy)(pointer))
	})}, nil
}

// Close ends the policy. Configs made with it stay valid; a call with it in its options that is
// under way ends with it.
func (p *Policy) Close() error {
	if p != nil {
		p.ref.close()
	}
	return nil
}
