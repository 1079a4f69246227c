/** `Open report`: the report of a module in a web view, one for each module, which a restart brings back. */
import { type ExtensionContext, l10n, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { ReportFocus } from '../../../core/report/view/pageMessages.ts';
import { reportFailure } from '../commands/failure.ts';
import { targets } from '../commands/target.ts';
import { executeCommand, registerCommand } from '../commands/typedCommands.ts';
import type { Feature, Services } from '../services.ts';
import { ofTestMessage } from '../stress/results/playedMessage.ts';
import { fileLabel } from '../uris.ts';
import { OpenReport, type ReportServices } from './openReport.ts';
import { pageFolder, pageHtml } from './pageHtml.ts';
import { savePicture, saveReport } from './saving.ts';

const VIEW_TYPE = 'wasm-hazards.report';

/** Registers the command and what restores reports. */
export const registerReport: Feature = (context, services) => {
  const open = new Map<string, OpenReport>();
  const reportServices = servicesOf(context, services);

  function attach(panel: WebviewPanel, uri: Uri): OpenReport {
    const key = uri.toString();
    panel.title = l10n.t('{0} report', fileLabel(uri));
    panel.iconPath = Uri.joinPath(context.extensionUri, 'images', 'report.svg');
    panel.webview.options = { enableScripts: true, localResourceRoots: [pageFolder(context)] };
    const report = new OpenReport(panel, uri, reportServices);
    open.set(key, report);
    panel.onDidDispose(() => {
      report.dispose();
      if (open.get(key) === report) open.delete(key);
    });
    panel.webview.html = pageHtml(panel.webview, pageFolder(context));
    return report;
  }

  /** `focus` comes from our own links; menus pass something else. */
  async function show(clicked?: unknown, given?: unknown): Promise<void> {
    const focus = isFocus(given) ? given : undefined;
    for (const uri of await targets(clicked, focus === undefined ? given : undefined)) {
      const known = open.get(uri.toString());
      const report =
        known ??
        attach(window.createWebviewPanel(VIEW_TYPE, '', { viewColumn: columnBeside(), preserveFocus: false }), uri);
      report.show(focus);
    }
  }

  context.subscriptions.push(
    registerCommand('wasm-hazards.openReport', show),
    registerCommand('wasm-hazards.playSchedule', (given: unknown, named?: unknown) => {
      const [uri, finding] = typeof given === 'string' ? [given, String(named)] : ofTestMessage(given);
      return executeCommand('wasm-hazards.openReport', uri, { section: 'schedules', finding });
    }),
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(panel, state) {
        const { uri } = (state ?? {}) as { uri?: unknown };
        if (typeof uri === 'string') attach(panel, Uri.parse(uri, true));
        // It was closed before it showed anything.
        else panel.dispose();
      },
    }),
  );
};

/** Beside the code, so that both can be seen. */
const columnBeside = (): ViewColumn => (window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside);

const isFocus = (value: unknown): value is ReportFocus =>
  typeof value === 'object' && value !== null && ['section', 'finding', 'exports'].some((key) => key in value);

function servicesOf(context: ExtensionContext, { server, results }: Services): ReportServices {
  const reporting =
    <Arguments extends unknown[]>(what: string, work: (...args: Arguments) => Promise<void>) =>
    (...args: Arguments): Promise<void> =>
      work(...args).catch((error) => reportFailure(server, what, error));
  return {
    server,
    results,
    save: reporting(l10n.t('The report could not be saved'), (view) => saveReport(context, view)),
    saveSvg: reporting(l10n.t('The picture could not be saved'), savePicture),
  };
}
