/**
 * What must hold for any bytes that may be a module. Three others are asked about the same bytes: V8 and wasm-tools
 * whether they are valid, wasm-tools and wabt which instructions are in them.
 */
import { parse, print } from '@bytecodealliance/jco-transpile/wasm-tools';
import loadWabt from 'wabt';
import { analyse } from '../../../core/analysis/analyse.ts';
import { examine } from '../../../core/analysis/testing/mutation/examine.ts';
import { digestOf } from '../../../core/analysis/verdict/digest.ts';
import { HOST_IDS, HOST_PROFILES } from '../../../core/hosts/index.ts';
import { random } from '../../../core/testing/random.ts';
import { contentKey } from '../../../core/wasm/contentKey.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import type { Module } from '../../../core/wasm/module.ts';
import { disassemble } from '../../../core/wasm/printer.ts';
import { validationError } from '../../../core/wasm/validate.ts';
import { toolsError } from '../../../core/wasm/validity/wasmTools.ts';
import { wasmEngine } from '../../../core/wasm/webAssembly.ts';
import { readWat } from '../../../core/wat/read.ts';
import { badSpans, differences } from '../../../core/wat/testing/ordinals.ts';
import { ourMnemonics, theirMnemonics } from '../../corpus/testing/mnemonics.ts';
import { stackOf } from '../kind.ts';

const wabt = await loadWabt();

/** What wabt knows; it reads neither objects nor references to them. */
const WABT_FEATURES = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  function_references: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  memory64: true,
  extended_const: true,
  relaxed_simd: true,
};

/** What is wrong with our reading of the bytes; undefined if nothing is. Never throws. */
export async function judgeModule(bytes: Uint8Array): Promise<string | undefined> {
  const { problem, v8 } = examine(bytes);
  if (problem !== undefined) return problem;
  try {
    const module = decodeModule(bytes);
    return (
      everyHost(module) ??
      (v8 === 'accepts' ? externalsProblem(module) : undefined) ??
      (await validityProblem(module, v8 === 'accepts'))
    );
  } catch (error) {
    return `throws ${stackOf(error)}`;
  }
}

/** Analyses for one host and model, which the bytes choose. */
function everyHost(module: Module): string | undefined {
  const next = random(Number.parseInt(contentKey(module.bytes).slice(0, 7), 16) || module.bytes.length);
  const host = HOST_IDS[next(HOST_IDS.length)];
  const models = HOST_PROFILES[host].models;
  const analysis = analyse(module, { host, model: models[next(models.length)] });
  digestOf(module, analysis);
  return undefined;
}

/** V8's list of imports and exports. Of what a module exports, it tells nothing twice. */
function externalsProblem({ bytes, imports, exports }: Module): string | undefined {
  const engine = globalThis as unknown as {
    WebAssembly: {
      Module: (new (
        bytes: Uint8Array,
      ) => object) & {
        imports(module: object): { module: string; name: string; kind: string }[];
        exports(module: object): { name: string; kind: string }[];
      };
    };
  };
  const { Module } = engine.WebAssembly;
  const compiled = new Module(bytes);
  const kindOf = (kind: string): string => (kind === 'func' ? 'function' : kind);
  const ours = JSON.stringify([
    imports.map(({ module, name, kind }) => [module, name, kindOf(kind)]),
    exports.map(({ name, kind }) => [name, kindOf(kind)]),
  ]);
  const theirs = JSON.stringify([
    Module.imports(compiled).map(({ module, name, kind }) => [module, name, kind]),
    Module.exports(compiled).map(({ name, kind }) => [name, kind]),
  ]);
  return ours === theirs ? undefined : `imports and exports are ${ours}, V8 says ${theirs}`;
}

/** wasm-tools and V8 agree on what is valid, and what is valid goes through the text format and back. */
async function validityProblem(module: Module, v8Accepts: boolean): Promise<string | undefined> {
  if (module.kind !== 'module' || module.errors.length > 0) return undefined;
  const tools = await toolsError(module);
  if (tools === 'unknown') return undefined;
  if (v8Accepts && tools !== undefined && !tools.isBeyond) return `V8 accepts it, wasm-tools says ${tools.message}`;
  const error = await validationError(module);
  if (error === undefined && !wasmEngine.validate(module.bytes)) return 'V8 refuses it, and we do not say why';
  if (tools !== undefined) return undefined;
  if (error?.kind === 'invalid') return `wasm-tools accepts it, we say that it is not valid: ${error.message}`;
  return wabtProblem(module) ?? textProblem(module);
}

/** Instructions, and the way through the text. */
async function textProblem(module: Module): Promise<string | undefined> {
  const ours = ourMnemonics(module);
  const theirText = await print(module.bytes);
  const other = difference(ours, theirMnemonics(theirText));
  if (other !== undefined) return `instructions differ from those of wasm-tools: ${other}`;
  const { text } = disassemble(module, { bodyBudget: 1e9, prefer: [], expand: new Set(), dataBudget: 1e9 });
  for (const [whose, one] of [
    ['wasm-tools', theirText],
    ['ours', text],
  ]) {
    let again: Uint8Array;
    try {
      again = await parse(one);
    } catch (error) {
      return `the text (${whose}) does not compile: ${(error as { payload?: string }).payload ?? stackOf(error)}`;
    }
    const wat = readWat(one);
    const found = [
      ...badSpans(wat),
      ...wat.errors.map(({ message }) => message),
      ...differences(wat, wat.modules[0], decodeModule(again)),
    ];
    if (found.length > 0) return `the text (${whose}) is read otherwise than it compiles: ${found[0]}`;
    const changed = difference(ours, ourMnemonics(decodeModule(again)));
    if (changed !== undefined) return `the text (${whose}) compiles to other instructions: ${changed}`;
  }
  return undefined;
}

/** wabt reads the same instructions, where it knows the proposals. It accepts much that is not valid. */
function wabtProblem(module: Module): string | undefined {
  let text: string;
  try {
    const read = wabt.readWasm(module.bytes, WABT_FEATURES);
    text = read.toText({ foldExprs: false, inlineExport: false });
    read.destroy();
  } catch {
    return undefined;
  }
  const other = difference(ourMnemonics(module), theirMnemonics(text));
  return other === undefined ? undefined : `instructions differ from those of wabt: ${other}`;
}

function difference(ours: readonly string[][], theirs: readonly string[][]): string | undefined {
  if (ours.length !== theirs.length) return `${ours.length} and ${theirs.length} bodies`;
  for (const [i, body] of ours.entries()) {
    const at = body.findIndex((mnemonic, j) => mnemonic !== theirs[i][j]);
    if (at >= 0 || body.length !== theirs[i].length) {
      const n = at < 0 ? body.length : at;
      return `body ${i}, instruction ${n}: ${body[n]} and ${theirs[i][n]}`;
    }
  }
  return undefined;
}
