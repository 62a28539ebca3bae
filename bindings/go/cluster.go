// SPDX-License-Identifier: Apache-2.0

package ocienv

// #include "shim.h"
import "C"

import (
	"sync"
	"unsafe"
)

// Cluster is what a cluster knows beside the pod: ConfigMaps, Secrets, Services and facts.
type Cluster struct {
	mu  sync.RWMutex // adding excludes everything else
	ref *reference
}

// NewCluster makes an empty cluster. Only the limits of the options count; they stay with it.
func NewCluster(options *Options) (*Cluster, error) {
	c, err := options.toC()
	defer c.end()
	if err != nil {
		return nil, err
	}
	var ret *C.struct_ocienv_cluster
	var e C.struct_ocienv_error
	if err := failure(C.ocienv_cluster_new(&ret, c.pointer(), &e), &e); err != nil {
		return nil, err
	}
	return &Cluster{ref: newReference(unsafe.Pointer(ret), func(pointer unsafe.Pointer) {
		C.ocienv_cluster_free((*C.struct_ocienv_cluster)(pointer))
	})}, nil
}

func (c *Cluster) reference() *reference {
	if c == nil {
		return nil
	}
	return c.ref
}

// AddObjects adds the ConfigMaps, Secrets and Services of a file: JSON, or YAML with any number
// of documents. Objects of other kinds are passed over; of two with the same kind, namespace and
// name the later one counts. On failure the cluster is as it was.
func (c *Cluster) AddObjects(document Document) error {
	ref := c.reference()
	pointer, err := ref.acquire("cluster")
	if err != nil {
		return err
	}
	defer ref.release()
	name, data, size, err := document.parts()
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var e C.struct_ocienv_error
	return failure(C.go_cluster_add_objects((*C.struct_ocienv_cluster)(pointer), name, data, size,
		&e), &e)
}

// AddFact states what no document holds, by its fieldRef path: "status.podIP",
// "spec.nodeName", "metadata.labels['KEY']"; for resourceFieldRef "allocatable.cpu"; for
// fileKeyRef the content of the file, as "volume.NAME/PATH". A later value replaces an earlier
// one.
func (c *Cluster) AddFact(key, value string) error {
	ref := c.reference()
	pointer, err := ref.acquire("cluster")
	if err != nil {
		return err
	}
	defer ref.release()
	cKey, err := cString("fact's name", key)
	if err != nil {
		return err
	}
	cValue, err := cString("fact's value", value)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var e C.struct_ocienv_error
	return failure(C.ocienv_cluster_add_fact((*C.struct_ocienv_cluster)(pointer), cKey, cValue,
		&e), &e)
}

// Close ends the cluster. Layers made with it stay valid.
func (c *Cluster) Close() error {
	c.reference().close()
	return nil
}
