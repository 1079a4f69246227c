/** Finding the user's Go module: each way in which it cannot be used is one sentence, and nothing is left behind. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { goMissing, goModule } from '../../core/wrap/go/testing/goModule.ts';
import { missing, temporary } from '../../core/wrap/testing/tools.ts';
import { DriverFolder } from './driverFolder.ts';
import { findGoModule, type GoModule } from './goModule.ts';
import { openVerifier } from './verifier.ts';

const WAZERO = 'github.com/tetratelabs/wazero';

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporary();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('finding a Go module', { skip: missing('Go modules of verify', 'go') }, () => {
  const scratch = new DriverFolder();
  after(() => scratch.close());
  const found = async (folder: string): Promise<GoModule> => {
    const answer = await findGoModule(scratch, folder, undefined);
    return 'problem' in answer ? assert.fail(answer.problem) : answer;
  };
  const problem = async (folder: string): Promise<string> => {
    const answer = await findGoModule(scratch, folder, undefined);
    return 'problem' in answer ? answer.problem : assert.fail(`found ${answer.wazero}`);
  };

  it('names a folder that does not exist', async () => {
    assert.match(await problem('/no/such/folder'), /^\/no\/such\/folder: there is no such folder$/);
  });

  it('names a folder without go.mod', async () => {
    assert.match(await problem(temporary()), /: no go\.mod in this folder or above it; name the folder/);
  });

  it('says that a module does not require wazero', async () => {
    assert.match(
      await problem(folderWith({ 'go.mod': 'module example.com/other\n\ngo 1.21\n' })),
      /go\.mod does not require github\.com\/tetratelabs\/wazero: name the folder/,
    );
  });

  it('says that go.mod cannot be read', async () => {
    assert.match(
      await problem(folderWith({ 'go.mod': 'module example.com/other\n\nrequire (\n' })),
      /go\.mod cannot be read: go: errors parsing go\.mod: .*go\.mod:4: syntax error/,
    );
  });

  it('says that wazero is too old, from the vendor folder, too', async () => {
    const folder = folderWith({
      'go.mod': `module example.com/other\n\ngo 1.21\n\nrequire ${WAZERO} v1.6.0\n`,
      'vendor/modules.txt': `# ${WAZERO} v1.6.0\n## explicit; go 1.18\n${WAZERO}\n`,
    });
    assert.equal(await problem(folder), 'wazero v1.6.0 is too old: verify needs v1.7.3 or later');
  });

  it('says in the words of Go why a module graph cannot be loaded', async () => {
    const folder = folderWith({
      'go.mod': 'module example.com/other\n\ngo 1.16\n\nrequire example.invalid/x v1.0.0\n',
    });
    assert.match(
      await problem(folder),
      /the module graph of .*go\.mod cannot be loaded: go: example\.invalid\/x@v1\.0\.0: missing go\.sum entry/,
    );
  });

  it('says that Go is too old for the module', async () => {
    const { GOTOOLCHAIN } = process.env;
    process.env.GOTOOLCHAIN = 'local';
    try {
      assert.match(
        await problem(folderWith({ 'go.mod': `module example.com/other\n\ngo 1.99\n\nrequire ${WAZERO} v1.9.0\n` })),
        /^this Go is too old for the module: go: go\.mod requires go >= 1\.99 /,
      );
    } finally {
      if (GOTOOLCHAIN === undefined) delete process.env.GOTOOLCHAIN;
      else process.env.GOTOOLCHAIN = GOTOOLCHAIN;
    }
  });

  it('says that there is no go', async () => {
    const { PATH } = process.env;
    process.env.PATH = temporary();
    try {
      assert.equal(
        await problem(temporary()),
        'go was not found: install Go (https://go.dev/dl), or add its bin folder to PATH',
      );
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('takes wazero from a vendor folder, a replacement and a folder below the module', async () => {
    const vendored = folderWith({
      'go.mod': `module example.com/other\n\ngo 1.21\n\nrequire ${WAZERO} v1.9.0\n`,
      'vendor/modules.txt': `# ${WAZERO} v1.9.0\n## explicit; go 1.21\n${WAZERO}\n`,
      'deep/down/x.go': 'package down\n',
    });
    const { folder, wazero, mod, path } = await found(join(vendored, 'deep/down'));
    assert.deepEqual([folder, wazero, mod, path], [vendored, 'v1.9.0', 'vendor', 'example.com/other']);
    const replaced = folderWith({
      'go.mod': `module example.com/other\n\ngo 1.21\n\nrequire ${WAZERO} v1.9.0\n\nreplace ${WAZERO} => ./own\n`,
      'own/go.mod': `module ${WAZERO}\n\ngo 1.21\n`,
    });
    assert.equal((await found(replaced)).wazero, './own');
    const workspace = folderWith({
      'go.work': 'go 1.21\n\nuse ./a\n\nuse ./b\n',
      'a/go.mod': `module example.com/a\n\ngo 1.21\n\nrequire ${WAZERO} v1.9.0\n`,
      'b/go.mod': `module ${WAZERO}\n\ngo 1.21\n`,
    });
    assert.equal((await found(join(workspace, 'a'))).wazero, join(workspace, 'b'));
  });

  it('finds the pinned versions', { skip: goMissing() }, async () => {
    const folder = goModule('newest');
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    const { wazero, mod } = await found(folder);
    assert.match(wazero, /^v1\.\d+\.\d+$/);
    assert.equal(mod, 'readonly');
    assert.deepEqual(
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
      before,
    );
  });

  it('leaves nothing behind', async () => {
    const made: string[] = [];
    const answer = await openVerifier(temporary(), { onFolder: (path) => made.push(path) });
    assert.ok('failure' in answer);
    assert.equal(answer.failure.kind, 'unsupported-host');
    assert.deepEqual(made.map(existsSync), [false]);
  });
});
