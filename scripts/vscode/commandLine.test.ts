import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { parseDesktopArguments, workbenchUrl } from './commandLine.ts';

const parse = (...args: string[]) => parseDesktopArguments(args, (path) => resolve('/here', path));

describe('parseDesktopArguments', () => {
  it('reads what test-electron passes', () => {
    assert.deepEqual(
      parse(
        'work space',
        '--user-data-dir=/data',
        '--no-sandbox',
        '--skip-welcome',
        '--disable-workspace-trust',
        '--extensionTestsPath=/ext/out/test/index.js',
        '--extensionDevelopmentPath=/ext',
      ),
      {
        folder: '/here/work space',
        developmentPaths: ['/ext'],
        testsPath: '/ext/out/test/index.js',
        userData: '/data',
        disableTrust: true,
        disableExtensions: false,
      },
    );
  });
});

describe('workbenchUrl', () => {
  it('names extension and tests as files of the server', () => {
    const url = new URL(
      workbenchUrl('127.0.0.1:8000', parse('/w', '--extensionTestsPath=/t', '--extensionDevelopmentPath=/e')),
    );
    assert.equal(url.searchParams.get('folder'), '/w');
    assert.deepEqual(JSON.parse(url.searchParams.get('payload') ?? ''), [
      ['extensionDevelopmentPath', 'vscode-remote://127.0.0.1:8000/e'],
      ['extensionTestsPath', 'vscode-remote://127.0.0.1:8000/t'],
      ['skipWelcome', 'true'],
    ]);
  });
});
