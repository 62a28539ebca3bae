// SPDX-License-Identifier: Apache-2.0

// shim [-hostile HOW] BUNDLE SOCKET
//
// What a containerd shim does for an enclave: it reads the config.json of the bundle, which
// containerd made of the image and the pod, and sends it as a layer blob to the agent that listens
// at SOCKET. The reply, a status, is printed.
//
// The shim runs on the host, so the host can put anything in its place: hostile.go is that.
//
// Exit status: 0 the agent took it, 1 it refused, 2 usage, 3 there was no conversation.
package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"ocienv"
)

const (
	patience     = 20 * time.Second
	largestReply = 32
)

// layer is the blob that stands for a config.json.
func layer(text []byte) ([]byte, error) {
	document := ocienv.Document{Name: "config.json", Data: text}
	spec, err := ocienv.LayerFromRuntimeSpec(document, nil)
	if err != nil {
		return nil, err
	}
	defer spec.Close()
	return spec.Encode(nil)
}

// sender puts something on the connection; an honest one a frame.
type sender func(connection net.Conn) error

func frame(bytes []byte) sender {
	return func(connection net.Conn) error {
		size := make([]byte, 4)
		binary.LittleEndian.PutUint32(size, uint32(len(bytes)))
		_, err := connection.Write(append(size, bytes...))
		return err
	}
}

func receive(connection net.Conn) (string, error) {
	size := make([]byte, 4)
	if _, err := io.ReadFull(connection, size); err != nil {
		return "", err
	}
	n := binary.LittleEndian.Uint32(size)
	if n > largestReply {
		return "", fmt.Errorf("expected a status of at most %d bytes, found %d", largestReply, n)
	}
	status := make([]byte, n)
	_, err := io.ReadFull(connection, status)
	return string(status), err
}

// converse is the one conversation that there is.
func converse(socket string, send sender) (string, error) {
	connection, err := net.Dial("unix", socket)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	// The agent may have refused before it had everything: it said why all the same.
	sent := send(connection)
	status, err := receive(connection)
	if err != nil && sent != nil {
		err = sent
	}
	return status, err
}

func run(hostile, bundle, socket string) (string, error) {
	text, err := os.ReadFile(filepath.Join(bundle, "config.json"))
	if err != nil {
		return "", err
	}
	if hostile != "" {
		send, err := instead(hostile, text)
		if err != nil {
			return "", err
		}
		return converse(socket, send)
	}
	blob, err := layer(text)
	if err != nil {
		return "", err
	}
	return converse(socket, frame(blob))
}

func main() {
	hostile := flag.String("hostile", "", "what to do instead: "+known())
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: shim [-hostile HOW] BUNDLE SOCKET")
		os.Exit(2)
	}
	status, err := run(*hostile, flag.Arg(0), flag.Arg(1))
	if err != nil {
		fmt.Fprintln(os.Stderr, "shim:", err)
		os.Exit(3)
	}
	fmt.Printf("%q\n", status)
	if status != "ok" {
		os.Exit(1)
	}
}
