import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parse, print } from '@bytecodealliance/jco-transpile/wasm-tools';
import { assertGolden } from '../testing/golden.ts';
import { decodeModule } from './decode.ts';
import { readInstruction } from './immediates.ts';
import { MNEMONIC } from './instructions.ts';
import type { Module } from './module.ts';
import { NO_OFFSET } from './printer/lines.ts';
import type { PrintOptions } from './printer/options.ts';
import { type Disassembly, disassemble } from './printer.ts';
import { everyInstruction } from './testing/everyInstruction.ts';

const CASES = new URL('./printer/cases/', import.meta.url);

const FULL: PrintOptions = { bodyBudget: 1e9, prefer: [], expand: new Set(), dataBudget: 1e9 };

const cases = new Map(
  readdirSync(CASES)
    .filter((name) => name.endsWith('.wat') && !name.endsWith('.golden.wat'))
    .map((name) => [name, readFileSync(new URL(name, CASES), 'utf8')] as const),
);
cases.set('every instruction', everyInstruction());

const decode = async (text: string): Promise<Module> => decodeModule(await parse(text));

/** The binary without custom sections, and so without names. */
function withoutCustomSections({ bytes, sections }: Module): Uint8Array {
  const kept = sections.filter(({ id }) => id !== 0).map(({ offset, end }) => bytes.subarray(offset, end));
  return Uint8Array.from([bytes.subarray(0, 8), ...kept].flatMap((part) => Array.from(part)));
}

/** First instruction line whose offset is not that of the same instruction in the binary, if any. */
function wrongOffset(module: Module, { text, lineOffsets }: Disassembly): string | undefined {
  const mnemonics = new Set(MNEMONIC);
  return text.split('\n').find((line, i) => {
    const word = line.trim().split(' ')[0];
    if (!mnemonics.has(word)) return false;
    const instruction = readInstruction(module.bytes, lineOffsets[i], module.bytes.length);
    return !('id' in instruction) || MNEMONIC[instruction.id] !== word;
  });
}

describe('disassembly of whole modules', () => {
  for (const [name, source] of cases) {
    test(`${name} reads back, means the same, prints the same again`, async () => {
      const module = await decode(source);
      assert.deepEqual(module.errors, []);
      const printed = disassemble(module, FULL);
      assert.equal(printed.text.split('\n').length - 1, printed.lineOffsets.length);
      assert.equal(wrongOffset(module, printed), undefined);
      assert.equal(printed.elided.length, 0);

      const again = await decode(printed.text);
      assert.equal(disassemble(again, FULL).text, printed.text);
      // An independent disassembler sees the same module.
      assert.equal(await print(withoutCustomSections(again)), await print(withoutCustomSections(module)));
    });
  }

  for (const name of ['lock.wat', 'names.wat', 'exceptions.wat']) {
    test(`${name} prints as expected`, async () => {
      const module = await decode(cases.get(name) as string);
      const { text } = disassemble(module, FULL);
      assertGolden(new URL(name.replace('.wat', '.golden.wat'), CASES), text);
    });
  }

  test('lines know their offsets', async () => {
    const module = await decode(cases.get('lock.wat') as string);
    const { text, lineOffsets } = disassemble(module, { ...FULL, header: ['two lines', 'of comment'] });
    const lines = text.split('\n');
    const offsetOf = (start: string): number => lineOffsets[lines.findIndex((line) => line.trim().startsWith(start))];
    assert.deepEqual(lines.slice(0, 2), [';; two lines', ';; of comment']);
    assert.deepEqual([...lineOffsets.slice(0, 2)], [NO_OFFSET, NO_OFFSET]);
    assert.equal(offsetOf('(module'), 0);
    assert.equal(offsetOf('(export "inc"'), module.exports[1].offset);
    assert.equal(offsetOf('(global'), module.globals[0].offset);
    assert.equal(offsetOf('(func $lock'), module.functions.entry[0]);
    assert.equal(offsetOf('(local $c'), module.functions.bodyStart[0]);
    // The closing parenthesis of a function is its last `end`.
    assert.equal(lineOffsets[lines.indexOf('  )')], module.functions.bodyEnd[0] - 1);
  });
});

describe('omitted parts', () => {
  const bodies = Array.from({ length: 50 }, (_, i) => `(func $f${i} ${'nop '.repeat(20 + i)})`);
  const source = `(module (memory 1) ${bodies.join('\n')} (data (i32.const 0) "${'x'.repeat(5000)}"))`;

  test('bodies beyond the budget, preferred ones first', async () => {
    const module = await decode(source);
    const options = { ...FULL, bodyBudget: 2000, prefer: [40, 30] };
    const { text, elided } = disassemble(module, options);
    assert.ok(!elided.includes(40) && !elided.includes(30) && elided.includes(41));
    assert.deepEqual(
      [...elided],
      [...elided].sort((a, b) => a - b),
    );
    assert.ok(text.includes('(func $f49 (;49;) (type 0) (;69 instructions;))'));
    assert.ok(text.length < 2000 + 50 * 60 + 6000);
    assert.equal((await decode(text)).functions.typeIndex.length, 50);
    const nothing = disassemble(module, { ...FULL, bodyBudget: 0 });
    assert.equal(nothing.elided.length, 50);
  });

  test('bodies that the user opened are not omitted', async () => {
    const { text, elided } = disassemble(await decode(source), { ...FULL, bodyBudget: 0, expand: new Set([7, 9999]) });
    assert.equal(elided.length, 49);
    assert.equal(text.match(/^ {4}nop$/gm)?.length, 27);
  });

  test('contents of segments', async () => {
    const { text } = disassemble(await decode(source), { ...FULL, dataBudget: 100 });
    assert.match(text, /"x{64}"\n {4}"x{64}"\n {4}\(;4872 bytes more;\)\n {2}\)/);
    await decode(text);
  });

  test('bodies that cannot be decoded', async () => {
    const module = await decode('(module (func nop nop) (func i32.const 1 drop))');
    module.bytes[module.functions.bodyStart[0] + 2] = 0xff;
    const { text, elided } = disassemble(module, FULL);
    const at = `0x${(module.functions.bodyStart[0] + 2).toString(16)}`;
    assert.ok(text.includes(`(func (;0;) (type 0) (;cannot be decoded: unknown opcode 0xff at ${at};))`), text);
    assert.ok(text.includes('i32.const 1'));
    assert.equal(elided.length, 0);
    await decode(text);
  });

  test('custom sections are mentioned', async () => {
    const { text } = disassemble(await decode('(module (@custom "a\\nb" "12345"))'), FULL);
    assert.ok(text.includes(';; custom section "a?b", 5 bytes'));
  });
});

describe('readability and bounds', () => {
  test('readable forms of symbols are comments', async () => {
    const module = await decode('(module (func $_ZN1f) (func $g) (export "_ZN1f" (func 0)))');
    const { text } = disassemble(module, { ...FULL, displayName: (symbol) => symbol.replace(/^_ZN1f$/, 'crate::f\n') });
    assert.ok(text.includes('(export "_ZN1f" (func $_ZN1f)) ;; crate::f?'));
    assert.ok(text.includes('(func $_ZN1f (;0;) (type 0) ;; crate::f?\n'));
    assert.ok(text.includes('(func $g (;1;) (type 0)\n'));
    await decode(text);
  });

  test('deep nesting does not indent without bound', async () => {
    const depth = 30_000;
    const body = Uint8Array.from([
      0,
      ...new Array(depth).fill([0x02, 0x40]).flat(),
      ...new Array(depth + 1).fill(0x0b),
    ]);
    const module = await decode('(module (func))');
    module.functions.bodyStart[0] = 0;
    module.functions.bodyEnd[0] = body.length;
    const { text } = disassemble({ ...module, bytes: body }, FULL);
    assert.ok(text.length < depth * 240, `${text.length}`);
    assert.equal(text.split('\n').length, 2 * depth + 6);
  });

  test('giant br_table, many locals, long names', async () => {
    const name = 'n'.repeat(3000);
    const { text } = disassemble(
      await decode(
        `(module (func $${name} (local $${name} i32) (local ${'i64 '.repeat(2000)}) i32.const 0 br_table ${'0 '.repeat(5000)}))`,
      ),
      FULL,
    );
    assert.ok(!text.includes('n'.repeat(501)));
    await decode(text);
  });

  test('counts larger than the section', async () => {
    const module = await decode('(module (func (local i32 i64)))');
    // 2^32-1 locals of the first group.
    const body = Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b);
    module.functions.bodyStart[0] = 0;
    module.functions.bodyEnd[0] = body.length;
    const { text } = disassemble({ ...module, bytes: body }, FULL);
    assert.ok(text.includes('cannot be decoded: more than 50000 locals at 0x1'), text);
  });

  test('a million functions with giant signatures are cut off with a note', async () => {
    const params = Array.from({ length: 64 }, () => '(ref null $t)').join(' ');
    const module = await decode(`(module (type $t (func)) (type (func (param ${params}))))`);
    module.names.types.set(0, 'n'.repeat(500));
    const count = 1_000_000;
    module.functions = {
      imported: 0,
      typeIndex: new Uint32Array(count).fill(1),
      entry: new Uint32Array(count),
      bodyStart: new Uint32Array(count),
      bodyEnd: new Uint32Array(count),
    };
    const { text } = disassemble(module, FULL);
    assert.ok(text.length < 2 ** 27 + 2 ** 20);
    assert.match(text.slice(-200), /;; the rest is left out/);
  });

  test('mutants never throw and print text that reads back', async () => {
    const original = await parse(cases.get('gc.wat') as string);
    let state = 1;
    const random = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    for (let round = 0; round < 1500; round++) {
      const bytes = original.slice(0, round % 10 === 0 ? random(original.length) : original.length);
      for (let n = random(4); n >= 0; n--) bytes[8 + random(bytes.length)] ^= 1 << random(8);
      const { text, lineOffsets } = disassemble(decodeModule(bytes), {
        ...FULL,
        prefer: [99, 2],
        bodyBudget: round % 2 ? 1e6 : 100,
      });
      assert.equal(text.split('\n').length - 1, lineOffsets.length);
      if (round % 10 === 0) await decode(text);
    }
  });
});
