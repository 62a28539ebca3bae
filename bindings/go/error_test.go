// SPDX-License-Identifier: Apache-2.0

package ocienv

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
)

// place is where the n-th byte of a document stands.
func place(text string, offset int) (line, column uint32) {
	before := text[:offset]
	start := strings.LastIndex(before, "\n") + 1
	return uint32(1 + strings.Count(before, "\n")),
		uint32(1 + utf8.RuneCountInString(before[start:]))
}

func readImage(document Document) (closer, error)  { return LayerFromImageConfig(document, nil) }
func readSpec(document Document) (closer, error)   { return LayerFromRuntimeSpec(document, nil) }
func readPod(document Document) (closer, error)    { return LayerFromPod(document, nil, nil) }
func readPolicy(document Document) (closer, error) { return PolicyFromJSON(document, nil) }
func readObjects(document Document) (closer, error) {
	cluster, err := NewCluster(nil)
	if err != nil {
		return nil, err
	}
	return cluster, cluster.AddObjects(document)
}

// The place is that of the text "HERE" in the document, or of what stands for it.
func TestErrorsSayWhere(t *testing.T) {
	for name, row := range map[string]struct {
		read    func(Document) (closer, error)
		text    string
		here    string // what stands at the place
		code    Code
		pointer string
	}{
		"type": {readImage, "{\n \"config\": {\"Cmd\": 7}}", "7", ErrType, "/config/Cmd"},
		"characters count, not bytes": {readImage,
			"{\"äöü\": 1, \"config\": {\"Cmd\": [\"é\", 77]}}", "77", ErrType, "/config/Cmd/1"},
		"lines end at CR LF": {readImage, "{\r\n\r\n\"config\": 8}", "8", ErrType, "/config"},
		"second of two keys": {readImage, `{"config": {}, "config" : {}}`, `"config" :`,
			ErrAmbiguous, "/config"},
		"spec": {readSpec, "{\"ociVersion\": \"1.2.0\", \"process\": {\"cwd\": 9}}", "9",
			ErrType, "/process/cwd"},
		"pod": {readPod, "kind: Pod\napiVersion: v1\nspec:\n  containers: 99\n", "99", ErrType,
			"/spec/containers"},
		"objects": {readObjects, "kind: ConfigMap\napiVersion: v1\nmetadata: {name: m}\n" +
			"data: {k: [1]}\n", "[1]", ErrType, "/data/k"},
		"policy": {readPolicy, "{\"ocienv_policy\": 1,\n \"nonesuch\": 1}", "", ErrValue, ""},
	} {
		t.Run(name, func(t *testing.T) {
			object, err := row.read(document("the document", row.text))
			e := refused(t, err, row.code)
			if object != nil {
				object.Close()
			}
			if e.Document != "the document" {
				t.Errorf("expected the document's name, found %q", e.Document)
			}
			if row.here == "" {
				return
			}
			offset := strings.Index(row.text, row.here)
			line, column := place(row.text, offset)
			if e.Line != line || e.Column != column || e.Offset != uint64(offset) ||
				e.Pointer != row.pointer {
				t.Errorf("expected %d:%d (%d) %s, found %d:%d (%d) %s", line, column, offset,
					row.pointer, e.Line, e.Column, e.Offset, e.Pointer)
			}
			wanted := fmt.Sprintf("the document:%d:%d: %s: %s [%s]", line, column, row.pointer,
				e.Message, row.code.String())
			if e.Error() != wanted {
				t.Errorf("expected %q, found %q", wanted, e.Error())
			}
		})
	}
}

func TestErrorsAreFoundThroughOthers(t *testing.T) {
	_, err := LayerFromImageConfig(document("image.json", "{"), nil)
	err = fmt.Errorf("task: %w", err)
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrSyntax) || errors.Is(err, ErrType) ||
		errors.Is(err, ErrClosed) {
		t.Errorf("expected a syntax error and no other, found %v", err)
	}
	if (&Error{Code: ErrSyntax}).Unwrap() != nil {
		t.Error("expected nothing inside of an error without errno")
	}
}

func TestCodesHaveTheNamesOfTheHeader(t *testing.T) {
	for name, number := range constants {
		short := strings.TrimPrefix(name, "ERR_")
		if short == name {
			continue
		}
		code := Code(number)
		if code.String() != strings.ToLower(short) || code.Error() != "ocienv: "+code.String() {
			t.Errorf("%d: expected %s, found %s and %s", number, short, code.String(),
				code.Error())
		}
	}
	if Code(1).String() != "unknown" || Source(99).String() != "unknown" {
		t.Error("expected unknown numbers to be told so")
	}
}

// No descriptor can be opened while the limit is low.
func TestSystemErrorsHaveTheErrno(t *testing.T) {
	layers, root := []*Layer{givenSpec(t)}, givenRoot(t)
	config := made[*Config](t)(Resolve(layers, root, nil))
	var limit syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	must(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 1, Max: limit.Max}))
	_, resolved := Resolve(layers, root, nil)
	_, copied := config.ExecFile()
	must(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit))
	if e := refused(t, resolved, ErrSystem); e.Errno != syscall.EMFILE ||
		!errors.Is(resolved, syscall.EMFILE) {
		t.Errorf("expected EMFILE, found %v (%d)", resolved, e.Errno)
	}
	// A copy takes the lowest number, and it is above the limit.
	if e := refused(t, copied, ErrSystem); e.Errno == 0 || !errors.Is(copied, e.Errno) {
		t.Errorf("expected an errno, found %v", copied)
	}
}

func TestTextOfDocumentsSteersNoTerminal(t *testing.T) {
	e := &Error{Code: ErrType, Document: "a\x1b[2Jb", Line: 1, Column: 2,
		Pointer: "/x\n\xff\u202e", Message: "m"}
	const wanted = `a\x1b[2Jb:1:2: /x\n\xff\u202e: m [type]`
	if e.Error() != wanted {
		t.Errorf("expected %q, found %q", wanted, e.Error())
	}
}
