/** What generated code says about waiting under a lock and about stacks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../analysis/analyse.ts';
import type { HostId } from '../hosts/index.ts';
import { decodeModule } from '../wasm/decode.ts';
import type { WrapKind } from './template.ts';
import { warningsOf } from './warnings.ts';

async function warnings(name: string, host: HostId, kind: WrapKind): Promise<string> {
  const source = readFileSync(join(import.meta.dirname, '../stress/explore/cases/kinds', `${name}.wat`), 'utf8');
  const module = decodeModule(await parse(source));
  return warningsOf(module, analyse(module, { host, model: 'auto' }), kind).join('\n');
}

describe('warnings at the top of generated code', () => {
  it('name the exports that wait for another call, which a lock keeps out', async () => {
    assert.match(
      await warnings('condition', 'javascript', 'mutex'),
      /^"pop", "pop_if", "push" and "push_silent" can wait for a notification from another call\. Under the lock/,
    );
    assert.equal(await warnings('condition', 'javascript', 'pool'), '');
    assert.equal(await warnings('exchange', 'wazero', 'mutex'), '');
  });

  it('say that the stacks of instances over one memory overlap', async () => {
    for (const kind of ['pool', 'mutex', 'test'] as const)
      assert.match(await warnings('stack64', 'wasmtime', kind), /no host can set it, so their stacks overlap/);
    assert.doesNotMatch(await warnings('stack-from-start', 'wasmtime', 'pool'), /overlap/);
  });
});
