// SPDX-License-Identifier: Apache-2.0

package ocienv

// #cgo pkg-config: ocienv
// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// Code says what went wrong. It is an error itself, so that errors.Is takes it.
type Code int32

// What a call can answer. The numbers are frozen.
const (
	OK             Code = C.OCIENV_OK              // an answer
	ErrArgument    Code = C.OCIENV_ERR_ARGUMENT    // the caller broke the contract of the function
	ErrNoMem       Code = C.OCIENV_ERR_NOMEM       // an allocation failed
	ErrLimit       Code = C.OCIENV_ERR_LIMIT       // a size, count or depth limit
	ErrSyntax      Code = C.OCIENV_ERR_SYNTAX      // not well-formed JSON or YAML
	ErrEncoding    Code = C.OCIENV_ERR_ENCODING    // not UTF-8, or a NUL where a C string must come out
	ErrAmbiguous   Code = C.OCIENV_ERR_AMBIGUOUS   // parsers of this document are known to disagree
	ErrType        Code = C.OCIENV_ERR_TYPE        // wrong type for a field that is read
	ErrValue       Code = C.OCIENV_ERR_VALUE       // an invalid value, or a required field is missing
	ErrReference   Code = C.OCIENV_ERR_REFERENCE   // something is named that is not there
	ErrNotFound    Code = C.OCIENV_ERR_NOTFOUND    // no such executable (or cwd) in the rootfs
	ErrAccess      Code = C.OCIENV_ERR_ACCESS      // found, but this user may not execute it
	ErrUnsupported Code = C.OCIENV_ERR_UNSUPPORTED // the target cannot run it
	ErrUnsafe      Code = C.OCIENV_ERR_UNSAFE      // a path that cannot be trusted or pinned
	ErrPolicy      Code = C.OCIENV_ERR_POLICY      // refused by the policy
	ErrMismatch    Code = C.OCIENV_ERR_MISMATCH    // the host's document is not what image and pod give
	ErrBlob        Code = C.OCIENV_ERR_BLOB        // not a canonical blob of a known version
	ErrSystem      Code = C.OCIENV_ERR_SYSTEM      // a system call failed; see Error.Errno
)

// String is the short name: "syntax".
func (c Code) String() string { return C.GoString(C.ocienv_status_name(C.int32_t(c))) }

// Error is the short name with the package's in front.
func (c Code) Error() string { return "ocienv: " + c.String() }

// ErrClosed is what errors.Is finds in the error of every call on an object that was closed,
// that is nil, or that no function of this package made.
var ErrClosed = errors.New("ocienv: use of a closed object")

// Error is every error of this package. It never holds the value of a variable. Document and
// Pointer are what the caller and the document say, of at most 71 and 159 bytes.
type Error struct {
	Code     Code          // what went wrong
	Errno    syscall.Errno // of the system call that failed, with ErrSystem; else 0
	Offset   uint64        // of the offending value in the document, in bytes; 0 from Resolve
	Document string        // the name that the caller gave to the document, or ""
	Line     uint32        // from 1; 0: the error is not about a place in a document
	Column   uint32        // from 1, in characters
	Pointer  string        // RFC 6901 pointer to the value, or "" for the whole document
	Message  string        // one line: what was expected, what was found

	cause error
}

// Error is one line as the ocienv command prints it:
// "FILE:LINE:COLUMN: /pointer: message [code]".
func (e *Error) Error() string {
	var text strings.Builder
	if e.Document != "" {
		text.WriteString(printable(e.Document))
	} else {
		text.WriteString("ocienv")
	}
	if e.Line != 0 {
		fmt.Fprintf(&text, ":%d:%d", e.Line, e.Column)
	}
	text.WriteString(": ")
	if e.Pointer != "" {
		text.WriteString(printable(e.Pointer) + ": ")
	}
	fmt.Fprintf(&text, "%s [%s]", printable(e.Message), e.Code.String())
	return text.String()
}

// Is reports whether target is the error's Code.
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == e.Code
}

// Unwrap is the errno of the system call that failed, or ErrClosed, or nil.
func (e *Error) Unwrap() error {
	if e.cause != nil {
		return e.cause
	}
	if e.Errno != 0 {
		return e.Errno
	}
	return nil
}

// printable keeps text of a hostile document from steering a terminal or a log.
func printable(s string) string {
	var text strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&text, `\x%02x`, s[0])
		case unicode.IsPrint(r):
			text.WriteRune(r)
		default:
			text.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
		s = s[size:]
	}
	return text.String()
}

// failure is the Go form of what a function of the library answered.
func failure(status C.int32_t, e *C.struct_ocienv_error) error {
	if status == C.OCIENV_OK {
		return nil
	}
	return &Error{
		Code:     Code(status),
		Errno:    syscall.Errno(e.sys_errno),
		Offset:   uint64(e.offset),
		Document: C.GoString(&e.document[0]),
		Line:     uint32(e.line),
		Column:   uint32(e.column),
		Pointer:  C.GoString(&e.pointer[0]),
		Message:  C.GoString(&e.message[0]),
	}
}

// refuse is the error of a call that does not get as far as the library, or of one of its
// functions that give no more than a number.
func refuse(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
