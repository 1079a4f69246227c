//go:build race

package main

import (
	"runtime"
	"unsafe"
)

// detects says whether the race detector is a part of this build.
const detects = true

// raceCount returns how many races the detector has reported in this process.
func raceCount() int { return runtime.RaceErrors() }

// raceRead is for the detector a read of the bytes.
func raceRead(p unsafe.Pointer, bytes int) { runtime.RaceReadRange(p, bytes) }

// raceWrite is for the detector a write of the bytes.
func raceWrite(p unsafe.Pointer, bytes int) { runtime.RaceWriteRange(p, bytes) }

// raceOrder orders what was before it in one goroutine before what follows it in another.
func raceOrder(p unsafe.Pointer) {
	runtime.RaceAcquire(p)
	runtime.RaceReleaseMerge(p)
}
