// SPDX-License-Identifier: Apache-2.0

package ocienv

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The header, the export map and this package say the same.

// constants are those of the header by the names that they have here.
var constants = map[string]int64{
	"OK": int64(OK), "ERR_ARGUMENT": int64(ErrArgument), "ERR_NOMEM": int64(ErrNoMem),
	"ERR_LIMIT": int64(ErrLimit), "ERR_SYNTAX": int64(ErrSyntax),
	"ERR_ENCODING": int64(ErrEncoding), "ERR_AMBIGUOUS": int64(ErrAmbiguous),
	"ERR_TYPE": int64(ErrType), "ERR_VALUE": int64(ErrValue),
	"ERR_REFERENCE": int64(ErrReference), "ERR_NOTFOUND": int64(ErrNotFound),
	"ERR_ACCESS": int64(ErrAccess), "ERR_UNSUPPORTED": int64(ErrUnsupported),
	"ERR_UNSAFE": int64(ErrUnsafe), "ERR_POLICY": int64(ErrPolicy),
	"ERR_MISMATCH": int64(ErrMismatch), "ERR_BLOB": int64(ErrBlob),
	"ERR_SYSTEM": int64(ErrSystem),

	"RUNTIME_RUNC": int64(RuntimeRunc), "RUNTIME_RUNC_1_2": int64(RuntimeRunc1_2),
	"RUNTIME_RUNC_1_3": int64(RuntimeRunc1_3), "RUNTIME_CRUN": int64(RuntimeCrun),
	"RUNTIME_KATA": int64(RuntimeKata), "RUNTIME_EXECVP": int64(RuntimeExecvp),
	"RUNTIME_RUNC_1_1": int64(RuntimeRunc1_1), "RUNTIME_CRUN_1_8": int64(RuntimeCrun1_8),

	"CRI_CONTAINERD": int64(CRIContainerd), "CRI_CRIO": int64(CRICRIO),

	"POD_OBJECT": int64(PodObject), "POD_SPEC": int64(PodSpec),
	"POD_CONTAINER": int64(PodContainer),

	"USER_STRICT": int64(UserStrict), "USER_CONTAINERD": int64(UserContainerd),
	"USER_CONTAINERD_1_7": int64(UserContainerd1_7), "USER_CRIO": int64(UserCRIO),
	"USER_DOCKER": int64(UserDocker),

	"LIBOS_NONE": int64(LibOSNone), "LIBOS_OCCLUM": int64(LibOSOcclum),
	"LIBOS_GRAMINE": int64(LibOSGramine),

	"STRICT": int64(Strict), "LENIENT": int64(Lenient), "CRI_DIRECT": int64(CRIDirect),
	"ACCEPT_ROOT": int64(AcceptRoot), "KEEP_DIGEST": int64(KeepDigest),
	"INSIDE_LIBOS": int64(InsideLibOS),

	"LAYER_IMAGE": int64(LayerImage), "LAYER_RUNTIME": int64(LayerRuntime),
	"LAYER_POD": int64(LayerPod),

	"SOURCE_DEFAULT": int64(SourceDefault), "SOURCE_IMAGE": int64(SourceImage),
	"SOURCE_RUNTIME": int64(SourceRuntime), "SOURCE_SERVICE": int64(SourceService),
	"SOURCE_CONFIGMAP": int64(SourceConfigMap), "SOURCE_SECRET": int64(SourceSecret),
	"SOURCE_DOWNWARD": int64(SourceDownward), "SOURCE_POD": int64(SourcePod),
	"SOURCE_POLICY": int64(SourcePolicy), "SOURCE_LIBOS": int64(SourceLibOS),
	"SOURCE_CALLER": int64(SourceCaller),

	"STEP_NONE": int64(StepNone), "STEP_KUBELET": int64(StepKubelet),
	"STEP_CRI": int64(StepCRI), "STEP_RUNTIME": int64(StepRuntime),
	"STEP_LIBOS": int64(StepLibOS),

	"CHANGED_BY_EXPANSION": int64(ChangedByExpansion),
	"CHANGED_BY_DEFAULT":   int64(ChangedByDefault),
	"CHANGED_BY_RUNTIME":   int64(ChangedByRuntime),

	"ITEM_ENV": int64(ItemEnv), "ITEM_ARGV": int64(ItemArgv), "ITEM_CWD": int64(ItemCwd),
	"ITEM_USER": int64(ItemUser),

	"DIGEST_SIZE": DigestSize,
}

// Macros that this package has no constant for.
var macros = map[string]string{
	"VERSION_MAJOR": "Version", "VERSION_MINOR": "Version", "VERSION_PATCH": "Version",
	"NO_ROOTFS": "ResolveWithoutRootfs and VerifyWithoutRootfs",
}

// Exported functions that this package does not use, with the reason.
var unused = map[string]string{}

// Members of structs that this package has no use for, with the reason.
var unusedMembers = map[string]string{
	"ocienv_options.allocator": "C calls its functions; Go's must not be called so",
	"ocienv_buffer.allocator":  "private",
	"ocienv_allocator.alloc":   "as ocienv_options.allocator",
	"ocienv_allocator.ctx":     "as ocienv_options.allocator",
	"ocienv_origin.reserved":   "0",
	"ocienv_ruling.reserved":   "0",
}

func readText(t *testing.T, name string) string {
	t.Helper()
	return string(value[[]byte](t)(os.ReadFile(filepath.Join(top, name))))
}

var cComments = regexp.MustCompile(`(?s)/\*.*?\*/`)

func readHeader(t *testing.T) string {
	t.Helper()
	return cComments.ReplaceAllString(readText(t, "include/ocienv/ocienv.h"), " ")
}

// number is the value of "-7", "0x1", "1 << 3" or "(-2)".
func number(t *testing.T, text string) int64 {
	t.Helper()
	left, right, shifted := strings.Cut(strings.Trim(text, "() "), "<<")
	n := value[int64](t)(strconv.ParseInt(strings.TrimSpace(left), 0, 64))
	if shifted {
		n <<= value[uint64](t)(strconv.ParseUint(strings.TrimSpace(right), 0, 6))
	}
	return n
}

// headerConstants are the enumerators and the numeric macros.
func headerConstants(t *testing.T, header string) map[string]int64 {
	found := map[string]int64{}
	enums := regexp.MustCompile(`(?s)\benum\s*\w*\s*\{(.*?)\}`)
	for _, enum := range enums.FindAllStringSubmatch(header, -1) {
		next := int64(0)
		for _, entry := range strings.Split(enum[1], ",") {
			name, text, given := strings.Cut(entry, "=")
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			if given {
				next = number(t, text)
			}
			found[strings.TrimPrefix(name, "OCIENV_")] = next
			next++
		}
	}
	defines := regexp.MustCompile(`(?m)^#define OCIENV_(\w+)[ \t]+(\S.*)$`)
	for _, define := range defines.FindAllStringSubmatch(header, -1) {
		found[define[1]] = number(t, define[2])
	}
	return found
}

func TestConstantsAreTheHeaders(t *testing.T) {
	found := headerConstants(t, readHeader(t))
	for name, wanted := range found {
		if macros[name] != "" {
			continue
		}
		if here, ok := constants[name]; !ok || here != wanted {
			t.Errorf("OCIENV_%s: expected %d, found %d (%v)", name, wanted, here, ok)
		}
	}
	for name := range constants {
		if _, ok := found[name]; !ok {
			t.Errorf("OCIENV_%s: expected in the header, found nowhere", name)
		}
	}
	for name := range macros {
		if _, ok := found[name]; !ok {
			t.Errorf("OCIENV_%s: expected in the header, found nowhere", name)
		}
	}
	if len(found) < 70 {
		t.Errorf("expected the header's constants, found %d", len(found))
	}
}

// source is this package's own text without comments: Go and what it puts around C.
func source(t *testing.T) (goText, shim string) {
	t.Helper()
	for _, name := range value[[]string](t)(filepath.Glob("*.go")) {
		if !strings.HasSuffix(name, "_test.go") {
			goText += string(value[[]byte](t)(os.ReadFile(name)))
		}
	}
	goText = regexp.MustCompile(`(?m)//.*$`).ReplaceAllString(goText, "")
	shim = string(value[[]byte](t)(os.ReadFile("shim.h")))
	return goText, cComments.ReplaceAllString(shim, " ")
}

// isUsed: called from Go, or by a function of shim.h that Go calls.
func isUsed(goText, shim, symbol string) bool {
	if strings.Contains(goText, "C."+symbol+"(") {
		return true
	}
	short := strings.TrimPrefix(symbol, "ocienv_")
	return strings.Contains(goText, "C.go_"+short+"(") &&
		strings.Contains(shim, "go_"+short+"(") && strings.Contains(shim, "return "+symbol+"(")
}

func TestEveryExportIsUsed(t *testing.T) {
	goText, shim := source(t)
	symbols := regexp.MustCompile(`(?m)^\s*(ocienv_\w+);`).FindAllStringSubmatch(
		cComments.ReplaceAllString(readText(t, "lib/ocienv.map"), " "), -1)
	if len(symbols) < 40 {
		t.Fatalf("expected the exported functions, found %d", len(symbols))
	}
	exported := map[string]bool{}
	for _, symbol := range symbols {
		exported[symbol[1]] = true
		if used := isUsed(goText, shim, symbol[1]); used == (unused[symbol[1]] != "") {
			t.Errorf("%s: expected in use or on the list of what is not, found used %v",
				symbol[1], used)
		}
	}
	for symbol := range unused {
		if !exported[symbol] {
			t.Errorf("%s: expected among the exports, found on the list only", symbol)
		}
	}
}

// What is in a struct and not read or written here is as good as not bound.
func TestEveryMemberIsUsed(t *testing.T) {
	goText, _ := source(t)
	structs := regexp.MustCompile(`(?s)\bstruct (ocienv_\w+) \{(.*?)\n\}`)
	members := regexp.MustCompile(`(\w+)\)?(\[\w+\])*(\([^)]*\))?;`)
	count := 0
	for _, found := range structs.FindAllStringSubmatch(readHeader(t), -1) {
		for _, member := range members.FindAllStringSubmatch(found[2], -1) {
			full := found[1] + "." + member[1]
			count++
			used := regexp.MustCompile(`\.` + member[1] + `\b|\b` + member[1] + `:`).
				MatchString(goText)
			if !used && unusedMembers[full] == "" {
				t.Errorf("%s: expected in use or on the list of what is not", full)
			}
		}
	}
	if count < 90 {
		t.Errorf("expected the members of the header's structs, found %d", count)
	}
}

func TestVersionIsTheHeaders(t *testing.T) {
	found := headerConstants(t, readHeader(t))
	wanted := strconv.FormatInt(found["VERSION_MAJOR"], 10) + "." +
		strconv.FormatInt(found["VERSION_MINOR"], 10) + "." +
		strconv.FormatInt(found["VERSION_PATCH"], 10)
	if Version() != wanted {
		t.Errorf("expected %s, found %s", wanted, Version())
	}
}
