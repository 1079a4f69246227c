package main

import (
	"context"
	"math/rand"
	"sync/atomic"
	"unsafe"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// A watched module calls the host at each of its accesses. The host touches a shadow of the cell in the same way, in a
// function of the site: the race detector sees the guest's accesses as those of Go code, in compiled code, too. Shadows
// are made before the callers start, since anything that guarded them would order the callers.

// A site is an access of an instruction.
type site struct {
	// plain accesses order nothing: leaving one out hides races of its own and makes none.
	plain bool
	// touch touches the shadows of what the instruction accesses. in is the index of the instance.
	touch func(in int, from, count uint64)
}

// A cellSpan is the shadow of one memory, of the slots of a table, or of single cells.
type cellSpan struct {
	// shadow has scale bytes for each guest byte, slot or cell: 4 where atomics of one or two bytes touch it, since Go
	// has atomics of four and eight bytes alone.
	shadow []byte
	scale  uint64
}

func newCells(count, scale uint64) *cellSpan {
	return &cellSpan{shadow: make([]byte, count*scale+8), scale: scale}
}

// within says whether the shadow has all of these; accesses beyond it are not watched.
func (s *cellSpan) within(from, count uint64) bool {
	size := uint64(len(s.shadow)-8) / s.scale
	return count > 0 && count <= size && from <= size-count
}

func (s *cellSpan) at(from uint64) unsafe.Pointer { return unsafe.Pointer(&s.shadow[from*s.scale]) }

func (s *cellSpan) read(from, count uint64) {
	if s.within(from, count) {
		raceRead(s.at(from), int(count*s.scale))
	}
}

func (s *cellSpan) write(from, count uint64) {
	if s.within(from, count) {
		raceWrite(s.at(from), int(count*s.scale))
	}
}

// load is an atomic load.
func (s *cellSpan) load(from, count uint64) {
	s.atomically(from, count, func(p unsafe.Pointer, wide bool) {
		if wide {
			atomic.LoadUint64((*uint64)(p))
		} else {
			atomic.LoadUint32((*uint32)(p))
		}
	})
}

// change is an atomic store or read-modify-write. A store, too, keeps what earlier ones ordered: which of two stores
// comes last is not known here.
func (s *cellSpan) change(from, count uint64) {
	s.atomically(from, count, func(p unsafe.Pointer, wide bool) {
		if wide {
			atomic.AddUint64((*uint64)(p), 0)
		} else {
			atomic.AddUint32((*uint32)(p), 0)
		}
	})
}

func (s *cellSpan) atomically(from, count uint64, do func(p unsafe.Pointer, wide bool)) {
	if !s.within(from, count) || from%count != 0 {
		return
	}
	bytes := count * s.scale
	if bytes == 8 {
		do(s.at(from), true)
		return
	}
	for i := uint64(0); i < bytes; i += 4 {
		do(unsafe.Add(s.at(from), i), false)
	}
}

// grow writes if the growth by count succeeded: answer is the old size, or -1 in 32 or 64 bits.
func (s *cellSpan) grow(cell, answer, count uint64) {
	if count == 0 || answer == 1<<32-1 || answer == 1<<64-1 {
		s.read(cell, 1)
	} else {
		s.write(cell, 1)
	}
}

// order synchronises with whoever orders at the same place, without an access.
func (s *cellSpan) order(from, count uint64) {
	if s.within(from, count) {
		raceOrder(s.at(from))
	}
}

// wait is an atomic load by a call that may have been woken.
func (s *cellSpan) wait(from, count uint64) {
	s.load(from, count)
	s.order(from, count)
}

// An instanceCells has the shadows of one instance. Instances may have memories in common.
type instanceCells struct {
	memories []*cellSpan
	tables   []*cellSpan
	// One cell each: globals, sizes of memories and tables, segments, the fence.
	globals, extents, sizes, data, elements, fence *cellSpan
}

// A watchedShape says what shadows are needed; the generated sites have one.
type watchedShape struct {
	// module is the name under which the guest imports touch; empty where nothing is watched.
	module string
	// wazero has one memory at most.
	memories []memoryShape
	// tables are their slots; globals and so on how many there are.
	tables                  []uint64
	globals, data, elements int
}

// A memoryShape says how large the shadow of a memory is: its size, and more where it grows.
type memoryShape struct {
	scale, more, most uint64
	// common memories are those that all instances have.
	common bool
}

// watchedCells are the shadows of the round, by instance.
var watchedCells []*instanceCells

// watchedInstances are the instances of the round, in the order of watchedCells.
var watchedInstances []api.Module

// silentSites are those that are left out in the round, by number.
var silentSites []bool

// silence leaves about half of the plain accesses out in every second round. The detector reports one race for each
// eight bytes and then no more, so one that always comes first would hide the others.
func silence(round int, sites []site) {
	silentSites = make([]bool, len(sites))
	if round%2 == 0 {
		return
	}
	random := rand.New(rand.NewSource(int64(round)))
	for i, one := range sites {
		silentSites[i] = one.plain && random.Intn(2) == 0
	}
}

// watchCells makes new shadows for a round.
func watchCells(round int, instances []api.Module) {
	shape, sites := watchedSites()
	if shape.module == "" {
		return
	}
	silence(round, sites)
	single := func(count int) *cellSpan { return newCells(uint64(count), 8) }
	var made []*instanceCells
	for i, instance := range instances {
		c := &instanceCells{
			globals:  single(shape.globals),
			extents:  single(len(shape.memories)),
			sizes:    single(len(shape.tables)),
			data:     single(shape.data),
			elements: single(shape.elements),
			fence:    single(1),
		}
		for k, one := range shape.memories {
			if one.common && i > 0 {
				c.memories = append(c.memories, made[0].memories[k])
				continue
			}
			bytes := uint64(instance.Memory().Size()) + one.more
			if bytes > one.most {
				bytes = one.most
			}
			c.memories = append(c.memories, newCells(bytes, one.scale))
		}
		for _, slots := range shape.tables {
			c.tables = append(c.tables, newCells(slots, 8))
		}
		if i > 0 {
			c.fence = made[0].fence
		}
		made = append(made, c)
	}
	watchedCells, watchedInstances = made, instances
}

// watchedStep touches the shadow of what a step of the scenario reads or writes itself.
func watchedStep(instance api.Module, write bool, from, count uint64) {
	for i, one := range watchedInstances {
		if one != instance || len(watchedCells[i].memories) == 0 {
			continue
		}
		memory, size := watchedCells[i].memories[0], watchedCells[i].extents
		if write {
			memory.write(from, count)
		} else {
			memory.read(from, count)
		}
		size.read(0, 1)
	}
}

// shadowRegions says where the shadows are.
func shadowRegions() []region {
	var found []region
	add := func(s *cellSpan, one region) {
		one.Start = uint64(uintptr(s.at(0)))
		one.End = one.Start + uint64(len(s.shadow)) - 8
		one.Unit = s.scale
		if one.End > one.Start {
			found = append(found, one)
		}
	}
	for i, c := range watchedCells {
		for k, memory := range c.memories {
			add(memory, region{Kind: "memory", Index: k, Instance: i})
		}
		for k, table := range c.tables {
			add(table, region{Kind: "table", Index: k, Instance: i})
		}
		add(c.globals, region{Kind: "global", Instance: i})
		add(c.extents, region{Kind: "memory.grow", Instance: i})
		add(c.sizes, region{Kind: "table.grow", Instance: i})
		add(c.data, region{Kind: "segment", Part: "data", Instance: i})
		add(c.elements, region{Kind: "segment", Part: "element", Instance: i})
	}
	return found
}

// defineSites makes the module that a watched guest imports; nothing where the guest is not watched.
func defineSites(ctx context.Context, r wazero.Runtime) error {
	shape, sites := watchedSites()
	if shape.module == "" {
		return nil
	}
	params := []api.ValueType{api.ValueTypeI32, api.ValueTypeI64, api.ValueTypeI64}
	touch := api.GoModuleFunc(func(_ context.Context, caller api.Module, stack []uint64) {
		number := uint32(stack[0])
		for i, instance := range watchedInstances {
			if instance == caller {
				if !silentSites[number] {
					sites[number].touch(i, stack[1], stack[2])
				}
				return
			}
		}
	})
	_, err := r.NewHostModuleBuilder(shape.module).
		NewFunctionBuilder().
		WithGoModuleFunction(touch, params, nil).
		Export("touch").
		Instantiate(ctx)
	return err
}
