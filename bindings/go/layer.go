// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

import "unsafe"

// LayerKind is what a layer was made from.
type LayerKind uint32

// The kinds of layers.
const (
	LayerImage   LayerKind = C.OCIENV_LAYER_IMAGE   // an image config
	LayerRuntime LayerKind = C.OCIENV_LAYER_RUNTIME // a runtime spec
	LayerPod     LayerKind = C.OCIENV_LAYER_POD     // a pod
)

// Layer is what one document says.
type Layer struct{ ref *reference }

// layerReader is a function of the library that makes a layer of a document.
type layerReader func(ret **C.struct_ocienv_layer, name *C.char, data unsafe.Pointer, size C.size_t,
	options *C.struct_ocienv_options, e *C.struct_ocienv_error) C.int32_t

func makeLayer(document *Document, options *Options, read layerReader) (*Layer, error) {
	c, err := options.toC()
	defer c.end()
	if err != nil {
		return nil, err
	}
	name, data, size, err := document.parts()
	if err != nil {
		return nil, err
	}
	var ret *C.struct_ocienv_layer
	var e C.struct_ocienv_error
	if err := failure(read(&ret, name, data, size, c.pointer(), &e), &e); err != nil {
		return nil, err
	}
	return &Layer{newReference(unsafe.Pointer(ret), func(pointer unsafe.Pointer) {
		C.ocienv_layer_free((*C.struct_ocienv_layer)(pointer))
	})}, nil
}

// LayerFromImageConfig reads an OCI or Docker image config (JSON).
func LayerFromImageConfig(document Document, options *Options) (*Layer, error) {
	return makeLayer(&document, options, func(ret **C.struct_ocienv_layer, name *C.char,
		data unsafe.Pointer, size C.size_t, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.go_layer_from_image_config(ret, name, data, size, options, e)
	})
}

// LayerFromRuntimeSpec reads an OCI runtime spec (config.json): what the CRI plugin already
// decided.
func LayerFromRuntimeSpec(document Document, options *Options) (*Layer, error) {
	return makeLayer(&document, options, func(ret **C.struct_ocienv_layer, name *C.char,
		data unsafe.Pointer, size C.size_t, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.go_layer_from_runtime_spec(ret, name, data, size, options, e)
	})
}

// LayerFromPod reads one container of a Pod (YAML or JSON) and does the kubelet's part:
// variables, references, $(VAR) expansion. Options.Workload, Container, Hostname and PodKind
// choose and complete. cluster is what the pod may refer to beside its own file; nil is an empty
// one.
func LayerFromPod(document Document, cluster *Cluster, options *Options) (*Layer, error) {
	var objects *C.struct_ocienv_cluster
	if cluster != nil {
		pointer, err := cluster.ref.acquire("cluster")
		if err != nil {
			return nil, err
		}
		defer cluster.ref.release()
		cluster.mu.RLock()
		defer cluster.mu.RUnlock()
		objects = (*C.struct_ocienv_cluster)(pointer)
	}
	return makeLayer(&document, options, func(ret **C.struct_ocienv_layer, name *C.char,
		data unsafe.Pointer, size C.size_t, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.go_layer_from_pod(ret, name, data, size, objects, options, e)
	})
}

// DecodeLayer reads a LAYER blob back.
func DecodeLayer(blob Document, options *Options) (*Layer, error) {
	return makeLayer(&blob, options, func(ret **C.struct_ocienv_layer, name *C.char,
		data unsafe.Pointer, size C.size_t, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.go_layer_decode(ret, name, data, size, options, e)
	})
}

func (l *Layer) reference() *reference {
	if l == nil {
		return nil
	}
	return l.ref
}

// Encode writes the layer as a LAYER blob: one encoding per content. It holds values of Secrets.
func (l *Layer) Encode(options *Options) ([]byte, error) {
	return write(l.reference(), "layer", options, func(layer unsafe.Pointer,
		ret *C.struct_ocienv_buffer, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_layer_encode(ret, (*C.struct_ocienv_layer)(layer), options, e)
	})
}

// Report is the layer as JSON text, one line feed at the end. It holds values of Secrets.
func (l *Layer) Report(options *Options) ([]byte, error) {
	return write(l.reference(), "layer", options, func(layer unsafe.Pointer,
		ret *C.struct_ocienv_buffer, options *C.struct_ocienv_options,
		e *C.struct_ocienv_error) C.int32_t {
		return C.ocienv_layer_report(ret, (*C.struct_ocienv_layer)(layer), options, e)
	})
}

// Kind is what the layer was made from.
func (l *Layer) Kind() (LayerKind, error) {
	ref := l.reference()
	pointer, err := ref.acquire("layer")
	if err != nil {
		return 0, err
	}
	defer ref.release()
	return LayerKind(C.ocienv_layer_kind((*C.struct_ocienv_layer)(pointer))), nil
}

// Close ends the layer. Configs, verdicts and lookups made with it stay valid.
func (l *Layer) Close() error {
	l.reference().close()
	return nil
}

// writer is a function of the library that writes an object.
type writer func(object unsafe.Pointer, ret *C.struct_ocienv_buffer,
	options *C.struct_ocienv_options, e *C.struct_ocienv_error) C.int32_t

// write asks for the text or blob of an object.
func write(ref *reference, what string, options *Options, write writer) ([]byte, error) {
	pointer, err := ref.acquire(what)
	if err != nil {
		return nil, err
	}
	defer ref.release()
	c, err := options.toC()
	defer c.end()
	if err != nil {
		return nil, err
	}
	var ret C.struct_ocienv_buffer
	var e C.struct_ocienv_error
	if err := failure(write(pointer, &ret, c.pointer(), &e), &e); err != nil {
		return nil, err
	}
	return takeBuffer(&ret), nil
}
