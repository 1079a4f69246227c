/** Lint enforces the dependency rules of ARCHITECTURE.md. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from './paths.ts';

/** File, statement, and the lint rule that must reject it; without a rule the statement is allowed. */
const CASES: readonly (readonly [file: string, code: string, rule?: string])[] = [
  ['core/wasm/vscode.ts', "import 'vscode';", 'noRestrictedImports'],
  ['core/wasm/languageServer.ts', "import 'vscode-languageserver/node';", 'noRestrictedImports'],
  ['core/wasm/fs.ts', "import 'node:fs/promises';", 'noRestrictedImports'],
  ['core/wasm/bareFs.ts', "import 'fs';", 'useNodejsImportProtocol'],
  ['core/stress/dynamic.ts', "await import('node:fs');", 'noRestrictedImports'],
  ['core/wrap/go/cli.ts', "import '../../../cli/src/io.ts';", 'noRestrictedImports'],
  ['core/text/protocol.ts', "import '../../server/src/protocol.ts';", 'noRestrictedImports'],
  ['core/report/demangler.ts', "import '../../node/demangler.ts';", 'noRestrictedImports'],
  ['core/advice/print.ts', 'console.log(1);', 'noRestrictedGlobals'],
  ['core/hosts/env.ts', 'process.exit();', 'noRestrictedGlobals'],
  ['core/stress/explore/clock.ts', 'Date.now();', 'noRestrictedGlobals'],
  ['core/wrap/rust/clock.ts', 'performance.now();', 'noRestrictedGlobals'],
  ['core/wat/timer.ts', 'setTimeout(() => 0);', 'noRestrictedGlobals'],
  ['core/wasm/own.ts', "import './reader.ts';"],
  ['core/wasm/library.ts', "import '@webassemblyjs/wasm-parser';"],
  ['core/wasm/reader.test.ts', "import 'node:fs';\nconsole.log(Date.now());"],
  ['core/stress/testing/run.ts', "import 'node:fs';"],
  ['core/analysis/rules/wasm.ts', "import '../../wasm/module.ts';"],
  ['core/stress/run/any.ts', 'export const x: any = 1;', 'noExplicitAny'],
  ['node/demangler.ts', "import 'node:fs';\nimport '../core/wasm/demangle.ts';"],
  ['node/stress/vscode.ts', "import 'vscode';", 'noRestrictedImports'],
  ['node/stress/server.ts', "import '../../server/src/server.ts';", 'noRestrictedImports'],
  ['node/stress/print.ts', 'console.log(1);', 'noConsole'],
  ['server/src/features/hover.ts', "import 'vscode-languageserver';\nimport '../../../core/wasm/module.ts';"],
  ['server/src/features/server.ts', "import '../server.ts';", 'noRestrictedImports'],
  ['server/src/features/vscode.ts', "import 'vscode';", 'noRestrictedImports'],
  ['server/src/features/print.ts', 'console.log(1);', 'noConsole'],
  ['server/src/server.ts', "import '../../client/src/extension.ts';", 'noRestrictedImports'],
  ['server/src/stdout.ts', 'console.log(1);', 'noConsole'],
  [
    'client/src/editor/wasm.ts',
    "import 'vscode';\nimport '../../../core/wasm/module.ts';\nimport '../../../server/src/protocol.ts';",
  ],
  ['client/src/editor/features.ts', "import '../../../server/src/features/hover.ts';", 'noRestrictedImports'],
  ['client/src/extension.ts', "import '../../server/src/server.ts';", 'noRestrictedImports'],
  ['client/src/commands/cli.ts', "import '../../../cli/src/io.ts';", 'noRestrictedImports'],
  ['cli/src/vscode.ts', "import 'vscode';", 'noRestrictedImports'],
  ['cli/src/node.ts', "import 'node:fs';\nimport '../../node/demangler.ts';\nimport '../../core/wat/compile.ts';"],
  ['cli/src/protocol.ts', "import '../../server/src/protocol.ts';", 'noRestrictedImports'],
  ['cli/src/client.ts', "import '../../client/src/uris.ts';", 'noRestrictedImports'],
];

interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly location: { readonly path: string | { file: string } };
  }[];
}

describe('lint', () => {
  const root = mkdtempSync(join(tmpdir(), 'lint-'));
  after(() => rmSync(root, { recursive: true }));
  copyFileSync(join(ROOT, 'biome.json'), join(root, 'biome.json'));
  for (const [file, code] of CASES) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `${code}\n`);
  }
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', '.'];
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const report = JSON.parse(result.stdout) as Report;

  const refusals = (file: string): string[] =>
    report.diagnostics
      .filter(({ location }) => JSON.stringify(location.path).includes(file))
      .map(({ category }) => category.split('/').at(-1) ?? '');

  for (const [file, code, rule] of CASES) {
    it(`${rule ? 'refuses' : 'allows'} ${code.replaceAll('\n', ' ')} in ${file}`, () => {
      if (rule) assert.ok(refusals(file).includes(rule), `${rule} is not among [${refusals(file)}]`);
      else assert.deepEqual(refusals(file), []);
    });
  }
});
