/** The exports and imports of a module that a wrapper can express in a host language, and those that it cannot. */

import { isAtomic } from '../analysis/cells.ts';
import { lifeOf } from '../analysis/life/life.ts';
import type { Analysis, ExportClass } from '../analysis/model.ts';
import { t } from '../text/l10n.ts';
import type { Global, Memory, Module, Table } from '../wasm/module.ts';
import { EXTERNREF, FUNCREF } from '../wasm/types.ts';
import { type LifeCall, lifeCalls } from './lifeCalls.ts';
import { namesOfParameters } from './parameters.ts';
import { type NumType, numTypeOf, type Signature, signatureOf } from './signature.ts';

/** An export that gets a method. */
export interface WrapExport extends Signature {
  name: string;
  /** Position in `Analysis.exports`. */
  position: number;
  class: ExportClass;
  /** Names of the parameters in the name section; '' for those without. */
  names: string[];
}

/** `_start` of a command: its calls are runs of a whole program. */
export const isProgram = ({ name, params, results }: WrapExport): boolean =>
  name === '_start' && params.length === 0 && results.length === 0;

/** A function that the host has to give. */
export interface FunctionImport extends Signature {
  module: string;
  name: string;
}

/** State that the host has to give; tables and memories are addressed with 32 bits, globals are numbers. */
export type StateImport = { module: string; name: string } & (
  | { kind: 'memory'; type: Memory }
  | { kind: 'table'; type: Table }
  | { kind: 'global'; type: Global; value: NumType }
);

/** An item that the wrapper cannot have, and why. */
export interface LeftOut {
  name: string;
  why: string;
}

/** What a wrapper knows of a module. */
export interface Surface {
  exports: WrapExport[];
  leftOut: LeftOut[];
  /** Functions to be given by the host; those of WASI are not among them. */
  functions: FunctionImport[];
  /** Memories, tables and globals to be given by the host. */
  state: StateImport[];
  importsLeftOut: LeftOut[];
  /** Imports functions of `wasi_snapshot_preview1`. */
  wasi: boolean;
  /** Calls that each new instance needs before its API works. */
  life: LifeCall[];
  /** Exports `_start`, which runs a program, and nothing that is called afterwards. */
  command: boolean;
  /** Memory 0, its own or an imported one, exists and is addressed with 32 bits. */
  memory: boolean;
  /** Name under which memory 0 is exported. */
  memoryExport: string | undefined;
  /** A memory is shared, or atomic instructions are used. */
  threads: boolean;
  /** Imports a shared memory, which instances are meant to have in common. */
  commonMemory: boolean;
  /** Imports state that instances would have in common unless each is given its own. */
  privateState: boolean;
}

/** Exports that are wrapped, and imports that get a stub. */
export const MAX_WRAPPED = 200;
const WASI = 'wasi_snapshot_preview1';

/**
 * What a wrapper of the module has: at most 200 exports and as many imports, each with a name or a reason where it is
 * left out. Reads the module and never throws.
 */
export function surfaceOf(module: Module, analysis: Analysis): Surface {
  const exports: WrapExport[] = [];
  const leftOut: LeftOut[] = [];
  const life = lifeOf(module, analysis);
  const called = new Set(life.steps.map(({ call }) => call));
  const hasApi = analysis.exports.some(({ name }) => !life.exports.has(name));
  for (const [position, { name, func, class: exportClass }] of analysis.exports.entries()) {
    if (life.exports.has(name) && (hasApi || called.has(name))) continue;
    const signature = signatureOf(module, func);
    if (typeof signature === 'string') leftOut.push({ name, why: signature });
    else if (exports.length >= MAX_WRAPPED)
      leftOut.push({ name, why: t('only the first {0} are wrapped', MAX_WRAPPED) });
    else {
      const names = namesOfParameters(module, func, signature.params.length);
      exports.push({ name, position, class: exportClass, names, ...signature });
    }
  }
  const imports = importsOf(module);
  const isMutable = (one: StateImport): boolean =>
    one.kind === 'table' ||
    (one.kind === 'memory' && !one.type.limits.shared) ||
    (one.kind === 'global' && one.type.mutable);
  return {
    exports,
    leftOut,
    ...imports,
    life: lifeCalls(module, life),
    command: exports.some(isProgram),
    memory: module.memories.length > 0 && !module.memories[0].limits.is64,
    memoryExport: module.exports.find(({ kind, index }) => kind === 'memory' && index === 0)?.name,
    threads: module.memories.some(({ limits }) => limits.shared) || analysis.effects.some(isAtomic),
    commonMemory: imports.state.some((one) => one.kind === 'memory' && one.type.limits.shared),
    privateState: imports.state.some(isMutable),
  };
}

function importsOf(module: Module): Pick<Surface, 'functions' | 'state' | 'importsLeftOut' | 'wasi'> {
  const functions: FunctionImport[] = [];
  const state: StateImport[] = [];
  const importsLeftOut: LeftOut[] = [];
  const seen = new Set<string>();
  let wasi = false;
  for (const { module: from, name, kind, index } of module.imports) {
    if (from === WASI && kind === 'func') {
      wasi = true;
      continue;
    }
    const label = `${from}.${name}`;
    const value = kind === 'global' ? numTypeOf(module.globals[index].type) : undefined;
    const key = JSON.stringify([from, name]);
    // A module can import the same item several times.
    if (seen.has(key)) continue;
    seen.add(key);
    if (functions.length + state.length >= MAX_WRAPPED) {
      importsLeftOut.push({ name: label, why: t('only the first {0} are written out', MAX_WRAPPED) });
    } else if (kind === 'func') {
      const signature = signatureOf(module, index);
      if (typeof signature === 'string') importsLeftOut.push({ name: label, why: signature });
      else functions.push({ module: from, name, ...signature });
    } else if (kind === 'memory' && !module.memories[index].limits.is64)
      state.push({ module: from, name, kind, type: module.memories[index] });
    else if (kind === 'table' && isPlainTable(module.tables[index]))
      state.push({ module: from, name, kind, type: module.tables[index] });
    else if (kind === 'global' && value !== undefined)
      state.push({ module: from, name, kind, type: module.globals[index], value });
    else importsLeftOut.push({ name: label, why: t('it is a {0} whose type has no default value', kind) });
  }
  return { functions, state, importsLeftOut, wasi };
}

const isPlainTable = ({ type, limits }: Table): boolean => (type === FUNCREF || type === EXTERNREF) && !limits.is64;
