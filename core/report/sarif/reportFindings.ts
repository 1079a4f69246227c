/** All findings of a report, whatever command made it. */
import type { Report } from '../report.ts';
import { inputOfName } from '../sourcePlace.ts';
import { checkFindings } from './checkFindings.ts';
import type { ReportFinding } from './reportFinding.ts';
import { exploredFindings, hammeredFindings, type RunSubject } from './runFindings.ts';
import { type SarifFiles, spotsOf } from './spots.ts';
import { verifiedFindings } from './verifyFindings.ts';

type RunReport = Exclude<Report, { command: 'check' | 'wrap' }>;

/** In the order of the report: export by export, scenario by scenario. Generated code has none. */
export function* reportFindings(report: Report, files: SarifFiles): Generator<ReportFinding> {
  switch (report.command) {
    case 'check':
      yield* checkFindings(report.checked, files);
      break;
    case 'stress': {
      const about = subjectOf(report, files);
      for (const { title, replay, result } of report.runs) yield* exploredFindings(result, about(title, replay));
      break;
    }
    case 'hammer': {
      const about = subjectOf(report, files);
      for (const { title, replay, result } of report.runs) yield* hammeredFindings(result, about(title, replay));
      break;
    }
    case 'verify': {
      const about = subjectOf(report, files);
      for (const { title, replay, result } of report.runs) yield* verifiedFindings(result, about(title, replay));
      break;
    }
    case 'wrap':
  }
}

function subjectOf(report: RunReport, files: SarifFiles) {
  const { checked } = report;
  const file = inputOfName(report.module);
  const spots = spotsOf({ ...checked, file }, files);
  const exported = new Map(
    (checked?.module?.exports ?? []).flatMap((one) => (one.kind === 'func' ? [[one.name, one.index]] : [])),
  );
  return (title: string, replay: string | undefined): RunSubject => ({
    ...{ spots, files, title, replay, module: files.pathOf(file) },
    functionOfExport: (called) => exported.get(called),
  });
}
