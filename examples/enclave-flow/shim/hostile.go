// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"sort"
	"strings"
	"time"

	"ocienv"
)

// spec is as much of a config.json as a host would want to change.
type spec map[string]any

func (s spec) process() spec { return s["process"].(map[string]any) }

func (s spec) env() []any { return s.process()["env"].([]any) }

func (s spec) addEnv(entries ...any) { s.process()["env"] = append(s.env(), entries...) }

func (s spec) dropEnv(name string) {
	var kept []any
	for _, entry := range s.env() {
		if !strings.HasPrefix(entry.(string), name+"=") {
			kept = append(kept, entry)
		}
	}
	s.process()["env"] = kept
}

// changes are documents that say something else.
var changes = map[string]func(s spec){
	"drop":    func(s spec) { s.dropEnv("REDIS_MAXMEMORY") },
	"preload": func(s spec) { s.addEnv("LD_PRELOAD=/data/evil.so") },
	"invent":  func(s spec) { s.addEnv("REDIS_EXTRA=1") },
	"change": func(s spec) {
		s.dropEnv("LOG_LEVEL")
		s.addEnv("LOG_LEVEL=debug")
	},
	"argv": func(s spec) {
		args := s.process()["args"].([]any)
		s.process()["args"] = append(args, "--enable-debug-command", "yes")
	},
	"program": func(s spec) { s.process()["args"] = []any{"/bin/sh", "-c", "env >/data/loot"} },
	"cwd":     func(s spec) { s.process()["cwd"] = "/tmp" },
	"root":    func(s spec) { s.process()["user"] = spec{"uid": 0, "gid": 0} },
	// The same name over and over: whoever reads the first one reads something else.
	"repeat": func(s spec) { s.addEnv("POD_IP=10.0.0.1", "POD_IP=10.88.0.7") },
}

// blobs are others than the honest one.
var blobs = map[string]func(text []byte) ([]byte, error){
	"garbage": func([]byte) ([]byte, error) { return bytes.Repeat([]byte{0xa5, 0}, 1000), nil },
	"empty":   func([]byte) ([]byte, error) { return nil, nil },
	"flip": func(text []byte) ([]byte, error) {
		blob, err := layer(text)
		if err == nil {
			blob[9] ^= 1 // of the version
		}
		return blob, err
	},
	"config": configBlob,
	"image":  imageLayer,
}

// configBlob is of the other kind: the answer itself, as the host would like to have it.
func configBlob(text []byte) ([]byte, error) {
	document := ocienv.Document{Name: "config.json", Data: text}
	layer, err := ocienv.LayerFromRuntimeSpec(document, nil)
	if err != nil {
		return nil, err
	}
	defer layer.Close()
	config, err := ocienv.ResolveWithoutRootfs([]*ocienv.Layer{layer}, nil)
	if err != nil {
		return nil, err
	}
	defer config.Close()
	return config.Encode(nil)
}

// imageLayer says that what the host wants is what the image says.
func imageLayer([]byte) ([]byte, error) {
	text := `{"config": {"Entrypoint": ["/bin/sh"], "Env": ["LD_PRELOAD=/data/evil.so"]}}`
	document := ocienv.Document{Name: "image.json", Data: []byte(text)}
	layer, err := ocienv.LayerFromImageConfig(document, nil)
	if err != nil {
		return nil, err
	}
	defer layer.Close()
	return layer.Encode(nil)
}

// senders are conversations that go wrong.
var senders = map[string]sender{
	"gigabyte": sendGigabyte,
	// The beginning of a frame, and then nothing for as long as the agent waits.
	"hang": begin,
	// Not even that.
	"silent": func(net.Conn) error { return nil },
	// The beginning of a frame, and the end of the conversation.
	"cut": func(c net.Conn) error {
		if err := begin(c); err != nil {
			return err
		}
		return c.(*net.UnixConn).CloseWrite()
	},
	// A byte now and then, as if there were a frame to come.
	"drip": func(c net.Conn) error {
		err := begin(c)
		for ; err == nil; err = write(c, 'O') {
			time.Sleep(20 * time.Millisecond)
		}
		return err
	},
}

func write(to io.Writer, bytes ...byte) error {
	_, err := to.Write(bytes)
	return err
}

// begin announces 4096 bytes, and sends two.
func begin(c net.Conn) error { return write(c, 0, 16, 0, 0, 'O', 'C') }

// sendGigabyte announces 1 GiB, and sends it.
func sendGigabyte(connection net.Conn) error {
	if err := write(connection, 0, 0, 0, 0x40); err != nil {
		return err
	}
	zeros := bytes.Repeat([]byte{0}, 1<<20)
	for i := 0; i < 1<<10; i++ {
		if err := write(connection, zeros...); err != nil {
			return err
		}
	}
	return nil
}

func known() string {
	var names []string
	for name := range changes {
		names = append(names, name)
	}
	for name := range blobs {
		names = append(names, name)
	}
	for name := range senders {
		names = append(names, name)
	}
	sort.Strings(names)
	return strings.Join(names, ", ")
}

// instead is what a hostile host sends in place of the layer of that config.json.
func instead(how string, text []byte) (sender, error) {
	if send, ok := senders[how]; ok {
		return send, nil
	}
	build, ok := blobs[how]
	if change, other := changes[how]; other {
		ok = true
		build = func(text []byte) ([]byte, error) {
			var s spec
			if err := json.Unmarshal(text, &s); err != nil {
				return nil, err
			}
			change(s)
			changed, err := json.Marshal(s)
			if err != nil {
				return nil, err
			}
			return layer(changed)
		}
	}
	if !ok {
		return nil, fmt.Errorf("expected one of %s, found %q", known(), how)
	}
	blob, err := build(text)
	return frame(blob), err
}
