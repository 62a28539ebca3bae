// SPDX-License-Identifier: Apache-2.0

package ocienv

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"
)

// The whole situations of tests/cases, asked through this package. A key that is not known here
// ends the case: nothing of it is passed over.

type caseInputs struct {
	Image, Pod, Spec, Rootfs, Policy, Container, Workload, Hostname string
	Objects                                                         []string
	Fact                                                            map[string]string
}

type caseProfile struct {
	Runtime, CRI, LibOS string
	LibraryPath         []string `json:"library-path"`
	StackSize           uint64   `json:"stack-size"`
	AcceptRoot          bool     `json:"accept-root"`
	Strict, Lenient     bool
}

type caseUser struct {
	UID, GID, Umask *uint32
	Groups          []uint32
}

type caseExpect struct {
	Exec, Canonical, Cwd *string
	Argv                 []string
	Env                  map[string]string
	EnvHas               map[string]string `json:"env_has"`
	EnvLacks             []string          `json:"env_lacks"`
	User                 *caseUser
	Warning              any
	Error, At            string
}

type situation struct {
	Title, Source, Lesson string
	Inputs                caseInputs
	Profile               caseProfile
	Expect                caseExpect

	folder, root string
}

var runtimes = map[string]Runtime{
	"": RuntimeRunc, "runc": RuntimeRunc, "runc-1.1": RuntimeRunc1_1, "runc-1.2": RuntimeRunc1_2,
	"runc-1.3": RuntimeRunc1_3, "crun": RuntimeCrun, "crun-1.8": RuntimeCrun1_8,
	"kata": RuntimeKata, "execvp": RuntimeExecvp,
}

var cris = map[string]CRI{"": CRIContainerd, "containerd": CRIContainerd, "crio": CRICRIO}

var liboses = map[string]LibOS{"": LibOSNone, "occlum": LibOSOcclum, "gramine": LibOSGramine}

func named[T any](t *testing.T, values map[string]T, name string) T {
	t.Helper()
	found, ok := values[name]
	if !ok {
		t.Fatalf("expected a name that is known here, found %q", name)
	}
	return found
}

// file is a document of the case under the name that the case gives it.
func (s *situation) file(t *testing.T, name string) Document {
	t.Helper()
	return Document{name, value[[]byte](t)(os.ReadFile(filepath.Join(s.folder, name)))}
}

func (s *situation) options(t *testing.T) *Options {
	t.Helper()
	options := &Options{
		Runtime: named(t, runtimes, s.Profile.Runtime), CRI: named(t, cris, s.Profile.CRI),
		LibOS: named(t, liboses, s.Profile.LibOS), StackSize: s.Profile.StackSize,
		LibraryPath: s.Profile.LibraryPath, Container: s.Inputs.Container,
		Workload: s.Inputs.Workload, Hostname: s.Inputs.Hostname,
	}
	for flag, is := range map[Flags]bool{
		AcceptRoot: s.Profile.AcceptRoot, Strict: s.Profile.Strict, Lenient: s.Profile.Lenient,
		KeepDigest: s.Inputs.Policy != "",
	} {
		if is {
			options.Flags |= flag
		}
	}
	return options
}

// answer is what is asked of all of the case; the first error ends it.
func (s *situation) answer(t *testing.T) (*Config, error) {
	options := s.options(t)
	if name := s.Inputs.Policy; name != "" {
		policy, err := BuiltinPolicy(name, nil)
		if err != nil {
			policy, err = PolicyFromJSON(s.file(t, name), options)
		}
		if err != nil {
			return nil, err
		}
		defer policy.Close()
		options.Policy = policy
	}
	layers, err := s.layers(t, options)
	for _, layer := range layers {
		defer layer.Close()
	}
	if err != nil {
		return nil, err
	}
	if s.Inputs.Spec != "" && s.Inputs.Pod != "" {
		return nil, s.verify(t, layers, options)
	}
	if s.Inputs.Rootfs == "" {
		return ResolveWithoutRootfs(layers, options)
	}
	return Resolve(layers, openDir(t, s.root), options)
}

func (s *situation) verify(t *testing.T, layers []*Layer, options *Options) error {
	verdict, err := Verify(layers, openDir(t, s.root), options)
	if err != nil {
		return err
	}
	defer verdict.Close()
	return verdict.Status()
}

func (s *situation) layers(t *testing.T, options *Options) ([]*Layer, error) {
	var layers []*Layer
	add := func(layer *Layer, err error) error {
		if err == nil {
			layers = append(layers, layer)
		}
		return err
	}
	cluster := made[*Cluster](t)(NewCluster(options))
	for key, fact := range s.Inputs.Fact {
		if err := cluster.AddFact(key, fact); err != nil {
			return layers, err
		}
	}
	for _, name := range s.Inputs.Objects {
		if err := cluster.AddObjects(s.file(t, name)); err != nil {
			return layers, err
		}
	}
	var err error
	if s.Inputs.Image != "" {
		err = add(LayerFromImageConfig(s.file(t, s.Inputs.Image), options))
	}
	if err == nil && s.Inputs.Spec != "" {
		err = add(LayerFromRuntimeSpec(s.file(t, s.Inputs.Spec), options))
	}
	if err == nil && s.Inputs.Pod != "" {
		err = add(LayerFromPod(s.file(t, s.Inputs.Pod), cluster, options))
	}
	return layers, err
}

// check holds an answer against what the case expects, and answers how many things it expects.
func (s *situation) check(t *testing.T, config *Config) (checked int) {
	same := func(what string, wanted, found any) {
		t.Helper()
		checked++
		if !reflect.DeepEqual(wanted, found) {
			t.Errorf("%s: expected %q, found %q", what, wanted, found)
		}
	}
	wanted := &s.Expect
	if wanted.Exec != nil || wanted.Canonical != nil {
		exec := value[Exec](t)(config.Exec())
		if wanted.Exec != nil {
			same("exec", *wanted.Exec, exec.Path)
		}
		if wanted.Canonical != nil {
			same("canonical", *wanted.Canonical, exec.Canonical)
		}
	}
	if wanted.Argv != nil {
		same("argv", wanted.Argv, value[[]string](t)(config.Argv()))
	}
	if wanted.Cwd != nil {
		same("cwd", *wanted.Cwd, value[string](t)(config.Cwd()))
	}
	return checked + s.checkEnv(t, config) + s.checkUser(t, config) + s.checkWarnings(t, config)
}

func (s *situation) checkEnv(t *testing.T, config *Config) (checked int) {
	found := map[string]string{}
	for _, entry := range value[[]string](t)(config.Env()) {
		name, text, ok := strings.Cut(entry, "=")
		if _, twice := found[name]; twice || !ok {
			t.Errorf("env: expected NAME=VALUE once, found %q", entry)
		}
		found[name] = text
	}
	if s.Expect.Env != nil {
		checked++
		if !reflect.DeepEqual(s.Expect.Env, found) {
			t.Errorf("env: expected %q, found %q", s.Expect.Env, found)
		}
	}
	for name, wanted := range s.Expect.EnvHas {
		checked++
		if text, ok := found[name]; !ok || text != wanted {
			t.Errorf("env %s: expected %q, found %q", name, wanted, text)
		}
	}
	for _, name := range s.Expect.EnvLacks {
		checked++
		if _, ok := found[name]; ok {
			t.Errorf("env: expected no %s, found one", name)
		}
	}
	return checked
}

func (s *situation) checkUser(t *testing.T, config *Config) (checked int) {
	wanted := s.Expect.User
	if wanted == nil {
		return 0
	}
	found := value[User](t)(config.User())
	for _, number := range []struct {
		what          string
		wanted, found *uint32
	}{
		{"uid", wanted.UID, &found.UID}, {"gid", wanted.GID, &found.GID},
		{"umask", wanted.Umask, &found.Umask},
	} {
		if number.wanted == nil {
			continue
		}
		checked++
		if *number.wanted != *number.found {
			t.Errorf("%s: expected %d, found %d", number.what, *number.wanted, *number.found)
		}
	}
	if wanted.Groups != nil {
		checked++
		if fmt.Sprint(wanted.Groups) != fmt.Sprint(found.Groups) {
			t.Errorf("groups: expected %v, found %v", wanted.Groups, found.Groups)
		}
	}
	return checked
}

func (s *situation) checkWarnings(t *testing.T, config *Config) int {
	var wanted []string
	switch codes := s.Expect.Warning.(type) {
	case nil:
	case string:
		wanted = []string{codes}
	case []any:
		for _, code := range codes {
			wanted = append(wanted, code.(string))
		}
	default:
		t.Fatalf("expected one code or a list, found %v", codes)
	}
	found := map[string]bool{}
	for _, warning := range value[[]Warning](t)(config.Warnings()) {
		found[warning.Code] = true
	}
	for _, code := range wanted {
		if !found[code] {
			t.Errorf("warnings: expected %s, found %v", code, found)
		}
	}
	return len(wanted)
}

func (s *situation) checkError(t *testing.T, err error) {
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("expected %s, found %v", s.Expect.Error, err)
	}
	if e.Code.String() != s.Expect.Error {
		t.Errorf("expected %s, found %v", s.Expect.Error, err)
	}
	at := fmt.Sprintf("%s:%d:%d", e.Document, e.Line, e.Column)
	if s.Expect.At != "" && s.Expect.At != at {
		t.Errorf("expected an error at %s, found %v", s.Expect.At, err)
	}
}

func (s *situation) run(t *testing.T) {
	config, err := s.answer(t)
	if s.Expect.Error != "" {
		s.checkError(t, err)
		return
	}
	must(t, err)
	if config == nil {
		t.Fatal("expected a refusal of the host's document, which is all that can be told here")
	}
	defer config.Close()
	if s.check(t, config) == 0 {
		t.Error("expected something to check, found nothing")
	}
}

// The roots are built by what builds them for the command, in one go.
const buildRoots = `
import json, pathlib, sys
sys.path.insert(0, sys.argv[1])
import rootfs
for described, root in zip(sys.argv[2::2], sys.argv[3::2]):
    rootfs.build(root, json.loads(pathlib.Path(described).read_text()))
`

func readCases(t *testing.T) []*situation {
	t.Helper()
	names := value[[]string](t)(filepath.Glob(filepath.Join(top, "tests/cases/*/case.json")))
	if len(names) == 0 {
		t.Fatal("expected cases, found none")
	}
	sort.Strings(names)
	roots := t.TempDir()
	must(t, os.Chmod(roots, 0o755))
	args := []string{"-c", buildRoots, filepath.Join(top, "tests/replay")}
	var cases []*situation
	for _, name := range names {
		s := &situation{folder: filepath.Dir(name)}
		reader := json.NewDecoder(bytes.NewReader(value[[]byte](t)(os.ReadFile(name))))
		reader.DisallowUnknownFields()
		if err := reader.Decode(s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if s.Inputs.Rootfs != "" {
			s.root = filepath.Join(roots, filepath.Base(s.folder))
			args = append(args, filepath.Join(s.folder, s.Inputs.Rootfs), s.root)
		}
		cases = append(cases, s)
	}
	python := exec.Command("python3", args...)
	python.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	if out, err := python.CombinedOutput(); err != nil {
		t.Fatalf("cannot build the roots: %v\n%s", err, out)
	}
	return cases
}

func TestCases(t *testing.T) {
	for _, s := range readCases(t) {
		t.Run(filepath.Base(s.folder), s.run)
	}
}
