/** What all parts of a Rust file agree on: names of types, what is generic, whether functions are `async`. */
import { Identifiers } from '../identifiers.ts';
import type { StateImport, Surface, WrapExport } from '../surface.ts';
import { type StackHandle, stackHandle, type ThreadCall, threadCalls } from '../threadLife.ts';
import type { WrapInput } from '../wrapInput.ts';

/** Keywords of Rust, also those that are only reserved (https://doc.rust-lang.org/reference/keywords.html). */
export const KEYWORDS =
  'as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref return self Self static struct super trait true type union unsafe use where while abstract become box do final macro override priv try typeof unsized virtual yield'.split(
    ' ',
  );

/** Memory 0, as an instance gets at it. */
export interface MemoryHandle {
  shared: boolean;
  /** Its export, or its import where it is not exported. */
  from: { exported: string } | { module: string; name: string };
}

/** The decisions for one file. */
export interface Kit {
  input: WrapInput;
  surface: Surface;
  /** Name of the main type, which is part of the name of its errors, too. */
  main: 'Pool' | 'Guarded';
  /** Whether calls are `async`. */
  asynchronous: boolean;
  /** `async fn` or `fn`. */
  fn: string;
  /** `.await` or nothing. */
  wait: string;
  /** `<I>` and `<I: Imports>` if the user gives imports, else nothing. */
  arg: string;
  bound: string;
  /** The name of a public type. */
  type(base: string): string;
  /** A public or private type with its arguments. */
  of(base: string): string;
  memory: MemoryHandle | undefined;
  /** Whether instances share memory 0, which the first of them initialises. */
  common: boolean;
  /** Whether each instance is linked by itself, because memories, tables or globals are imported. */
  linked: boolean;
  /** How an instance gets its own stack in a memory that others use. */
  stack: StackHandle | undefined;
  /** Calls in each instance after the first. */
  thread: readonly ThreadCall[];
}

/** Whether the user gives what the module imports. */
const needsImports = ({ functions, state, importsLeftOut }: Surface): boolean =>
  functions.length + importsLeftOut.length > 0 || state.some(({ kind }) => kind === 'global');

/** The kit of a file with the main type `main`. `surface`: that of the input unless the template changes it. */
export function kitOf(input: WrapInput, main: Kit['main'], surface: Surface): Kit {
  const { module, analysis, asynchronous, typeName = '' } = input;
  const generic = needsImports(surface);
  const own = new Set(['Maker', 'Slots', 'Slot']);
  const common = surface.commonMemory;
  const type = (base: string): string => (own.has(base) ? base : `${typeName}${base}`);
  return {
    input,
    surface,
    main,
    asynchronous,
    fn: asynchronous ? 'async fn' : 'fn',
    wait: asynchronous ? '.await' : '',
    arg: generic ? '<I>' : '',
    bound: generic ? `<I: ${type('Imports')}>` : '',
    type,
    of: (base) => `${type(base)}${generic ? '<I>' : ''}`,
    memory: memoryHandle(input, surface),
    common,
    linked: surface.privateState || common,
    stack: common ? stackHandle(module, analysis) : undefined,
    thread: common ? threadCalls(module, analysis) : [],
  };
}

function memoryHandle({ module }: WrapInput, { memory, memoryExport, state }: Surface): MemoryHandle | undefined {
  if (!memory) return undefined;
  const shared = module.memories[0].limits.shared;
  if (memoryExport !== undefined) return { shared, from: { exported: memoryExport } };
  const imported = module.imports.find(({ kind, index }) => kind === 'memory' && index === 0);
  const defined = state.some((one) => one.kind === 'memory' && one.name === imported?.name);
  return imported !== undefined && defined ? { shared, from: imported } : undefined;
}

/** Shared memories that the module imports. */
export const memoriesInCommon = ({ state }: Surface): Extract<StateImport, { kind: 'memory' }>[] =>
  state.flatMap((one) => (one.kind === 'memory' && one.type.limits.shared ? [one] : []));

/** A method name for each export, all different. `reserved`: names that are taken, besides the keywords. */
export function rustNames(exports: readonly WrapExport[], reserved: readonly string[]): Map<WrapExport, string> {
  const scope = new Identifiers('snake', [...KEYWORDS, ...reserved]);
  return new Map(exports.map((one) => [one, scope.claim(one.name, `export ${one.position}`)]));
}
