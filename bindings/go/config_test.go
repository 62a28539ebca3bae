// SPDX-License-Identifier: Apache-2.0

package ocienv

import (
	"bytes"
	"crypto/sha512"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"syscall"
	"testing"
)

func TestAnswerOfASpec(t *testing.T) {
	root := givenRoot(t)
	config := made[*Config](t)(Resolve([]*Layer{givenSpec(t)}, root, nil))
	same := func(what string, wanted, found any) {
		t.Helper()
		if !reflect.DeepEqual(wanted, found) {
			t.Errorf("%s: expected %v, found %v", what, wanted, found)
		}
	}
	same("argv", []string{"run", "-x"}, value[[]string](t)(config.Argv()))
	same("env", []string{"PATH=/bin", "NAME=value", "HOME=/"}, value[[]string](t)(config.Env()))
	same("cwd", "/data", value[string](t)(config.Cwd()))
	user := value[User](t)(config.User())
	same("user", []any{uint32(7), uint32(8), []uint32{8, 9}, ""},
		[]any{user.UID, user.GID, user.Groups, user.Name})

	var stat syscall.Stat_t
	must(t, syscall.Stat(filepath.Join(root.Name(), "bin/run"), &stat))
	same("exec", Exec{Path: "/bin/run", Canonical: "/bin/run", PathIndex: 0,
		Device: uint64(stat.Dev), Inode: stat.Ino,
		Interpreters: []Interpreter{{Path: "/bin/sh", Arg: "-e"}},
		Machine:      "x86_64", ElfType: "exec"}, value[Exec](t)(config.Exec()))

	origin := value[Origin](t)(config.Origin(ItemEnv, 1, 0))
	line, column := place(specText, bytes.Index([]byte(specText), []byte(`"NAME=`)))
	same("origin", Origin{Source: SourceRuntime, Document: "config.json", Line: line,
		Column: column}, origin)
}

func TestTheFileOutlivesItsName(t *testing.T) {
	root := givenRoot(t)
	config := made[*Config](t)(Resolve([]*Layer{givenSpec(t)}, root, nil))
	exec := value[Exec](t)(config.Exec())
	must(t, os.Remove(filepath.Join(root.Name(), "bin/run")))
	file := value[*os.File](t)(config.ExecFile())
	defer file.Close()
	config.Close()
	var stat syscall.Stat_t
	must(t, syscall.Fstat(int(file.Fd()), &stat))
	if stat.Ino != exec.Inode || uint64(stat.Dev) != exec.Device {
		t.Errorf("expected inode %d, found %d", exec.Inode, stat.Ino)
	}
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), syscall.F_GETFD, 0)
	if errno != 0 || flags&syscall.FD_CLOEXEC == 0 {
		t.Errorf("expected a descriptor that ends with execve, found flags %d (%v)", flags, errno)
	}
}

func TestBlobs(t *testing.T) {
	layer := givenPod(t)
	blob := value[[]byte](t)(layer.Encode(nil))
	again := made[*Layer](t)(DecodeLayer(Document{"pod.oeb", blob}, nil))
	if kind := value[LayerKind](t)(again.Kind()); kind != LayerPod {
		t.Errorf("expected a pod's layer, found %d", kind)
	}
	if !bytes.Equal(blob, value[[]byte](t)(again.Encode(nil))) {
		t.Error("expected the same blob of a layer that was read from one")
	}

	config := made[*Config](t)(Resolve([]*Layer{again, givenImage(t)}, givenRoot(t), nil))
	blob = value[[]byte](t)(config.Encode(nil))
	if digest := value[[DigestSize]byte](t)(config.Digest()); digest != sha512.Sum384(blob) {
		t.Errorf("expected %x, found %x", sha512.Sum384(blob), digest)
	}
	read := made[*Config](t)(DecodeConfig(Document{"config.oeb", blob}, nil))
	if !bytes.Equal(blob, value[[]byte](t)(read.Encode(nil))) {
		t.Error("expected the same blob of a config that was read from one")
	}
	_, err := read.ExecFile()
	refused(t, err, ErrArgument)
}

func TestPublicBlobsHoldNoSecret(t *testing.T) {
	config := made[*Config](t)(Resolve([]*Layer{givenImage(t), givenPod(t)}, givenRoot(t), nil))
	key := bytes.Repeat([]byte("k"), 48)
	public := value[[]byte](t)(config.EncodePublic(key, nil))
	whole := value[[]byte](t)(config.Encode(nil))
	secret, other := []byte("hidden-value"), []byte("WHERE=10.0.0.5")
	if !bytes.Contains(whole, secret) || bytes.Contains(public, secret) ||
		!bytes.Contains(public, other) {
		t.Errorf("expected all but the Secret's value, found %q", public)
	}
	if again := value[[]byte](t)(config.EncodePublic(key, nil)); !bytes.Equal(again, public) {
		t.Error("expected one form under one key, found two")
	}
	key[0] ^= 1
	if under := value[[]byte](t)(config.EncodePublic(key, nil)); bytes.Equal(under, public) {
		t.Error("expected another form under another key, found the same")
	}
	_, err := config.EncodePublic(nil, nil)
	refused(t, err, ErrArgument)
}

func TestReportsAreJSON(t *testing.T) {
	image, pod, root := givenImage(t), givenPod(t), givenRoot(t)
	layers := []*Layer{image, pod}
	config := made[*Config](t)(Resolve(layers, root, nil))
	lookup := made[*Lookup](t)(NewLookup(layers, root, nil))
	verdict := made[*Verdict](t)(Verify([]*Layer{image, givenSpec(t)}, root, nil))
	for name, report := range map[string][]byte{
		"layer": value[[]byte](t)(image.Report(nil)), "config": value[[]byte](t)(config.Report(nil)),
		"lookup":  value[[]byte](t)(lookup.Report(false, nil)),
		"verdict": value[[]byte](t)(verdict.Report(nil)),
	} {
		if !json.Valid(report) || report[len(report)-1] != '\n' {
			t.Errorf("%s: expected JSON and a line feed, found %s", name, report)
		}
	}
}

func TestSecretsAreTold(t *testing.T) {
	config := made[*Config](t)(Resolve([]*Layer{givenImage(t), givenPod(t)}, givenRoot(t), nil))
	told := map[string]Origin{}
	for i, entry := range value[[]string](t)(config.Env()) {
		told[entry] = value[Origin](t)(config.Origin(ItemEnv, i, 0))
	}
	if from := told["TOKEN=hidden-value"]; from.Source != SourceSecret || !from.Secret {
		t.Errorf("expected a Secret's value, found %v", told)
	}
	if from := told["WHERE=10.0.0.5"]; from.Source != SourceDownward || from.Secret {
		t.Errorf("expected a fact, found %v", told)
	}
}

func TestWhatWasOverridden(t *testing.T) {
	image := made[*Layer](t)(LayerFromImageConfig(document("image.json",
		`{"config": {"Env": ["NAME=image"]}}`), nil))
	config := made[*Config](t)(ResolveWithoutRootfs([]*Layer{image, givenSpec(t)}, nil))
	for i, entry := range value[[]string](t)(config.Env()) {
		if entry != "NAME=value" {
			continue
		}
		origin := value[Origin](t)(config.Origin(ItemEnv, i, 1))
		if origin.Source != SourceImage || origin.Document != "image.json" ||
			origin.LostIn != StepRuntime {
			t.Errorf("expected the image's value, found %v", origin)
		}
		_, err := config.Origin(ItemEnv, i, 2)
		refused(t, err, ErrArgument)
		return
	}
	t.Error("expected NAME=value, found none")
}

func TestWithoutRootfsNothingIsGuessed(t *testing.T) {
	image := made[*Layer](t)(LayerFromImageConfig(document("image.json",
		`{"config": {"Cmd": ["run"], "User": "redis"}}`), nil))
	config := made[*Config](t)(ResolveWithoutRootfs([]*Layer{image}, nil))
	if user := value[User](t)(config.User()); user.Name != "redis" || user.UID != NoID ||
		user.GID != NoID {
		t.Errorf("expected a name and no number, found %v", user)
	}
	_, err := config.Exec()
	refused(t, err, ErrArgument)
	_, err = config.Encode(nil)
	refused(t, err, ErrUnsupported)
	codes := map[string]bool{}
	for _, warning := range value[[]Warning](t)(config.Warnings()) {
		codes[warning.Code] = warning.Message != ""
	}
	if !codes["user-unresolved"] {
		t.Errorf("expected user-unresolved, found %v", codes)
	}
}

// nil is what an os.Open answers that nobody looked at.
func TestRootfsThatIsNoneIsRefused(t *testing.T) {
	layers := []*Layer{givenSpec(t)}
	_, err := Resolve(layers, nil, nil)
	refused(t, err, ErrArgument)
	_, err = Verify(layers, nil, nil)
	refused(t, err, ErrArgument)
	_, err = NewLookup(layers, nil, nil)
	refused(t, err, ErrArgument)
	root := givenRoot(t)
	root.Close()
	_, err = Resolve(layers, root, nil)
	if refused(t, err, ErrArgument); !errors.Is(err, os.ErrClosed) {
		t.Errorf("expected a closed file, found %v", err)
	}
	_, err = ResolveWithoutRootfs(nil, nil)
	refused(t, err, ErrArgument)
}

func TestPinnedPolicies(t *testing.T) {
	layers, root := []*Layer{givenImage(t), givenPod(t)}, givenRoot(t)
	observe := made[*Policy](t)(BuiltinPolicy("observe", nil))
	config := made[*Config](t)(Resolve(layers, root, &Options{Policy: observe}))
	text := value[[]byte](t)(config.Pin(nil))
	if bytes.Contains(text, []byte("hidden-value")) {
		t.Error("expected a digest in place of the Secret, found its value")
	}
	pinned := made[*Policy](t)(PolicyFromJSON(Document{"policy.json", text}, nil))
	again := made[*Config](t)(Resolve(layers, root, &Options{Policy: pinned}))
	for _, ruling := range value[[]Ruling](t)(again.Rulings()) {
		if ruling.Name == "TOKEN" && (ruling.Verdict != "allowed" || ruling.Rule < 0 ||
			ruling.Line == 0 || ruling.Source != SourceSecret) {
			t.Errorf("expected TOKEN to be allowed by a rule, found %v", ruling)
		}
	}
	other := made[*Layer](t)(LayerFromImageConfig(document("image.json",
		`{"config": {"Env": ["PATH=/bin"], "Cmd": ["run", "-y"]}}`), &Options{Flags: KeepDigest}))
	_, err := Resolve([]*Layer{other, layers[1]}, root, &Options{Policy: pinned})
	refused(t, err, ErrPolicy)

	unwatched := made[*Config](t)(Resolve(layers, root, nil))
	if rulings := value[[]Ruling](t)(unwatched.Rulings()); len(rulings) != 0 {
		t.Errorf("expected no rulings without a policy, found %v", rulings)
	}
	_, err = unwatched.Pin(nil)
	refused(t, err, ErrArgument)
	_, err = BuiltinPolicy("nonesuch", nil)
	refused(t, err, ErrArgument)
}

func TestRulingsWithoutARule(t *testing.T) {
	policy := made[*Policy](t)(PolicyFromJSON(document("policy.json",
		`{"ocienv_policy": 1, "env": {"unlisted": "drop",
 "rules": [{"name": "PATH", "from": ["image"]}]}}`), nil))
	image := made[*Layer](t)(LayerFromImageConfig(document("image.json",
		`{"config": {"Entrypoint": ["run"], "Env": ["PATH=/bin"]}}`), nil))
	pod := made[*Layer](t)(LayerFromPod(document("pod.yaml", `apiVersion: v1
kind: Pod
metadata: {name: demo}
spec:
  containers:
  - {name: app, image: example, env: [{name: EXTRA, value: x}]}
`), nil, nil))
	config := made[*Config](t)(ResolveWithoutRootfs([]*Layer{image, pod}, &Options{Policy: policy}))
	for _, ruling := range value[[]Ruling](t)(config.Rulings()) {
		if ruling.Name == "EXTRA" {
			if ruling.Verdict != "dropped" || ruling.Source != SourcePod || ruling.Rule != -1 {
				t.Errorf("expected EXTRA to be dropped without a rule, found %v", ruling)
			}
			return
		}
	}
	t.Error("expected a ruling about EXTRA, found none")
}

func TestVerdicts(t *testing.T) {
	image := givenImage(t)
	host := made[*Layer](t)(LayerFromRuntimeSpec(document("config.json", `{"process": {
 "args": ["run"], "cwd": "/data", "env": ["PATH=/bin", "ADDED=x"], "user": {"uid": 0, "gid": 0}}}`),
		nil))
	verdict := made[*Verdict](t)(Verify([]*Layer{image, host}, givenRoot(t), nil))
	e := refused(t, verdict.Status(), ErrMismatch)
	if e.Document != "config.json" || e.Line != 2 {
		t.Errorf("expected line 2 of config.json, found %v", e)
	}
	for _, difference := range value[[]Difference](t)(verdict.Differences()) {
		if difference.Subject != "ADDED" {
			continue
		}
		if difference.Code != "added" || difference.Item != ItemEnv || difference.Allowed ||
			difference.Found.Line != 2 || difference.Expected.Line != 0 {
			t.Errorf("expected an added variable, found %v", difference)
		}
		return
	}
	t.Error("expected a difference about ADDED, found none")
}

func TestLookups(t *testing.T) {
	root := givenRoot(t)
	spec := made[*Layer](t)(LayerFromRuntimeSpec(document("config.json", `{"process": {
 "args": ["run"], "cwd": "/", "env": ["PATH=/none:/bin"], "user": {"uid": 0, "gid": 0}}}`), nil))
	lookup := made[*Lookup](t)(NewLookup([]*Layer{spec}, root, nil))
	must(t, lookup.Status())
	candidates := value[[]Candidate](t)(lookup.Candidates())
	if len(candidates) != 2 || candidates[0].Path != "/none/run" ||
		candidates[0].Code != ErrNotFound || candidates[0].Reason == "" ||
		candidates[1] != (Candidate{Path: "/bin/run", PathIndex: 1}) {
		t.Errorf("expected /none/run to be passed over for /bin/run, found %v", candidates)
	}
	config := made[*Config](t)(lookup.Config())
	if exec := value[Exec](t)(config.Exec()); exec.Path != "/bin/run" {
		t.Errorf("expected /bin/run, found %v", exec)
	}

	must(t, os.Remove(filepath.Join(root.Name(), "bin/run")))
	failed := made[*Lookup](t)(NewLookup([]*Layer{spec}, root, nil))
	refused(t, failed.Status(), ErrNotFound)
	_, err := failed.Config()
	refused(t, err, ErrNotFound)
}

// The machine's own root has a program with libraries: the shell.
func TestLibraries(t *testing.T) {
	spec := made[*Layer](t)(LayerFromRuntimeSpec(document("config.json", `{"process": {
 "args": ["/bin/sh"], "cwd": "/", "user": {"uid": 0, "gid": 0}}}`), nil))
	lookup := made[*Lookup](t)(NewLookup([]*Layer{spec}, openDir(t, "/"), nil))
	must(t, lookup.Status())
	libraries := value[[]Library](t)(lookup.Libraries())
	for _, library := range libraries {
		if library.Name == "libc.so.6" && library.NeededBy == "" && !library.Broken &&
			filepath.Base(library.Path) == "libc.so.6" && library.Rule != "" {
			return
		}
	}
	t.Errorf("expected libc.so.6, found %v", libraries)
}

func TestGramine(t *testing.T) {
	config := made[*Config](t)(Resolve([]*Layer{givenSpec(t)}, givenRoot(t), nil))
	text := value[[]byte](t)(config.Gramine(&Options{LibOS: LibOSGramine, StackSize: 1 << 20}))
	for _, line := range []string{"libos.entrypoint", "sys.stack.size", `loader.env."NAME"`} {
		if !bytes.Contains(text, []byte(line)) {
			t.Errorf("expected %s in the manifest, found %s", line, text)
		}
	}
}
