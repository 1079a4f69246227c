import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryFiles } from './testing/memoryFiles.ts';
import { hostOfVirtual } from './virtualHost.ts';

const WASMTIME = '[dependencies]\nwasmtime = "30"\n';
const FILES = memoryFiles({
  'memfs:/a%20b/host/Cargo.toml': WASMTIME,
  'memfs:/a%20b/guest/x.wasm': '',
  'memfs:/go.mod': 'module m\nrequire github.com/tetratelabs/wazero v1.9.0\n',
  'memfs:/plain/x.wasm': '',
  'vscode-vfs://github/r/python/pyproject.toml': '[project]\ndependencies = ["wasmtime"]\n',
  'vscode-vfs://github/r/python/deep/x.wasm': '',
});

describe('the host of a module in a virtual workspace', () => {
  it('is told by the manifests around it, up to the folder of the workspace', async () => {
    assert.deepEqual(await hostOfVirtual('memfs:/a%20b/guest/x.wasm', ['memfs:/a%20b'], FILES), {
      host: 'wasmtime',
      reason: 'host/Cargo.toml depends on wasmtime',
    });
    const deep = 'vscode-vfs://github/r/python/deep/x.wasm';
    assert.equal((await hostOfVirtual(deep, ['vscode-vfs://github/r/'], FILES)).host, 'wasmtime-py');
    assert.equal((await hostOfVirtual('memfs:/plain/x.wasm', ['memfs:/'], FILES)).host, 'wazero');
  });

  it('is the default where nothing tells, and where nothing can be read', async () => {
    assert.match((await hostOfVirtual('memfs:/plain/x.wasm', ['memfs:/plain'], FILES)).reason, /no go\.mod/);
    assert.match((await hostOfVirtual('untitled:Untitled-1', [], FILES)).reason, /cannot be read/);
    assert.match((await hostOfVirtual('vscode-vfs://github/other/x.wasm', [], FILES)).reason, /cannot be read/);
  });
});
