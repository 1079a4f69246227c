/** Findings and navigation in the text of a binary. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, diagnostics, fileUri, find, hasRule, hover, open, ruleOf, textUri, withSetting } from './support.ts';

const NAME = 'counter-global.wasm';

describe('the text of a binary', () => {
  let document: vscode.TextDocument;
  beforeEach(async () => {
    ({ document } = await open(NAME));
  });
  afterEach(closeAll);

  it('has a diagnostic at the export, with the way to the access', async () => {
    const found = await diagnostics(textUri(NAME), hasRule('global-write'));
    const write = found.find((one) => ruleOf(one) === 'global-write');
    assert.ok(write);
    assert.equal(write.range.start.line, find(document, '(export "increment"').line);
    assert.equal(write.source, 'wasm-hazards');
    assert.match(write.message, /increment.*\$count/);
    assert.ok(typeof write.code === 'object');
    assert.match(write.code.target.path, /docs\/rules\/global-write\.md$/);
    await vscode.workspace.fs.stat(write.code.target);
    const access = find(document, 'global.set').line;
    assert.ok(write.relatedInformation?.some(({ location }) => location.range.start.line === access));
  });

  // Where they go when the text is closed is tested with the server: VS Code keeps closed documents for minutes.
  it('has each finding once: at the text while that is open, also where the file was asked for', async () => {
    await vscode.commands.executeCommand('wasm-hazards.analyseModule', fileUri(NAME));
    const found = await diagnostics(textUri(NAME), hasRule('global-write'));
    assert.ok(found.every(({ message, source }) => source === 'wasm-hazards' && !message.includes('`')));
    await diagnostics(fileUri(NAME), (all) => all.length === 0);
  });

  it('tells on hover what an export is and what to do', async () => {
    await diagnostics(textUri(NAME));
    const text = await hover(document, find(document, '"increment"', 2));
    assert.match(text, /increment/);
    assert.match(text, /stateful/);
    assert.match(text, /InstantiateModule|sync\.Mutex/, 'the advice of the host profile');
  });

  it('trusts exactly the links it makes itself', async () => {
    await diagnostics(textUri(NAME));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      find(document, '"increment"', 2),
    );
    const [content] = hovers.flatMap(({ contents }) => contents) as vscode.MarkdownString[];
    assert.ok(typeof content.isTrusted === 'object');
    assert.ok(content.isTrusted.enabledCommands.every((command) => command.startsWith('wasm-hazards.')));
    assert.ok(!content.supportHtml);
  });

  it('has a code lens on the module and on each export that conflicts, until it is switched off', async () => {
    await diagnostics(textUri(NAME));
    const lenses = (): Thenable<vscode.CodeLens[]> =>
      vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
    const found = await lenses();
    assert.equal(found.length, 9);
    const titles = found.map(({ command }) => command?.title).join('\n');
    assert.match(titles, /^Not safe on one instance$/m);
    assert.match(titles, /^It keeps \$count\./m);
    assert.match(titles, /^Conflicts with itself and count$/m);
    await withSetting('codeLens', 'none', async () => {
      assert.deepEqual(await lenses(), []);
    });
  });

  it('has an outline', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const exported = symbols.find(({ name }) => name === 'Exports');
    assert.deepEqual(exported?.children.map(({ name }) => name).sort(), ['count', 'increment']);
  });

  it('goes from a call to the function and from a global to its definition', async () => {
    await diagnostics(textUri(NAME));
    const definition = async (wanted: string, within: number): Promise<number | undefined> => {
      const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
        'vscode.executeDefinitionProvider',
        document.uri,
        find(document, wanted, within),
      );
      const [first] = found;
      return first && ('targetRange' in first ? first.targetRange : first.range).start.line;
    };
    assert.equal(await definition('call $add', 7), find(document, '(func $add').line);
    assert.equal(await definition('global.set $count', 13), find(document, '(global $count').line);
  });

  it('folds', async () => {
    const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    const func = find(document, '(func $add').line;
    assert.ok(ranges.some(({ start }) => start === func));
  });

  it('offers to read about a rule, to change it, to ignore the finding', async () => {
    const found = await diagnostics(textUri(NAME), hasRule('global-write'));
    const write = found.find((one) => ruleOf(one) === 'global-write') as vscode.Diagnostic;
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      write.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const commands = actions.map(({ command }) => command?.command);
    for (const command of ['openRule', 'changeSeverity', 'ignoreFinding']) {
      assert.ok(commands.includes(`wasm-hazards.${command}`), `${command} is not among ${commands}`);
    }
  });

  it('obeys the settings of rules, of ignored findings, of the host', async () => {
    await diagnostics(textUri(NAME), hasRule('global-write'));
    await withSetting('rules.global-write', 'off', async () => {
      await diagnostics(textUri(NAME), (found) => !hasRule('global-write')(found));
    });
    await diagnostics(textUri(NAME), hasRule('global-write'));
    await withSetting('rules.global-write', 'error', async () => {
      await diagnostics(textUri(NAME), (found) =>
        found.some((one) => ruleOf(one) === 'global-write' && one.severity === vscode.DiagnosticSeverity.Error),
      );
    });
    await vscode.commands.executeCommand('wasm-hazards.ignoreFinding', `${NAME}:increment:global-write`);
    await diagnostics(textUri(NAME), (found) => !hasRule('global-write')(found));
    const settings = vscode.workspace.getConfiguration('wasmHazards');
    assert.deepEqual(settings.get('ignore'), [`${NAME}:increment:global-write`]);
    await settings.update('ignore', undefined, vscode.ConfigurationTarget.Workspace);
    await diagnostics(textUri(NAME), hasRule('global-write'));
    await withSetting('host', 'javascript', async () => {
      await diagnostics(textUri(NAME), (found) => !hasRule('global-write')(found));
    });
    await diagnostics(textUri(NAME), hasRule('global-write'));
  });

  it('go up and down the calls of a function', async () => {
    await diagnostics(document.uri);
    const [item] = await vscode.commands.executeCommand<vscode.CallHierarchyItem[]>(
      'vscode.prepareCallHierarchy',
      document.uri,
      find(document, '(func $add', 7),
    );
    assert.equal(item.name, '$add');
    const calls = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>(
      'vscode.provideIncomingCalls',
      item,
    );
    assert.deepEqual(
      calls.map(({ from }) => from.name),
      ['increment'],
    );
  });

  it('find an export of any module by its name', async () => {
    await diagnostics(document.uri);
    const found = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      'increm',
    );
    assert.ok(found.some(({ name, location }) => name === 'increment' && `${location.uri}` === `${document.uri}`));
  });
});
