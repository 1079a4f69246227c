/** Go, wazero: a hammer test in wazero's own form, see "Hammer tests" in its RATIONALE.md. */

import { hammerPairs, integerFor } from '../hammerPairs.ts';
import { header } from '../header.ts';
import { goString } from '../quoting.ts';
import type { NumType } from '../signature.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { initialised } from './life.ts';
import { packageNameOf } from './packageName.ts';
import { goImports, WAZERO } from './parts.ts';
import { importAdvice, moduleConfig, runtimeSetup } from './setup.ts';

const ARGUMENTS: Readonly<Record<NumType, (integer: string) => string>> = {
  i32: (integer) => `api.EncodeU32(${integer})`,
  i64: (integer) => integer,
  f32: () => 'api.EncodeF32(1.5)',
  f64: () => 'api.EncodeF64(1.5)',
};

/** What a module that grows in a loop may have beyond its first size, in pages of 64 KiB. */
const SPARE_PAGES = 256;

/**
 * Source of a Go test file with three tests: calls on one instance, on one instance behind a lock, and on an instance
 * for each goroutine. The first fails by design where exports conflict.
 */
export function goHammer(input: WrapInput): string {
  const { surface, module, moduleFile } = input;
  const packageName = input.packageName ?? packageNameOf(input.base);
  // The first of the tests shares an instance, whatever the sharing model of the evidence is.
  const pairs = hammerPairs(module, input.sharedInstance(), surface);
  const conflicts = pairs.some(({ cell }) => cell !== undefined);
  const first = Number(module.memories[0]?.limits.min ?? 0n);
  const most = Math.min(65536, first + SPARE_PAGES);
  const setup = runtimeSetup(surface, {
    infix: 'Hammer',
    base: 'wazero.NewRuntimeConfigInterpreter()',
    config: [
      '// An export that grows the memory in a loop must not exhaust the memory of the machine.',
      `WithMemoryLimitPages(${most})`,
    ],
    cache: false,
  });
  const wasmName = moduleFile.replace(/\.[^.]*$/, '.wasm');
  const rows = pairs.map(({ a, b, cell }) => {
    const title = a === b ? `${a.name} with itself` : `${a.name} with ${b.name}`;
    const why = cell === undefined ? '' : `\t// They conflict on ${cell.replace(/[\p{Cc}\p{Cf}]/gu, ' ')}.\n`;
    return `${why}\t{${goString(title)}, ${callText(a)}, ${callText(b)}},\n`;
  });
  const state = surface.memory;
  const imports = ['context', 'fmt', 'os', 'runtime', 'sort', 'strings', 'sync', 'testing', WAZERO, `${WAZERO}/api`];
  if (state) imports.push('crypto/sha256');
  return `${header(input, `Hammer tests of ${moduleFile} for wazero. Run them with: go test -race -run Hammer`, [
    conflicts
      ? 'TestHammerShared runs exports that conflict on one instance, with a function object for each goroutine. It demonstrates the hazard and fails by design: skip it once you have seen it fail. TestHammerGuarded and TestHammerInstances apply the two remedies, a lock and an instance for each goroutine, and must pass.'
      : 'The analysis found no conflicts between these calls on one instance, so all three tests should pass.',
    ...(pairs.some(({ cell }) => cell?.includes('grow'))
      ? [
          "A store that races with growth can write outside the guest's memory, into the heap of the test: run TestHammerShared in its own process.",
        ]
      : []),
    ...importAdvice(surface),
    "The tests use wazero's interpreter because Go's race detector does not see the memory accesses of compiled WebAssembly.",
  ]).join('\n')}

package ${packageName}

${goImports([...imports, ...setup.imports])}
// hammerWasm is read when the test runs. With go:embed the package would not compile until the module has been
// built.
const hammerWasm = ${goString(wasmName)}

// hammerCall is a call to an export. The arguments are guesses: replace them with values that your host passes.
type hammerCall struct {
	export string
	params []uint64
}

var hammerPairs = []struct {
	name string
	a, b hammerCall
}{
${rows.join('')}}

// TestHammerShared calls exports of one instance concurrently, without a lock.
func TestHammerShared(t *testing.T) {
	hammerAll(t, false, false)
}

// TestHammerGuarded does the same with a lock around each call.
func TestHammerGuarded(t *testing.T) {
	hammerAll(t, true, false)
}

// TestHammerInstances gives each goroutine its own instance.
func TestHammerInstances(t *testing.T) {
	hammerAll(t, false, true)
}

func hammerAll(t *testing.T, guarded, separate bool) {
	wasm, err := os.ReadFile(hammerWasm)
	if err != nil {
		t.Fatalf("put the module next to this test, or change hammerWasm: %v", err)
	}
	for _, pair := range hammerPairs {
		t.Run(pair.name, func(t *testing.T) {
			hammerPair(t, wasm, pair.a, pair.b, guarded, separate)
		})
	}
}

// hammerPair runs a and b in P goroutines, N times each.
func hammerPair(t *testing.T, wasm []byte, a, b hammerCall, guarded, separate bool) {
	P, N := 8, 1000
	if testing.Short() {
		P, N = 4, 100
	}
	ctx := context.Background()
	mods := make([]api.Module, P)
	for p := range mods {
		if separate || p == 0 {
			mods[p] = newHammerInstance(t, ctx, wasm)
		} else {
			mods[p] = mods[0]
		}
	}

	// With half as many processors as goroutines, goroutines move between processors.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(P / 2))
	var gate sync.WaitGroup
	gate.Add(P)
	var lock sync.Mutex
	finished := make(chan int)
	outcomes := make([][]string, P)
	for p := 0; p < P; p++ {
		call := a
		if p%2 == 1 {
			call = b
		}
		go func(p int, call hammerCall) {
			defer func() {
				if reason := recover(); reason != nil {
					t.Errorf("goroutine %d: %v", p, reason)
				}
				finished <- 1
			}()
			// A function object runs one call at a time: each goroutine has its own.
			fn := mods[p].ExportedFunction(call.export)
			once := func() string {
				if guarded {
					lock.Lock()
					// Unlock even after a panic, or the other goroutines block forever.
					defer lock.Unlock()
				}
				return hammerOutcome(fn.Call(ctx, call.params...))
			}
			gate.Wait()
			for n := 0; n < N; n++ {
				outcomes[p] = append(outcomes[p], once())
			}
		}(p, call)
	}
	gate.Add(-P)
	for p := 0; p < P; p++ {
		<-finished
	}
	if failures := countHammerFailures(outcomes); failures == P*N {
		t.Logf("every call failed, the first with %s: replace the arguments with valid ones", outcomes[0][0])
	}
	if t.Failed() || a.export != b.export {
		return
	}

	// All calls are the same, so every serial order of them has the same outcomes and leaves the same memory.
	rounds := P * N
	if separate {
		rounds = N
	}
	serial := newHammerInstance(t, ctx, wasm)
	fn := serial.ExportedFunction(a.export)
	want := make([]string, 0, rounds)
	for n := 0; n < rounds; n++ {
		want = append(want, hammerOutcome(fn.Call(ctx, a.params...)))
	}
	if separate {
		for p, got := range outcomes {
			compareHammer(t, fmt.Sprintf("goroutine %d", p), got, want)
${state ? '\t\t\tcompareHammer(t, fmt.Sprintf("memory of goroutine %d", p), hammerMemory(mods[p]), hammerMemory(serial))\n' : ''}		}
		return
	}
	var got []string
	for _, some := range outcomes {
		got = append(got, some...)
	}
	// Which goroutine gets which outcome depends on the order.
	sort.Strings(got)
	sort.Strings(want)
	compareHammer(t, "all goroutines", got, want)
${state ? '\tcompareHammer(t, "memory", hammerMemory(mods[0]), hammerMemory(serial))\n' : ''}}

func compareHammer(t *testing.T, who string, got, want []string) {
	t.Helper()
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("%s: outcome %d of %d is %s, but %s when run serially", who, n+1, len(want), got[n], want[n])
			return
		}
	}
}

func countHammerFailures(outcomes [][]string) int {
	failures := 0
	for _, some := range outcomes {
		for _, outcome := range some {
			if strings.HasPrefix(outcome, "error ") {
				failures++
			}
		}
	}
	return failures
}

func hammerOutcome(results []uint64, err error) string {
	if err != nil {
		return fmt.Sprintf("error %v", err)
	}
	return fmt.Sprint(results)
}
${
  state
    ? `
func hammerMemory(mod api.Module) []string {
	memory := mod.Memory()
	pages, _ := memory.Grow(0)
	sum := sha256.New()
	// A page at a time: the size in bytes of the largest memory does not fit into a uint32.
	for page := uint32(0); page < pages; page++ {
		view, _ := memory.Read(page<<16, 1<<16)
		sum.Write(view)
	}
	return []string{fmt.Sprintf("%d pages, sha256 %x", pages, sum.Sum(nil))}
}
`
    : ''
}
func newHammerInstance(t *testing.T, ctx context.Context, wasm []byte) api.Module {
	t.Helper()
	r, err := newHammerRuntime(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(ctx) })
	mod, err := r.InstantiateWithConfig(ctx, wasm, ${moduleConfig(surface)})
	if err != nil {
		t.Fatal(err)
	}
${initialised(surface, 'Hammer', '		t.Fatal(err)\n')}	return mod
}
${setup.text}`;
}

function callText(one: WrapExport): string {
  const { name, params } = one;
  const given = params.map((type) => ARGUMENTS[type](integerFor(one)));
  return `hammerCall{${goString(name)}, ${params.length === 0 ? 'nil' : `[]uint64{${given.join(', ')}}`}}`;
}
