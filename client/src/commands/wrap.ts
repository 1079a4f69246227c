/** `Generate concurrency wrapper`: asks for a kind and opens the generated code as a new document. */
import { ProgressLocation, type QuickPickItem, type Uri, window, workspace } from 'vscode';
import { moduleFileName } from '../../../core/source/coreModules.ts';
import { type Recommendation, recommendedByRuns, recommendedKind } from '../../../core/wrap/recommend.ts';
import { WRAP_KINDS, type WrapKind } from '../../../core/wrap/template.ts';
import type { WrapOptions, Wrapper } from '../../../core/wrap/wrapper.ts';
import { runWrap } from '../../../node/stress/runWrap.ts';
import type { ModuleSummary } from '../../../server/src/protocol.ts';
import { abortedBy } from '../abort.ts';
import type { Feature } from '../services.ts';
import { readSettings } from '../settings.ts';
import { moduleInfo } from '../stress/moduleInfo.ts';
import { workerPath } from '../stress/services.ts';
import { baseName } from '../uris.ts';
import { reportFailure } from './failure.ts';
import { known, targets } from './target.ts';
import { registerCommand } from './typedCommands.ts';

const KINDS: readonly { kind: WrapKind; label: string; detail: string }[] = [
  {
    kind: 'pool',
    label: 'Pool',
    detail: 'One instance per concurrent caller: no call sees the state of another.',
  },
  { kind: 'mutex', label: 'Lock', detail: 'One instance and a lock, held for a whole sequence of calls.' },
  {
    kind: 'test',
    label: 'Hammer test',
    detail: 'A test with many concurrent callers that shows whether their calls interfere.',
  },
];

/** Registers the command, which applies to the first selected module and takes a `WrapRequest` from other code. */
export const registerWrap: Feature = (context, { server, summaries, results }) => {
  /** Resolves with what was opened, for code that executes the command. `options`: `WrapRequest`. */
  async function generate(clicked?: unknown, selected?: unknown, options?: unknown): Promise<Wrapper | undefined> {
    const [uri] = await targets(clicked, selected);
    if (uri === undefined) return undefined;
    try {
      const { kind: wanted, evidence } = requestOf(options);
      const kind = wanted ?? (await pickKind(baseName(uri), await recommendation(uri)));
      if (kind === undefined) return undefined;
      const wrapped = await write(uri, { kind, moduleFile: moduleFileName(baseName(uri)), evidence });
      if (wrapped === undefined) return undefined;
      if ('refusal' in wrapped) {
        void window.showInformationMessage(wrapped.refusal);
        return undefined;
      }
      await open(wrapped);
      return wrapped;
    } catch (error) {
      return reportFailure(server, `No wrapper could be generated for ${baseName(uri)}`, error);
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
      title: `Generating code for ${baseName(uri)}`,
      cancellable: true,
    };
    return window.withProgress(options, async (_progress, token) => {
      const { signal, dispose } = abortedBy(token);
      try {
        const { bytes, analysis, host, model } = await moduleInfo(server, uri);
        const hammered = results.hammeredOf(uri).map(({ result }) => result);
        const runs = { explored: results.of(uri), hammered };
        const start = { wrap, bytes, analysis, host, model, suspending: readSettings().suspendingImports, runs };
        return await runWrap(start, workerPath(context), signal);
      } finally {
        dispose();
      }
    });
  }

  context.subscriptions.push(registerCommand('wasm-hazards.generateWrapper', generate));
};

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

interface KindItem extends QuickPickItem {
  wrapKind: WrapKind;
}

/** The recommended one first. */
async function pickKind(module: string, { kind: best, why }: Recommendation): Promise<WrapKind | undefined> {
  const items = KINDS.map(
    ({ kind, label, detail }): KindItem => ({
      wrapKind: kind,
      label,
      description: kind === best ? 'recommended' : undefined,
      detail: kind === best ? `${detail} ${why}` : detail,
    }),
  );
  items.sort((a, b) => Number(b.wrapKind === best) - Number(a.wrapKind === best));
  const picked = await window.showQuickPick(items, {
    title: `Concurrency wrapper for ${module}`,
    placeHolder: 'How should the code prevent calls from interfering?',
  });
  return picked?.wrapKind;
}

/** Opens a document without a file. */
async function open({ language, text }: Wrapper): Promise<void> {
  const document = await workspace.openTextDocument({ language, content: text });
  await window.showTextDocument(document, { preview: false });
}
