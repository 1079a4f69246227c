// Package api stands for wazero's package of that name: the part that generated code uses, with the signatures of
// wazero 1.9.
package api

import (
	"context"
	"math"
)

type ValueType = byte

type CoreFeatures uint64

const (
	CoreFeatureSIMD CoreFeatures = 1 << 8
	CoreFeaturesV2  CoreFeatures = 1<<9 - 1
)

type Closer interface {
	Close(context.Context) error
}

type Module interface {
	Name() string
	Memory() Memory
	ExportedFunction(name string) Function
	IsClosed() bool
	Closer
}

type Function interface {
	Call(ctx context.Context, params ...uint64) ([]uint64, error)
}

type Memory interface {
	Size() uint32
	Grow(deltaPages uint32) (previousPages uint32, ok bool)
	Read(offset, byteCount uint32) ([]byte, bool)
	Write(offset uint32, v []byte) bool
}

func EncodeU32(input uint32) uint64  { return uint64(input) }
func DecodeU32(input uint64) uint32  { return uint32(input) }
func EncodeF32(input float32) uint64 { return uint64(math.Float32bits(input)) }
func DecodeF32(input uint64) float32 { return math.Float32frombits(uint32(input)) }
func EncodeF64(input float64) uint64 { return math.Float64bits(input) }
func DecodeF64(input uint64) float64 { return math.Float64frombits(input) }
