// SPDX-License-Identifier: Apache-2.0

package ocienv

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// What the tests have in common: documents, a root, and how they end.

const top = "../.." // of the source tree; go runs tests where their files are

const specText = `{
  "ociVersion": "1.2.0",
  "process": {
    "args": ["run", "-x"], "cwd": "/data",
    "env": ["PATH=/bin", "NAME=value"],
    "user": {"uid": 7, "gid": 8, "additionalGids": [9, 8]}
  }
}`

const podText = `apiVersion: v1
kind: Pod
metadata: {name: demo}
spec:
  containers:
  - name: app
    image: example
    command: [run]
    env:
    - {name: TOKEN, valueFrom: {secretKeyRef: {name: keys, key: token}}}
    - {name: WHERE, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
`

const secretText = `apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {token: hidden-value}
`

const imageText = `{"architecture": "amd64", "os": "linux",
 "config": {"Env": ["PATH=/bin"], "Cmd": ["run"], "WorkingDir": "/data"}}`

// closer is every object of the package.
type closer interface{ Close() error }

// made ends the test if there is an error, and the object with the test.
func made[T closer](t testing.TB) func(object T, err error) T {
	return func(object T, err error) T {
		t.Helper()
		must(t, err)
		t.Cleanup(func() { object.Close() })
		return object
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("expected no error, found %v", err)
	}
}

// value ends the test if there is an error.
func value[T any](t testing.TB) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		must(t, err)
		return value
	}
}

func document(name, text string) Document { return Document{name, []byte(text)} }

func givenSpec(t testing.TB) *Layer {
	t.Helper()
	return made[*Layer](t)(LayerFromRuntimeSpec(document("config.json", specText), nil))
}

func givenImage(t testing.TB) *Layer {
	t.Helper()
	return made[*Layer](t)(LayerFromImageConfig(document("image.json", imageText),
		&Options{Flags: KeepDigest}))
}

func givenPod(t testing.TB) *Layer {
	t.Helper()
	cluster := made[*Cluster](t)(NewCluster(nil))
	must(t, cluster.AddObjects(document("keys.yaml", secretText)))
	must(t, cluster.AddFact("status.podIP", "10.0.0.5"))
	return made[*Layer](t)(LayerFromPod(document("pod.yaml", podText), cluster, nil))
}

// givenRoot is a root with /bin/run, which is this test itself, and /data.
func givenRoot(t testing.TB) *os.File {
	t.Helper()
	root := t.TempDir()
	must(t, os.Chmod(root, 0o755))
	must(t, os.Mkdir(filepath.Join(root, "data"), 0o755))
	must(t, os.Mkdir(filepath.Join(root, "bin"), 0o755))
	must(t, os.WriteFile(filepath.Join(root, "bin/sh"), staticProgram(), 0o755))
	must(t, os.WriteFile(filepath.Join(root, "bin/run"), []byte("#!/bin/sh -e\n"), 0o755))
	return openDir(t, root)
}

// staticProgram is the headers of an x86_64 ELF file without interpreter, for a look-up to read.
func staticProgram() []byte {
	text := make([]byte, 64+56)
	copy(text, "\x7fELF\x02\x01\x01")
	text[16], text[18], text[20] = 2, 62, 1 // ET_EXEC, EM_X86_64, EV_CURRENT
	text[32], text[52] = 64, 64             // e_phoff, e_ehsize
	text[54], text[56] = 56, 1              // e_phentsize, e_phnum
	text[64], text[68] = 1, 5               // PT_LOAD, readable and executable
	text[64+32], text[64+40] = 120, 120     // p_filesz, p_memsz
	text[64+18], text[64+26] = 64, 64       // p_vaddr and p_paddr: 0x400000
	text[26] = 64                           // e_entry
	return text
}

func openDir(t testing.TB, name string) *os.File {
	t.Helper()
	file := value[*os.File](t)(os.Open(name))
	t.Cleanup(func() { file.Close() })
	return file
}

// refused is the error, which must be one of this package with that code.
func refused(t testing.TB, err error, code Code) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, code) || e.Code != code || e.Message == "" {
		t.Fatalf("expected an error [%s] with a message, found %v", code.String(), err)
	}
	return e
}
