package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/tetratelabs/wazero/api"
)

// maxWords is how many changed words an outcome lists; its hash is of all of them.
const maxWords = 64

// pageSize is how much memory is compared at once.
const pageSize = 1 << 16

// A baseline is the state before the callers start; what calls leave is told as differences from it.
type baseline struct {
	plan     *plan
	memories [][]byte
	globals  [][]uint64
}

// A word is one that differs from the baseline.
type word struct {
	// Cell names it: memory 0x400, global 1.
	Cell  string `json:"cell"`
	Value string `json:"value"`
}

// A left is the state that calls left.
type left struct {
	hash  string
	words []word
}

// takeBaseline remembers the state of a set that was set up.
func takeBaseline(p *plan, s *set) *baseline {
	b := &baseline{plan: p}
	for i, mod := range s.instances {
		var copied []byte
		if b.hasMemory(i) {
			copied = append(copied, memoryOf(mod)...)
		}
		b.memories = append(b.memories, copied)
		b.globals = append(b.globals, b.globalsOf(mod))
	}
	return b
}

// hasMemory says whether the memory of an instance is compared: of a shared one only the first.
func (b *baseline) hasMemory(instance int) bool {
	return b.plan.State.Memory && (instance == 0 || !b.plan.State.Shared)
}

func (b *baseline) globalsOf(mod api.Module) []uint64 {
	values := make([]uint64, len(b.plan.State.Globals))
	for i, one := range b.plan.State.Globals {
		values[i] = mod.ExportedGlobal(one.Export).Get()
	}
	return values
}

func memoryOf(mod api.Module) []byte {
	memory := mod.Memory()
	if memory == nil {
		return nil
	}
	view, _ := memory.Read(0, memory.Size())
	return view
}

// left compares the state of a set with the baseline.
func (b *baseline) left(s *set) left {
	var found left
	if !b.plan.State.Compare {
		return found
	}
	hash := fnv.New64a()
	note := func(cell string, value string) {
		_, _ = fmt.Fprintf(hash, "%s=%s;", cell, value)
		if len(found.words) < maxWords {
			found.words = append(found.words, word{cell, value})
		}
	}
	several := len(s.instances) > 1
	for i, mod := range s.instances {
		of := ""
		if several {
			of = fmt.Sprintf(" of instance %d", i)
		}
		for k, bits := range b.globalsOf(mod) {
			one := b.plan.State.Globals[k]
			// References are addresses of the host: only whether there is one is compared.
			now, before := typedText(one.Type, bits), typedText(one.Type, b.globals[i][k])
			if now != before {
				note(one.Text+of, now)
			}
		}
		if b.hasMemory(i) {
			if b.plan.State.Shared {
				of = ""
			}
			b.memoryWords(i, mod, of, note)
		}
	}
	found.hash = strconv.FormatUint(hash.Sum64(), 16)
	return found
}

func (b *baseline) memoryWords(instance int, mod api.Module, of string, note func(cell, value string)) {
	before, now := b.memories[instance], memoryOf(mod)
	if len(now) != len(before) {
		note("the size of the memory"+of, fmt.Sprintf("%d pages", len(now)/pageSize))
	}
	deadFrom, deadTo := b.dead(instance, mod)
	for at := 0; at < len(now); at += pageSize {
		page := now[at : at+pageSize]
		if at < len(before) && bytes.Equal(page, before[at:at+pageSize]) {
			continue
		}
		for k := at; k < at+pageSize; k += 4 {
			old := uint32(0)
			if at < len(before) {
				old = binary.LittleEndian.Uint32(before[k:])
			}
			value := binary.LittleEndian.Uint32(now[k:])
			if value == old || (int64(k) >= deadFrom && int64(k) < deadTo) {
				continue
			}
			note(fmt.Sprintf("memory%s 0x%x..0x%x", of, k, k+4), fmt.Sprintf("0x%08x", value))
		}
	}
}

// dead gives the bytes below the stack pointer, which frames have left.
func (b *baseline) dead(instance int, mod api.Module) (from, to int64) {
	if b.plan.State.DeadFrom < 0 || b.plan.StackGlobal == "" {
		return 0, 0
	}
	pointer := mod.ExportedGlobal(b.plan.StackGlobal)
	if pointer == nil {
		return 0, 0
	}
	// Where frames were left behind, the pointer is lower; where it came out wrong, it may be higher.
	to = int64(uint32(pointer.Get()))
	if base := b.stackBase(instance); base < to {
		to = base
	}
	return b.plan.State.DeadFrom, to
}

// stackBase gives the stack pointer before the callers start.
func (b *baseline) stackBase(instance int) int64 {
	for k, one := range b.plan.State.Globals {
		if one.Export == b.plan.StackGlobal {
			return int64(uint32(b.globals[instance][k]))
		}
	}
	return 0
}

// setGlobal sets a mutable global of 32 or 64 bits.
func setGlobal(mod api.Module, name, text string) error {
	global, ok := mod.ExportedGlobal(name).(api.MutableGlobal)
	if !ok {
		return &refusal{kind: "invalid-scenario", message: "stacks: no host can set the stack pointer of the module"}
	}
	bits, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return err
	}
	global.Set(bits)
	return nil
}
