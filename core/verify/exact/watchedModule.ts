/**
 * A module that tells the host of each of its accesses: before or after each one it calls an imported function with the
 * number of the site, the address and the count. It does otherwise what the original does.
 */

import type { Analysis } from '../../analysis/model.ts';
import { changedState, reachableFunctions } from '../../stress/instrument/reachable.ts';
import { movedConstExpr, movedElements, movedTables } from '../../stress/rewrite/movedFunctions.ts';
import { copiedSection, extendedSection } from '../../stress/rewrite/sections.ts';
import { t } from '../../text/l10n.ts';
import { Encoder } from '../../wasm/encoder.ts';
import type { Module } from '../../wasm/module.ts';
import { I32, I64 } from '../../wasm/types.ts';
import { type Watching, watchedBodies } from './watchedBodies.ts';
import { MAX_SITES, type WatchedSite } from './watchedSites.ts';

/** A watched module. */
export interface WatchedModule {
  bytes: Uint8Array;
  sites: WatchedSite[];
  /** Import module of the host's function `touch`. */
  imports: string;
}

/** Name of the host's function. */
const TOUCH = 'touch';

/**
 * Rewrites a module; a sentence where it has too many accesses.
 * @param functions the functions that are called from outside: accesses of others are not watched
 * @throws DecodeFailure where a body is malformed
 */
export function watchedModule(
  module: Module,
  analysis: Pick<Analysis, 'graph'>,
  functions: readonly number[],
): WatchedModule | { refusal: string } {
  const roots = module.start === undefined ? functions : [...functions, module.start.func];
  const reachable = reachableFunctions(analysis.graph, roots);
  const { imported } = module.functions;
  const watching: Watching = {
    module,
    changed: changedState(module, reachable),
    moved: (func) => (func < imported ? func : func + 1),
    touch: imported,
    sites: [],
    reachable,
  };
  const imports = freeName(module);
  const code = codeSection(watching);
  const count = watching.sites.length;
  if (count > MAX_SITES)
    return {
      refusal: t(
        'The calls reach {0} accesses; at most {1} can be watched one by one.',
        count.toLocaleString('en'),
        MAX_SITES.toLocaleString('en'),
      ),
    };
  return { bytes: assembled(watching, imports, code), sites: watching.sites, imports };
}

/** An import module that the module does not import from. */
function freeName({ imports }: Module): string {
  const taken = new Set(imports.map(({ module }) => module));
  let name = 'wasm-hazards';
  while (taken.has(name)) name += "'";
  return name;
}

function assembled(watching: Watching, imports: string, code: Encoder): Uint8Array {
  const { module, moved } = watching;
  const out = new Encoder(module.bytes.length + code.length + 4096);
  out.copy(module.bytes, 0, 8);
  const sections: [id: number, contents: Encoder | undefined][] = [
    [1, typeSection(module)],
    [2, importSection(module, imports)],
    [3, copiedSection(module, 3)],
    [4, movedTables(module, moved)],
    [5, copiedSection(module, 5)],
    [13, copiedSection(module, 13)],
    [6, globalSection(watching)],
    [7, exportSection(watching)],
    [8, startSection(watching)],
    [9, movedElements(module, moved)],
    [12, copiedSection(module, 12)],
    [10, code],
    [11, copiedSection(module, 11)],
  ];
  for (const [id, contents] of sections) if (contents !== undefined) out.section(id, contents);
  return out.bytes();
}

/** The types of the module, and that of `touch`. */
function typeSection(module: Module): Encoder {
  const e = extendedSection(module, 1, 1);
  e.u8(0x60);
  e.u32(3);
  for (const type of [I32, I64, I64]) e.valType(type);
  e.u32(0);
  return e;
}

function importSection(module: Module, imports: string): Encoder {
  const e = extendedSection(module, 2, 1);
  e.name(imports);
  e.name(TOUCH);
  e.u8(0);
  e.u32(module.types.length);
  return e;
}

function globalSection({ module, moved }: Watching): Encoder | undefined {
  const defined = module.globals.filter(({ imported }) => !imported);
  if (defined.length === 0) return undefined;
  const e = new Encoder();
  e.u32(defined.length);
  for (const { type, mutable, init } of defined) {
    e.valType(type);
    e.u8(mutable ? 1 : 0);
    if (init !== undefined) movedConstExpr(module, moved, e, init);
  }
  return e;
}

function exportSection({ module, moved }: Watching): Encoder {
  const e = new Encoder();
  e.u32(module.exports.length);
  for (const { name, kind, index } of module.exports) e.export(name, kind, kind === 'func' ? moved(index) : index);
  return e;
}

function startSection({ module, moved }: Watching): Encoder | undefined {
  if (module.start === undefined) return undefined;
  const e = new Encoder();
  e.u32(moved(module.start.func));
  return e;
}

function codeSection(watching: Watching): Encoder {
  const { functions, bytes } = watching.module;
  const e = new Encoder(bytes.length * 2);
  e.u32(functions.bodyStart.length);
  const bodies = watchedBodies(watching);
  for (let d = 0; d < functions.bodyStart.length; d++) bodies.write(functions.imported + d, e);
  return e;
}
