// SPDX-License-Identifier: Apache-2.0

package ocienv_test

import (
	"errors"
	"fmt"

	"ocienv"
)

// An image and what a runtime spec says on top of it, without a root file system.
func Example() {
	image, err := ocienv.LayerFromImageConfig(ocienv.Document{Name: "image.json", Data: []byte(
		`{"config": {"Entrypoint": ["redis-server"], "Env": ["PATH=/bin", "MODE=image"]}}`)}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer image.Close()
	spec, err := ocienv.LayerFromRuntimeSpec(ocienv.Document{Name: "config.json", Data: []byte(
		`{"process": {"args": ["redis-server", "--port", "7000"], "cwd": "/data",
 "env": ["MODE=spec"], "user": {"uid": 999, "gid": 999}}}`)}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer spec.Close()

	config, err := ocienv.ResolveWithoutRootfs([]*ocienv.Layer{image, spec}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer config.Close()
	argv, _ := config.Argv()
	env, _ := config.Env()
	fmt.Println(argv)
	for i, entry := range env {
		origin, _ := config.Origin(ocienv.ItemEnv, i, 0)
		fmt.Printf("%s from %s:%d\n", entry, origin.Document, origin.Line)
	}
	// Output:
	// [redis-server --port 7000]
	// PATH=/bin from image.json:1
	// MODE=spec from config.json:2
}

// Every error has a code and, where it is about a document, a place.
func ExampleError() {
	_, err := ocienv.LayerFromImageConfig(ocienv.Document{Name: "image.json",
		Data: []byte("{\"config\": {\n  \"Cmd\": \"redis-server\"}}")}, nil)
	var e *ocienv.Error
	if errors.As(err, &e) && errors.Is(err, ocienv.ErrType) {
		fmt.Println(e.Code.String(), e.Document, e.Line, e.Column, e.Pointer)
	}
	// Output:
	// type image.json 2 10 /config/Cmd
}

// A policy decides what may set what.
func ExampleBuiltinPolicy() {
	policy, err := ocienv.BuiltinPolicy("image-only", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer policy.Close()
	image, err := ocienv.LayerFromImageConfig(ocienv.Document{Name: "image.json",
		Data: []byte(`{"config": {"Cmd": ["/bin/true"]}}`)}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer image.Close()
	spec, err := ocienv.LayerFromRuntimeSpec(ocienv.Document{Name: "config.json",
		Data: []byte(`{"process": {"args": ["/bin/sh"], "cwd": "/"}}`)}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer spec.Close()

	_, err = ocienv.ResolveWithoutRootfs([]*ocienv.Layer{image, spec},
		&ocienv.Options{Policy: policy})
	fmt.Println(errors.Is(err, ocienv.ErrPolicy))
	// Output:
	// true
}
