/** What the module of a stress run is by itself: its verdict, findings and matrix, for the formats that show them. */
import { analyse } from '../../../core/analysis/analyse.ts';
import type { Analysis } from '../../../core/analysis/model.ts';
import { checkModule } from '../../../core/report/checkedModule.ts';
import type { ScenarioReport } from '../../../core/report/report.ts';
import { inputOfName } from '../../../core/report/sourcePlace.ts';
import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import { withWrittenText } from '../findings/writtenText.ts';
import type { StressInput } from '../input/stressInput.ts';
import type { StressOptions } from './stressOptions.ts';

type Ran = Pick<Scenario, 'host' | 'model'> & { scenario: Pick<Scenario, 'suspending'> };

/**
 * The report with its module checked under the host and the model of its runs, for the formats that show it or point into
 * it; all other formats speak of runs alone, and get the report as it is.
 * @param known an analysis under them, where there is one
 */
export async function withCheckedModule<Result extends Ran, Report extends ScenarioReport<Result>>(
  report: Report,
  input: StressInput,
  { format, findings }: Pick<StressOptions, 'format' | 'findings'>,
  known?: Analysis,
): Promise<Report> {
  if (format !== 'html' && format !== 'sarif') return report;
  const { host, model, scenario } = report.runs[0].result;
  const { suspending } = scenario;
  const { module, name, sourceFacts } = input;
  const analysis = known ?? analyse(module, { host, model, suspending });
  const settings = { host, hostReason: undefined, model, suspending, overrides: new Map() };
  const checked = checkModule(inputOfName(name), module, analysis, settings, sourceFacts?.silenced(analysis));
  if (sourceFacts === undefined)
    return { ...report, checked: findings.sarifText ? await withWrittenText(checked) : checked };
  const { place, end } = sourceFacts;
  const source = { module: undefined, place, end, ignored: 0, unusedIgnores: [], skipped: [] };
  return { ...report, checked: { ...checked, source } };
}
