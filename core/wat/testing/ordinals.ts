/** For tests: compares the reader's view of a module text with the binary that an assembler made from it. */
import { Cursor } from '../../wasm/cursor.ts';
import { MNEMONIC } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { skipInstruction } from '../../wasm/skip.ts';
import type { WatDocument, WatItem, WatModule } from '../model.ts';
import { itemsOf, SPACES } from '../moduleDraft.ts';

/** Opcodes of the body of the `k`-th defined function in the binary; undefined if it cannot be read. */
function binaryOps(binary: Module, k: number): number[] | undefined {
  const { functions, bytes } = binary;
  const c = new Cursor(bytes, functions.bodyStart[k], functions.bodyEnd[k]);
  try {
    for (let n = c.u32(); n > 0; n--) {
      c.u32();
      skipValueType(c);
    }
    const ops: number[] = [];
    while (!c.atEnd()) ops.push(skipInstruction(c));
    return ops;
  } catch {
    return undefined;
  }
}

function skipValueType(c: Cursor): void {
  const byte = c.u8();
  if (byte === 0x63 || byte === 0x64) c.s33();
}

const textOps = (doc: WatDocument, module: WatModule, k: number): number[] => {
  const imported = module.funcs.filter((func) => func.imported).length;
  const { first, length } = module.funcs[imported + k];
  return Array.from(doc.instructions.op.subarray(first, first + length));
};

const nameOf = (op: number): string => MNEMONIC[op] ?? '?';

const show = (ops: number[], at: number): string =>
  `${at > 2 ? '... ' : ''}${ops
    .slice(Math.max(0, at - 2), at + 4)
    .map(nameOf)
    .join(', ')}`;

/** All differences between the text and its binary, as sentences. */
export function differences(doc: WatDocument, module: WatModule, binary: Module): string[] {
  const found: string[] = [];
  const check = (what: string, text: unknown, bytes: unknown): void => {
    const [a, b] = [JSON.stringify(text), JSON.stringify(bytes)];
    if (a !== b) found.push(`${what}: text ${a?.slice(0, 300)}, binary ${b?.slice(0, 300)}`);
  };
  const counts = (m: WatModule) =>
    [m.funcs, m.tables, m.memories, m.globals, m.tags, m.elems, m.data].map((x) => x.length);
  check('counts', counts(module), [
    binary.functions.typeIndex.length,
    binary.tables.length,
    binary.memories.length,
    binary.globals.length,
    binary.tags.length,
    binary.elements.length,
    binary.data.length,
  ]);
  check(
    'imports',
    module.imports.map(({ module: from, name, kind, index }) => [from.text, name.text, kind, index]),
    binary.imports.map(({ module: from, name, kind, index }) => [from, name, kind, index]),
  );
  check(
    'exports',
    module.exports.map(({ name, kind, target }) => [name.text, kind, target.index]),
    binary.exports.map(({ name, kind, index }) => [name, kind, index]),
  );
  check('start', module.startFunction?.index, binary.start?.func);
  check(
    'types',
    module.types.map(({ composite, paramCount, group }) => [composite, paramCount, group]),
    binary.types
      .slice(0, module.types.length)
      .map(({ composite, group }) => [composite.kind, composite.kind === 'func' ? composite.params.length : 0, group]),
  );
  check(
    'parameters',
    module.funcs.map(({ paramCount }) => paramCount),
    Array.from(binary.functions.typeIndex, (type) => {
      const composite = binary.types[type]?.composite;
      return composite?.kind === 'func' ? composite.params.length : -1;
    }),
  );
  for (const space of SPACES) {
    for (const { id, index } of itemsOf(module, space) as WatItem[]) {
      const named = namesOf(binary)[space].get(index);
      if (id !== undefined && named !== undefined && named !== id.text) check(`${space} ${index}`, id.text, named);
    }
  }
  const defined = binary.functions.typeIndex.length - binary.functions.imported;
  for (let k = 0; k < defined && found.length === 0; k++) {
    const bytes = binaryOps(binary, k);
    if (bytes === undefined) continue;
    const text = textOps(doc, module, k);
    const at = bytes.findIndex((op, n) => op !== text[n]);
    if (at >= 0 || text.length !== bytes.length) {
      const n = at < 0 ? bytes.length : at;
      found.push(`function ${k}: ${text.length} and ${bytes.length}; at ${n} ${show(text, n)} but ${show(bytes, n)}`);
    }
  }
  return found;
}

function namesOf({ names }: Module): Record<(typeof SPACES)[number], Map<number, string>> {
  return {
    func: names.functions,
    table: names.tables,
    memory: names.memories,
    global: names.globals,
    tag: names.tags,
    type: names.types,
    elem: names.elements,
    data: names.data,
  };
}

/** All spans of a document that are outside its text or reversed. */
export function badSpans(doc: WatDocument): string[] {
  const bad: string[] = [];
  const length = doc.text.length;
  const check = (what: string, start: number, end: number): void => {
    if (!(start >= 0 && start <= end && end <= length)) bad.push(`${what} [${start}, ${end})`);
  };
  const walk = (what: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Map) return;
    const span = value as { start?: number; end?: number };
    if (typeof span.start === 'number') check(what, span.start, span.end as number);
    for (const [key, inner] of Object.entries(value)) walk(`${what}.${key}`, inner);
  };
  for (const key of ['modules', 'skipped', 'errors', 'ignores'] as const) walk(key, doc[key]);
  const { tokens, instructions } = doc;
  for (let i = 0; i < tokens.count; i++) {
    check(`token ${i}`, tokens.start[i], tokens.end[i]);
    if (i > 0 && tokens.start[i] < tokens.end[i - 1]) bad.push(`token ${i} begins in the one before`);
    if (instructions.ownerOfToken[i] >= instructions.count) bad.push(`token ${i} belongs to nothing`);
  }
  for (let i = 0; i < instructions.count; i++) {
    check(`mnemonic ${i}`, instructions.nameStart[i], instructions.nameEnd[i]);
    check(`instruction ${i}`, instructions.start[i], instructions.end[i]);
    const inside = instructions.start[i] <= instructions.nameStart[i] && instructions.nameEnd[i] <= instructions.end[i];
    if (!inside) bad.push(`mnemonic ${i} lies outside of its instruction`);
  }
  let next = 0;
  for (const { first, length: count } of doc.modules.flatMap((module) =>
    [...module.funcs].sort((a, b) => a.first - b.first),
  )) {
    if (first < next || first + count > instructions.count) bad.push(`function at ${first} overlaps`);
    next = first + count;
  }
  return bad;
}
