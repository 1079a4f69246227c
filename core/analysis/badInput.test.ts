/** Inputs that are hard on decoders: each is rejected quickly, with an error at the offset of a fault. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binary, HEADER, leb, moduleOf, section, vec } from '../testing/binary.ts';
import { v8Accepts } from '../testing/v8.ts';
import { decodeModule } from '../wasm/decode.ts';
import type { Module } from '../wasm/module.ts';
import { disassemble } from '../wasm/printer.ts';
import { analyse } from './analyse.ts';
import type { Analysis } from './model.ts';

interface Read {
  module: Module;
  analysis: Analysis;
  text: string;
}

/**
 * Decodes, analyses and prints, within a limit that only disproportionate work exceeds: CPU time of this thread, so that
 * a busy machine makes no difference.
 */
function read(bytes: Uint8Array, milliseconds = 1500): Read {
  const started = process.threadCpuUsage();
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: 'wazero', model: 'auto' });
  const { text } = disassemble(module, { bodyBudget: 100_000, prefer: [], expand: new Set(), dataBudget: 100 });
  const { user, system } = process.threadCpuUsage(started);
  const took = (user + system) / 1000;
  assert.ok(took < milliseconds, `took ${Math.round(took)} ms`);
  return { module, analysis, text };
}

function rejects(bytes: Uint8Array, offset: number | undefined, message?: RegExp): Read {
  const result = read(bytes);
  const [error] = result.module.errors;
  assert.ok(error, 'no error');
  if (offset !== undefined) assert.equal(error.offset, offset, error.message);
  assert.ok(error.offset >= 0 && error.offset <= bytes.length);
  if (message !== undefined) assert.match(error.message, message);
  return result;
}

/** Asserts that there is no error and no unknown function, and that V8 accepts the module, too. */
function accepts(bytes: Uint8Array): Read {
  assert.ok(v8Accepts(bytes), 'V8 refuses it');
  const result = read(bytes);
  assert.deepEqual(result.module.errors, []);
  assert.deepEqual([...result.analysis.unknownFunctions], []);
  return result;
}

test('empty file', () => void rejects(new Uint8Array(0), 0));
test('text', () => void rejects(new TextEncoder().encode('(module)'), 0, /not WebAssembly/));
test('half a header', () => void rejects(Uint8Array.from(HEADER.slice(0, 5)), 5));
test('version 2', () => void rejects(Uint8Array.from([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0]), 4));
test('only a header', () => void accepts(binary()));

test('100 MB of zeros', () => {
  rejects(new Uint8Array(100e6), 0);
});

test('a header, then 100 MB of zeros', () => {
  const bytes = new Uint8Array(100e6);
  bytes.set(HEADER);
  const { module } = rejects(bytes, undefined);
  assert.ok(module.errors.length <= 1000, `${module.errors.length} errors`);
});

test('a million malformed sections do not make a million errors', () => {
  const bytes = new Uint8Array(8 + 2e6).fill(0x63);
  bytes.set(HEADER);
  for (let at = 9; at < bytes.length; at += 2) bytes[at] = 0;
  const { module } = rejects(bytes, 8);
  assert.ok(module.errors.length <= 1000, `${module.errors.length} errors`);
});

test('a million empty custom sections', () => {
  const bytes = new Uint8Array(8 + 3e6);
  bytes.set(HEADER);
  for (let at = 8; at < bytes.length; at += 3) bytes.set([0, 1, 0], at);
  const { text } = read(bytes, 4000);
  assert.ok(text.length < 100e6);
});

test('a component says what it is', () => {
  const { module } = read(Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]));
  assert.equal(module.kind, 'component');
});

test('every truncation of a module', () => {
  const whole = moduleOf([0x41, 0, 0x41, 1, 0x36, 2, 0]);
  accepts(whole);
  // A file cut at the end of a section may still be a valid module.
  for (let size = 0; size < whole.length; size++) {
    const bytes = whole.slice(0, size);
    if (!v8Accepts(bytes)) rejects(bytes, undefined);
  }
});

for (const [id, what] of [
  [1, 'types'],
  [2, 'imports'],
  [3, 'functions'],
  [4, 'tables'],
  [5, 'memories'],
  [6, 'globals'],
  [7, 'exports'],
  [9, 'elements'],
  [10, 'bodies'],
  [11, 'data segments'],
  [13, 'tags'],
] as const) {
  test(`4,294,967,295 ${what}`, () => {
    rejects(binary(section(id, [...leb(0xffffffff), 0])), undefined);
  });
}

test('giant counts inside a type, an element segment, locals and names', () => {
  const giant = leb(0xffffffff);
  rejects(binary(section(1, [1, 0x60, ...giant, 0x7f])), undefined);
  rejects(binary(section(4, [1, 0x70, 0, 1]), section(9, [1, 0, 0x41, 0, 0x0b, ...giant, 0])), undefined);
  const locals = moduleOf([], [1, ...giant, 0x7f]);
  assert.ok(!v8Accepts(locals));
  assert.equal(read(locals).analysis.unknownFunctions.length, 1);
  // Names are optional: V8 accepts any content here, and so must we.
  const names = binary(section(0, [4, 0x6e, 0x61, 0x6d, 0x65, 1, 6, ...giant, 0]));
  accepts(names);
});

test('50,000 locals in 50,000 groups', () => {
  accepts(moduleOf([], [...leb(50_000), ...Array.from({ length: 50_000 }, () => [1, 0x7f]).flat()]));
});

test('blocks nested 100,000 deep', () => {
  const depth = 100_000;
  const { text } = accepts(moduleOf([...repeat([0x02, 0x40], depth), ...repeat([0x0b], depth)]));
  assert.ok(text.length < 20e6, `${text.length} characters`);
});

test('blocks that never end', () => {
  const { analysis } = read(moduleOf(repeat([0x02, 0x40], 50_000)));
  assert.equal(analysis.unknownFunctions.length, 1);
});

test('br_table of 65,000 labels', () => {
  accepts(moduleOf([0x41, 0, 0x0e, ...leb(65_000), ...repeat([0], 65_000), 0]));
});

test('br_table of 100,000 labels, more than engines allow', () => {
  const { module } = read(moduleOf([0x41, 0, 0x0e, ...leb(100_000), ...repeat([0], 100_000), 0]));
  assert.deepEqual(module.errors, []);
});

test('br_table of four thousand million labels', () => {
  const { analysis } = read(moduleOf([0x41, 0, 0x0e, ...leb(0xffffffff), 0]));
  assert.equal(analysis.unknownFunctions.length, 1);
});

test('padded LEBs everywhere', () => {
  const body = [
    0,
    0x41,
    0x80,
    0x80,
    0x80,
    0x80,
    0x00,
    0x28,
    ...leb(2, 5),
    ...leb(0, 5),
    0x1a,
    0x10,
    ...leb(0, 5),
    0x0b,
  ];
  const padded = (id: number, contents: number[]): number[] => [id, ...leb(contents.length, 5), ...contents];
  const { analysis } = accepts(
    binary(
      padded(1, [...leb(1, 5), 0x60, ...leb(0, 5), ...leb(0, 5)]),
      padded(3, [...leb(1, 5), ...leb(0, 5)]),
      padded(5, [...leb(1, 5), 0, ...leb(1, 5)]),
      padded(7, [...leb(1, 5), ...leb(1, 5), 0x66, 0, ...leb(0, 5)]),
      padded(10, [...leb(1, 5), ...leb(body.length, 5), ...body]),
    ),
  );
  assert.equal(analysis.exports.length, 1);
});

test('padded call_indirect, as LLD writes it', () => {
  const call = [0x41, 0, 0x11, ...leb(0, 5), ...leb(0, 5)];
  const body = [0, ...call, 0x0b];
  accepts(
    binary(
      section(1, vec([[0x60, 0, 0]])),
      section(3, vec([[0]])),
      section(4, vec([[0x70, 0, 1]])),
      section(10, vec([[...leb(body.length), ...body]])),
    ),
  );
});

test('a body of no bytes at all', () => {
  const bytes = binary(section(1, vec([[0x60, 0, 0]])), section(3, vec([[0]])), section(10, vec([[0]])));
  assert.ok(!v8Accepts(bytes));
  const { module, analysis } = read(bytes);
  assert.ok(module.errors.length + analysis.unknownFunctions.length > 0);
});

test('a body that runs over the next one', () => {
  const bytes = binary(
    section(1, vec([[0x60, 0, 0]])),
    section(3, vec([[0], [0]])),
    section(
      10,
      vec([
        [9, 0, 0x0b],
        [2, 0, 0x0b],
      ]),
    ),
  );
  rejects(bytes, undefined);
});

test('an unknown opcode makes one function unknown, not the file', () => {
  const bodies = [
    [0, 0x0b],
    [0, 0x27, 0x0b],
    [0, 0x41, 0, 0x1a, 0x0b],
  ];
  const { module, analysis } = read(
    binary(
      section(1, vec([[0x60, 0, 0]])),
      section(3, vec([[0], [0], [0]])),
      section(
        7,
        vec([
          [1, 0x61, 0, 0],
          [1, 0x62, 0, 1],
          [1, 0x63, 0, 2],
        ]),
      ),
      section(10, vec(bodies.map((body) => [body.length, ...body]))),
    ),
  );
  assert.deepEqual(module.errors, []);
  assert.deepEqual([...analysis.unknownFunctions], [1]);
  assert.deepEqual(
    analysis.exports.map((summary) => summary.class === 'pure'),
    [true, false, true],
  );
});

test('a name of 40,000 characters, and one with an escape sequence', () => {
  const long = Array.from({ length: 40_000 }, () => 0x61);
  const exports = [
    [...leb(long.length), ...long, 0, 0],
    [3, 0x1b, 0x5b, 0x41, 0, 0],
  ];
  const bytes = binary(
    section(1, vec([[0x60, 0, 0]])),
    section(3, vec([[0]])),
    section(7, vec(exports)),
    section(10, vec([[2, 0, 0x0b]])),
  );
  const { module, text } = read(bytes);
  assert.equal(module.exports.length, 2);
  assert.ok(text.length < 3e6, `${text.length} characters`);
  assert.ok(!text.includes('\x1b'), 'an escape sequence reaches the text');
});

test('a chain of 50,000 calls: no recursion of ours is as deep', () => {
  const count = 50_000;
  const bodies = Array.from({ length: count }, (_, i) =>
    i < count - 1 ? [0, 0x10, ...leb(i + 1), 0x0b] : [0, 0x41, 1, 0x40, 0, 0x1a, 0x0b],
  );
  const { analysis } = accepts(
    binary(
      section(1, vec([[0x60, 0, 0]])),
      section(3, vec(repeat([0], count).map((type) => [type]))),
      section(5, vec([[0, 1]])),
      section(7, vec([[1, 0x61, 0, 0]])),
      section(10, vec(bodies.map((body) => [...leb(body.length), ...body]))),
    ),
  );
  assert.equal(analysis.exports[0].class, 'grows');
  assert.equal(analysis.exports[0].hazards[0].path.length, count);
});

test('50,000 exports of one function', () => {
  const exports = Array.from({ length: 50_000 }, (_, i) => [5, ...Buffer.from(String(10_000 + i)), 0, 0]);
  const { analysis } = accepts(
    binary(
      section(1, vec([[0x60, 0, 0]])),
      section(3, vec([[0]])),
      section(6, vec([[0x7f, 1, 0x41, 0, 0x0b]])),
      section(7, vec(exports)),
      section(10, vec([[6, 0, 0x41, 0, 0x24, 0, 0x0b]])),
    ),
  );
  assert.equal(analysis.exports.length, 50_000);
  assert.equal(analysis.groups.length, 1);
});

function repeat(bytes: readonly number[], times: number): number[] {
  return Array.from({ length: times }, () => bytes).flat();
}
