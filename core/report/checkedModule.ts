/** One module that `check` has read and analysed: what its reports are made from. */
import type { Analysis, Hazard, ModuleHazard } from '../analysis/model.ts';
import type { RuleId } from '../analysis/rules/index.ts';
import type { Severity } from '../analysis/rules/rule.ts';
import type { HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import type { SourceMap } from '../text/sourceMap.ts';
import type { Component, CoreModule } from '../wasm/component/component.ts';
import type { DecodeError, Module } from '../wasm/module.ts';
import type { SourcePlace } from './sourcePlace.ts';

/** An input with its analysis and the errors in reading it; several where a script holds several modules. */
export interface CheckedModule {
  /** As given on the command line. */
  file: string;
  /** Size of what was read; 0 when nothing was. */
  bytes: number;
  host: HostId;
  /** Why it is this host, in a few words, when the user did not name it. */
  hostReason: string | undefined;
  /** Undefined when the input is no module at all. */
  module: Module | undefined;
  analysis: Analysis | undefined;
  /** For each of `analysis.exports` its hazards under the severities of this run, worst first. */
  hazards: Hazard[][];
  moduleHazards: ModuleHazard[];
  errors: CheckError[];
  /** Only for a text: where things are in it. */
  source: CheckedSource | undefined;
  /** Only for a core module of a component: the component, and which of its modules this is. */
  component?: { whole: Component; own: CoreModule };
  /** Only for a binary whose text was written for the report. */
  written?: WrittenText;
}

/** A text of a binary in a file, and where it shows bytes. */
export interface WrittenText {
  file: string;
  text: string;
  rangeOf: SourceMap['rangeOf'];
}

/** With a place if the input is a text, whose byte offsets are those of its UTF-8. */
export type CheckError = DecodeError & Partial<SourcePlace>;

/** What only an input in text form has. */
export interface CheckedSource {
  /** Number of the module in a script, from one; undefined for a text that is one module. */
  module: number | undefined;
  /** SourcePlace of a byte offset of the compiled binary. */
  place(offset: number): SourcePlace;
  /** The place after what is there. */
  end(offset: number): SourcePlace;
  /** Number of findings that comments silence. */
  ignored: number;
  unusedIgnores: SourceNote[];
  /** What a script has besides modules in text form; only on its first module. */
  skipped: SourceNote[];
}

/** A sentence about a place of a text. */
export interface SourceNote extends SourcePlace {
  message: string;
}

/** Severities that the user has set, by rule. Other rules keep their own; `off` drops findings. */
export type Overrides = ReadonlyMap<RuleId, Severity>;

/** What the user set for a run of `check`. */
export interface CheckSettings {
  host: HostId;
  hostReason: string | undefined;
  model: SharingModel | 'auto';
  /** Patterns of `module.name` of imports that suspend; none unless given. */
  suspending?: readonly string[];
  overrides: Overrides;
}

/** An input that gave no module. */
export const unchecked = (
  file: string,
  { host, hostReason }: Pick<CheckSettings, 'host' | 'hostReason'>,
  errors: CheckError[],
): CheckedModule => ({
  file,
  bytes: 0,
  host,
  hostReason,
  module: undefined,
  analysis: undefined,
  hazards: [],
  moduleHazards: [],
  errors,
  source: undefined,
});

/** Which findings comments in a source silence. */
export interface Silenced {
  hazard(position: number, hazard: Hazard): boolean;
  moduleHazard(hazard: ModuleHazard): boolean;
}

const NOTHING: Silenced = { hazard: () => false, moduleHazard: () => false };

/** A decoded and analysed module with the severities of a run, without what comments silence. */
export function checkModule(
  file: string,
  module: Module,
  analysis: Analysis,
  settings: CheckSettings,
  silenced: Silenced = NOTHING,
): CheckedModule {
  const { overrides } = settings;
  const kept = analysis.exports.map(({ hazards }, position) =>
    hazards.filter((hazard) => !silenced.hazard(position, hazard)),
  );
  const keptOfModule = analysis.moduleHazards.filter((hazard) => !silenced.moduleHazard(hazard));
  return {
    ...unchecked(file, settings, [...module.errors, ...analysis.errors]),
    module,
    analysis,
    hazards: kept.map((hazards) => override(hazards, overrides)),
    moduleHazards: override(keptOfModule, overrides),
  };
}

/** Findings with the severities that the user set, worst first; stable among equals. */
function override<T extends { rule: RuleId; severity: Severity }>(findings: T[], overrides: Overrides): T[] {
  if (overrides.size === 0) return findings;
  return findings
    .map((finding) => ({ ...finding, severity: overrides.get(finding.rule) ?? finding.severity }))
    .filter(({ severity }) => severity !== 'off')
    .sort((a, b) => SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity]);
}

/** Order of severities, the higher the worse. */
export const SEVERITY_RANK: Readonly<Record<Severity, number>> = {
  error: 3,
  warning: 2,
  information: 1,
  hint: 0,
  off: -1,
};

/** Number of findings of each severity, of all exports and of the module. */
export function countFindings(checked: CheckedModule): Map<Severity, number> {
  const counts = new Map<Severity, number>();
  for (const { severity } of [...checked.hazards.flat(), ...checked.moduleHazards]) {
    counts.set(severity, (counts.get(severity) ?? 0) + 1);
  }
  return counts;
}
