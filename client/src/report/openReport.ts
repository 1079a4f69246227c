/**
 * The report of one module in a web view: sends the page what the module and its runs are, again whenever they change,
 * and does what the page asks for.
 */
import { commands, Disposable, l10n, type Uri, type WebviewPanel } from 'vscode';
import type { ModuleView, ReportView } from '../../../core/report/view/model.ts';
import type { FromPage, PageCommand, ReportFocus, ToPage } from '../../../core/report/view/pageMessages.ts';
import type { RunsView } from '../../../core/report/view/runModel.ts';
import type { CommandId } from '../../../server/src/protocol.ts';
import { known } from '../commands/target.ts';
import { executeCommand } from '../commands/typedCommands.ts';
import type { Services } from '../services.ts';
import { fileLabel, toTextUri } from '../uris.ts';
import { runsOfModule } from './moduleRuns.ts';
import { EditorFollower } from './playerFollows.ts';
import { replayFinding } from './playerReplay.ts';

/** While a plan runs, results come faster than anybody reads. */
const PAUSE = 300;

const COMMANDS: Readonly<Record<Exclude<PageCommand, 'text'>, CommandId>> = {
  stress: 'wasm-hazards.stressModule',
  verify: 'wasm-hazards.verifyModule',
  wrap: 'wasm-hazards.generateWrapper',
  analyse: 'wasm-hazards.analyseModule',
  selectHost: 'wasm-hazards.selectHostProfile',
};

/** What a report does beyond its page. */
export interface ReportServices extends Pick<Services, 'server' | 'results'> {
  /** Asks where to and writes a file. */
  save(view: ReportView): Promise<void>;
  saveSvg(name: string, svg: string): Promise<void>;
}

/** A panel that shows the report of `uri`, a binary or a source; it lives as long as the panel. */
export class OpenReport extends Disposable {
  readonly uri: Uri;
  readonly #panel: WebviewPanel;
  readonly #services: ReportServices;
  #focus: ReportFocus | undefined;
  /** What the page was last sent, for when it is drawn anew. */
  #view: ReportView | undefined;
  readonly #follower: EditorFollower;
  /** Runs of an earlier state of the module, until there are new ones. */
  #old: RunsView | undefined;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;
  /** Counts requests: an answer that comes late does not take the place of a newer one. */
  #asked = 0;

  constructor(panel: WebviewPanel, uri: Uri, services: ReportServices) {
    const { server, results } = services;
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const one of subscriptions) one.dispose();
      clearTimeout(this.#timer);
    });
    this.#panel = panel;
    this.uri = uri;
    this.#services = services;
    this.#follower = new EditorFollower(server, uri);
    subscriptions.push(
      panel.webview.onDidReceiveMessage((message: FromPage) => this.#take(message)),
      server.onSummary((summary) => summary.uri === uri.toString() && this.#changed()),
      results.onDidChange((changed) => {
        if (changed === undefined || changed.toString() === uri.toString()) this.#changed();
      }),
      results.onDidForget((forgotten) => forgotten.toString() === uri.toString() && this.#moduleChanged()),
    );
    this.#load();
  }

  /** Brings the panel to the front and leads its page to what `focus` names. */
  show(focus: ReportFocus | undefined): void {
    this.#panel.reveal(undefined, false);
    this.#focus = focus;
    if (this.#ready && focus !== undefined && this.#view !== undefined) this.#post({ type: 'focus', focus });
  }

  #post(message: ToPage): void {
    void this.#panel.webview.postMessage(message);
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#load();
    }, PAUSE);
  }

  /** What runs have shown is of another module now; the page goes on showing it, marked, until new runs take its place. */
  #moduleChanged(): void {
    const view = this.#view;
    if (view !== undefined && view.runs.length + view.hammer.length + view.verify.length > 0)
      this.#old = { runs: view.runs, hammer: view.hammer, verify: view.verify, stale: true };
    this.#changed();
  }

  #load(): void {
    const asked = ++this.#asked;
    this.#read().then(
      (view) => {
        if (asked !== this.#asked) return;
        this.#view = view;
        if (this.#ready) this.#send();
      },
      (error) => {
        if (asked !== this.#asked) return;
        const message = error instanceof Error ? error.message : String(error);
        this.#post({
          type: 'failed',
          message: l10n.t('The report of {0} could not be made: {1}', fileLabel(this.uri), message),
        });
      },
    );
  }

  async #read(): Promise<ReportView> {
    const { server, results } = this.#services;
    await known(this.uri);
    const [module, runs] = await Promise.all([this.#module(), runsOfModule(server, results, this.uri)]);
    const none = runs.runs.length + runs.hammer.length + runs.verify.length === 0;
    if (!none) this.#old = undefined;
    return { version: 1, ...module, ...(none && this.#old !== undefined ? this.#old : runs) };
  }

  async #module(): Promise<ModuleView> {
    const uri = this.uri.toString();
    return (await this.#services.server.request('wasmHazards/report', { uri })).view;
  }

  #send(): void {
    if (this.#view === undefined) return;
    this.#post({ type: 'report', view: this.#view, focus: this.#focus, translations: l10n.bundle });
    this.#focus = undefined;
  }

  #take(message: FromPage): void {
    const { server } = this.#services;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#send();
        return;
      case 'reveal':
        void this.#follower.reveal(message);
        return;
      case 'command':
        if (message.command === 'text') void commands.executeCommand('vscode.open', toTextUri(this.uri));
        else if (Object.hasOwn(COMMANDS, message.command))
          void commands.executeCommand(COMMANDS[message.command], this.uri.toString());
        return;
      case 'pair': {
        const [a, b] = message.exports.map(String);
        const command = message.command === 'stress' ? 'wasm-hazards.stressExport' : 'wasm-hazards.createScenario';
        void executeCommand(command, this.uri.toString(), a, b);
        return;
      }
      case 'ask': {
        const { id, question, params } = message;
        const answered =
          question === 'replay'
            ? replayFinding(this.uri, params)
            : server
                .request('wasmHazards/reportQuestion', { uri: this.uri.toString(), question, params })
                .then(({ answer }) => answer);
        answered.then(
          (result) => this.#post({ type: 'answer', id, result }),
          (error) =>
            this.#post({ type: 'refused', id, message: error instanceof Error ? error.message : String(error) }),
        );
        return;
      }
      case 'save':
        void this.#services.saveSvg(message.name, message.text);
        return;
      case 'saveReport':
        if (this.#view !== undefined) void this.#services.save(this.#view);
        return;
    }
  }
}
