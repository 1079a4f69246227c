/** The command of an export's code lens: lists its findings, conflicts and advice, and goes to the picked one. */
import { l10n, QuickPickItemKind, Uri } from 'vscode';
import type { ExportItem, ExportResult } from '../../../server/src/protocol.ts';
import type { Feature } from '../services.ts';
import { showInformation } from '../shown/notices.ts';
import { type PickEntry, pick } from '../shown/pick.ts';
import { baseName, toBinaryUri } from '../uris.ts';
import { reportFailure } from './failure.ts';
import { createReports } from './reports.ts';
import { executeCommand, registerCommand } from './typedCommands.ts';

const ICONS: Readonly<Record<ExportItem['kind'], string>> = {
  error: 'error',
  warning: 'warning',
  information: 'info',
  hint: 'lightbulb',
  conflict: 'git-compare',
  advice: 'lightbulb',
};

const headings = (): readonly { title: string; kinds: readonly ExportItem['kind'][] }[] => [
  { title: l10n.t('findings'), kinds: ['error', 'warning', 'information', 'hint'] },
  { title: l10n.t('conflicts with'), kinds: ['conflict'] },
  { title: l10n.t('what to do'), kinds: ['advice'] },
];

interface Pick extends PickEntry {
  offset: number | null;
}

const reportPick = (): Pick => ({ icon: 'markdown', label: l10n.t('Open the full report'), offset: null });

/** Registers `wasm-hazards.showExport`, which takes the module's URI and the export's name. */
export const registerFindings: Feature = (context, { server }) => {
  const reports = createReports(context);

  async function show(uri: string, exportName: string): Promise<void> {
    const binary = toBinaryUri(Uri.parse(uri, true)).toString();
    let found: ExportResult;
    try {
      found = await server.request('wasmHazards/export', { uri: binary, exportName });
    } catch (error) {
      reportFailure(server, l10n.t('The findings of {0} could not be loaded', exportName), error);
      return;
    }
    if (found.headline === null) {
      void showInformation(l10n.t('The module no longer exports a function {0}.', exportName));
      return;
    }
    const report = reportPick();
    const picked = await pick([...picksOf(found.items), report], {
      title: `${exportName}: ${found.headline}`,
      placeHolder: l10n.t('Select an item to go to its location'),
      matchOnDetail: true,
    });
    if (picked === report) await reports.show(`${baseName(Uri.parse(binary))} ${exportName}`, found.report);
    else if (picked?.offset != null) await executeCommand('wasm-hazards.reveal', binary, picked.offset);
  }

  context.subscriptions.push(registerCommand('wasm-hazards.showExport', show));
};

function picksOf(items: readonly ExportItem[]): Pick[] {
  return headings().flatMap(({ title, kinds }) => {
    const picks = items
      .filter((item) => kinds.includes(item.kind))
      .map(({ kind, label, detail, offset }): Pick => ({ icon: ICONS[kind], label, detail, offset }));
    const heading: Pick = { label: title, kind: QuickPickItemKind.Separator, offset: null };
    return picks.length > 0 ? [heading, ...picks] : [];
  });
}
