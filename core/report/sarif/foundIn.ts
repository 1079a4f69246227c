/** All findings of a report, whatever command made it. */
import type { Report } from '../report.ts';
import { checkFound } from './checkFound.ts';
import type { Found } from './found.ts';
import { exploredFound, hammeredFound, type RunSubject } from './runFound.ts';
import { type SarifFiles, spotsOf } from './spots.ts';
import { verifiedFound } from './verifyFound.ts';

type RunReport = Exclude<Report, { command: 'check' | 'wrap' }>;

/** In the order of the report: export by export, scenario by scenario. Generated code has none. */
export function* foundIn(report: Report, files: SarifFiles): Generator<Found> {
  switch (report.command) {
    case 'check':
      yield* checkFound(report.checked, files);
      break;
    case 'stress': {
      const about = subjectOf(report, files);
      for (const { title, replay, result } of report.runs) yield* exploredFound(result, about(title, replay));
      break;
    }
    case 'hammer': {
      const about = subjectOf(report, files);
      for (const { title, replay, result } of report.runs) yield* hammeredFound(result, about(title, replay));
      break;
    }
    case 'verify': {
      const about = subjectOf(report, files);
      for (const { title, replay, result } of report.runs) yield* verifiedFound(result, about(title, replay));
      break;
    }
    case 'wrap':
  }
}

/** The file of the module that was run. Reports have a name for standard input. */
export const fileOfRuns = ({ module }: RunReport): string => (module === 'standard input' ? '-' : module);

function subjectOf(report: RunReport, files: SarifFiles) {
  const { checked } = report;
  const file = fileOfRuns(report);
  const spots = spotsOf({ ...checked, file }, files);
  const exported = new Map(
    (checked?.module?.exports ?? []).flatMap((one) => (one.kind === 'func' ? [[one.name, one.index]] : [])),
  );
  return (title: string, replay: string | undefined): RunSubject => ({
    ...{ spots, files, title, replay, module: files.pathOf(file) },
    functionOfExport: (called) => exported.get(called),
  });
}
