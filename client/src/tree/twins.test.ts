import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinTwins } from './twins.ts';

describe('twins', () => {
  it('are one module, the text before the binary', () => {
    assert.deepEqual(joinTwins(['file:///a/x.wasm', 'file:///a/x.wat', 'file:///a/y.wasm', 'file:///a/z.wat']), [
      { main: 'file:///a/x.wat', twin: 'file:///a/x.wasm' },
      { main: 'file:///a/y.wasm', twin: undefined },
      { main: 'file:///a/z.wat', twin: undefined },
    ]);
  });

  it('are in one folder', () => {
    assert.equal(joinTwins(['file:///a/x.wat', 'file:///b/x.wasm']).length, 2);
  });

  it('are in the order of their names, each once', () => {
    const mains = joinTwins(['file:///m10.wasm', 'file:///m2.wasm', 'file:///m2.wasm']).map(({ main }) => main);
    assert.deepEqual(mains, ['file:///m2.wasm', 'file:///m10.wasm']);
  });
});
