// SPDX-License-Identifier: Apache-2.0

package ocienv

import (
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What nobody means well: damaged documents and blobs, NULs, numbers that nobody knows.

func TestNULsAreRefused(t *testing.T) {
	const nul = "a\x00b"
	good := document("image.json", imageText)
	for name, options := range map[string]*Options{
		"workload": {Workload: nul}, "container": {Container: nul}, "hostname": {Hostname: nul},
		"library path": {LibOS: LibOSGramine, LibraryPath: []string{"/lib", "/" + nul}},
		"Occlum.json":  {LibOS: LibOSOcclum, OcclumJSON: &Document{Name: nul}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LayerFromImageConfig(good, options)
			e := refused(t, err, ErrEncoding)
			if !strings.Contains(e.Message, "NUL") {
				t.Errorf("expected to be told of the NUL, found %v", err)
			}
		})
	}
	cluster := made[*Cluster](t)(NewCluster(nil))
	refused(t, cluster.AddFact(nul, "x"), ErrEncoding)
	refused(t, cluster.AddFact("status.podIP", nul), ErrEncoding)
	_, err := BuiltinPolicy(nul, nil)
	refused(t, err, ErrEncoding)
	for _, read := range []func(Document) (closer, error){
		readImage, readSpec, readPod, readPolicy,
		func(d Document) (closer, error) { return DecodeLayer(d, nil) },
		func(d Document) (closer, error) { return DecodeConfig(d, nil) },
		func(d Document) (closer, error) { return cluster, cluster.AddObjects(d) },
	} {
		_, err := read(document(nul, imageText))
		refused(t, err, ErrEncoding)
		_, err = read(Document{Name: "nothing"})
		// No object is a cluster's file like any other.
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Errorf("expected an error of this package, found %v", err)
			}
		}
	}
}

func TestNumbersThatNobodyKnows(t *testing.T) {
	for name, options := range map[string]*Options{
		"runtime": {Runtime: 99}, "CRI": {CRI: 99}, "user": {User: 99}, "pod kind": {PodKind: 99},
		"LibOS": {LibOS: 99}, "flags": {Flags: 1 << 31}, "stack size": {StackSize: 1},
		"library path": {LibOS: LibOSGramine, LibraryPath: make([]string, 257)},
		"directory":    {LibOS: LibOSGramine, LibraryPath: []string{"lib"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LayerFromImageConfig(document("image.json", imageText), options)
			refused(t, err, ErrArgument)
		})
	}
	config := made[*Config](t)(ResolveWithoutRootfs([]*Layer{givenSpec(t)}, nil))
	for _, row := range [][3]int{{99, 0, 0}, {int(ItemEnv), -1, 0}, {int(ItemEnv), 0, -1},
		{int(ItemArgv), 2, 0}} {
		_, err := config.Origin(Item(row[0]), row[1], row[2])
		refused(t, err, ErrArgument)
	}
}

// Each limit, one too low for a document that is usual.
func TestLimits(t *testing.T) {
	spec := document("config.json", specText)
	for name, limits := range map[string]Limits{
		"document": {MaxDocument: 8}, "depth": {MaxDepth: 2}, "nodes": {MaxNodes: 3},
		"string": {MaxString: 4}, "args": {MaxArgs: 1}, "env": {MaxEnv: 1}, "result": {MaxResult: 64},
	} {
		t.Run(name, func(t *testing.T) {
			options := &Options{Limits: limits}
			layer, err := LayerFromRuntimeSpec(spec, options)
			if err == nil {
				defer layer.Close()
				_, err = ResolveWithoutRootfs([]*Layer{layer}, options)
			}
			refused(t, err, ErrLimit)
		})
	}
	root := givenRoot(t)
	must(t, os.Rename(filepath.Join(root.Name(), "bin"), filepath.Join(root.Name(), "b")))
	must(t, os.Symlink("b", filepath.Join(root.Name(), "a")))
	must(t, os.Symlink("a", filepath.Join(root.Name(), "bin")))
	layers := []*Layer{givenSpec(t)}
	made[*Config](t)(Resolve(layers, root, nil))
	if _, err := Resolve(layers, root, &Options{Limits: Limits{MaxSymlinks: 1}}); err == nil {
		t.Error("expected two links to be too many, found an answer")
	}
}

// damage makes another text of one: cut, changed, repeated.
func damage(random *rand.Rand, text []byte) []byte {
	text = append([]byte(nil), text...)
	for n := 1 + random.Intn(4); n > 0 && len(text) > 0; n-- {
		i := random.Intn(len(text))
		switch random.Intn(4) {
		case 0:
			text = text[:i]
		case 1:
			text[i] ^= 1 << random.Intn(8)
		case 2:
			text[i] = "{}[]\",:\\\x00\xff-&*!|>\n "[random.Intn(18)]
		case 3:
			j := i + random.Intn(len(text)-i)
			text = append(text[:j:j], text[i:]...)
		}
	}
	return text
}

// use asks for all that there is and lets it end.
func use(t *testing.T, object closer) {
	layer, is := object.(*Layer)
	config, _ := object.(*Config)
	if is {
		value[[]byte](t)(layer.Report(nil))
		config, _ = ResolveWithoutRootfs([]*Layer{layer}, nil)
	}
	if config != nil {
		value[[]string](t)(config.Argv())
		value[[]string](t)(config.Env())
		value[User](t)(config.User())
		value[[]Warning](t)(config.Warnings())
		value[[]byte](t)(config.Report(nil))
		config.Close()
	}
	object.Close()
}

type sample struct {
	Document
	read func(Document) (closer, error)
}

// samples are the documents of all cases, and blobs.
func samples(t *testing.T) (all []sample) {
	for pattern, read := range map[string]func(Document) (closer, error){
		"image.json": readImage, "config.json": readSpec, "pod.yaml": readPod,
		"policy.json": readPolicy, "objects.yaml": readObjects,
	} {
		names := value[[]string](t)(filepath.Glob(filepath.Join(top, "tests/cases/*", pattern)))
		if len(names) == 0 {
			t.Fatalf("expected cases with %s, found none", pattern)
		}
		for _, name := range names {
			all = append(all, sample{Document{pattern, value[[]byte](t)(os.ReadFile(name))}, read})
		}
	}
	config := made[*Config](t)(Resolve([]*Layer{givenImage(t), givenPod(t)}, givenRoot(t), nil))
	return append(all,
		sample{Document{"layer.oeb", value[[]byte](t)(givenPod(t).Encode(nil))},
			func(d Document) (closer, error) { return DecodeLayer(d, nil) }},
		sample{Document{"config.oeb", value[[]byte](t)(config.Encode(nil))},
			func(d Document) (closer, error) { return DecodeConfig(d, nil) }})
}

func TestDamagedDocuments(t *testing.T) {
	random := rand.New(rand.NewSource(20261128))
	taken, refusals := 0, map[Code]int{}
	for _, sample := range samples(t) {
		for i := 0; i < 40; i++ {
			text := damage(random, sample.Data)
			object, err := sample.read(Document{sample.Name, text})
			if err == nil {
				taken++
				use(t, object)
				continue
			}
			var e *Error
			if !errors.As(err, &e) || e.Code >= OK || e.Code < ErrSystem || e.Message == "" ||
				e.Code == ErrArgument || e.Offset > uint64(len(text)) {
				t.Fatalf("expected an error of the document, found %v for %q", err, text)
			}
			refusals[e.Code]++
		}
	}
	for _, code := range []Code{ErrSyntax, ErrEncoding, ErrBlob} {
		if refusals[code] == 0 {
			t.Errorf("expected damage that is [%s], found %v", code.String(), refusals)
		}
	}
	if taken == 0 {
		t.Error("expected some damage to do no harm, found none")
	}
}

// The value of a Secret is in no error, whatever is wrong with it or around it.
func TestErrorsHoldNoSecret(t *testing.T) {
	const head = "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\n"
	for _, rest := range []string{
		"stringData: {token: [hidden-value]}", "stringData: {token: hidden-value, token: x}",
		"stringData: {token: hidden-value", "data: {token: hidden-value}",
		"stringData: {token: \"hidden-value\\0\"}", "stringData: {token: hidden-value\xff}",
		"stringData: {token: &a hidden-value, token2: *b}", "stringData: hidden-value",
	} {
		_, err := readObjects(document("keys.yaml", head+rest))
		var e *Error
		if !errors.As(err, &e) || strings.Contains(err.Error(), "hidden-value") {
			t.Errorf("%s: expected an error without the value, found %v", rest, err)
		}
	}
}
