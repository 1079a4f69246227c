/** One input of `check`, read and analysed: what both reports are made from. */
import { analyse } from '../../../server/src/analysis/analyse.ts';
import type { HostId, SharingModel } from '../../../server/src/analysis/hosts/profile.ts';
import type { Analysis, Hazard, ModuleHazard } from '../../../server/src/analysis/model.ts';
import type { RuleId, Severity } from '../../../server/src/analysis/rules/metadata.ts';
import { decodeModule } from '../../../server/src/wasm/decode.ts';
import type { DecodeError, Module } from '../../../server/src/wasm/module.ts';
import type { Input } from './readInput.ts';

export interface Checked {
  /** As given on the command line. */
  file: string;
  /** Size of what was read; 0 when nothing was. */
  bytes: number;
  host: HostId;
  /** What told the host, in a few words, when it was not the user. */
  hostReason: string | undefined;
  /** Undefined when the input is no module at all. */
  module: Module | undefined;
  analysis: Analysis | undefined;
  /** For each of `analysis.exports` its hazards under the severities of this run, worst first. */
  hazards: Hazard[][];
  moduleHazards: ModuleHazard[];
  errors: DecodeError[];
}

/** Severity by rule as the user wants it; absent rules keep their own. `off` drops their findings. */
export type Overrides = ReadonlyMap<RuleId, Severity>;

export interface CheckSettings {
  host: HostId;
  hostReason: string | undefined;
  model: SharingModel | 'auto';
  overrides: Overrides;
}

export function checkInput(file: string, input: Input, { host, hostReason, model, overrides }: CheckSettings): Checked {
  const checked: Checked = {
    file,
    bytes: 0,
    host,
    hostReason,
    module: undefined,
    analysis: undefined,
    hazards: [],
    moduleHazards: [],
    errors: [],
  };
  if ('error' in input) return { ...checked, errors: [input.error] };
  const module = decodeModule(input.bytes);
  const analysis = analyse(module, { host, model });
  return {
    ...checked,
    bytes: input.bytes.length,
    module,
    analysis,
    hazards: analysis.exports.map((summary) => override(summary.hazards, overrides)),
    moduleHazards: override(analysis.moduleHazards, overrides),
    errors: [...module.errors, ...analysis.errors],
  };
}

/** Findings with the severities that the user set, worst first; stable among equals. */
function override<T extends { rule: RuleId; severity: Severity }>(findings: T[], overrides: Overrides): T[] {
  if (overrides.size === 0) return findings;
  return findings
    .map((finding) => ({ ...finding, severity: overrides.get(finding.rule) ?? finding.severity }))
    .filter(({ severity }) => severity !== 'off')
    .sort((a, b) => RANK[b.severity] - RANK[a.severity]);
}

/** Order of severities, for comparison with `--fail-on`. */
export const RANK: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0, off: -1 };

/** Number of findings of each severity, of all exports and of the module. */
export function countFindings(checked: Checked): Map<Severity, number> {
  const counts = new Map<Severity, number>();
  for (const { severity } of [...checked.hazards.flat(), ...checked.moduleHazards]) {
    counts.set(severity, (counts.get(severity) ?? 0) + 1);
  }
  return counts;
}
