/** For tests: the results of the analysis as short lines, and the results that a module text expects. */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { HostId } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { decodeModule } from '../../wasm/decode.ts';
import type { Module } from '../../wasm/module.ts';
import { analyse } from '../analyse.ts';
import type { Address, Effect } from '../cells.ts';
import type { Analysis } from '../model.ts';

/** A module and its analysis. */
export interface Analysed {
  module: Module;
  analysis: Analysis;
}

/** Host and sharing model; `wazero` and `auto` by default. */
export interface WatOptions {
  host?: HostId;
  model?: SharingModel | 'auto';
}

/**
 * Compiles and analyses a module text.
 * @throws Error if it does not compile or cannot be read completely.
 */
export async function analyseWat(text: string, options: WatOptions = {}): Promise<Analysed> {
  return analyseBytes(await parse(text), options);
}

/**
 * Decodes and analyses a binary.
 * @throws Error if it cannot be read completely.
 */
export function analyseBytes(bytes: Uint8Array, options: WatOptions = {}): Analysed {
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: options.host ?? 'wazero', model: options.model ?? 'auto' });
  const [error] = [...module.errors, ...analysis.errors];
  if (error !== undefined) throw new Error(`${error.message} at ${error.offset}`);
  return { module, analysis };
}

/**
 * `[16,20)`, `[16,32)/8` with steps of 8 bytes, `$3+[0,4)` from immutable global 3, `static`, `stack`, `parameter 0`,
 * `parameter 0+[0,4)`, `parameter 0*4+[0,4)`, `through parameter 0`, `contents [16,20)`, `fresh`, `unknown`.
 */
export function addressText(address: Address | undefined): string {
  if (address === undefined) return '';
  switch (address.base) {
    case 'static': {
      if (address.loose) return 'static';
      const steps = address.stride === undefined ? '' : `/${address.stride}`;
      return `${address.global === undefined ? '' : `$${address.global}+`}[${address.start},${address.end})${steps}`;
    }
    case 'parameter': {
      const { parameter, scale, start, end, length, through } = address;
      const range =
        start === undefined ? '' : `+[${start},${end}${length === undefined ? '' : `+parameter ${length}`})`;
      return `${through ? 'through ' : ''}parameter ${parameter}${scale === undefined ? '' : `*${scale}`}${range}`;
    }
    case 'contents':
      return `contents [${address.start},${address.end})`;
    default:
      return address.base;
  }
}

/** `write memory[0] [16,20)`, `atomic-read memory.grow[1]`, `write heap`, `read segment[0] data`. */
export function effectText({ access, cell }: Effect): string {
  const { kind, index, segment } = cell;
  const place = index === undefined ? '' : `[${index}]`;
  return `${access} ${kind}${place} ${segment ?? addressText(cell.address)}`.trimEnd();
}

/** Own effects of a function, in the order of their first sites. */
function ownEffects({ facts, effects }: Analysis, func: number): string[] {
  const lines: string[] = [];
  for (let i = facts.start[func]; i < facts.start[func + 1]; i++) lines.push(effectText(effects[facts.effect[i]]));
  return lines;
}

/** Own effects of all functions with a body, one after the other. */
export function allEffects({ module, analysis }: Analysed): string[] {
  const lines: string[] = [];
  for (let func = module.functions.imported; func < analysis.graph.functions; func++)
    lines.push(...ownEffects(analysis, func));
  return lines;
}

/** Effects that a module text expects: `;;! write memory[0] [16,20) ; read global[1]` after their first site. */
export function expectedEffects(text: string): string[] {
  const marked = [...text.matchAll(/;;!(.*)/g)];
  return marked.flatMap(([, rest]) => rest.split(';').map((line) => line.trim()));
}
