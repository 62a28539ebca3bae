// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

import "unsafe"

// Runtime is whose last step before execve is reproduced.
type Runtime uint32

// The runtimes.
const (
	RuntimeRunc    Runtime = C.OCIENV_RUNTIME_RUNC     // runc, current
	RuntimeRunc1_2 Runtime = C.OCIENV_RUNTIME_RUNC_1_2 // runc 1.2
	RuntimeRunc1_3 Runtime = C.OCIENV_RUNTIME_RUNC_1_3 // runc 1.3.0 to 1.5.1
	RuntimeCrun    Runtime = C.OCIENV_RUNTIME_CRUN     // crun
	RuntimeKata    Runtime = C.OCIENV_RUNTIME_KATA     // the kata agent
	RuntimeExecvp  Runtime = C.OCIENV_RUNTIME_EXECVP   // runc's environment, glibc's execvp for the look-up
	RuntimeRunc1_1 Runtime = C.OCIENV_RUNTIME_RUNC_1_1 // runc before 1.2, as in Debian 12
	RuntimeCrun1_8 Runtime = C.OCIENV_RUNTIME_CRUN_1_8 // crun 1.8, as in Debian 12
)

// CRI is whose merge of image and pod is reproduced.
type CRI uint32

// The CRI plugins.
const (
	CRIContainerd CRI = C.OCIENV_CRI_CONTAINERD // containerd's CRI plugin
	CRICRIO       CRI = C.OCIENV_CRI_CRIO       // CRI-O
)

// PodKind is what the document of LayerFromPod is.
type PodKind uint32

// The kinds of pod documents.
const (
	PodObject    PodKind = C.OCIENV_POD_OBJECT    // a Pod or a workload, as its apiVersion and kind say
	PodSpec      PodKind = C.OCIENV_POD_SPEC      // a PodSpec and nothing around it
	PodContainer PodKind = C.OCIENV_POD_CONTAINER // one container and nothing around it
)

// UserProfile is who looks the user of images and pods up, and how much of what upstreams accept
// by luck is accepted.
type UserProfile uint32

// The user profiles; enum ocienv_user_profile tells what each accepts.
const (
	UserStrict        UserProfile = C.OCIENV_USER_STRICT         // as the CRI plugin of Options.CRI, without its luck
	UserContainerd    UserProfile = C.OCIENV_USER_CONTAINERD     // containerd 2.2.4, 2.3.1 and later
	UserContainerd1_7 UserProfile = C.OCIENV_USER_CONTAINERD_1_7 // containerd 1.7.27 to 1.7.30
	UserCRIO          UserProfile = C.OCIENV_USER_CRIO           // CRI-O
	UserDocker        UserProfile = C.OCIENV_USER_DOCKER         // docker: no kubelet, no supplementalGroupsPolicy
)

// LibOS is where the program is to run.
type LibOS uint32

// The library operating systems.
const (
	LibOSNone    LibOS = C.OCIENV_LIBOS_NONE    // on Linux: nothing is checked
	LibOSOcclum  LibOS = C.OCIENV_LIBOS_OCCLUM  // Occlum 0.31
	LibOSGramine LibOS = C.OCIENV_LIBOS_GRAMINE // Gramine 1.9
)

// Flags are bits that change how documents are read.
type Flags uint32

// The flags; the comments in ocienv.h say each in full.
const (
	// Strict makes errors of members that no reader of the document knows.
	Strict Flags = C.OCIENV_STRICT
	// Lenient treats what only a check beforehand refuses as what comes behind it does.
	Lenient Flags = C.OCIENV_LENIENT
	// CRIDirect says that there is no kubelet: nobody looks at runAsNonRoot, and the image's
	// User is taken whole.
	CRIDirect Flags = C.OCIENV_CRI_DIRECT
	// AcceptRoot makes a warning of the error that Occlum runs another user as root.
	AcceptRoot Flags = C.OCIENV_ACCEPT_ROOT
	// KeepDigest keeps the SHA-256 of a layer's document, by which a policy pins an image.
	KeepDigest Flags = C.OCIENV_KEEP_DIGEST
	// InsideLibOS says that the caller runs in a LibOS whose directory descriptors are but
	// names.
	InsideLibOS Flags = C.OCIENV_INSIDE_LIBOS
)

// Limits are bounds of what is read and made. A member that is 0 means its default.
type Limits struct {
	MaxDocument uint32 // bytes per document, and of text that YAML aliases repeat; 4 MiB
	MaxDepth    uint32 // nested lists and maps; 64
	MaxNodes    uint32 // values per document, after alias expansion; 65,536
	MaxString   uint32 // bytes per decoded string; 131,072
	MaxArgs     uint32 // arguments; 4,096
	MaxEnv      uint32 // environment entries per list, and of the result; 4,096
	MaxSymlinks uint32 // links followed in one lookup; 40
	MaxResult   uint32 // bytes of one object (layer, config, blob); 16 MiB
}

// Options say how a call is to be done. nil in place of them, and the zero value of a member,
// mean the default. They are copied for the call, and may be used again or changed behind it.
//
// The allocator of C is left out: the library uses malloc.
type Options struct {
	Limits  Limits
	Runtime Runtime
	CRI     CRI
	Flags   Flags
	User    UserProfile

	Workload  string // pod: "KIND/NAME" when the document has several workloads
	Container string // pod: name of the container; "": the default one
	Hostname  string // pod: the sandbox's host name; "": what the pod says
	PodKind   PodKind

	LibOS     LibOS
	StackSize uint64 // bytes of the first stack in the LibOS; 0: the LibOS's own default
	// LibraryPath are directories in the rootfs, absolute and without ":" or ";", that go in
	// front of LD_LIBRARY_PATH. At most 256.
	LibraryPath []string
	OcclumJSON  *Document // the Occlum.json that the enclave is built from, or nil
	Policy      *Policy   // resolving: what may set what; nil: everything may, and is reported
}

// options are Options in C's memory, with all that they point to.
type options struct {
	box    *C.struct_go_options
	memory []unsafe.Pointer
	policy *reference
}

// toC makes the options of a call; end must follow, also behind an error.
func (o *Options) toC() (*options, error) {
	c := &options{}
	if o == nil {
		return c, nil
	}
	block, err := c.zeroed(1, C.sizeof_struct_go_options)
	if err != nil {
		return c, err
	}
	c.box = (*C.struct_go_options)(block)
	c.box.options.size = C.sizeof_struct_ocienv_options
	c.setNumbers(o)
	c.setLimits(&o.Limits)
	err = c.setTexts(o)
	if err == nil {
		err = c.setDocument(o.OcclumJSON)
	}
	if err == nil {
		err = c.setPolicy(o.Policy)
	}
	return c, err
}

func (c *options) pointer() *C.struct_ocienv_options {
	if c.box == nil {
		return nil
	}
	return &c.box.options
}

func (c *options) end() {
	for _, block := range c.memory {
		C.free(block)
	}
	c.box, c.memory = nil, nil
	if c.policy != nil {
		c.policy.release()
	}
}

func (c *options) keep(block unsafe.Pointer) unsafe.Pointer {
	c.memory = append(c.memory, block)
	return block
}

// zeroed is memory that Go may store C's pointers in: the collector looks at what a pointer was
// before, so it must be one.
func (c *options) zeroed(count, size C.size_t) (unsafe.Pointer, error) {
	block := C.calloc(count, size)
	if block == nil {
		return nil, refuse(ErrNoMem, "expected memory for the options, found none")
	}
	return c.keep(block), nil
}

func (c *options) setNumbers(o *Options) {
	c.box.options.runtime = C.uint32_t(o.Runtime)
	c.box.options.cri = C.uint32_t(o.CRI)
	c.box.options.flags = C.uint32_t(o.Flags)
	c.box.options.user = C.uint32_t(o.User)
	c.box.options.pod_kind = C.uint32_t(o.PodKind)
	c.box.options.libos = C.uint32_t(o.LibOS)
	c.box.options.stack_size = C.uint64_t(o.StackSize)
}

func (c *options) setLimits(l *Limits) {
	c.box.limits = C.struct_ocienv_limits{
		size:         C.sizeof_struct_ocienv_limits,
		max_document: C.uint32_t(l.MaxDocument),
		max_depth:    C.uint32_t(l.MaxDepth),
		max_nodes:    C.uint32_t(l.MaxNodes),
		max_string:   C.uint32_t(l.MaxString),
		max_args:     C.uint32_t(l.MaxArgs),
		max_env:      C.uint32_t(l.MaxEnv),
		max_symlinks: C.uint32_t(l.MaxSymlinks),
		max_result:   C.uint32_t(l.MaxResult),
	}
	c.box.options.limits = &c.box.limits
}

// text is s in C's memory.
func (c *options) text(what, s string) (*C.char, error) {
	if err := checkNUL(what, s); err != nil {
		return nil, err
	}
	text := C.CString(s)
	c.keep(unsafe.Pointer(text))
	return text, nil
}

func (c *options) setTexts(o *Options) error {
	for _, member := range []struct {
		what, value string
		place       **C.char
	}{
		{"workload", o.Workload, &c.box.options.workload},
		{"container", o.Container, &c.box.options.container},
		{"host name", o.Hostname, &c.box.options.hostname},
	} {
		if member.value == "" {
			continue
		}
		text, err := c.text(member.what, member.value)
		if err != nil {
			return err
		}
		*member.place = text
	}
	return c.setLibraryPath(o.LibraryPath)
}

func (c *options) setLibraryPath(directories []string) error {
	if len(directories) == 0 {
		return nil
	}
	block, err := c.zeroed(C.size_t(len(directories)), C.size_t(unsafe.Sizeof((*C.char)(nil))))
	if err != nil {
		return err
	}
	vector := (**C.char)(block)
	entries := unsafe.Slice(vector, len(directories))
	for i, directory := range directories {
		text, err := c.text("directory of libraries", directory)
		if err != nil {
			return err
		}
		entries[i] = text
	}
	c.box.options.library_path = vector
	c.box.options.library_path_count = C.size_t(len(directories))
	return nil
}

func (c *options) setDocument(document *Document) error {
	if document == nil {
		return nil
	}
	name, err := c.text("name of a document", document.Name)
	if err != nil {
		return err
	}
	c.box.occlum_json = C.struct_ocienv_document{name: name, size: C.size_t(len(document.Data))}
	if len(document.Data) > 0 {
		c.box.occlum_json.data = c.keep(C.CBytes(document.Data))
	}
	c.box.options.occlum_json = &c.box.occlum_json
	return nil
}

func (c *options) setPolicy(policy *Policy) error {
	if policy == nil {
		return nil
	}
	pointer, err := policy.ref.acquire("policy")
	if err != nil {
		return err
	}
	c.policy = policy.ref
	c.box.options.policy = (*C.struct_ocienv_policy)(pointer)
	return nil
}
