/** Go, wazero: the part of a hammer test that runs a pair of calls in rounds, and compares with serial orders. */

import type { HammerNames } from './hammerChild.ts';

/** Packages that `rounds` needs. */
export const ROUND_IMPORTS: readonly string[] = [
  'context',
  'fmt',
  'os',
  'runtime',
  'sort',
  'strings',
  'sync',
  'sync/atomic',
  'testing',
  'time',
];

/** The function that runs a pair in one of three ways, and what it is made of. `memory`: whether there is one to compare. */
export const rounds = ({ lower, upper }: HammerNames, memory: boolean): string => `
// ${lower}Way is how the goroutines of a round call the module.
type ${lower}Way int

const (
	${lower}Unguarded ${lower}Way = iota
	${lower}Guarded
	${lower}Separate
)

const (
	// ${lower}CallLimit is the time for a call: one that takes longer is ended, and counts as hanging.
	${lower}CallLimit = 3 * time.Second
	// ${lower}SerialLimit is the time for the calls of a pair in serial order, including new instances.
	${lower}SerialLimit = 20 * time.Second
	// ${lower}PairLimit is the time for all rounds of a pair.
	${lower}PairLimit = 60 * time.Second
)

// ${lower}Stuck is true when a call could not be ended, and still runs.
var ${lower}Stuck bool

// ${lower}Run runs the pair within its limits: a call that waits for another one cannot be ended, only left alone.
func ${lower}Run(t *testing.T, pair ${lower}Pair, way ${lower}Way) {
	if ${lower}Stuck {
		t.Skip("a call of an earlier pair still runs, and would disturb this one")
	}
	wasm, err := os.ReadFile(${lower}Wasm)
	if err != nil {
		t.Fatalf("put the module next to this test, or change ${lower}Wasm: %v", err)
	}
	source, err := new${upper}Source(context.Background(), wasm)
	if err != nil {
		t.Fatal(err)
	}
	h := &${lower}Rounds{pair: pair, way: way, source: source, want: map[string]bool{}}
	ended := ${lower}Within(${lower}SerialLimit, func() { err = h.serially() })
	switch {
	case !ended:
		// wazero looks at the context of a call in loops only, and wakes no call that waits in memory.
		${lower}Stuck = true
		t.Skip("a call does not return, not even when it runs alone, and cannot be ended: replace the arguments in ${lower}Pairs; a call that waits for another goroutine cannot be hammered")
	case err != nil && strings.Contains(err.Error(), "is not implemented"):
		t.Skipf("the module needs a function of its host: %v", err)
	case err != nil:
		t.Fatal(err)
	case h.unusable != "":
		t.Skip(h.unusable)
	}
	if !${lower}Within(${lower}PairLimit-${lower}SerialLimit-5*time.Second, func() { err = h.concurrently() }) {
		${lower}Stuck = true
		t.Fatalf("hang: the calls return when they run alone, but not all of them did here within %v", ${lower}PairLimit)
	}
	source.close(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if h.unusable != "" {
		t.Skip(h.unusable)
	}
	if h.wrong != "" {
		t.Errorf("in round %d:\\n%s", h.rounds, h.wrong)
		return
	}
	t.Logf("%d rounds, %d calls: no wrong outcome seen, which does not prove that there is none%s", h.rounds, h.calls, h.note)
}

func ${lower}Within(limit time.Duration, f func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
		return true
	case <-time.After(limit):
		return false
	}
}

// ${lower}Rounds is what the rounds of a pair have in common, and what they found.
type ${lower}Rounds struct {
	pair   ${lower}Pair
	way    ${lower}Way
	source *${lower}Source

	// want has the outcomes of the serial orders of one call of each.
	want map[string]bool
	// unusable says why nothing was learned: a round without calls that return is not a success.
	unusable string

	rounds, calls int
	// wrong says what went wrong in the last round, and note what limits the others.
	wrong, note string
}

// serially runs both orders of the two calls, each on new instances.
func (h *${lower}Rounds) serially() error {
	a, b := h.pair.a, h.pair.b
	var ends [2][]${lower}End
	for _, first := range []int{0, 1} {
		mods, err := h.instances(2)
		if err != nil {
			return err
		}
		calls := []${lower}Call{a, b}
		var outcomes [2]${lower}End
		for _, n := range []int{first, 1 - first} {
			outcomes[n] = calls[n].once(mods[n].ExportedFunction(calls[n].export))
			ends[n] = append(ends[n], outcomes[n])
			if outcomes[n].hung {
				h.close(mods)
				h.unusable = fmt.Sprintf("%s does not return within %v, not even when it runs alone: replace its arguments in ${lower}Pairs", calls[n].export, ${lower}CallLimit)
				return nil
			}
		}
		h.want[h.outcome(outcomes[:], mods)] = true
		h.close(mods)
	}
	for n, call := range []${lower}Call{a, b} {
		if text := ends[n][0].text; !ends[n][0].returned && strings.Contains(text, "is not implemented") {
			h.unusable = fmt.Sprintf("%s needs a function of its host: %s", call.export, text)
		} else if !ends[n][0].returned && !ends[n][1].returned {
			h.unusable = fmt.Sprintf("no call of %s returns, each ends with %q: replace its arguments in ${lower}Pairs, which are guesses", call.export, text)
		}
	}
	return nil
}

// concurrently runs rounds on new instances: a race on state that is set up once shows in the first calls only.
func (h *${lower}Rounds) concurrently() error {
	budget, rounds, goroutines, loop := 3*time.Second, 1000, 8, 200
	if testing.Short() || h.way != ${lower}Unguarded {
		budget, rounds, goroutines, loop = budget/6, rounds/50, goroutines/2, loop/4
	}
	if testing.Short() && h.way != ${lower}Unguarded {
		budget /= 4
	}
	begin := time.Now()
	for n := 0; n < rounds && h.wrong+h.unusable == "" && time.Since(begin) < budget; n++ {
		if err := h.round(2, 1, budget); err != nil {
			return err
		}
	}
	// Many calls in a loop overlap more than single ones.
	begin = time.Now()
	for n := 0; n < 3 && h.wrong+h.unusable == "" && time.Since(begin) < budget; n++ {
		if err := h.round(goroutines, loop, budget); err != nil {
			return err
		}
	}
	return nil
}

// round lets goroutines make calls, a and b by turns, until each has made so many or the budget is used up.
func (h *${lower}Rounds) round(goroutines, loop int, budget time.Duration) error {
	mods, err := h.instances(goroutines)
	if err != nil {
		return err
	}
	defer h.close(mods)
	h.rounds++
	if loop > 1 {
		// With half as many processors as goroutines, goroutines move between processors.
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(goroutines / 2))
	}
	outcomes := make([][]${lower}End, goroutines)
	var ready atomic.Int32
	var lock sync.Mutex
	var running sync.WaitGroup
	for n := range outcomes {
		running.Add(1)
		go func(n int) {
			defer running.Done()
			call := h.call(n)
			// A function object runs one call at a time: each goroutine has its own.
			fn := mods[n].ExportedFunction(call.export)
			// Waiting in a loop starts all at nearly the same time.
			for ready.Add(1); ready.Load() < int32(goroutines); {
				runtime.Gosched()
			}
			begin := time.Now()
			for len(outcomes[n]) < loop && (len(outcomes[n]) == 0 || time.Since(begin) < budget) {
				if h.way == ${lower}Guarded {
					lock.Lock()
				}
				end := call.once(fn)
				if h.way == ${lower}Guarded {
					lock.Unlock()
				}
				if outcomes[n] = append(outcomes[n], end); end.hung {
					return
				}
			}
		}(n)
	}
	running.Wait()
	for n, ends := range outcomes {
		h.calls += len(ends)
		if last := ends[len(ends)-1]; last.hung && loop == 1 && h.way != ${lower}Unguarded {
			// They run as they do serially: the machine is busy.
			h.unusable = fmt.Sprintf("%s does not always return within %v, not even when nothing disturbs it", h.call(n).export, ${lower}CallLimit)
			return nil
		} else if last.hung && loop == 1 {
			h.wrong = fmt.Sprintf("hang: %s returns within %v when it runs alone, but not here", h.call(n).export, ${lower}CallLimit)
			return nil
		} else if last.hung {
			// Nor may it when so many calls run serially.
			h.note = fmt.Sprintf("; after %d calls %s did not return", len(ends)-1, h.call(n).export)
			return nil
		}
	}
	if loop == 1 {
		got := h.outcome([]${lower}End{outcomes[0][0], outcomes[1][0]}, mods)
		if !h.want[got] {
			h.wrong = got + "\\nis the outcome of no serial order; these are:\\n" + strings.Join(${lower}Sorted(h.want), "\\n")
		}
		return nil
	}
	return h.compare(outcomes, mods)
}

// compare compares calls in a loop with the same number of calls in a row. If a and b differ, the rounds of one call
// each have been compared.
func (h *${lower}Rounds) compare(outcomes [][]${lower}End, mods []api.Module) error {
	groups := make([][]${lower}End, 0, len(outcomes))
	switch {
	case h.way == ${lower}Separate:
		groups = outcomes
	case h.pair.a.export == h.pair.b.export:
		// All calls are the same, so every serial order of them has the same outcomes and leaves the same memory.
		var all []${lower}End
		for _, some := range outcomes {
			all = append(all, some...)
		}
		groups = append(groups, all)
	}
	for n, group := range groups {
		serial, err := h.instances(1)
		if err != nil {
			return err
		}
		call := h.call(n)
		fn := serial[0].ExportedFunction(call.export)
		var got, want []string
		for _, end := range group {
			got = append(got, end.text)
			want = append(want, call.once(fn).text)
		}
		// Which goroutine gets which outcome depends on the order.
		sort.Strings(got)
		sort.Strings(want)
${memory ? `		got, want = append(got, ${lower}Memory(mods[n])), append(want, ${lower}Memory(serial[0]))\n` : ''}		h.close(serial)
		for i := range want {
			if got[i] != want[i] {
				h.wrong = fmt.Sprintf("%d calls of %s: outcome %d in ascending order is %s, but %s when they run serially", len(group), call.export, i+1, got[i], want[i])
				break
			}
		}
	}
	return nil
}

// call returns the call that goroutine n makes.
func (h *${lower}Rounds) call(n int) ${lower}Call {
	if n%2 == 1 {
		return h.pair.b
	}
	return h.pair.a
}

// outcome describes what one call of each led to.
func (h *${lower}Rounds) outcome(ends []${lower}End, mods []api.Module) string {
	parts := make([]string, 0, 4)
	for n, end := range ends {
		parts = append(parts, fmt.Sprintf("%s: %s", h.call(n).export, end.text))
${
  memory
    ? `		if n == 0 || h.way == ${lower}Separate {
			parts = append(parts, ${lower}Memory(mods[n]))
		}
`
    : ''
}	}
	return strings.Join(parts, ", ")
}

// instances returns an instance for each of the goroutines, or the same one for all.
func (h *${lower}Rounds) instances(goroutines int) ([]api.Module, error) {
	mods := make([]api.Module, goroutines)
	for n := range mods {
		if n > 0 && h.way != ${lower}Separate {
			mods[n] = mods[0]
			continue
		}
		mod, err := h.source.instance(context.Background())
		if err != nil {
			h.close(mods)
			return nil, err
		}
		mods[n] = mod
		for _, call := range []${lower}Call{h.pair.a, h.pair.b} {
			if mod.ExportedFunction(call.export) == nil {
				h.close(mods)
				return nil, fmt.Errorf("the module exports no function %q: generate this test again", call.export)
			}
		}
	}
	return mods, nil
}

func (h *${lower}Rounds) close(mods []api.Module) {
	for n, mod := range mods {
		if mod != nil && (n == 0 || mod != mods[0]) {
			h.source.release(context.Background(), mod)
		}
	}
}

// ${lower}End is how a call ended.
type ${lower}End struct {
	text           string
	returned, hung bool
}

// once makes the call, within its limit.
func (c ${lower}Call) once(fn api.Function) (end ${lower}End) {
	defer func() {
		if reason := recover(); reason != nil {
			end = ${lower}End{text: fmt.Sprintf("panic %v", reason)}
		}
	}()
	// A context that calls have in common would synchronise them and hide races.
	ctx, cancel := context.WithTimeout(context.Background(), ${lower}CallLimit)
	defer cancel()
	results, err := fn.Call(ctx, c.params...)
	switch {
	case err == nil:
		return ${lower}End{text: fmt.Sprint(results), returned: true}
	case ctx.Err() != nil:
		return ${lower}End{text: "no return", hung: true}
	}
	// The other lines are the stack.
	line, _, _ := strings.Cut(err.Error(), "\\n")
	return ${lower}End{text: "error " + line}
}

func ${lower}Sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for one := range set {
		list = append(list, one)
	}
	sort.Strings(list)
	return list
}
${memory ? memoryText(lower) : ''}`;

const memoryText = (lower: string): string => `
func ${lower}Memory(mod api.Module) string {
	memory := mod.Memory()
	pages, _ := memory.Grow(0)
	sum := sha256.New()
	// A page at a time: the size in bytes of the largest memory does not fit into a uint32.
	for page := uint32(0); page < pages; page++ {
		view, _ := memory.Read(page<<16, 1<<16)
		sum.Write(view)
	}
	return fmt.Sprintf("memory of %d pages with SHA-256 %x", pages, sum.Sum(nil)[:8])
}
`;
