/** The dependency rules of ARCHITECTURE.md hold because lint refuses what breaks them: this shows that it does. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from './paths.ts';

/** File, statement, and the rule that must refuse it; no rule: the statement is fine there. */
const CASES: readonly (readonly [file: string, code: string, rule?: string])[] = [
  ['server/src/wasm/vscode.ts', "import 'vscode';", 'noRestrictedImports'],
  ['server/src/wasm/types.ts', "import type { Hover } from 'vscode-languageserver/node';", 'noRestrictedImports'],
  ['server/src/wasm/fs.ts', "import 'node:fs/promises';", 'noRestrictedImports'],
  ['server/src/wasm/bareFs.ts', "import 'fs';", 'useNodejsImportProtocol'],
  ['server/src/wasm/dynamic.ts', "await import('node:fs');", 'noRestrictedImports'],
  ['server/src/wasm/wat.ts', "import '../wat/compile.ts';", 'noRestrictedImports'],
  ['server/src/wasm/analysis.ts', "import '../analysis/facts.ts';", 'noRestrictedImports'],
  ['server/src/wasm/protocol.ts', "import '../protocol.ts';", 'noRestrictedImports'],
  ['server/src/wasm/sub/deep.ts', "import '../../features/hover.ts';", 'noRestrictedImports'],
  ['server/src/wasm/print.ts', 'console.log(1);', 'noRestrictedGlobals'],
  ['server/src/wasm/env.ts', 'process.exit();', 'noRestrictedGlobals'],
  ['server/src/wasm/clock.ts', 'Date.now();', 'noRestrictedGlobals'],
  ['server/src/wasm/timer.ts', 'setTimeout(() => 0);', 'noRestrictedGlobals'],
  ['server/src/wasm/own.ts', "import './reader.ts';"],
  ['server/src/wasm/library.ts', "import '@webassemblyjs/wasm-parser';"],
  ['server/src/wasm/reader.test.ts', "import 'node:fs';\nconsole.log(Date.now());"],
  ['server/src/wat/wasm.ts', "import '../wasm/module.ts';"],
  ['server/src/wat/analysis.ts', "import '../analysis/facts.ts';", 'noRestrictedImports'],
  ['server/src/analysis/rules/wasm.ts', "import '../../wasm/module.ts';"],
  ['server/src/analysis/rules/wat.ts', "import '../../wat/compile.ts';", 'noRestrictedImports'],
  ['server/src/analysis/rules/clock.ts', 'performance.now();', 'noRestrictedGlobals'],
  [
    'server/src/features/hover.ts',
    "import '../analysis/facts.ts';\nimport '../wat/compile.ts';\nimport '../protocol.ts';",
  ],
  ['server/src/features/server.ts', "import '../server.ts';", 'noRestrictedImports'],
  ['server/src/features/vscode.ts', "import 'vscode';", 'noRestrictedImports'],
  ['server/src/features/print.ts', 'console.log(1);', 'noConsole'],
  ['server/src/server.ts', "import '../../client/src/extension.ts';", 'noRestrictedImports'],
  [
    'client/src/editor/wasm.ts',
    "import 'vscode';\nimport '../../../server/src/wasm/module.ts';\nimport '../../../server/src/protocol.ts';",
  ],
  ['client/src/editor/features.ts', "import '../../../server/src/features/hover.ts';", 'noRestrictedImports'],
  ['client/src/editor/wat.ts', "import '../../../server/src/wat/compile.ts';", 'noRestrictedImports'],
  ['client/src/extension.ts', "import '../../server/src/server.ts';", 'noRestrictedImports'],
  ['client/src/cli/vscode.ts', "import 'vscode';", 'noRestrictedImports'],
  ['client/src/cli/wat.ts', "import 'node:fs';\nimport '../../../server/src/wat/compile.ts';"],
  ['client/src/cli/source.ts', "import '../../../server/src/source/analyseSource.ts';"],
  ['client/src/cli/store.ts', "import '../../../server/src/source/sourceStore.ts';", 'noRestrictedImports'],
  ['client/src/cli/features.ts', "import '../../../server/src/features/hover.ts';", 'noRestrictedImports'],
  ['client/src/stress/stressWorker.node.ts', "import 'vscode';", 'noRestrictedImports'],
  ['client/src/stress/engine/fs.ts', "import 'node:fs';", 'noRestrictedImports'],
  ['client/src/stress/engine/wasm.ts', "import '../../../../server/src/wasm/module.ts';"],
  ['client/src/stress/engine/protocol.ts', "import '../../../../server/src/protocol.ts';", 'noRestrictedImports'],
  ['client/src/stress/advice/fs.ts', "import 'node:fs';", 'noRestrictedImports'],
  ['client/src/stress/advice/clock.ts', 'performance.now();', 'noRestrictedGlobals'],
  ['client/src/stress/advice/engine.ts', "import '../engine/result.ts';"],
  ['client/src/wrap/fs.ts', "import 'node:fs';", 'noRestrictedImports'],
  ['client/src/wrap/clock.ts', 'Date.now();', 'noRestrictedGlobals'],
  ['client/src/wrap/go/wasm.ts', "import '../../../../server/src/wasm/module.ts';"],
  ['client/src/wrap/go/cli.ts', "import '../../cli/io.ts';", 'noRestrictedImports'],
  ['client/src/wrap/go/vscode.ts', "import 'vscode';", 'noRestrictedImports'],
  ['client/src/stress/engine/any.ts', 'export const x: any = 1;', 'noExplicitAny'],
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
