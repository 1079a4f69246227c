/** The command line of `check`. */
import { isRuleId, RULE_IDS, type RuleId } from '../../../core/analysis/rules/index.ts';
import { SEVERITIES, type Severity } from '../../../core/analysis/rules/rule.ts';
import { DEFAULT_HOST, HOST_IDS, type HostId } from '../../../core/hosts/index.ts';
import { SHARING_MODELS, type SharingModel } from '../../../core/hosts/profile.ts';
import type { Overrides } from '../../../core/report/checkedModule.ts';
import { DEFAULT_FORMAT, type FormatName } from '../../../core/report/formats.ts';
import { FINDING_HELP, FINDING_OPTIONS, type FindingOptions, findingOptions } from '../findings/findingOptions.ts';
import { UsageError } from '../io.ts';
import {
  FORMAT_HELP,
  formatOf,
  hostOption,
  oneOf,
  parseCommandLine,
  SOURCE_HELP,
  SOURCE_OPTIONS,
  type SourceOptions,
  sourceOptions,
  unknown,
  wordLines,
} from '../options.ts';

/** Options after parsing, with defaults filled in. `files` has at least one entry, and `-` at most once. */
export interface CheckOptions {
  files: string[];
  host: HostId | 'auto';
  model: SharingModel | 'auto';
  /** Patterns of `module.name` of imports that suspend. */
  suspending: string[];
  format: FormatName;
  failOn: 'warning' | 'error' | 'none';
  overrides: Overrides;
  source: SourceOptions;
  /** Most exports that are listed per module as text. */
  limit: number;
  findings: FindingOptions;
}

/** Text of `check --help`. Hosts, models, severities and rules are listed from their tables. */
export const CHECK_HELP = `wasm-hazards check: which exports can be called concurrently, and which cannot

Usage: wasm-hazards check FILES... [options]

FILES are WebAssembly modules, binary (.wasm) or text (.wat, .wast); - is standard input.
component.wasm#2 is the second core module of a component; without a number, all are checked.

Options:
      --host HOST         runtime that calls the exports (default ${DEFAULT_HOST}):
                          ${wordLines(HOST_IDS, 26, ', ')};
                          auto: detected from the manifests of the project around the file, such as go.mod
      --model MODEL       what concurrent callers share (default auto):
                          ${SHARING_MODELS.join(', ')};
                          auto: chosen by the host for this kind of module
      --suspending NAME   an import that suspends its caller, as module.name with * for anything;
                          may be repeated
${SOURCE_HELP}
      --format FORMAT     ${FORMAT_HELP}
      --fail-on SEVERITY  exit with 1 on findings of this severity or worse: warning, error,
                          or none (default warning)
${FINDING_HELP}
      --rule ID=SEVERITY  severity of a rule: ${SEVERITIES.join(', ')}; may be repeated
      --limit N           maximum number of exports listed per module as text, worst first; 0 lists all
                          (default 40)
  -h, --help              print this help

Rules:
  ${wordLines(RULE_IDS, 2, '  ')}

Exit codes:
  0  no finding at or above --fail-on, or none that the baseline does not have
  1  at least one
  2  wrong command line, or an input that is missing, unreadable, malformed or not valid;
     each such input has a line on standard error, the others are still checked
`;

const OPTIONS = {
  host: { type: 'string', default: DEFAULT_HOST },
  model: { type: 'string', default: 'auto' },
  suspending: { type: 'string', multiple: true, default: [] as string[] },
  ...SOURCE_OPTIONS,
  format: { type: 'string', default: DEFAULT_FORMAT },
  'fail-on': { type: 'string', default: 'warning' },
  rule: { type: 'string', multiple: true, default: [] as string[] },
  limit: { type: 'string', default: '40' },
  ...FINDING_OPTIONS,
} as const;

/** @throws UsageError on anything that is not understood */
export function parseCheckOptions(args: string[]): CheckOptions {
  const { values, positionals } = parseCommandLine('check', args, OPTIONS);
  if (positionals.length === 0) throw new UsageError('check: no files given; - reads standard input');
  if (positionals.filter((file) => file === '-').length > 1) throw new UsageError('check: - may be given only once');
  const format = formatOf('check', values.format);
  return {
    files: positionals,
    host: hostOption('check', values.host),
    model: oneOf('check', 'model', values.model, ['auto', ...SHARING_MODELS] as const),
    suspending: values.suspending,
    source: sourceOptions('check', values),
    format,
    failOn: oneOf('check', 'fail-on', values['fail-on'], ['warning', 'error', 'none'] as const),
    overrides: new Map(values.rule.map(parseOverride)),
    limit: parseLimit(values.limit),
    findings: findingOptions('check', format, values),
  };
}

function parseOverride(text: string): [RuleId, Severity] {
  const [id, severity, ...more] = text.split('=');
  if (severity === undefined || more.length > 0) throw new UsageError(`check: --rule expects ID=SEVERITY, not ${text}`);
  if (!isRuleId(id)) throw unknown('check', 'rule', id, RULE_IDS);
  return [id, oneOf('check', 'rule', severity, SEVERITIES)];
}

function parseLimit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`check: --limit expects a number, not ${text}`);
  return Number(text) || Number.POSITIVE_INFINITY;
}
