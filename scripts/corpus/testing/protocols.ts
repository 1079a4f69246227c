/**
 * Scenarios of real protocols of real modules, `scripts/corpus/scenarios/*.stress.json`, with the answers that were
 * derived by hand before the product was asked.
 */

import type { HostId } from '../../../core/hosts/index.ts';
import type { SharingModel } from '../../../core/hosts/profile.ts';
import type { Verdict } from '../../../core/stress/explore/result.ts';

/** What a scenario must give under one sharing model. */
export interface Answer {
  /** In place of the scenario's own. */
  host?: HostId;
  model?: SharingModel;
  verdict: Verdict;
  /**
   * Every outcome that a serial order of whole sequences gives: results of each caller, those of the probe last where
   * there is one. A dash is a result that is not compared.
   */
  serial: string[][];
  /** There must be wrong outcomes, these among them; there may be none if this is missing. */
  wrong?: string[][];
  /** Whether two accesses must race; false: none may. */
  races?: boolean;
  /** What the notes of the result must match. */
  notes?: RegExp;
  /** Every schedule must have been tried. */
  exhaustive?: boolean;
}

/** One scenario file with its answers. */
export interface ProtocolCase {
  /** Name of the file without `.stress.json`. */
  scenario: string;
  /** How the answers were derived. */
  right: string;
  answers: Answer[];
}

/** SHA-256 of `abc` (FIPS 180-4, appendix B.1) and of `xyz` (coreutils' sha256sum). */
const ABC = '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const XYZ = '0x3608bca1e44ea6c4d268eb6db02260269892c0b42b86bbf1e77a6fa16c3c9282';
const digest = (value: string): string => `-, (), -, -, ${value}`;

const json = (text: string): string => `$path, (), -, $text, (), 1, $length, $formatted, ${JSON.stringify(text)}`;

const greeting = (name: string): string => `$p, (), $r, "Hello, ${name}", -, -`;
const fixedGreeting = (name: string): string => `$p, (), $r, "Hello, ${name}", -`;
/** Text in UTF-16, as AssemblyScript has it. */
const utf16 = (text: string): string => `$s, -, (), $r, 0x${Buffer.from(text, 'utf16le').toString('hex')}, -`;
const evaluated = (value: number): string => `(), $value, ${value}`;
const kept = (name: string): string => `$p, (), "${name}", -`;
const version = '$at $length, "4.13.0", ()';

const response = (uri: string): string => `1, (); response body "${uri}"`;
const routed = [response('/a'), response('/bb')];
const echoed = ['2; response body "/a"', '3; response body "/bb"'];
const lua = (value: number): string => `0, 0, ${value}, -`;
const matched = (text: string): string => `1, $start, $length, "${text}"`;

/** The scenarios with their answers. */
export const PROTOCOLS: readonly ProtocolCase[] = [
  {
    scenario: 'sha256',
    right:
      'hash-wasm has one context and one buffer for each instance: init, update and final of one caller are one ' +
      'transaction. JavaScript runs each call alone, yet an await between two of them lets the other caller in, whose ' +
      'init forgets what was hashed: both digests are then that of the second text.',
    answers: [
      {
        verdict: 'non-atomic',
        serial: [[digest(ABC), digest(XYZ)]],
        wrong: [[digest(XYZ), digest(XYZ)]],
        races: false,
      },
      { model: 'isolated', verdict: 'safe', serial: [[digest(ABC), digest(XYZ)]], exhaustive: true },
    ],
  },
  {
    scenario: 'llhttp',
    right:
      'A parser keeps its state in the block that llhttp_alloc gave, and each caller has its own parser and its own ' +
      'buffer. The callbacks are imports; one that suspends leaves only its own parser in the middle of a message.',
    answers: [{ verdict: 'safe', serial: [['(), 0, 204', '(), 0, 404']], races: false }],
  },
  {
    scenario: 'llhttp-one-parser',
    right:
      'Two responses for one parser: 204 has no body, so a 404 can follow it. A 404 without Content-Length takes ' +
      'everything that follows as its body (RFC 9112, 6.3), so a 204 after it is not seen and the status stays 404. ' +
      'A callback that suspends in the middle of a response lets the other caller change parser and buffer: error 10 ' +
      'is HPE_INVALID_METHOD, or the status of the other response is read.',
    answers: [
      {
        verdict: 'non-atomic',
        serial: [
          ['(), 0, 204', '(), 0, 404'],
          ['(), 0, 404', '(), 0, 404'],
        ],
        wrong: [['(), 0, 204', '(), 0, 204']],
        races: false,
      },
      { model: 'isolated', verdict: 'safe', serial: [['(), 0, 204', '(), 0, 404']], exhaustive: true },
    ],
  },
  {
    scenario: 'dprint-json',
    right:
      'The plugin has one shared buffer, one path and one formatted text: everything from set_file_path to the read ' +
      'of the text is one transaction. format answers 1, for changed, and puts blanks inside the braces and a line ' +
      'end at the end of the file. Another caller between get_formatted_text and the read replaces the text.',
    answers: [
      {
        model: 'cooperative',
        verdict: 'non-atomic',
        serial: [[json('{ "a": 1 }\n'), json('{ "b": 2 }\n')]],
        wrong: [[json('{ "b": 2 }\n'), json('{ "b": 2 }\n')]],
        races: false,
      },
      {
        model: 'isolated',
        verdict: 'safe',
        serial: [[json('{ "a": 1 }\n'), json('{ "b": 2 }\n')]],
        exhaustive: true,
      },
    ],
  },
  {
    scenario: 'sqlite',
    right:
      'A transaction belongs to the connection, not to the caller. BEGIN of a second caller on the same connection ' +
      'fails with SQLITE_ERROR, 1, while the first is between its BEGIN and its COMMIT; its UPDATE then belongs to ' +
      'the transaction of the first, and only one of the two COMMITs finds one to end. The counter is 2 in every ' +
      'case. With a database for each caller all six answer 0, and the counter is 1.',
    answers: [
      {
        verdict: 'non-atomic',
        serial: [['0, 0, 0', '0, 0, 0', '0, $statement, 100, 2']],
        wrong: [
          ['0, 0, 0', '1, 0, 1', '0, $statement, 100, 2'],
          ['0, 0, 1', '1, 0, 0', '0, $statement, 100, 2'],
        ],
        races: false,
        exhaustive: true,
      },
      {
        model: 'isolated',
        verdict: 'safe',
        serial: [['0, 0, 0', '0, 0, 0', '0, $statement, 100, 1']],
        exhaustive: true,
      },
    ],
  },
  {
    scenario: 'cedar',
    right:
      'getCedarVersion returns a copy of one constant text, in a block that the caller frees: every call gives the ' +
      'version of the package, at whichever address. The block comes from an allocator without locks, and the pair ' +
      'of results from the shadow stack: callers on one instance race for both. On one thread no call meets another, ' +
      'since the function calls no import that waits.',
    answers: [
      { verdict: 'race', serial: [[version, version]], wrong: [], races: true },
      { model: 'isolated', verdict: 'safe', serial: [[version, version]], exhaustive: true },
      { host: 'javascript', model: 'cooperative', verdict: 'safe', serial: [[version, version]], exhaustive: true },
    ],
  },
  {
    scenario: 'greet-c',
    right:
      'malloc and free of wasi-libc without threads have no lock: callers on one instance race for the free list and ' +
      'get the same block, so that a text is overwritten by the other, or a call traps in the damaged list. With an ' +
      'instance for each, each gets its own text.',
    answers: [
      {
        verdict: 'race',
        serial: [[greeting('Lena'), greeting('Mira')]],
        wrong: [],
        races: true,
      },
      { model: 'isolated', verdict: 'safe', serial: [[greeting('Lena'), greeting('Mira')]], exhaustive: true },
    ],
  },
  {
    scenario: 'greet-c-static',
    right:
      'The text is in a static buffer: it is valid until the next call, of whichever caller. On one thread too, a ' +
      'caller that reads it after an await reads what the other one was told.',
    answers: [
      {
        verdict: 'non-atomic',
        serial: [[fixedGreeting('Lena'), fixedGreeting('Mira')]],
        wrong: [
          [fixedGreeting('Mira'), fixedGreeting('Mira')],
          [fixedGreeting('Lena'), fixedGreeting('Lena')],
        ],
        races: false,
      },
      {
        model: 'isolated',
        verdict: 'safe',
        serial: [[fixedGreeting('Lena'), fixedGreeting('Mira')]],
        exhaustive: true,
      },
    ],
  },
  {
    scenario: 'greet-as',
    right:
      'Every call makes a new string, and the argument is pinned: on one thread the callers get their own texts. The ' +
      'collector runs only when more was allocated than its threshold, far beyond two strings. On threads, the ' +
      'allocator and the list of objects are shared without a lock.',
    answers: [
      { verdict: 'safe', serial: [[utf16('Hello, Lena'), utf16('Hello, Mira')]], races: false, exhaustive: true },
      {
        host: 'wazero',
        model: 'shared-instance',
        verdict: 'race',
        serial: [[utf16('Hello, Lena'), utf16('Hello, Mira')]],
        wrong: [],
        races: true,
      },
    ],
  },
  {
    scenario: 'greet-go',
    right:
      'A Go reactor runs its exports on goroutines of one scheduler, whose stack pointer and state are globals and ' +
      'static memory: callers on one instance race at the first instruction. With an instance for each, each gets its ' +
      'own text.',
    answers: [
      { verdict: 'race', serial: [[greeting('Lena'), greeting('Mira')]], races: true },
      { model: 'isolated', verdict: 'safe', serial: [[greeting('Lena'), greeting('Mira')]], exhaustive: true },
    ],
  },
  {
    scenario: 'quickjs-asyncify',
    right:
      'Two scripts of one context share the global n. Each waits in a host function between writing and reading it: ' +
      'the one that is resumed after the other has written computes with the value of the other, 2 * 7 or 6 * 5.',
    answers: [
      {
        verdict: 'non-atomic',
        serial: [[evaluated(42), evaluated(10)]],
        wrong: [
          [evaluated(14), evaluated(10)],
          [evaluated(42), evaluated(30)],
        ],
        races: false,
        exhaustive: true,
      },
      { model: 'isolated', verdict: 'safe', serial: [[evaluated(42), evaluated(10)]], exhaustive: true },
    ],
  },
  {
    scenario: 'oxc-threads',
    right:
      'The allocator of a build for threads takes a lock for every operation: each thread gets a block of its own. ' +
      'The lock counts how often it spins, so that not every schedule can be tried.',
    answers: [{ verdict: 'safe', serial: [[kept('Lena'), kept('Mira')]], races: false }],
  },
  {
    scenario: 'avif-pthreads',
    right:
      'Emscripten builds dlmalloc with a lock for programs with pthreads: each thread gets a block of its own. The ' +
      'lock word is also read by a plain load before it is taken, which is a data race with the atomic exchange, ' +
      'though no outcome depends on it.',
    answers: [{ verdict: 'race', serial: [[kept('Lena'), kept('Mira')]], races: true }],
  },
  {
    scenario: 'router',
    right:
      'The handler keeps the URI of a request in static memory between handle_request and handle_response, as the host ' +
      'wrote it: a second request in between replaces it, so that both responses show the URI of the second. Locks ' +
      'around each call do not help: on one thread it happens, too.',
    answers: [
      { verdict: 'race', serial: [routed], wrong: [[response('/bb'), response('/bb')]], races: true, exhaustive: true },
      {
        host: 'javascript',
        model: 'cooperative',
        verdict: 'non-atomic',
        serial: [routed],
        wrong: [
          [response('/bb'), response('/bb')],
          [response('/a'), response('/a')],
        ],
        races: false,
        exhaustive: true,
      },
      { model: 'isolated', verdict: 'safe', serial: [routed], exhaustive: true },
    ],
  },
  {
    scenario: 'router-echo',
    right:
      'The URI is on the stack of the call. Threads on one instance share the stack pointer, and with it the frame: ' +
      'the response mixes both URIs. On one thread the frame of a suspended call lies above that of the next one, ' +
      'and each returns from its only call.',
    answers: [
      {
        verdict: 'race',
        serial: [echoed],
        wrong: [[echoed[0], '3; response body "/ab"']],
        races: true,
        exhaustive: true,
      },
      { host: 'javascript', model: 'cooperative', verdict: 'safe', serial: [echoed], races: false, exhaustive: true },
      { model: 'isolated', verdict: 'safe', serial: [echoed], exhaustive: true },
    ],
  },
  {
    scenario: 'wasmoon',
    right:
      'Every Lua state has its own stack and globals: on one thread, two states on one instance do not meet, and ' +
      'n, which is nil at first, becomes 1 in each.',
    answers: [
      { verdict: 'safe', serial: [[lua(7), lua(7)]], races: false, exhaustive: true },
      { model: 'isolated', verdict: 'safe', serial: [[lua(7), lua(7)]], exhaustive: true },
    ],
  },
  {
    scenario: 'wasmoon-one-state',
    right:
      'Two callers push to the stack of one Lua state. One after the other, they count n to 1 and 2. If both load ' +
      'before one calls, the call of the second finds the result of the first on top of its function and tries to ' +
      'call the number 7: LUA_ERRRUN, 2, with a message in place of the value, which is no integer, 0.',
    answers: [
      {
        verdict: 'non-atomic',
        serial: [
          [lua(7), lua(14)],
          [lua(14), lua(7)],
        ],
        wrong: [[lua(7), '0, 2, 0, -']],
        races: false,
      },
    ],
  },
  {
    scenario: 're2',
    right:
      'A compiled expression is constant, and each caller has its own block for the spans: only what the instances of ' +
      'the threads share without meaning to can be wrong. As the host sets no stack pointer, both stacks are at the ' +
      'same place: spans are written by one and read by the other.',
    answers: [
      {
        verdict: 'race',
        serial: [[matched('123'), matched('789')]],
        wrong: [],
        races: true,
        // __wasm_init_tls moves no stack.
        notes: /stacks overlap: .*The module exports the pointer, so a host can set it in each instance/,
      },
    ],
  },
  {
    scenario: 're2-threads',
    right:
      'With a stack and thread-local storage for each thread, as go-re2 sets them up, every match is right. What is ' +
      'left is the lock of the allocator, which is also read by a plain load.',
    answers: [
      {
        verdict: 'race',
        serial: [[matched('123'), matched('789')]],
        races: true,
        notes: /The host must set __stack_pointer in each instance before its first call\.$/m,
      },
    ],
  },
];
