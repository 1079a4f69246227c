import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chooseHost } from './hostDetection.ts';

const WAZERO = 'module m\nrequire github.com/tetratelabs/wazero v1.9.0\n';
const WASMTIME = '[dependencies]\nwasmtime = "30"\n';

describe('chooseHost', () => {
  let folder: string;
  const uri = (path: string): string => pathToFileURL(join(folder, path)).href;
  async function put(path: string, text = ''): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-host-'));
    await put('go/go.mod', WAZERO);
    await put('go/testdata/deep/x.wasm');
    await put('mixed/host/Cargo.toml', WASMTIME);
    await put('mixed/guest/target/x.wasm');
    await put('mixed/node_modules/other/go.mod', WAZERO);
    await put('dotnet/App.csproj', '<Project><PackageReference Include="Wasmtime" Version="34.0.2" /></Project>');
    await put('python/pyproject.toml', '[project]\ndependencies = ["wasmtime"]\n');
    await put('python/package.json', '{}');
    await put('c/main.c', '#include <wasmedge/wasmedge.h>\n');
    await put('bare/x.wasm');
    await put('repository/.git/HEAD');
    await put('repository/go.mod', WAZERO);
    await put('repository/package.json', '{}');
    await put('repository/web/package.json', '{}');
    await put('repository/web/x.wasm');
    await put('repository/native/host.c', '#include <wasm_export.h>\n');
    await put('tools/package.json', '{}');
    await put('tools/host/Cargo.toml', WASMTIME);
    await put('tools/guest/x.wasm');
  });
  after(() => rm(folder, { recursive: true }));

  it('looks between the module and the root of its workspace', async () => {
    const { host, reason } = await chooseHost(uri('go/testdata/deep/x.wasm'), [uri('go')]);
    assert.equal(host, 'wazero');
    assert.match(reason, /^go\.mod requires/);
  });

  it('looks one level below the root, but not into dependencies', async () => {
    const { host, reason } = await chooseHost(uri('mixed/guest/target/x.wasm'), [uri('bare'), uri('mixed')]);
    assert.equal(host, 'wasmtime');
    assert.match(reason, /^host.Cargo\.toml/);
  });

  it('looks two levels up from a module outside of the workspace', async () => {
    assert.equal((await chooseHost(uri('go/testdata/deep/x.wasm'), [])).host, 'wazero');
  });

  it('takes the nearest folder that tells, in every workspace folder the same', async () => {
    // As on the command line: cli/src/check.test.ts has the same project.
    for (const roots of [[], [uri('repository')], [uri('repository/web')]]) {
      assert.deepEqual(await chooseHost(uri('repository/web/x.wasm'), roots), {
        host: 'javascript',
        reason: 'web/package.json makes this a JavaScript project',
      });
      assert.equal((await chooseHost(uri('repository/x.wasm'), roots)).host, 'wazero');
      assert.equal((await chooseHost(uri('repository/docs/x.wasm'), roots)).host, 'wazero');
      assert.equal((await chooseHost(uri('repository/native/x.wasm'), roots)).host, 'wamr');
    }
  });

  it('asks the folders below the root when that has only a package.json', async () => {
    const { host, reason } = await chooseHost(uri('tools/guest/x.wasm'), [uri('tools')]);
    assert.equal(host, 'wasmtime');
    assert.match(reason, /^host.Cargo\.toml/);
  });

  it('reads manifests whose names are free, those of Python, and sources', async () => {
    const reasons = await Promise.all(
      ['dotnet', 'python', 'c'].map(async (name) => chooseHost(uri(`${name}/x.wasm`), [uri(name)])),
    );
    assert.deepEqual(reasons, [
      { host: 'wasmtime-c-api', reason: 'App.csproj references Wasmtime' },
      { host: 'wasmtime-py', reason: 'pyproject.toml depends on wasmtime' },
      { host: 'wasmedge', reason: 'main.c includes wasmedge/wasmedge.h' },
    ]);
  });

  it('says that nothing told', async () => {
    const { host, reason } = await chooseHost(uri('bare/x.wasm'), [uri('bare')]);
    assert.equal(host, 'wazero');
    assert.match(reason, /^default, no go\.mod/);
  });
});
