// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"os"
)

type rootfs struct {
	fd   int
	path string
}

func openRootfs(path string) (*rootfs, error) {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	return &rootfs{fd, path}, err
}

const (
	sysOpenat2    = 437
	oPath         = 0x200000
	resolveInRoot = 0x10
)

// Opens a file in the root with one call, as runc and its like do.
func (r *rootfs) open(name string, flags uint64) (int, error) {
	how := struct{ flags, mode, resolve uint64 }{flags | syscall.O_CLOEXEC, 0, resolveInRoot}
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return -1, err
	}
	fd, _, errno := syscall.Syscall6(sysOpenat2, uintptr(r.fd), uintptr(unsafe.Pointer(text)),
		uintptr(unsafe.Pointer(&how)), unsafe.Sizeof(how), 0, 0)
	switch errno {
	case 0:
		return int(fd), nil
	case syscall.ENOSYS, syscall.EPERM: // links lead out of the root then; not in a bench
		return syscall.Open(r.path+"/"+name, int(flags)|syscall.O_CLOEXEC, 0)
	}
	return -1, errno
}

func (r *rootfs) isExecutable(name string) bool {
	var st syscall.Stat_t
	fd, err := r.open(name, oPath)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	return syscall.Fstat(fd, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFREG &&
		st.Mode&0o111 != 0
}

func (r *rootfs) lookPath(name, cwd, search string) (string, error) {
	if strings.Contains(name, "/") {
		if !path.IsAbs(name) {
			name = cwd + "/" + name
		}
		if r.isExecutable(name) {
			return name, nil
		}
		return "", fmt.Errorf("%s: not executable", name)
	}
	for _, folder := range strings.Split(search, ":") {
		if file := path.Join(folder, name); path.IsAbs(file) && r.isExecutable(file) {
			return file, nil
		}
	}
	return "", fmt.Errorf("%s: not found in PATH", name)
}

// Calls `line` with the fields of each line of a file; a file that is not there is empty.
func (r *rootfs) lines(name string, line func(fields []string)) error {
	fd, err := r.open(name, syscall.O_RDONLY)
	if err == syscall.ENOENT {
		return nil
	}
	if err != nil {
		return err
	}
	file := os.NewFile(uintptr(fd), name)
	defer file.Close()
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		line(strings.Split(scanner.Text(), ":"))
	}
	return scanner.Err()
}

// containerd's way with a number: the passwd file tells the name, /etc/group where it is a member.
func (r *rootfs) user(of string, context *securityContext, ret *user) (home string, err error) {
	uid, err := strconv.ParseUint(of, 10, 32)
	if err != nil {
		return "", err
	}
	if context != nil && context.RunAsUser != nil {
		uid = uint64(*context.RunAsUser)
	}
	ret.UID, home = uint32(uid), "/"
	name, gid := "", uint64(0)
	err = r.lines("etc/passwd", func(f []string) {
		if name == "" && len(f) == 7 && f[2] == strconv.FormatUint(uid, 10) {
			name, home = f[0], f[5]
			gid, _ = strconv.ParseUint(f[3], 10, 32)
		}
	})
	if err != nil {
		return "", err
	}
	if context != nil && context.RunAsGroup != nil {
		gid = uint64(*context.RunAsGroup)
	}
	ret.GID = uint32(gid)
	groups := map[uint32]bool{ret.GID: true}
	err = r.lines("etc/group", func(f []string) {
		for _, member := range strings.Split(f[len(f)-1], ",") {
			if id, e := strconv.ParseUint(f[len(f)-2], 10, 32); e == nil && name != "" && member == name {
				groups[uint32(id)] = true
			}
		}
	})
	if context != nil {
		for _, id := range context.SupplementalGroups {
			groups[uint32(id)] = true
		}
	}
	for id := range groups {
		ret.Groups = append(ret.Groups, id)
	}
	sort.Slice(ret.Groups, func(i, j int) bool { return ret.Groups[i] < ret.Groups[j] })
	return home, err
}
