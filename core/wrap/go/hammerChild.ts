/** Go, wazero: the part of a hammer test that runs each unsafe pair in a process of its own. */

/** Names that depend on the wrapper: `lower` begins unexported names, `upper` is part of the names of tests. */
export interface HammerNames {
  lower: string;
  upper: string;
}

/** Environment variable without which nothing unsafe runs. */
const UNSAFE = 'WASM_HAZARDS_UNSAFE';

/** Packages that `childProcess` needs. */
export const CHILD_IMPORTS: readonly string[] = [
  'bytes',
  'context',
  'os',
  'os/exec',
  'strconv',
  'strings',
  'testing',
  'time',
];

/** The test of calls on one instance without a lock, and how it starts a child for each pair. */
export const childProcess = ({ lower, upper }: HammerNames): string => `
// Test${upper}Shared calls exports of one instance concurrently, without a lock. wazero does not support that: calls can
// return wrong results, never return, or crash the process. Each pair runs in a child process.
func Test${upper}Shared(t *testing.T) {
	const pairVariable = "WASM_HAZARDS_PAIR"
	if number := os.Getenv(pairVariable); number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n >= len(${lower}Pairs) {
			t.Fatalf("%s: there is no pair %q", pairVariable, number)
		}
		${lower}Run(t, ${lower}Pairs[n], ${lower}Unguarded)
		return
	}
	if os.Getenv("${UNSAFE}") == "" {
		t.Skip("this test shares an instance without a lock, which can fail, hang or crash: set ${UNSAFE}=1 to run it")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for n, pair := range ${lower}Pairs {
		args := []string{"-test.run=^Test${upper}Shared$", "-test.v", "-test.timeout=" + ${lower}PairLimit.String()}
		if testing.Short() {
			args = append(args, "-test.short")
		}
		variables := append(os.Environ(), pairVariable+"="+strconv.Itoa(n), ${lower}Detector)
		t.Run(pair.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), ${lower}PairLimit+10*time.Second)
			defer cancel()
			child := exec.CommandContext(ctx, program, args...)
			child.Env = variables
			output := &${lower}Output{}
			child.Stdout, child.Stderr = output, output
			${lower}Judge(t, output, child.Run(), ctx.Err())
		})
	}
}

// ${lower}Detector makes Go's race detector report races at places where it has reported one before: all exports share
// the code of the interpreter.
const ${lower}Detector = "GORACE=suppress_equal_stacks=0 suppress_equal_addresses=0 atexit_sleep_ms=100"

// ${lower}Judge says how a child ended: every end other than success or a skip is an outcome that a lock prevents.
func ${lower}Judge(t *testing.T, output *${lower}Output, failed, killed error) {
	text := strings.ReplaceAll(output.String(), "=== RUN   Test${upper}Shared\\n", "")
	switch {
	case killed != nil || strings.Contains(text, "panic: test timed out"):
		t.Errorf("hang: calls did not return within %v\\n%s", ${lower}PairLimit, text)
	case output.races > 0:
		t.Errorf("%d data races, of which this is the first:\\n%s", output.races, text)
	case failed == nil && strings.Contains(text, "--- SKIP"):
		t.Skip(text)
	case failed == nil:
		t.Log(text)
	case strings.Contains(text, "--- FAIL"):
		t.Error(text)
	default:
		t.Errorf("crash: %v\\n%s", failed, text)
	}
}

// ${lower}Output keeps the beginning and the end of an output, and counts the races that it reports.
type ${lower}Output struct {
	head, tail, last []byte
	shortened        bool
	races            int
}

func (o *${lower}Output) Write(p []byte) (int, error) {
	// A report may be split between two writes.
	warning := []byte("WARNING: DATA RACE")
	o.last = append(o.last, p...)
	o.races += bytes.Count(o.last, warning)
	if extra := len(o.last) - len(warning) + 1; extra > 0 {
		o.last = append([]byte(nil), o.last[extra:]...)
	}

	const most = 1 << 13
	space := most - len(o.head)
	if space > len(p) {
		space = len(p)
	}
	o.head = append(o.head, p[:space]...)
	o.tail = append(o.tail, p[space:]...)
	if extra := len(o.tail) - most; extra > 0 {
		o.tail = append([]byte(nil), o.tail[extra:]...)
		o.shortened = true
	}
	return len(p), nil
}

func (o *${lower}Output) String() string {
	if o.shortened {
		return string(o.head) + "\\n... shortened ...\\n" + string(o.tail)
	}
	return string(o.head) + string(o.tail)
}
`;
