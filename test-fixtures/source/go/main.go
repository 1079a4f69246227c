// Command hits counts hits, for all callers of an instance.
//
// The compiler of Go writes no debug information for WebAssembly: its functions have names, its lines have none.
package main

var (
	hits   int64
	recent [4]int64
	byPage = map[int32]int64{}
)

//go:wasmexport hit
func hit(page int32) int64 {
	before := hits
	recent[before&3] = int64(page)
	byPage[page]++
	hits = before + 1
	return hits
}

//go:wasmexport hits_of
func hitsOf(page int32) int64 {
	return byPage[page]
}

func main() {}
