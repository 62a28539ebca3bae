// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	image "github.com/opencontainers/image-spec/specs-go/v1"
)

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// The fields of a Pod that the answer is made of, and those around them.
type pod struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string            `json:"name"`
		Namespace string            `json:"namespace"`
		Labels    map[string]string `json:"labels"`
	} `json:"metadata"`
	Spec struct {
		Hostname           string           `json:"hostname"`
		EnableServiceLinks *bool            `json:"enableServiceLinks"`
		SecurityContext    *securityContext `json:"securityContext"`
		Containers         []container      `json:"containers"`
	} `json:"spec"`
}

type securityContext struct {
	RunAsUser          *int64  `json:"runAsUser"`
	RunAsGroup         *int64  `json:"runAsGroup"`
	SupplementalGroups []int64 `json:"supplementalGroups"`
}

type container struct {
	Name            string           `json:"name"`
	Image           string           `json:"image"`
	Command         []string         `json:"command"`
	Args            []string         `json:"args"`
	WorkingDir      string           `json:"workingDir"`
	SecurityContext *securityContext `json:"securityContext"`
	Env             []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"env"`
}

type variable struct{ name, value string }

// The kubelet's expansion: $(NAME) where it is known, $$ is $.
func expand(text string, known map[string]string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '$' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		end := strings.IndexByte(text[i:], ')')
		switch {
		case text[i+1] == '$':
			out.WriteByte('$')
			i++
		case text[i+1] == '(' && end > 0:
			name := text[i+2 : i+end]
			if value, ok := known[name]; ok {
				out.WriteString(value)
			} else {
				out.WriteString(text[i : i+end+1])
			}
			i += end
		default:
			out.WriteByte('$')
		}
	}
	return out.String()
}

// The kubelet's part: each name once, the last value, in the place of the first.
func kubelet(c *container) (env []variable, args []string) {
	known, at := make(map[string]string), make(map[string]int)
	for _, v := range c.Env {
		value := expand(v.Value, known)
		known[v.Name] = value
		if i, ok := at[v.Name]; ok {
			env[i].value = value
			continue
		}
		at[v.Name] = len(env)
		env = append(env, variable{v.Name, value})
	}
	for _, arg := range c.Args {
		args = append(args, expand(arg, known))
	}
	return env, args
}

// containerd's replaceOrAppendEnvValues: its cache is not told what is appended.
func replaceOrAppend(defaults, overrides []string) []string {
	cache := make(map[string]int, len(defaults))
	for i, e := range defaults {
		name, _, _ := strings.Cut(e, "=")
		cache[name] = i
	}
	for _, value := range overrides {
		name, _, hasValue := strings.Cut(value, "=")
		i, exists := cache[name]
		switch {
		case !hasValue && exists:
			defaults[i] = ""
		case exists:
			defaults[i] = value
		case hasValue:
			defaults = append(defaults, value)
		}
	}
	results := defaults[:0]
	for _, e := range defaults {
		if e != "" {
			results = append(results, e)
		}
	}
	return results
}

// runc's: the last entry of a name stays, where it is.
func deduplicate(env []string) []string {
	seen := make(map[string]bool, len(env))
	ret := make([]string, len(env))
	at := len(env)
	for i := len(env) - 1; i >= 0; i-- {
		name, _, _ := strings.Cut(env[i], "=")
		if !seen[name] {
			seen[name] = true
			at--
			ret[at] = env[i]
		}
	}
	return ret[at:]
}

func hasName(env []string, name string) bool {
	for _, e := range env {
		if strings.HasPrefix(e, name+"=") {
			return true
		}
	}
	return false
}

func valueOf(env []string, name string) string {
	for _, e := range env {
		if strings.HasPrefix(e, name+"=") {
			return e[len(name)+1:]
		}
	}
	return ""
}

func arguments(img *image.Image, c *container, args []string) []string {
	command := c.Command
	if len(command) == 0 {
		if len(args) == 0 {
			args = img.Config.Cmd
		}
		command = img.Config.Entrypoint
	}
	return append(append([]string(nil), command...), args...)
}

func merge(img *image.Image, p *pod, root *rootfs) (*answer, error) {
	if len(p.Spec.Containers) == 0 {
		return nil, fmt.Errorf("a pod without containers")
	}
	c := &p.Spec.Containers[0]
	variables, args := kubelet(c)
	given := append([]string(nil), img.Config.Env...)
	for _, v := range variables {
		given = append(given, v.name+"="+v.value)
	}
	env := replaceOrAppend([]string{defaultPath}, []string{"HOSTNAME=" + p.Spec.Hostname})
	ret := &answer{Env: deduplicate(replaceOrAppend(env, given)), Cwd: img.Config.WorkingDir}
	if c.WorkingDir != "" {
		ret.Cwd = c.WorkingDir
	}
	if ret.Cwd == "" {
		ret.Cwd = "/"
	}
	ret.Argv = arguments(img, c, args)
	home, err := root.user(img.Config.User, p.Spec.SecurityContext, &ret.User)
	if err != nil {
		return nil, err
	}
	if !hasName(ret.Env, "HOME") {
		ret.Env = append(ret.Env, "HOME="+home)
	}
	if len(ret.Argv) == 0 {
		return nil, fmt.Errorf("no arguments")
	}
	ret.Path, err = root.lookPath(ret.Argv[0], ret.Cwd, valueOf(ret.Env, "PATH"))
	return ret, err
}
