/** The format `html`: one file that a browser shows, with all reports of a run. */
import { MODEL_TEXT } from '../../analysis/exportText.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import { translated } from '../../text/l10n.ts';
import type { CheckedModule } from '../checkedModule.ts';
import type { OutputFormat, Presentation } from '../outputFormat.ts';
import { printable } from '../printable.ts';
import type { HammerReport, Report, StressReport, VerifyReport } from '../report.ts';
import { NOTHING_SHOWN, type ShownPairs, shownPairs } from '../shown/shownPairs.ts';
import { type ShownRun, shownExploration, shownHammering, shownVerifying } from '../shown/shownRun.ts';
import { inputName } from '../sourcePlace.ts';
import { hammerView } from '../view/hammerView.ts';
import type { ModuleView, ReportView } from '../view/model.ts';
import { moduleView } from '../view/moduleView.ts';
import type { RunsView } from '../view/runModel.ts';
import { runView } from '../view/runView.ts';
import { verifyView } from '../view/verifyView.ts';
import { type PageFiles, pageData, pageHead, pageTail } from './standalone.ts';

/** What a file says of each rule, and of how many pairs of exports it says why: there is nobody to ask for more. */
const IN_FILE = { rowsOfRule: 200, reasonedPairs: 400 };
/** Characters of a note. */
const NOTE = 800;

/** @throws if the presentation has no `page` */
export const HTML_FORMAT: OutputFormat = {
  begin({ command }, presentation) {
    const files = filesOf(presentation);
    return {
      head: () => [pageHead(files, `wasm-hazards ${command}`)],
      *report(report) {
        const view = viewOf(report);
        if (view !== undefined) yield pageData(view);
      },
      tail: () => [pageTail(files)],
    };
  },
};

function filesOf({ page }: Presentation): PageFiles {
  if (page === undefined) throw new Error('the format html needs the files of the page');
  return page;
}

/** Undefined for generated code, which is no report. */
function viewOf(report: Report): ReportView | undefined {
  switch (report.command) {
    case 'check':
      return { ...checkedView(report.checked, NOTHING_SHOWN), ...NO_RUNS };
    case 'stress': {
      const { runs, place } = report;
      // A replay of one schedule shows nothing that the run with its finding has not shown.
      const explored = runs.flatMap(({ result }) => (result.replayed ? [] : [shownExploration(result)]));
      return runsView(report, explored, {
        runs: runs.map(({ result, title }) => runView(result, { title, place })),
      });
    }
    case 'hammer': {
      const { runs } = report;
      return runsView(
        report,
        runs.map(({ result }) => shownHammering(result)),
        { hammer: runs.map(({ result, title }) => hammerView(result, title)) },
      );
    }
    case 'verify': {
      const { runs } = report;
      return runsView(
        report,
        runs.map(({ result }) => shownVerifying(result)),
        { verify: runs.map(({ result, title }) => verifyView(result, title)) },
      );
    }
    default:
      return undefined;
  }
}

const NO_RUNS = { version: 1 as const, runs: [], hammer: [], verify: [] };

/** Runs, with the module that they are of laid under them where the report has it. */
function runsView(
  { module, runs: [{ result }], failures, notes, checked }: StressReport | HammerReport | VerifyReport,
  ran: readonly ShownRun[],
  views: Partial<RunsView>,
): ReportView {
  const said = printable([...failures.map(({ title, failure }) => `${title}: ${failure.message}`), ...notes], NOTE);
  if (checked?.analysis !== undefined) {
    const view = checkedView(checked, shownPairs(ran, checked.analysis, result.scenario.suspending));
    return { ...view, notes: [...view.notes, ...said], ...NO_RUNS, ...views };
  }
  const { host, model } = result;
  return {
    module: { name: inputName(module) },
    host,
    hostLabel: HOST_PROFILES[host].label,
    model,
    modelText: translated(MODEL_TEXT[model]),
    findings: [],
    exports: [],
    notes: said,
    ...NO_RUNS,
    ...views,
  };
}

/** A module that was checked, with what runs have shown of it. */
function checkedView(checked: CheckedModule, shown: ShownPairs): ModuleView {
  const { file, module, analysis, host, hostReason, errors, source } = checked;
  const profile = HOST_PROFILES[host];
  const problem = errors.length === 0 ? undefined : `${errors[0].message}.`;
  if (module === undefined || analysis === undefined)
    return {
      module: { name: inputName(file) },
      host,
      hostLabel: profile.label,
      hostReason,
      model: profile.models[0],
      modelText: '',
      partial: problem,
      findings: [],
      exports: [],
      notes: [],
    };
  return moduleView(
    {
      name: inputName(file),
      module,
      analysis,
      profile,
      hostReason,
      shown,
      hazards: (position) => checked.hazards[position].map((hazard) => ({ hazard, severity: hazard.severity })),
      moduleHazards: checked.moduleHazards,
      textPlace: source && ((offset) => placeOf(source.place(offset))),
      problem,
    },
    IN_FILE,
  );
}

const placeOf = ({ line, column }: { line: number; column: number }): string => `${line}:${column}`;
