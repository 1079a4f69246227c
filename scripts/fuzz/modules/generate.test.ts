/** The generator: its modules are valid, and together they have every instruction. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../../core/testing/random.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { MNEMONIC } from '../../../core/wasm/instructions.ts';
import { toolsError } from '../../../core/wasm/validity/wasmTools.ts';
import { wasmEngine } from '../../../core/wasm/webAssembly.ts';
import { ourMnemonics } from '../../corpus/testing/mnemonics.ts';
import { randomModule } from './generate.ts';

const MODULES = 500;

test('generated modules are valid, and have every instruction there is', async () => {
  const missing = new Set(MNEMONIC.filter((mnemonic) => mnemonic !== undefined));
  let known = 0;
  for (let seed = 1; seed <= MODULES; seed++) {
    const module = decodeModule(randomModule(random(seed)));
    assert.deepEqual(module.errors, [], `seed ${seed}`);
    assert.equal(await toolsError(module), undefined, `seed ${seed}`);
    if (wasmEngine.validate(module.bytes)) known++;
    for (const mnemonic of ourMnemonics(module).flat()) missing.delete(mnemonic);
  }
  assert.deepEqual([...missing], []);
  // The others have proposals that this engine does not know.
  assert.ok(known > MODULES * 0.7, String(known));
});
