/** No text of the product goes around the functions that make names harmless. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allBypasses, bypassesIn } from './bypasses.ts';

/** A source and a line of it that must be refused. */
const REFUSED: readonly (readonly [path: string, code: string])[] = [
  ['client/src/commands/a.ts', 'void window.showInformationMessage(name);'],
  ['client/src/commands/a.ts', 'const { showErrorMessage } = window;'],
  ['client/src/commands/a.ts', 'await window.withProgress({ title: name }, run);'],
  ['client/src/commands/a.ts', 'await window.showQuickPick(names);'],
  ['client/src/status/a.ts', 'const text = new MarkdownString(name);'],
  ['client/src/status/a.ts', 'text.appendMarkdown(name);'],
  ['client/src/status/a.ts', 'text.isTrusted = true;'],
  ['client/src/stress/a.ts', 'const message = new TestMessage(name);'],
  ['client/src/stress/a.ts', 'run.appendOutput(name);'],
  ['client/src/stress/a.ts', 'services.output.append(name);'],
  ['client/src/tree/a.ts', 'window.setStatusBarMessage(name);'],
  ['cli/src/check/a.ts', 'process.stderr.write(name);'],
  ['cli/src/check/a.ts', 'console.error(name);'],
  ['core/report/json/a.ts', 'return JSON.stringify(report);'],
  ['view/src/a.tsx', 'return <div dangerouslySetInnerHTML={{ __html: name }} />;'],
  ['view/src/a.ts', "name.replaceAll('<', '&lt;');"],
  ['core/wrap/a.ts', "name.replace(/[\\p{Cc}]/gu, ' ');"],
];

describe('what is shown', () => {
  it('goes through one function for each medium', () => {
    assert.equal(allBypasses().join('\n'), '');
  });

  for (const [path, code] of REFUSED)
    it(`is refused elsewhere: ${code}`, () => {
      assert.equal(bypassesIn(path, `// comment\n${code}\n`).length, 1);
      assert.match(bypassesIn(path, `// comment\n${code}\n`)[0], /^\S+:2: .+: use /);
    });

  it('may be named in comments and strings', () => {
    assert.deepEqual(bypassesIn('client/src/a.ts', "// new TestMessage\nconst a = 'showQuickPick';\n"), []);
  });
});
