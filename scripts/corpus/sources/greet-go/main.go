// Package main is the greeting as a WASI reactor: blocks that the host holds are kept alive in a map.
package main

import "unsafe"

var blocks = map[uint32][]byte{}

func keep(block []byte) uint32 {
	at := uint32(uintptr(unsafe.Pointer(unsafe.SliceData(block))))
	blocks[at] = block
	return at
}

//go:wasmexport malloc
func malloc(size uint32) uint32 { return keep(make([]byte, size)) }

//go:wasmexport free
func free(at uint32) { delete(blocks, at) }

//go:wasmexport greet
func greet(at, size uint32) uint64 {
	text := []byte("Hello, " + string(blocks[at][:size]))
	return uint64(keep(text))<<32 | uint64(len(text))
}

func main() {}
