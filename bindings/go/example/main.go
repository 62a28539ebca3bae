// SPDX-License-Identifier: Apache-2.0

// example ROOTFS < config.json: what does the runtime execute there?
package main

import (
	"fmt"
	"io"
	"os"

	"ocienv"
)

func answer(out io.Writer, name string, text []byte) error {
	rootfs, err := os.Open(name)
	if err != nil {
		return err
	}
	defer rootfs.Close()
	spec, err := ocienv.LayerFromRuntimeSpec(ocienv.Document{Name: "config.json", Data: text}, nil)
	if err != nil {
		return err
	}
	defer spec.Close()
	config, err := ocienv.Resolve([]*ocienv.Layer{spec}, rootfs, nil)
	if err != nil {
		return err
	}
	defer config.Close()
	return show(out, config)
}

func show(out io.Writer, config *ocienv.Config) error {
	exec, err := config.Exec()
	if err != nil {
		return err
	}
	argv, err := config.Argv()
	if err != nil {
		return err
	}
	cwd, err := config.Cwd()
	if err != nil {
		return err
	}
	user, err := config.User()
	if err != nil {
		return err
	}
	digest, err := config.Digest()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "exec %s\nargv %q\ncwd %s\nuser %d:%d\ndigest sha384:%x\n",
		exec.Path, argv, cwd, user.UID, user.GID, digest)
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: example ROOTFS < config.json")
		os.Exit(2)
	}
	text, err := io.ReadAll(os.Stdin)
	if err == nil {
		err = answer(os.Stdout, os.Args[1], text)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
