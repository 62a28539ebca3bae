// SPDX-License-Identifier: Apache-2.0

// The same work in Go, with the packages that the ecosystem uses: go SET ROOTFS prints the
// answer as JSON, go -bench SECONDS SET ROOTFS the nanoseconds of processor time that one takes,
// those of the collector included.
//
// All three documents are read into their types; image and Pod go through the kubelet's,
// containerd's and runc's rules, as maps; the program is looked up in the root.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"syscall"
	"time"

	image "github.com/opencontainers/image-spec/specs-go/v1"
	runtime "github.com/opencontainers/runtime-spec/specs-go"
	"sigs.k8s.io/yaml"
)

type documents struct{ image, spec, pod []byte }

type user struct {
	UID    uint32   `json:"uid"`
	GID    uint32   `json:"gid"`
	Groups []uint32 `json:"groups"`
}

type answer struct {
	Path string   `json:"path"`
	Argv []string `json:"argv"`
	Env  []string `json:"env"`
	Cwd  string   `json:"cwd"`
	User user     `json:"user"`
}

func resolve(d *documents, root *rootfs) (*answer, error) {
	var img image.Image
	var spec runtime.Spec
	var pod pod

	if err := json.Unmarshal(d.image, &img); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(d.spec, &spec); err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(d.pod, &pod); err != nil {
		return nil, err
	}
	return merge(&img, &pod, root)
}

func read(folder string) *documents {
	file := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			log.Fatal(err)
		}
		return data
	}
	return &documents{file("image.json"), file("config.json"), file("pod.yaml")}
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func main() {
	seconds := flag.Float64("bench", 0, "processor time to spend")
	flag.Parse()
	if flag.NArg() != 2 {
		log.Fatal("usage: go [-bench SECONDS] SET ROOTFS")
	}
	d := read(flag.Arg(0))
	root, err := openRootfs(flag.Arg(1))
	if err != nil {
		log.Fatal(err)
	}
	a, err := resolve(d, root)
	if err != nil {
		log.Fatal(err)
	}
	if *seconds == 0 {
		if err := json.NewEncoder(os.Stdout).Encode(a); err != nil {
			log.Fatal(err)
		}
		return
	}
	most, start, count := time.Duration(*seconds*1e9), processorTime(), 0
	for processorTime()-start < most {
		if _, err := resolve(d, root); err != nil {
			log.Fatal(err)
		}
		count++
	}
	fmt.Println(int64(processorTime()-start) / int64(count))
}
