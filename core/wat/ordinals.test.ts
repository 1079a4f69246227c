/**
 * The contract with the binary: the same items and the same instructions in the same order, for all texts of the
 * repository.
 */

import { strict as assert } from 'node:assert';
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse, print } from '@bytecodealliance/jco-transpile/wasm-tools';
import binaryen from 'binaryen';
import { FIXTURES, ROOT } from '../testing/paths.ts';
import { decodeModule } from '../wasm/decode.ts';
import { disassemble } from '../wasm/printer.ts';
import { everyInstruction } from '../wasm/testing/everyInstruction.ts';
import { readWat } from './read.ts';
import { CONSTRUCTS } from './testing/constructs.ts';
import { badSpans, differences } from './testing/ordinals.ts';

const CORPUS = join(ROOT, '.cache/corpus');
const FULL = { bodyBudget: 1e9, prefer: [], expand: new Set<number>(), dataBudget: 1e9 };

/** Compiles `text`, compares the reader's view with the binary, and returns the binary. */
async function check(text: string): Promise<Uint8Array> {
  const bytes = await parse(text);
  const doc = readWat(text);
  assert.deepEqual(doc.errors, []);
  assert.equal(doc.modules.length, 1);
  assert.deepEqual(differences(doc, doc.modules[0], decodeModule(bytes)), []);
  assert.ok(doc.modules[0].complete);
  return bytes;
}

/** Folded text by an independent printer; undefined if it does not support the module's features. */
function folded(bytes: Uint8Array): string | undefined {
  try {
    const module = binaryen.readBinary(bytes);
    const text = module.emitText();
    module.dispose();
    return text;
  } catch {
    return undefined;
  }
}

async function checkPrinted(bytes: Uint8Array): Promise<void> {
  await check(await print(bytes));
  await check(disassemble(decodeModule(bytes), FULL).text);
}

const texts = (folder: string): [name: string, text: string][] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.wat'))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);

describe('ordinals of the text are those of the binary', () => {
  for (const [name, text] of Object.entries(CONSTRUCTS)) {
    test(name, async () => {
      const bytes = await check(text);
      assert.deepEqual(badSpans(readWat(text)), []);
      await checkPrinted(bytes);
    });
  }

  test('every parenthesis on a separate line, and every token', async () => {
    for (const text of Object.values(CONSTRUCTS)) {
      const { tokens } = readWat(text);
      const words = Array.from({ length: tokens.count }, (_, i) => text.slice(tokens.start[i], tokens.end[i]));
      await check(words.join('\n'));
      await check(words.join(' ').replaceAll('( ', '\n('));
    }
  });

  test('every instruction', async () => checkPrinted(await check(everyInstruction())));

  const handwritten = [...texts(FIXTURES), ...texts(join(import.meta.dirname, '../wasm/printer/cases'))];
  for (const [name, text] of handwritten) {
    test(name, async () => {
      const bytes = await check(text);
      await checkPrinted(bytes);
      const other = folded(bytes);
      if (other !== undefined) await check(other);
    });
  }

  test('each module of a script, compiled alone', async () => {
    const text = readFileSync(join(import.meta.dirname, 'cases/script.wast'), 'utf8');
    const doc = readWat(text);
    for (const module of doc.modules) {
      // Scripts may define a module without instantiating it; assemblers read plain modules only.
      const alone = text.slice(module.start, module.end).replace('module definition', 'module');
      assert.deepEqual(differences(doc, module, decodeModule(await parse(alone))), []);
    }
    assert.equal(doc.modules.length, 4);
  });

  const modules = globSync('**/*.wasm', { cwd: CORPUS }).filter((file) => statSync(join(CORPUS, file)).size < 500_000);
  for (const file of modules) {
    test(file, async () => {
      const bytes = Uint8Array.from(readFileSync(join(CORPUS, file)));
      await checkPrinted(bytes);
      const other = bytes.length < 100_000 ? folded(bytes) : undefined;
      if (other !== undefined) await check(other);
    });
  }
});
