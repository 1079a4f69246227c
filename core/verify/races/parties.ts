/** The two accesses of a report: who made them, through which operation, how deep in calls. */
import type { Place } from '../../stress/run/traceRows.ts';
import { MNEMONIC } from '../../wasm/instructions.ts';
import type { WatchedSite } from '../exact/watchedSites.ts';
import { type OperationAccess, operationWrites } from './operations.ts';
import type { ReportedAccess, StackFrame } from './raceReports.ts';
import type { Region } from './regions.ts';

/** One of the two accesses. What reports do not say is null. */
export interface HostRaceParty {
  access: OperationAccess;
  /** Index of the caller. */
  caller: number | null;
  /** wazero's name of the operation: `GlobalSet`; the instruction where accesses are watched one by one. */
  operation: string | null;
  /** Calls that were open in the guest, the export's own included; 0 where the host made the access outside of any. */
  depth: number | null;
  export: string | null;
  /** Function of the host that made the access instead of an instruction of the guest. */
  host: string | null;
  /** The instruction, where accesses are watched one by one. */
  place: Place | null;
}

/** What reports need to be led back. */
export interface LedBy {
  /** The operation at a line of the interpreter's source. */
  operationAt(line: number): string | undefined;
  /**
   * The export that a caller calls in a step, if that is certain. `step`: its number modulo `STEP_FUNCTIONS`; null where
   * the report does not say.
   */
  exportOf(caller: number, step: number | null): string | null;
  /** The accesses of a watched module, by number. */
  sites?: readonly WatchedSite[];
}

/** Callers have a function of the driver each. */
const CALLER = /\.caller([A-P])$/;
const INTERPRETER = /internal\/engine\/interpreter\.\(\*callEngine\)\.(callNativeFunc|callFunction|callGoFunc)$/;

/** Functions of the driver that say which step of a caller is made (core/verify/go/stepnames.go). */
export const STEP_FUNCTIONS = 16;
const STEP = /^main\.step(\d+)$/;

function stepIn(stack: readonly StackFrame[]): number | null {
  const found = stack.map(({ function: name }) => STEP.exec(name)?.[1]).findLast((one) => one !== undefined);
  return found === undefined ? null : Number(found);
}

/** The caller that a stack belongs to. */
export function callerIn(stack: readonly StackFrame[]): number | null {
  const letter = stack.map(({ function: name }) => CALLER.exec(name)?.[1]).findLast((one) => one !== undefined);
  return letter === undefined ? null : letter.charCodeAt(0) - 'A'.charCodeAt(0);
}

/** The party of an access. `kind`: of the cell; `caller`: the index that is known for it. */
export function partyOf(
  access: ReportedAccess,
  kind: Region['kind'] | undefined,
  caller: number | null,
  by: LedBy,
): HostRaceParty {
  const { stack } = access;
  const known = { caller, export: caller === null ? null : by.exportOf(caller, stepIn(stack)), depth: depthIn(stack) };
  const site = siteIn(stack, by.sites);
  if (site !== undefined) {
    const { func, offset, op, how } = site;
    // Which bytes a change writes, its atomic functions in Go need not.
    const writes = how === 'change' || access.write;
    return {
      ...known,
      access: `${ATOMIC.has(how) ? 'atomic-' : ''}${writes ? 'write' : 'read'}`,
      operation: MNEMONIC[op] ?? null,
      host: null,
      place: { func, offset },
    };
  }
  const compiled = compiledOperation(stack);
  if (compiled !== undefined)
    return { ...known, access: access.write ? 'write' : 'read', operation: compiled, host: null, place: null };
  const inner = stack.findIndex((frame) => inInterpreter(frame) === 'callNativeFunc');
  const made = stack.slice(0, inner < 0 ? stack.length : inner);
  const goFunction = made.findLastIndex((frame) => inInterpreter(frame) === 'callGoFunc');
  const host = goFunction >= 0 ? hostFunction(made.slice(0, goFunction)) : inner < 0 ? hostAccess(stack) : null;
  const operation = host === null && inner >= 0 ? (by.operationAt(stack[inner].line) ?? null) : null;
  const atomically = access.atomic || operation?.startsWith('Atomic') === true;
  // A store looks at its last byte first, which the detector may report as a read.
  const writes = (kind === 'memory' && operation !== null ? operationWrites(operation) : undefined) ?? access.write;
  return {
    ...known,
    access: `${atomically ? 'atomic-' : ''}${writes ? 'write' : 'read'}`,
    operation,
    host,
    place: null,
  };
}

const inInterpreter = ({ function: name }: StackFrame): string | undefined => INTERPRETER.exec(name)?.[1];

/** Compiled code leaves some operations to Go: these methods, below nothing but Go's own runtime. */
const LEFT_TO_GO: readonly (readonly [RegExp, string])[] = [
  [/\/wasm\.\(\*MemoryInstance\)\.Grow$/, 'MemoryGrow'],
  [/\/wasm\.\(\*TableInstance\)\.Grow$/, 'TableGrow'],
  [/\/wazevo\.\(\*moduleEngine\)\.FunctionInstanceReference$/, 'RefFunc'],
];

/** The operation of compiled code that a stack is in; undefined in the interpreter and in functions of the host. */
function compiledOperation(stack: readonly StackFrame[]): string | undefined {
  const engine = stack.findIndex(({ function: name }) => /\/wazevo\.\(\*callEngine\)/.test(name));
  const method = stack[engine - 1]?.function ?? '';
  return LEFT_TO_GO.find(([name]) => name.test(method))?.[1];
}

/** Calls of the guest in a stack. Compiled code has no frames: null, unless the stack is that of the host alone. */
function depthIn(stack: readonly StackFrame[]): number | null {
  if (stack.length === 0 || stack.some(({ function: name }) => /\/wazevo\./.test(name))) return null;
  const inner = stack.findIndex((frame) => inInterpreter(frame) === 'callNativeFunc');
  return stack.slice(Math.max(inner, 0)).filter((frame) => inInterpreter(frame) === 'callFunction').length;
}

/** Functions of a watched module's sites: `site17_global_set_in_inc_at_0x2f`. */
const SITE = /\.site(\d+)_/;
const ATOMIC: ReadonlySet<WatchedSite['how']> = new Set(['load', 'change', 'wait']);

function siteIn(stack: readonly StackFrame[], sites: readonly WatchedSite[] = []): WatchedSite | undefined {
  const found = stack.map(({ function: name }) => SITE.exec(name)?.[1]).find((one) => one !== undefined);
  return found === undefined ? undefined : sites[Number(found)];
}

/** Adapters between the interpreter and a host function. */
const ADAPTER = /^(?:reflect|runtime)\.|\/wazero\/(?:api|internal\/wasm)\.|wasi_snapshot_preview1\.wasiFunc\.Call$/;

/** The outermost function that is the host's own: what the guest called. */
function hostFunction(frames: readonly StackFrame[]): string | null {
  const own = frames.findLast(({ function: name }) => !ADAPTER.test(name)) ?? frames.at(-1);
  return own === undefined ? null : shortName(own.function);
}

/** Methods of the driver that read and write memory as steps of the scenario. */
const OWN_STEP = /^main\.\(\*performer\)\.(?:read|readStep|writeStep)$/;
/** What an access of such a step is called in place of a function. */
export const SCENARIO_STEP = 'step of the scenario';

/** An access of the host outside of calls: a step, the method of the memory that was used, or the function. */
function hostAccess(stack: readonly StackFrame[]): string | null {
  if (stack.some(({ function: name }) => OWN_STEP.test(name))) return SCENARIO_STEP;
  const method = stack.findLast(({ function: name }) => /\/internal\/wasm\.\(\*\w+Instance\)\.[A-Z]/.test(name));
  const own = method ?? stack.find(({ function: name }) => !name.startsWith('runtime.'));
  return own === undefined ? null : shortName(own.function);
}

/** `wasm.(*MemoryInstance).Write` of a name with the path of its package. */
const shortName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** Equal for parties that are the same but for the address. */
export const partyKey = ({ access, caller, operation, depth, host, place }: HostRaceParty): string =>
  [caller ?? -1, host ?? '', operation ?? '', depth ?? -1, access, place?.offset ?? -1].join(' ');
