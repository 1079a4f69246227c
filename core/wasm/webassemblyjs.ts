/**
 * Structure of a module through `@webassemblyjs/wasm-parser`, on a slim module made of the header and sections 1 to 8:
 * there the parser is correct; elsewhere (code bodies, GC types, tags, memory64) it is slow or fails. Its results have
 * no type indices and few offsets; `structure.ts` compares them with those of our own reader.
 */
import { decode, type Node } from '@webassemblyjs/wasm-parser';
import type { ExternalKind, Section } from './module.ts';
import { EXTERNREF, F32, F64, FUNCREF, type FuncType, I32, I64, V128, type ValType } from './types.ts';

/** What the parser says about a module; index spaces start with the imported items. */
export interface SlimStructure {
  types: FuncType[];
  imports: { module: string; name: string; kind: ExternalKind }[];
  /** Signature of each function, imported ones first. */
  functions: FuncType[];
  tables: { type: ValType; min: number; max: number | undefined }[];
  memories: { min: number; max: number | undefined; shared: boolean }[];
  globals: { type: ValType; mutable: boolean }[];
  exports: { name: string; kind: ExternalKind; index: number }[];
  start: number | undefined;
}

/** Last section that goes into the slim module (start). */
const LAST_SLIM_SECTION = 8;

/** Header and sections 1 to 8 of `bytes`, unchanged. */
function slimModule(bytes: Uint8Array, sections: readonly Section[]): Uint8Array {
  const kept = sections.filter((s) => s.id >= 1 && s.id <= LAST_SLIM_SECTION);
  const slim = new Uint8Array(kept.reduce((size, s) => size + s.end - s.offset, 8));
  slim.set(bytes.subarray(0, 8));
  let at = 8;
  for (const s of kept) {
    slim.set(bytes.subarray(s.offset, s.end), at);
    at += s.end - s.offset;
  }
  return slim;
}

/** The structure, or why the parser did not read it. */
export function readSlim(bytes: Uint8Array, sections: readonly Section[]): SlimStructure | { reason: string } {
  // The parser misreads limits with flags that it does not know, and tags make it fail late.
  if (sections.some((s) => s.id === 13)) return { reason: 'tag section' };
  try {
    const program = silently(() =>
      decode(slimModule(bytes, sections).buffer as ArrayBuffer, {
        ignoreCodeSection: true,
        ignoreDataSection: true,
        ignoreCustomNameSection: true,
      }),
    );
    return fromFields(program.body[0].fields);
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Silences the console during `work`: the parser's logging would corrupt a protocol on stdout. */
function silently<T>(work: () => T): T {
  const host = globalThis as { console?: unknown };
  const saved = host.console;
  const quiet = () => undefined;
  host.console = { log: quiet, warn: quiet, error: quiet, info: quiet, debug: quiet };
  try {
    return work();
  } finally {
    host.console = saved;
  }
}

const VAL_TYPES: Readonly<Record<string, ValType>> = {
  i32: I32,
  i64: I64,
  f32: F32,
  f64: F64,
  v128: V128,
  anyfunc: FUNCREF,
  externref: EXTERNREF,
};
const KINDS: Readonly<Record<string, ExternalKind>> = {
  Func: 'func',
  Table: 'table',
  Memory: 'memory',
  Memomy: 'memory',
  Global: 'global',
};

interface Limit {
  min: number;
  max?: number;
  shared?: boolean;
}
interface Signature {
  params: { valtype: string }[];
  results: string[];
}
type Described = Node & { descr: Node };

function valType(name: unknown): ValType {
  const type = VAL_TYPES[String(name)];
  if (type === undefined) throw new Error(`unknown value type ${String(name)}`);
  return type;
}

function signature(node: unknown): FuncType {
  const { params, results } = node as Signature;
  return { kind: 'func', params: params.map((p) => valType(p.valtype)), results: results.map(valType) };
}

function fromFields(fields: readonly Node[]): SlimStructure {
  const s: SlimStructure = {
    types: [],
    imports: [],
    functions: [],
    tables: [],
    memories: [],
    globals: [],
    exports: [],
    start: undefined,
  };
  for (const field of fields) {
    switch (field.type) {
      case 'TypeInstruction':
        s.types.push(signature(field.functype));
        break;
      case 'ModuleImport':
        s.imports.push({
          module: String(field.module),
          name: String(field.name),
          kind: addDefinition(s, (field as Described).descr),
        });
        break;
      case 'Func':
      case 'Table':
      case 'Memory':
      case 'Global':
        addDefinition(s, field);
        break;
      case 'ModuleExport': {
        const { exportType, id } = (field as Described).descr as unknown as {
          exportType: string;
          id: { value: number };
        };
        s.exports.push({ name: String(field.name), kind: KINDS[exportType], index: id.value });
        break;
      }
      case 'Start':
        s.start = (field.index as { value: number }).value;
    }
  }
  return s;
}

/** Adds an imported or defined item to its index space. */
function addDefinition(s: SlimStructure, node: Node): ExternalKind {
  switch (node.type) {
    case 'FuncImportDescr':
    case 'Func':
      s.functions.push(signature(node.signature));
      return 'func';
    case 'Table': {
      const { min, max } = node.limits as Limit;
      s.tables.push({ type: valType(node.elementType), min, max });
      return 'table';
    }
    case 'Memory': {
      const { min, max, shared } = node.limits as Limit;
      s.memories.push({ min, max, shared: shared === true });
      return 'memory';
    }
    case 'GlobalType':
    case 'Global': {
      const type = (node.type === 'Global' ? node.globalType : node) as { valtype: string; mutability: string };
      s.globals.push({ type: valType(type.valtype), mutable: type.mutability === 'var' });
      return 'global';
    }
    default:
      throw new Error(`unknown definition ${node.type}`);
  }
}
