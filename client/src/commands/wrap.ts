/** `Generate concurrency wrapper`: asks for a kind and opens the generated code as a new document. */
import {
  FileSystemError,
  l10n,
  languages,
  Position,
  ProgressLocation,
  Uri,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import { moduleFileName } from '../../../core/source/coreModules.ts';
import { type Message, message, translated } from '../../../core/text/l10n.ts';
import { type Recommendation, recommendedByRuns, recommendedKind } from '../../../core/wrap/recommend.ts';
import { WRAP_KINDS, type WrapKind } from '../../../core/wrap/template.ts';
import { refusalOfHost, type WrapOptions, type Wrapper } from '../../../core/wrap/wrapper.ts';
import type { ModuleSummary } from '../../../server/src/protocol.ts';
import { abortedBy } from '../abort.ts';
import type { Feature } from '../services.ts';
import { readSettings } from '../settings.ts';
import { showInformation, withProgress } from '../shown/notices.ts';
import { type PickEntry, pick } from '../shown/pick.ts';
import { moduleInfo } from '../stress/moduleInfo.ts';
import { baseName, toFileUri } from '../uris.ts';
import { reportFailure } from './failure.ts';
import { known, targets } from './target.ts';
import { executeCommand, registerCommand } from './typedCommands.ts';

const KINDS: readonly { kind: WrapKind; label: Message; detail: Message }[] = [
  {
    kind: 'pool',
    label: message('Pool'),
    detail: message('One instance per concurrent caller: no call sees the state of another.'),
  },
  {
    kind: 'mutex',
    label: message('Lock'),
    detail: message('One instance and a lock, held for a whole sequence of calls.'),
  },
  {
    kind: 'test',
    label: message('Hammer test'),
    detail: message('A test with many concurrent callers that shows whether their calls interfere.'),
  },
];

/** Registers the command, which applies to the first selected module and takes a `WrapRequest` from other code. */
export const registerWrap: Feature = (context, { server, summaries, results, runner }) => {
  /** Resolves with what was opened, for code that executes the command. `options`: `WrapRequest`. */
  async function generate(clicked?: unknown, selected?: unknown, options?: unknown): Promise<Wrapper | undefined> {
    const [uri] = await targets(clicked, selected);
    if (uri === undefined) return undefined;
    try {
      const { kind: wanted, evidence } = requestOf(options);
      // Nobody is asked for a kind that there is no template for.
      const refusal = refusalOfHost((await summaryOf(uri)).host);
      if (refusal !== undefined) {
        refuse(refusal);
        return undefined;
      }
      const kind = wanted ?? (await pickKind(baseName(uri), await recommendation(uri)));
      if (kind === undefined) return undefined;
      const wrapped = await write(uri, { kind, moduleFile: moduleFileName(baseName(uri)), evidence });
      if (wrapped === undefined) return undefined;
      if ('refusal' in wrapped) {
        void showInformation(wrapped.refusal);
        return undefined;
      }
      await open(toFileUri(uri), wrapped);
      return wrapped;
    } catch (error) {
      return reportFailure(server, l10n.t('No wrapper could be generated for {0}', baseName(uri)), error);
    }
  }

  /** Results of runs take precedence over the analysis. */
  async function recommendation(uri: Uri): Promise<Recommendation> {
    const advised = new Set(results.of(uri).flatMap(({ advice }) => advice.map(({ remedy }) => remedy)));
    return recommendedByRuns(advised) ?? recommendedKind((await summaryOf(uri)).classes);
  }

  async function summaryOf(uri: Uri): Promise<ModuleSummary> {
    const summary = summaries.of(uri);
    if (summary !== undefined) return summary;
    await known(uri);
    return server.request('wasmHazards/analyse', { uri: uri.toString() });
  }

  /** Undefined when the user cancels. */
  function write(uri: Uri, wrap: WrapOptions): Thenable<Wrapper | { refusal: string } | undefined> {
    const options = {
      location: ProgressLocation.Notification,
      title: l10n.t('Generating code for {0}', baseName(uri)),
      cancellable: true,
    };
    return withProgress(options, async (_progress, token) => {
      const { signal, dispose } = abortedBy(token);
      try {
        const { bytes, analysis, host, model } = await moduleInfo(server, uri);
        const hammered = results.hammeredOf(uri).map(({ result }) => result);
        const runs = { explored: results.of(uri), hammered };
        const start = { wrap, bytes, analysis, host, model, suspending: readSettings().suspendingImports, runs };
        return await runner.wrap(start, signal);
      } finally {
        dispose();
      }
    });
  }

  context.subscriptions.push(registerCommand('wasm-hazards.generateWrapper', generate));
};

/** Says why there is no template, and offers to choose another host. Does not wait for the user. */
function refuse(refusal: string): void {
  const select = l10n.t('Select host profile');
  void showInformation(refusal, select).then((pressed) => {
    if (pressed === select) void executeCommand('wasm-hazards.selectHostProfile');
  });
}

/** Options of code that executes the command; a user is asked instead. */
export interface WrapRequest {
  kind?: WrapKind;
  /** Sentences for the top of the code, instead of those of the static analysis. */
  evidence?: string[];
}

/** Code may pass anything to a command. */
function requestOf(value: unknown): WrapRequest {
  const { kind, evidence } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return {
    kind: WRAP_KINDS.find((one) => one === kind),
    evidence: Array.isArray(evidence) ? evidence.map(String) : undefined,
  };
}

interface KindItem extends PickEntry {
  wrapKind: WrapKind;
}

/** The recommended one first. */
async function pickKind(module: string, { kind: best, why }: Recommendation): Promise<WrapKind | undefined> {
  const items = KINDS.map(
    ({ kind, label, detail }): KindItem => ({
      wrapKind: kind,
      label: translated(label),
      description: kind === best ? l10n.t('recommended') : undefined,
      detail: kind === best ? `${translated(detail)} ${why}` : translated(detail),
    }),
  );
  items.sort((a, b) => Number(b.wrapKind === best) - Number(a.wrapKind === best));
  const picked = await pick(items, {
    title: l10n.t('Concurrency wrapper for {0}', module),
    placeHolder: l10n.t('How should the code prevent calls from interfering?'),
  });
  return picked?.wrapKind;
}

/** Opens the code, unsaved, beside its module under a free name: saving it asks for nothing. */
async function open(module: Uri, { language, fileName, text }: Wrapper): Promise<void> {
  if (module.scheme !== 'file') {
    // An unsaved document has a place only in a folder of this machine.
    await window.showTextDocument(await workspace.openTextDocument({ language, content: text }), { preview: false });
    return;
  }
  const document = await workspace.openTextDocument(await unsavedUri(module, fileName));
  const edit = new WorkspaceEdit();
  edit.insert(document.uri, new Position(0, 0), text);
  await workspace.applyEdit(edit);
  const shown =
    document.languageId === language ? document : await languages.setTextDocumentLanguage(document, language);
  await window.showTextDocument(shown, { preview: false });
}

/** `wasm_pool.go`, else `wasm_pool_2.go`: neither a file nor another unsaved document. */
async function unsavedUri(module: Uri, fileName: string): Promise<Uri> {
  const [, stem, end] = /^(.*?)((?:_test)?\.[^.]*)$/.exec(fileName) ?? ['', fileName, ''];
  for (let n = 1; ; n++) {
    const file = Uri.joinPath(module.with({ query: '', fragment: '' }), '..', `${stem}${n === 1 ? '' : `_${n}`}${end}`);
    const unsaved = file.with({ scheme: 'untitled' });
    const isOpen = workspace.textDocuments.some(({ uri, isClosed }) => !isClosed && `${uri}` === `${unsaved}`);
    if (!isOpen && !(await exists(file))) return unsaved;
  }
}

async function exists(file: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(file);
    return true;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}
