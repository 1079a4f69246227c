/** The command lines of `stress`, `replay`, `hammer` and `verify`. */
import { DEFAULT_HOST, HOST_IDS, type HostId } from '../../../core/hosts/index.ts';
import { SHARING_MODELS, type SharingModel } from '../../../core/hosts/profile.ts';
import { DEFAULT_FORMAT, type FormatName } from '../../../core/report/formats.ts';
import { parseSteps } from '../../../core/report/stepSyntax.ts';
import { MAX_CALLERS, MAX_CALLS } from '../../../core/stress/scenario/scenario.ts';
import type { Step } from '../../../core/stress/scenario/steps.ts';
import { UNITS, type Unit } from '../../../core/stress/scenario/units.ts';
import { FINDING_HELP, FINDING_OPTIONS, type FindingOptions, findingOptions } from '../findings/findingOptions.ts';
import { UsageError } from '../io.ts';
import {
  FORMAT_HELP,
  formatOf,
  oneOf,
  parseCommandLine,
  SOURCE_HELP,
  SOURCE_OPTIONS,
  type SourceOptions,
  sourceOptions,
  wordLines,
} from '../options.ts';
import { parseShard, type ShardOption } from './shardOption.ts';

/** Options after parsing. What is undefined was not given: the scenario decides, or else a default. */
export interface StressOptions {
  file: string;
  /** Path of a scenario file. */
  scenario: string | undefined;
  /** Whether a scenario may name JavaScript outside of its folder. */
  allowImports: boolean;
  /** Calls of each caller, from `--call`. */
  callers: Step[][];
  /** Calls before the callers start and after they return, from `--setup` and `--probe`. */
  /** `none`: the module's initialisers are not called. */
  life: 'auto' | 'none' | undefined;
  setup: Step[];
  probe: Step[];
  /** Concurrent callers, from `--callers`. */
  count: number | undefined;
  host: HostId | undefined;
  model: SharingModel | 'auto' | undefined;
  unit: Unit | 'auto' | undefined;
  /** Patterns of `module.name` of imports that suspend. */
  suspending: string[];
  seconds: number | undefined;
  seed: number | undefined;
  source: SourceOptions;
  format: FormatName;
  findings: FindingOptions;
  full: boolean;
  /** Run every scenario of a plan, however many. */
  all: boolean;
  /** `stress` only: scenarios of a plan that run at a time. */
  jobs: number | undefined;
  /** `stress` only: the share of a plan to run. */
  shard: ShardOption | undefined;
  /** `replay` only. */
  schedule: string | undefined;
  /** `verify` only. */
  goDir: string | undefined;
  rounds: number | undefined;
  goOutput: boolean;
  /** Whether the calls are made through generated code, too. */
  remedies: boolean;
  exact: boolean;
}

const COMMON = `      --scenario FILE     a scenario file (*.stress.json) for the module FILE
      --allow-imports     run the JavaScript that the scenario names for its imports, also if it is outside of the
                          scenario's folder; otherwise you are asked, or it is refused
      --call 'put(0,1)'   calls of one caller, separated by ";"; repeat it for more callers.
                          Results have names and the host accesses memory:
                          'p = malloc(4); write p "Lena"; r = greet(p, 4); read r>>32 r&0xffffffff utf8; free(p, 4)'
      --callers N         number of concurrent callers (default: one for each --call, but at least 2);
                          with fewer --call lists than callers, the lists are repeated in order
      --life none         do not call what the module needs before its API works (_initialize, _start, constructors)
      --setup 'init(1)'   calls before the callers start
      --probe 'get()'     calls after all callers have returned; their results are part of the outcome
      --host HOST         runtime that calls the exports (default ${DEFAULT_HOST}):
                          ${wordLines(HOST_IDS, 26, ', ')}
      --model MODEL       what concurrent callers share (default auto):
                          ${SHARING_MODELS.join(', ')}, auto
      --suspending NAME   an import that suspends its caller, as module.name with * for anything; may be repeated
      --unit UNIT         what has to look undivided (default auto): each call, or the whole sequence of calls of a
                          caller: ${UNITS.join(', ')}, auto
${FINDING_HELP}
${SOURCE_HELP}`;

/** Text of `stress --help`. */
export const STRESS_HELP = `wasm-hazards stress: run exports concurrently, under every schedule that matters

Usage: wasm-hazards stress FILE [options]

FILE is a WebAssembly module, binary (.wasm) or text (.wat), or a scenario file that names one.
Without a scenario or calls, every conflicting pair of exports is run.

Options:
${COMMON}
      --seconds T         time limit for the whole run (default 10)
      --seed N            seed of the random search (default 1)
      --all               run all pairs of exports that may conflict, not only the first 24 scenarios
      --jobs N            run N scenarios at a time (default: one less than there are cores); findings are the same for
                          any number
      --shard I/N         run the I-th of N shares of these scenarios, on one of N machines; needs --format json, and
                          wasm-hazards merge puts the results together
      --format FORMAT     ${FORMAT_HELP}
      --full              show all races and all steps of the trace
  -h, --help              print this help

Exit codes:
  0  safe
  1  a data race, an outcome that no serial order gives, or calls that hang
  2  wrong command line, input that cannot be run, or Node.js older than 24
  3  inconclusive
`;

/** Text of `replay --help`; it refers to `stress` for the exit codes. */
export const REPLAY_HELP = `wasm-hazards replay: run one schedule of a scenario and show what happens

Usage: wasm-hazards replay FILE --schedule A3B2A1 [options]

A schedule lists callers, each with the number of steps it takes before the next one runs. A is the first caller.

Options:
      --schedule TEXT     the schedule
${COMMON}
      --format FORMAT     ${FORMAT_HELP}
      --full              show all steps of the trace
  -h, --help              print this help

Exit codes: those of stress.
`;

/** Text of `hammer --help`. Its defaults for `--seconds` and its exit codes differ from those of `stress`. */
export const HAMMER_HELP = `wasm-hazards hammer: run exports in parallel threads, count outcomes and measure remedies

Usage: wasm-hazards hammer FILE [options]

FILE is a WebAssembly module, binary (.wasm) or text (.wat), or a scenario file that names one.
Without a scenario or calls, every conflicting pair of exports is run. Rounds of real parallel calls show how often
each outcome occurs; exploration then looks for a schedule that leads to each wrong one. A run without wrong outcomes
proves nothing; use wasm-hazards stress to explore schedules systematically.

Options:
${COMMON}
      --seconds T         time limit for the whole run (default 10, or 2 for each planned scenario)
      --seed N            seed of the sample of serial orders (default 1)
      --all               run all pairs of exports that may conflict, not only the first 24 scenarios
      --format FORMAT     ${FORMAT_HELP}
      --full              show all outcomes
  -h, --help              print this help

Exit codes:
  0  nothing wrong seen
  1  an outcome that no serial order gives, seen or found by exploration, or calls that hang
  2  wrong command line, input that cannot be run, or Node.js older than 22
  3  inconclusive: outcomes could not be judged
`;

/** Text of `verify --help`. */
export const VERIFY_HELP = `wasm-hazards verify: run exports concurrently on the wazero of your own Go module

Usage: wasm-hazards verify FILE [options]

FILE is a WebAssembly module, binary (.wasm) or text (.wat), or a scenario file that names one.
Without a scenario or calls, every conflicting pair of exports is run. Exploration comes first; then the same calls run
on wazero: in its interpreter under Go's race detector, in its interpreter, and in its compiler; where anything is wrong, they
run once more through the generated lock and pool, which has to be clean. The driver is built
as a package of the Go module around --go-dir, with the wazero of its go.mod; nothing in that module is written.
This builds and runs code of that module's dependencies. What is not seen is not safe.

Options:
      --go-dir DIR        a folder of a Go module that uses wazero (default: the current folder)
      --rounds N          rounds of each mode (default: as many as fit into the time)
      --no-remedies       do not make the calls through the generated lock and pool
      --exact             also watch each access of the module: race reports name the instructions on both sides, in
                          compiled code, too; builds a driver for each scenario
      --go-output         print everything that Go wrote: race reports, stacks of goroutines
${COMMON}
      --seconds T         time limit of exploration and again of the rounds of all modes (default 10)
      --seed N            seed of random choices (default 1)
      --all               run all pairs of exports that may conflict, not only the first 24 scenarios
      --format FORMAT     ${FORMAT_HELP}
      --full              show all outcomes
  -h, --help              print this help

Exit codes:
  0  nothing wrong seen, neither by exploration nor on wazero
  1  a data race, an outcome that no serial order gives, a hang or a crash, on wazero or found by exploration
  2  wrong command line, input that cannot be run, no Go, no wazero, or Node.js older than 24
  3  inconclusive: the calls could not be run on wazero
`;

const OPTIONS = {
  scenario: { type: 'string' },
  'allow-imports': { type: 'boolean', default: false },
  call: { type: 'string', multiple: true, default: [] as string[] },
  life: { type: 'string' },
  setup: { type: 'string', multiple: true, default: [] as string[] },
  probe: { type: 'string', multiple: true, default: [] as string[] },
  callers: { type: 'string' },
  host: { type: 'string' },
  model: { type: 'string' },
  suspending: { type: 'string', multiple: true, default: [] as string[] },
  unit: { type: 'string' },
  seconds: { type: 'string' },
  seed: { type: 'string' },
  ...SOURCE_OPTIONS,
  format: { type: 'string', default: DEFAULT_FORMAT },
  full: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  jobs: { type: 'string' },
  shard: { type: 'string' },
  schedule: { type: 'string' },
  'go-dir': { type: 'string' },
  rounds: { type: 'string' },
  'go-output': { type: 'boolean', default: false },
  'no-remedies': { type: 'boolean', default: false },
  exact: { type: 'boolean', default: false },
  ...FINDING_OPTIONS,
} as const;

/** Most scenarios at a time: each is a process. */
const MOST_JOBS = 256;

/** @throws UsageError on anything that is not understood */
export function parseStressOptions(command: 'stress' | 'replay' | 'hammer' | 'verify', args: string[]): StressOptions {
  const { values, positionals } = parseCommandLine(command, args, OPTIONS);
  const fail = (message: string): never => {
    throw new UsageError(`${command}: ${message}`);
  };
  if (positionals.length !== 1) fail(positionals.length === 0 ? 'no file given' : 'one file at a time');
  const number = (name: string, text: string | undefined, least: number, most: number): number | undefined => {
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most)
      return fail(`--${name} expects a number from ${least} to ${most}, not ${text}`);
    return value;
  };
  if (command === 'replay' && values.schedule === undefined) fail('--schedule is missing');
  if (command !== 'replay' && values.schedule !== undefined) fail('--schedule is an option of wasm-hazards replay');
  const own = ['go-dir', 'rounds', 'go-output', 'no-remedies', 'exact'] as const;
  for (const name of command === 'verify' ? [] : own)
    if (values[name] !== undefined && values[name] !== false) fail(`--${name} is an option of wasm-hazards verify`);
  const rounds = number('rounds', values.rounds, 1, 1e9);
  if (rounds !== undefined && !Number.isInteger(rounds)) fail('--rounds expects a whole number');
  const jobs = number('jobs', values.jobs, 1, MOST_JOBS);
  if (jobs !== undefined && !Number.isInteger(jobs)) fail('--jobs expects a whole number');
  if (jobs !== undefined && command !== 'stress') fail('--jobs is an option of wasm-hazards stress');
  const shard = values.shard === undefined ? undefined : parseShard(values.shard);
  if (values.shard !== undefined && shard === undefined)
    fail(`--shard expects which share of how many, such as 1/4, not ${values.shard}`);
  if (shard !== undefined && command !== 'stress') fail('--shard is an option of wasm-hazards stress');
  if (shard !== undefined && values.format !== 'json') fail('--shard needs --format json, for wasm-hazards merge');
  if (shard !== undefined && (values.baseline ?? values['write-baseline']) !== undefined)
    fail('--shard cannot be combined with baselines; give them to wasm-hazards merge');
  const { host, model, unit, format } = values;
  const one = <T extends string>(option: string, value: string, allowed: readonly T[]): T =>
    oneOf(command, option, value, allowed);
  const count = number('callers', values.callers, 1, MAX_CALLERS);
  if (count !== undefined && !Number.isInteger(count)) fail('--callers expects a whole number');
  const read = (name: string, text: string): Step[] => {
    const calls = parseSteps(text);
    return 'message' in calls ? fail(`--${name} ${JSON.stringify(text)}: ${calls.message}`) : calls;
  };
  const callers = values.call.map((text) => read('call', text));
  const setup = values.setup.flatMap((text) => read('setup', text));
  const probe = values.probe.flatMap((text) => read('probe', text));
  if (callers.length > MAX_CALLERS) fail(`more than ${MAX_CALLERS} callers`);
  const scenarioGiven = values.scenario !== undefined || /\.stress\.json$/i.test(positionals[0]);
  if (callers.length > 0 && scenarioGiven) fail('--call cannot be combined with a scenario file');
  if (callers.length === 0 && setup.length + probe.length > 0) fail('--setup and --probe need at least one --call');
  if (values.all && (callers.length > 0 || scenarioGiven || command === 'replay'))
    fail('--all is about the pairs that are chosen where no scenario and no calls are given');
  if (shard !== undefined && (callers.length > 0 || scenarioGiven))
    fail('--shard is about the pairs that are chosen where no scenario and no calls are given');
  if (count !== undefined && scenarioGiven) fail('--callers cannot be combined with a scenario file');
  if (1 + setup.length + probe.length > MAX_CALLS || callers.flat().length > MAX_CALLS)
    fail(`more than ${MAX_CALLS} calls`);
  return {
    file: positionals[0],
    scenario: values.scenario,
    allowImports: values['allow-imports'],
    callers: spread(callers, count),
    life: values.life === undefined ? undefined : one('life', values.life, ['auto', 'none'] as const),
    setup,
    probe,
    count,
    host: host === undefined ? undefined : one('host', host, HOST_IDS),
    model: model === undefined ? undefined : one('model', model, ['auto', ...SHARING_MODELS] as const),
    unit: unit === undefined ? undefined : one('unit', unit, ['auto', ...UNITS] as const),
    suspending: values.suspending,
    seconds: number('seconds', values.seconds, 0.01, 86_400),
    seed: number('seed', values.seed, 0, 2 ** 32 - 1),
    source: sourceOptions(command, values),
    format: formatOf(command, format),
    findings: findingOptions(command, formatOf(command, format), values),
    full: values.full,
    all: values.all,
    jobs,
    shard,
    schedule: values.schedule,
    goDir: values['go-dir'],
    rounds,
    goOutput: values['go-output'],
    remedies: !values['no-remedies'],
    exact: values.exact,
  };
}

/** The requested number of callers; they take the given call lists in turn. */
function spread(callers: Step[][], count: number | undefined): Step[][] {
  if (callers.length === 0) return [];
  const wanted = count ?? (callers.length === 1 ? 2 : callers.length);
  return Array.from({ length: wanted }, (_, i) => callers[i % callers.length]);
}
