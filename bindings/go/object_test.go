// SPDX-License-Identifier: Apache-2.0

package ocienv

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

// Ends of objects: by Close, by the finalizer, while they are in use.

// countEnds tells how often the object ended; before it is shared with other goroutines.
func countEnds(ref *reference) *int32 {
	ends, free := new(int32), ref.free
	ref.free = func(pointer unsafe.Pointer) {
		atomic.AddInt32(ends, 1)
		free(pointer)
	}
	return ends
}

// calls are all methods of all objects, and the functions that take objects.
func calls(cluster *Cluster, layer *Layer, policy *Policy, config *Config, verdict *Verdict,
	lookup *Lookup, rootfs *os.File) map[string]error {
	errs := map[string]error{
		"Cluster.AddObjects": cluster.AddObjects(document("keys.yaml", secretText)),
		"Cluster.AddFact":    cluster.AddFact("status.podIP", "10.0.0.5"),
		"Verdict.Status":     verdict.Status(),
		"Lookup.Status":      lookup.Status(),
	}
	layers, under := []*Layer{layer}, &Options{Policy: policy}
	_, errs["LayerFromPod"] = LayerFromPod(document("pod.yaml", podText), cluster, nil)
	_, errs["Layer.Encode"] = layer.Encode(nil)
	_, errs["Layer.Report"] = layer.Report(nil)
	_, errs["Layer.Kind"] = layer.Kind()
	_, errs["Resolve"] = Resolve(layers, rootfs, nil)
	_, errs["Verify"] = Verify(layers, rootfs, nil)
	_, errs["NewLookup"] = NewLookup(layers, rootfs, nil)
	_, errs["ResolveWithoutRootfs"] = ResolveWithoutRootfs(layers, nil)
	_, errs["VerifyWithoutRootfs"] = VerifyWithoutRootfs(layers, nil)
	_, errs["Config.Argv"] = config.Argv()
	_, errs["Config.Cwd"] = config.Cwd()
	_, errs["Config.Digest"] = config.Digest()
	_, errs["Config.Encode"] = config.Encode(nil)
	_, errs["Config.EncodePublic"] = config.EncodePublic([]byte(secretText), nil)
	_, errs["Config.Env"] = config.Env()
	_, errs["Config.Exec"] = config.Exec()
	_, errs["Config.ExecFile"] = config.ExecFile()
	_, errs["Config.Gramine"] = config.Gramine(nil)
	_, errs["Config.Origin"] = config.Origin(ItemCwd, 0, 0)
	_, errs["Config.Pin"] = config.Pin(nil)
	_, errs["Config.Report"] = config.Report(nil)
	_, errs["Config.Rulings"] = config.Rulings()
	_, errs["Config.User"] = config.User()
	_, errs["Config.Warnings"] = config.Warnings()
	_, errs["Verdict.Differences"] = verdict.Differences()
	_, errs["Verdict.Report"] = verdict.Report(nil)
	_, errs["Lookup.Candidates"] = lookup.Candidates()
	_, errs["Lookup.Config"] = lookup.Config()
	_, errs["Lookup.Libraries"] = lookup.Libraries()
	_, errs["Lookup.Report"] = lookup.Report(true, nil)
	if policy != nil { // in options nil is no policy
		_, errs["a policy in options"] = NewCluster(under)
	}
	if cluster == nil { // which is an empty one here
		delete(errs, "LayerFromPod")
	}
	return errs
}

func expectClosed(t *testing.T, errs map[string]error) {
	t.Helper()
	for name, err := range errs {
		if !errors.Is(err, ErrClosed) || !errors.Is(err, ErrArgument) {
			t.Errorf("%s: expected to be told of a closed object, found %v", name, err)
		}
	}
}

func TestUseOfWhatIsClosed(t *testing.T) {
	root := givenRoot(t)
	spec, image := givenSpec(t), givenImage(t)
	cluster := made[*Cluster](t)(NewCluster(nil))
	policy := made[*Policy](t)(BuiltinPolicy("observe", nil))
	config := made[*Config](t)(Resolve([]*Layer{spec}, root, &Options{Policy: policy}))
	verdict := made[*Verdict](t)(Verify([]*Layer{spec, image}, root, nil))
	lookup := made[*Lookup](t)(NewLookup([]*Layer{spec}, root, nil))
	for i := 0; i < 2; i++ { // a second Close is as good as one
		for _, object := range []closer{cluster, spec, policy, config, verdict, lookup} {
			must(t, object.Close())
		}
	}
	expectClosed(t, calls(cluster, spec, policy, config, verdict, lookup, root))
}

func TestUseOfWhatWasNeverMade(t *testing.T) {
	root := givenRoot(t)
	expectClosed(t, calls(nil, nil, nil, nil, nil, nil, root))
	expectClosed(t, calls(&Cluster{}, &Layer{}, &Policy{}, &Config{}, &Verdict{}, &Lookup{}, root))
	for _, object := range []closer{(*Cluster)(nil), (*Layer)(nil), (*Policy)(nil),
		(*Config)(nil), (*Verdict)(nil), (*Lookup)(nil), &Cluster{}, &Layer{}, &Policy{},
		&Config{}, &Verdict{}, &Lookup{}} {
		must(t, object.Close())
	}
}

func TestWhatIsMadeOutlivesWhatItIsMadeOf(t *testing.T) {
	policy := made[*Policy](t)(BuiltinPolicy("observe", nil))
	pod, image := givenPod(t), givenImage(t)
	config := made[*Config](t)(Resolve([]*Layer{pod, image}, givenRoot(t),
		&Options{Policy: policy}))
	before := value[[]byte](t)(config.Report(nil))
	pod.Close()
	image.Close()
	policy.Close()
	if after := value[[]byte](t)(config.Report(nil)); string(after) != string(before) {
		t.Errorf("expected %s, found %s", before, after)
	}
}

func TestALookupsConfigOutlivesIt(t *testing.T) {
	lookup := made[*Lookup](t)(NewLookup([]*Layer{givenSpec(t)}, givenRoot(t), nil))
	ends := countEnds(lookup.ref)
	first := made[*Config](t)(lookup.Config())
	second := made[*Config](t)(lookup.Config())
	lookup.Close()
	first.Close()
	if n := atomic.LoadInt32(ends); n != 0 {
		t.Fatalf("expected a lookup that is still in use, found %d ends", n)
	}
	if cwd := value[string](t)(second.Cwd()); cwd != "/data" {
		t.Errorf("expected /data, found %s", cwd)
	}
	second.Close()
	second.Close()
	if n := atomic.LoadInt32(ends); n != 1 {
		t.Errorf("expected one end, found %d", n)
	}
}

// waitFor runs the collector until the count is there.
func waitFor(t *testing.T, ends *int32, wanted int32) {
	t.Helper()
	for i := 0; i < 500 && atomic.LoadInt32(ends) != wanted; i++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	if n := atomic.LoadInt32(ends); n != wanted {
		t.Errorf("expected %d ends, found %d", wanted, n)
	}
}

//go:noinline
func forget(t *testing.T) *int32 {
	spec, err := LayerFromRuntimeSpec(document("config.json", specText), nil)
	must(t, err)
	defer spec.Close()
	lookup, err := NewLookup([]*Layer{spec}, givenRoot(t), nil)
	must(t, err)
	ends := countEnds(lookup.ref)
	_, err = lookup.Config() // forgotten with it
	must(t, err)
	return ends
}

func TestTheFinalizerEndsWhatWasForgotten(t *testing.T) {
	waitFor(t, forget(t), 1)
}

func TestTheFinalizerLeavesAloneWhatIsInUse(t *testing.T) {
	ends := new(int32)
	ref := newReference(unsafe.Pointer(new(int)), func(unsafe.Pointer) { atomic.AddInt32(ends, 1) })
	value[unsafe.Pointer](t)(ref.acquire("object"))
	ref.close() // what the finalizer does
	if n := atomic.LoadInt32(ends); n != 0 {
		t.Fatalf("expected an object in use, found %d ends", n)
	}
	if _, err := ref.acquire("object"); !errors.Is(err, ErrClosed) {
		t.Errorf("expected no new use, found %v", err)
	}
	ref.release()
	ref.close()
	if n := atomic.LoadInt32(ends); n != 1 {
		t.Errorf("expected one end, found %d", n)
	}
}

// together runs the function n times at once.
func together(n int, run func(i int)) {
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i := 0; i < n; i++ {
		done.Add(1)
		go func(i int) {
			defer done.Done()
			ready.Wait()
			run(i)
		}(i)
	}
	ready.Done()
	done.Wait()
}

// Each call gives the whole answer or says that the object is closed. With MALLOC_PERTURB_
// memory that was freed too early would not hold the answer any more.
func TestCloseRacesWithUse(t *testing.T) {
	spec, root := givenSpec(t), givenRoot(t)
	for round := 0; round < 50; round++ {
		config := value[*Config](t)(Resolve([]*Layer{spec}, root, nil))
		ends := countEnds(config.ref)
		wanted := fmt.Sprint(value[[]string](t)(config.Env()))
		together(8, func(i int) {
			if i == 0 || i == 5 {
				config.Close()
				return
			}
			for j := 0; j < 20; j++ {
				env, err := config.Env()
				if err != nil && !errors.Is(err, ErrClosed) || err == nil &&
					fmt.Sprint(env) != wanted {
					t.Errorf("expected %s or a closed config, found %v and %v", wanted, env, err)
				}
				if _, err := config.Encode(nil); err != nil && !errors.Is(err, ErrClosed) {
					t.Error(err)
				}
			}
		})
		if n := atomic.LoadInt32(ends); n != 1 {
			t.Fatalf("expected one end, found %d", n)
		}
	}
}

// Two layers and a policy in two orders, closed meanwhile: no call may wait for another.
func TestCloseRacesWithResolve(t *testing.T) {
	root := givenRoot(t)
	for round := 0; round < 30; round++ {
		image := value[*Layer](t)(LayerFromImageConfig(document("image.json", imageText), nil))
		spec := value[*Layer](t)(LayerFromRuntimeSpec(document("config.json", specText), nil))
		policy := value[*Policy](t)(BuiltinPolicy("observe", nil))
		together(6, func(i int) {
			layers := []*Layer{image, spec}
			if i%2 == 0 {
				layers = []*Layer{spec, image}
			}
			config, err := Resolve(layers, root, &Options{Policy: policy})
			if err != nil && !errors.Is(err, ErrClosed) {
				t.Error(err)
			}
			config.Close()
			for _, object := range []closer{image, spec, policy} {
				object.Close()
			}
		})
	}
}

func TestAClusterTakesAllAtOnce(t *testing.T) {
	cluster := made[*Cluster](t)(NewCluster(nil))
	must(t, cluster.AddObjects(document("keys.yaml", secretText)))
	must(t, cluster.AddFact("status.podIP", "10.0.0.0"))
	together(8, func(i int) {
		for j := 0; j < 25; j++ {
			if i%2 == 0 {
				err := cluster.AddFact("status.podIP", "10.0.0."+strconv.Itoa(j))
				if err == nil {
					err = cluster.AddObjects(document("keys.yaml", secretText))
				}
				if err != nil {
					t.Error(err)
				}
				continue
			}
			layer, err := LayerFromPod(document("pod.yaml", podText), cluster, nil)
			if err != nil {
				t.Error(err)
				return
			}
			layer.Close()
		}
	})
}

// residentKiB is the process's memory.
func residentKiB(t *testing.T) int {
	t.Helper()
	fields := strings.Fields(string(value[[]byte](t)(os.ReadFile("/proc/self/statm"))))
	return value[int](t)(strconv.Atoi(fields[1])) * os.Getpagesize() / 1024
}

// openFiles is how many descriptors the process has.
func openFiles(t *testing.T) int {
	t.Helper()
	return len(value[[]os.DirEntry](t)(os.ReadDir("/proc/self/fd")))
}

// Each round would leave more than 64 KiB, or a descriptor.
func TestNothingLeaks(t *testing.T) {
	root, spec := givenRoot(t), givenSpec(t)
	padding := strings.Repeat(" ", 64<<10)
	occlum := document("Occlum.json", `{"process": {"default_stack_size": "4MB"}}`+padding)
	options := &Options{LibOS: LibOSOcclum, OcclumJSON: &occlum, Flags: AcceptRoot,
		LibraryPath: []string{"/" + strings.Repeat("x", 4000)}}
	large := document("config.json", strings.Replace(specText, "value",
		strings.Repeat("v", 100<<10), 1))
	round := func() {
		layer := value[*Layer](t)(LayerFromRuntimeSpec(large, nil))
		config := value[*Config](t)(Resolve([]*Layer{layer}, root, nil))
		value[[]byte](t)(config.Encode(nil))
		file := value[*os.File](t)(config.ExecFile())
		file.Close()
		config.Close()
		layer.Close()
		under := value[*Config](t)(ResolveWithoutRootfs([]*Layer{spec}, options))
		under.Close()
	}
	for i := 0; i < 50; i++ {
		round()
	}
	runtime.GC()
	memory, files := residentKiB(t), openFiles(t)
	const rounds = 600
	for i := 0; i < rounds; i++ {
		round()
	}
	runtime.GC()
	if grown := residentKiB(t) - memory; grown > rounds*64/2 {
		t.Errorf("expected no more memory than before, found %d KiB in %d rounds", grown, rounds)
	}
	if now := openFiles(t); now > files {
		t.Errorf("expected %d open files, found %d", files, now)
	}
}
