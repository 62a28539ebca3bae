// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

// Source is who a value comes from.
type Source uint32

// The sources.
const (
	SourceDefault   Source = C.OCIENV_SOURCE_DEFAULT   // built into the CRI plugin or the runtime
	SourceImage     Source = C.OCIENV_SOURCE_IMAGE     // the image config
	SourceRuntime   Source = C.OCIENV_SOURCE_RUNTIME   // the runtime spec, or a value that the runtime adds
	SourceService   Source = C.OCIENV_SOURCE_SERVICE   // a Service's variables
	SourceConfigMap Source = C.OCIENV_SOURCE_CONFIGMAP // a ConfigMap
	SourceSecret    Source = C.OCIENV_SOURCE_SECRET    // a Secret
	SourceDownward  Source = C.OCIENV_SOURCE_DOWNWARD  // a field of the pod, or a fact
	SourcePod       Source = C.OCIENV_SOURCE_POD       // the pod
	SourcePolicy    Source = C.OCIENV_SOURCE_POLICY    // the policy
	SourceLibOS     Source = C.OCIENV_SOURCE_LIBOS     // what the LibOS needs
	SourceCaller    Source = C.OCIENV_SOURCE_CALLER    // the caller
)

// String is the short name: "image".
func (s Source) String() string { return C.GoString(C.ocienv_source_name(C.uint32_t(s))) }

// Step is one between the documents and execve.
type Step uint32

// The steps.
const (
	StepNone    Step = C.OCIENV_STEP_NONE    // the value was not overridden
	StepKubelet Step = C.OCIENV_STEP_KUBELET // envFrom, env and Services become one list
	StepCRI     Step = C.OCIENV_STEP_CRI     // image and pod become a runtime spec
	StepRuntime Step = C.OCIENV_STEP_RUNTIME // the last one of a name wins, HOME is added
	StepLibOS   Step = C.OCIENV_STEP_LIBOS   // directories of libraries are put in front
)

// Changed is why a value is not what a document says: bits.
type Changed uint32

// What can change a value.
const (
	ChangedByExpansion Changed = C.OCIENV_CHANGED_BY_EXPANSION // the kubelet replaced a $(NAME) or $$
	ChangedByDefault   Changed = C.OCIENV_CHANGED_BY_DEFAULT   // no document says it: it is built in
	ChangedByRuntime   Changed = C.OCIENV_CHANGED_BY_RUNTIME   // the runtime made or trimmed it
)

// Origin is where a value was written, and what became of it.
type Origin struct {
	Source   Source
	Secret   bool   // it came from a Secret; do not show the value
	Document string // name of the document, or ""
	Line     uint32 // 0: unknown
	Column   uint32
	Changed  Changed
	LostIn   Step // of a value that was overridden: in which step
}

// Item is what Config.Origin can be asked about.
type Item uint32

// The items.
const (
	ItemEnv  Item = C.OCIENV_ITEM_ENV  // environment entry number index
	ItemArgv Item = C.OCIENV_ITEM_ARGV // argument number index
	ItemCwd  Item = C.OCIENV_ITEM_CWD  // the working directory
	ItemUser Item = C.OCIENV_ITEM_USER // the user
)

func newOrigin(origin *C.struct_ocienv_origin) Origin {
	return Origin{
		Source:   Source(origin.source),
		Secret:   origin.secret != 0,
		Document: C.GoString(origin.document),
		Line:     uint32(origin.line),
		Column:   uint32(origin.column),
		Changed:  Changed(origin.changed),
		LostIn:   Step(origin.lost_in),
	}
}
