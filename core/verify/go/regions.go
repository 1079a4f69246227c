package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"github.com/tetratelabs/wazero/api"
)

// Go's race detector reports addresses of the process. The state of a guest is in fields of wazero that no API leads to,
// so they are found by name through reflection: what is not there is told, and reports about it stay without a cell.

// A region says that the bytes [Start, End) of the process are a part of a guest's state.
type region struct {
	// Kind is global, memory, memory.grow, table, table.grow, segment or host.
	Kind string `json:"kind"`
	// Index is that of the global, memory, table or segment in its module.
	Index int `json:"index"`
	// Part tells regions of one kind and index apart: a half of a vector, data or element.
	Part     string `json:"part,omitempty"`
	Instance int    `json:"instance"`
	Start    uint64 `json:"start"`
	End      uint64 `json:"end"`
	// Unit is how many bytes of the process each byte, slot or item has in a shadow; 0 elsewhere.
	Unit uint64 `json:"unit,omitempty"`
}

// A regionFinder collects the regions of instances, and the names of fields that it did not find.
type regionFinder struct {
	regions []region
	missing map[string]bool
}

// regionsOf returns where the state of instances is now, and the fields of wazero that were expected and are not there.
func regionsOf(instances []api.Module) ([]region, []string) {
	f := &regionFinder{missing: map[string]bool{}}
	for i, instance := range instances {
		f.instance(i, instance)
	}
	missing := []string{}
	for name := range f.missing {
		missing = append(missing, name)
	}
	return f.regions, missing
}

func (f *regionFinder) instance(number int, instance api.Module) {
	// A wazero of another shape must not end the process: what was found until then stands.
	defer func() {
		if r := recover(); r != nil {
			f.missing[fmt.Sprintf("the fields of %T (%v)", instance, r)] = true
		}
	}()
	whole := pointed(reflect.ValueOf(instance))
	if whole.Kind() != reflect.Struct {
		f.missing[fmt.Sprintf("a struct behind %T", instance)] = true
		return
	}
	if globals, ok := f.field(whole, "Globals", reflect.Slice); ok {
		for i := 0; i < globals.Len(); i++ {
			if g := pointed(globals.Index(i)); g.Kind() == reflect.Struct {
				f.global(number, i, g)
			}
		}
	}
	if memory, ok := f.field(whole, "MemoryInstance", reflect.Pointer); ok {
		if m := pointed(memory); m.Kind() == reflect.Struct {
			f.slice(m, "Buffer", region{Kind: "memory", Instance: number})
			f.add(region{Kind: "memory.grow", Instance: number}, m)
		}
	}
	if tables, ok := f.field(whole, "Tables", reflect.Slice); ok {
		for i := 0; i < tables.Len(); i++ {
			if t := pointed(tables.Index(i)); t.Kind() == reflect.Struct {
				f.slice(t, "References", region{Kind: "table", Index: i, Instance: number})
				f.add(region{Kind: "table.grow", Index: i, Instance: number}, t)
			}
		}
	}
	f.segments(number, whole, "DataInstances", "data")
	f.segments(number, whole, "ElementInstances", "element")
	if engine, ok := f.field(whole, "Engine", reflect.Interface); ok {
		f.add(region{Kind: "host", Instance: number, Part: "engine"}, pointed(engine.Elem()))
	}
	f.add(region{Kind: "host", Instance: number, Part: "instance"}, whole)
}

func (f *regionFinder) global(number, index int, g reflect.Value) {
	for _, part := range []string{"Val", "ValHi"} {
		if value, ok := f.field(g, part, reflect.Uint64); ok {
			f.add(region{Kind: "global", Index: index, Instance: number, Part: part}, value)
		}
	}
}

// segments adds the slices of segments, which a drop sets to nil.
func (f *regionFinder) segments(number int, whole reflect.Value, name, part string) {
	segments, ok := f.field(whole, name, reflect.Slice)
	if !ok {
		return
	}
	for i := 0; i < segments.Len(); i++ {
		f.add(region{Kind: "segment", Index: i, Instance: number, Part: part}, segments.Index(i))
	}
}

// slice adds the bytes behind a slice, up to its capacity: growth may use them without moving the slice.
func (f *regionFinder) slice(of reflect.Value, name string, as region) {
	s, ok := f.field(of, name, reflect.Slice)
	if !ok || s.Cap() == 0 {
		return
	}
	as.Start = uint64(s.Pointer())
	as.End = as.Start + uint64(s.Cap())*uint64(s.Type().Elem().Size())
	f.regions = append(f.regions, as)
}

func (f *regionFinder) add(as region, v reflect.Value) {
	if !v.IsValid() || !v.CanAddr() {
		return
	}
	as.Start = uint64(v.UnsafeAddr())
	as.End = as.Start + uint64(v.Type().Size())
	f.regions = append(f.regions, as)
}

func (f *regionFinder) field(of reflect.Value, name string, kind reflect.Kind) (reflect.Value, bool) {
	v := of.FieldByName(name)
	if !v.IsValid() || v.Kind() != kind {
		f.missing[fmt.Sprintf("%v.%s", of.Type(), name)] = true
		return v, false
	}
	return v, true
}

// pointed follows pointers and interfaces.
func pointed(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

// A roundWatch writes marker lines to stderr, where the race detector writes its reports: a report belongs to the round
// whose beginning stands before it.
type roundWatch struct {
	round     int
	instances []api.Module
	before    []region
	missing   []string
	races     int
}

// watchRound begins a round of instances that nobody calls yet. Without the race detector there is nothing to watch: nil.
func watchRound(round int, instances []api.Module) *roundWatch {
	if !detects {
		return nil
	}
	w := &roundWatch{round: round, instances: instances, races: raceCount()}
	watchCells(round, instances)
	w.before, w.missing = regionsOf(instances)
	w.before = append(w.before, shadowRegions()...)
	_, _ = fmt.Fprintf(os.Stderr, "\n@verify round %d \n", round)
	return w
}

// end ends a round whose callers have all returned. Where there were reports, it tells the regions: those before the
// callers and those after them, since growth moves a memory.
func (w *roundWatch) end() {
	if w == nil || raceCount() == w.races {
		return
	}
	known := map[region]bool{}
	for _, one := range w.before {
		known[one] = true
	}
	after := []region{}
	moved, _ := regionsOf(w.instances)
	for _, one := range moved {
		if !known[one] {
			after = append(after, one)
		}
	}
	about, err := json.Marshal(map[string]any{"before": w.before, "after": after, "missing": w.missing})
	if err != nil {
		about = []byte("{}")
	}
	_, _ = fmt.Fprintf(os.Stderr, "\n@verify end %d %s\n", w.round, about)
}
