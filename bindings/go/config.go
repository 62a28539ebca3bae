// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

import (
	"os"
	"syscall"
	"unsafe"
)

// DigestSize is the size of a SHA-384 digest in bytes.
const DigestSize = C.OCIENV_DIGEST_SIZE

// NoID stands in User for a number that is not known; the kernel takes it for no user.
const NoID = ^uint32(0)

// Config is the answer.
type Config struct{ ref *reference }

func newConfig(config *C.struct_ocienv_config, err error) (*Config, error) {
	if err != nil {
		return nil, err
	}
	return &Config{newReference(unsafe.Pointer(config), func(pointer unsafe.Pointer) {
		C.ocienv_config_free((*C.struct_ocienv_config)(pointer))
	})}, nil
}

// DecodeConfig reads a CONFIG blob back. It knows the class of each value's source, but no
// document, line or column, and no descriptor.
func DecodeConfig(blob Document, options *Options) (*Config, error) {
	c, err := options.toC()
	defer c.end()
	if err != nil {
		return nil, err
	}
	name, data, size, err := blob.parts()
	if err != nil {
		return nil, err
	}
	var ret *C.struct_ocienv_config
	var e C.struct_ocienv_error
	status := C.go_config_decode(&ret, name, data, size, c.pointer(), &e)
	return newConfig(ret, failure(status, &e))
}

func (c *Config) reference() *reference {
	if c == nil {
		return nil
	}
	return c.ref
}

// read calls the function with the object, which stays until it is over.
func (c *Config) read(read func(config *C.struct_ocienv_config) error) error {
	ref := c.reference()
	pointer, err := ref.acquire("config")
	if err != nil {
		return err
	}
	defer ref.release()
	return read((*C.struct_ocienv_config)(pointer))
}

// Encode writes a CONFIG blob: one encoding per content, the environment sorted by name. It
// holds values of Secrets. ErrUnsupported: there is no answer to carry, such as a user that is
// still a name.
func (c *Config) Encode(options *Options) ([]byte, error) {
	return write(c.reference(), "config", options, func(config unsafe.Pointer,
		ret *C.struct_ocienv_buffer, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_config_encode(ret, (*C.struct_ocienv_config)(config), options, e)
	})
}

// EncodePublic writes the public form of the blob: the values of Secrets that are not sealed are
// replaced by their HMAC-SHA-384 under the key of 32 to 128 bytes, so that its digest can be
// published.
func (c *Config) EncodePublic(key []byte, options *Options) ([]byte, error) {
	var first unsafe.Pointer
	if len(key) > 0 {
		first = unsafe.Pointer(&key[0])
	}
	return write(c.reference(), "config", options, func(config unsafe.Pointer,
		ret *C.struct_ocienv_buffer, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_config_encode_public(ret, (*C.struct_ocienv_config)(config), first,
			C.size_t(len(key)), options, e)
	})
}

// Report is the whole answer as the JSON text that `ocienv resolve --output json` prints. It
// holds values of Secrets.
func (c *Config) Report(options *Options) ([]byte, error) {
	return write(c.reference(), "config", options, func(config unsafe.Pointer,
		ret *C.struct_ocienv_buffer, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_config_report(ret, (*C.struct_ocienv_config)(config), options, e)
	})
}

// Gramine is the answer as lines of a Gramine manifest template. It holds values of Secrets.
func (c *Config) Gramine(options *Options) ([]byte, error) {
	return write(c.reference(), "config", options, func(config unsafe.Pointer,
		ret *C.struct_ocienv_buffer, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_config_gramine(ret, (*C.struct_ocienv_config)(config), options, e)
	})
}

// Pin writes the policy that pins the answer: resolving the same layers under it gives the same
// answer, and each change of them is refused. The config must have been resolved with a policy,
// usually the built-in "observe". Values of Secrets stand in it as SHA-256 digests.
func (c *Config) Pin(options *Options) ([]byte, error) {
	return write(c.reference(), "config", options, func(config unsafe.Pointer,
		ret *C.struct_ocienv_buffer, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_policy_pin(ret, (*C.struct_ocienv_config)(config), options, e)
	})
}

// Digest is the SHA-384 of the CONFIG blob: what sha384sum gives for what Encode writes.
func (c *Config) Digest() (digest [DigestSize]byte, err error) {
	err = c.read(func(config *C.struct_ocienv_config) error {
		var e C.struct_ocienv_error
		return failure(C.ocienv_config_digest((*C.uint8_t)(&digest[0]), config, &e), &e)
	})
	return digest, err
}

// Argv is the arguments, as execve and exec.Cmd.Args take them. They may hold values of Secrets
// that were expanded into them.
func (c *Config) Argv() (argv []string, err error) {
	err = c.read(func(config *C.struct_ocienv_config) error {
		var count C.size_t
		argv = goStrings(C.ocienv_config_argv(config, &count), count)
		return nil
	})
	return argv, err
}

// Env is the environment as NAME=VALUE, as execve and exec.Cmd.Env take it: unique names, in the
// runtime's order. It holds values of Secrets, which Origin tells; Go cannot clear them.
func (c *Config) Env() (env []string, err error) {
	err = c.read(func(config *C.struct_ocienv_config) error {
		var count C.size_t
		env = goStrings(C.ocienv_config_envp(config, &count), count)
		return nil
	})
	return env, err
}

// Cwd is the working directory.
func (c *Config) Cwd() (cwd string, err error) {
	err = c.read(func(config *C.struct_ocienv_config) error {
		cwd = C.GoString(C.ocienv_config_cwd(config))
		return nil
	})
	return cwd, err
}

// Interpreter is one interpreter of a script.
type Interpreter struct {
	Path string // as written after "#!"
	Arg  string // its one argument, or ""
}

// Exec is the file that is executed.
type Exec struct {
	Path         string        // as found: absolute, what the runtime would execve
	Canonical    string        // without links, "." and "..", inside the rootfs
	PathIndex    int           // entry of PATH, from 0; -1: PATH was not searched
	Device       uint64        // st_dev of the file
	Inode        uint64        // st_ino of the file
	Interpreters []Interpreter // script chain, outermost first
	Machine      string        // of the ELF file that runs in the end ("x86_64"), or ""
	ElfType      string        // "exec" or "dyn", or ""
	ElfInterp    string        // its PT_INTERP, or "" (static)
}

// readExec calls the function with what is borrowed from the config.
func (c *Config) readExec(read func(exec *C.struct_ocienv_exec) error) error {
	return c.read(func(config *C.struct_ocienv_config) error {
		var exec C.struct_ocienv_exec
		if status := C.ocienv_config_exec(config, &exec); status != C.OCIENV_OK {
			return refuse(Code(status), "expected a config with a program, found one that "+
				"was made without a rootfs")
		}
		return read(&exec)
	})
}

// Exec is the file that is executed. ErrArgument: the config was made without a rootfs.
func (c *Config) Exec() (exec Exec, err error) {
	err = c.readExec(func(found *C.struct_ocienv_exec) error {
		exec = Exec{
			Path:      C.GoString(found.path),
			Canonical: C.GoString(found.canonical),
			PathIndex: int(found.path_index),
			Device:    uint64(found.device),
			Inode:     uint64(found.inode),
			Machine:   C.GoString(found.machine),
			ElfType:   C.GoString(found.elf_type),
			ElfInterp: C.GoString(found.elf_interp),
		}
		if found.interpreter_count == 0 {
			return nil
		}
		for _, each := range unsafe.Slice(found.interpreters, found.interpreter_count) {
			exec.Interpreters = append(exec.Interpreters, Interpreter{
				Path: C.GoString(each.path),
				Arg:  C.GoString(each.arg),
			})
		}
		return nil
	})
	return exec, err
}

// ExecFile is the file that is executed, opened with O_PATH: the very file that was found,
// whatever its name means by now. It is a copy of the config's own descriptor; the caller closes
// it. ErrArgument: there is none, as in a config that was read from a blob.
func (c *Config) ExecFile() (file *os.File, err error) {
	err = c.readExec(func(found *C.struct_ocienv_exec) error {
		if found.fd < 0 {
			return refuse(ErrArgument, "expected a config with a descriptor, found none")
		}
		fd, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(found.fd),
			syscall.F_DUPFD_CLOEXEC, 0)
		if errno != 0 {
			e := refuse(ErrSystem, "expected to copy the descriptor, found %s", errno.Error())
			e.Errno = errno
			return e
		}
		file = os.NewFile(fd, C.GoString(found.path))
		return nil
	})
	return file, err
}

// User is the user of the process.
type User struct {
	UID    uint32
	GID    uint32
	Umask  uint32
	Groups []uint32 // supplementary groups: the complete list
	Name   string   // not "": still a name, no rootfs to look it up in; UID and GID are NoID
}

// User is the user of the process.
func (c *Config) User() (user User, err error) {
	err = c.read(func(config *C.struct_ocienv_config) error {
		var found C.struct_ocienv_user
		if status := C.ocienv_config_user(config, &found); status != C.OCIENV_OK {
			return refuse(Code(status), "expected a user, found none")
		}
		user = User{UID: uint32(found.uid), GID: uint32(found.gid), Umask: uint32(found.umask)}
		if found.name != nil {
			user.UID, user.GID, user.Name = NoID, NoID, C.GoString(found.name)
		}
		if found.group_count > 0 {
			for _, group := range unsafe.Slice(found.groups, found.group_count) {
				user.Groups = append(user.Groups, uint32(group))
			}
		}
		return nil
	})
	return user, err
}

// Origin is where a value came from. depth 0 is the value itself, 1 the value that it overrode,
// and so on. ErrArgument: there is no such item, or nothing at that depth.
func (c *Config) Origin(item Item, index, depth int) (origin Origin, err error) {
	err = c.read(func(config *C.struct_ocienv_config) error {
		var found C.struct_ocienv_origin
		status := C.int32_t(C.OCIENV_ERR_ARGUMENT)
		if index >= 0 && depth >= 0 {
			status = C.ocienv_config_origin(config, C.uint32_t(item), C.size_t(index),
				C.size_t(depth), &found)
		}
		if status != C.OCIENV_OK {
			return refuse(Code(status), "expected an item of the config, found none at "+
				"index %d and depth %d", index, depth)
		}
		origin = newOrigin(&found)
		return nil
	})
	return origin, err
}

// Warning is something that users get hurt by, although there is an answer.
type Warning struct {
	Code    string // of docs/warnings.md: "cwd-missing"
	Subject string // what it is about: a variable's name, a path; maybe ""
	Message string
	Origin  Origin // Line 0: not about a place in a document
}

// Warnings are all warnings of the answer.
func (c *Config) Warnings() (warnings []Warning, err error) {
	err = c.read(func(config *C.struct_ocienv_config) error {
		var found C.struct_ocienv_warning
		for i := C.size_t(0); C.ocienv_config_warning(config, i, &found) == C.OCIENV_OK; i++ {
			warnings = append(warnings, Warning{
				Code:    C.GoString(found.code),
				Subject: C.GoString(found.subject),
				Message: C.GoString(found.message),
				Origin:  newOrigin(&found.origin),
			})
		}
		return nil
	})
	return warnings, err
}

// Ruling is what a policy said about one variable.
type Ruling struct {
	Name    string
	Verdict string // "allowed", "dropped", "kept": left out, the image's value stands
	Source  Source // as the policy trusts it
	Rule    int    // its number from 0, as in /env/rules/N; -1: none
	Line    uint32 // of the rule in the policy; 0: none
}

// Rulings are those of the variables in Env's order as the policy saw them, then those of what
// was left out. Without a policy there are none.
func (c *Config) Rulings() (rulings []Ruling, err error) {
	err = c.read(func(config *C.struct_ocienv_config) error {
		var found C.struct_ocienv_ruling
		for i := C.size_t(0); C.ocienv_config_ruling(config, i, &found) == C.OCIENV_OK; i++ {
			rulings = append(rulings, Ruling{
				Name:    C.GoString(found.name),
				Verdict: C.GoString(found.verdict),
				Source:  Source(found.source),
				Rule:    int(int32(found.rule)), // UINT32_MAX is none
				Line:    uint32(found.line),
			})
		}
		return nil
	})
	return rulings, err
}

// Close ends the config and closes its descriptor.
func (c *Config) Close() error {
	c.reference().close()
	return nil
}
