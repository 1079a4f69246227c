//go:build !race

package main

import "unsafe"

// detects says whether the race detector is a part of this build.
const detects = false

// raceCount returns 0: the detector is not part of this build.
func raceCount() int { return 0 }

func raceRead(unsafe.Pointer, int) {}

func raceWrite(unsafe.Pointer, int) {}

func raceOrder(unsafe.Pointer) {}
