/** Findings one by one, whatever found them: what logs and baselines are made from. */
import type { Severity } from '../../analysis/rules/rule.ts';
import type { SarifCodeFlow, SarifLocation } from './model.ts';
import type { SarifRuleId } from './rules.ts';
import type { Spot } from './spots.ts';

/**
 * What a finding is about, in words that stay the same when the module is built again: no byte offsets, no addresses. Two
 * findings may have the same identity.
 */
export interface FindingIdentity {
  /** Path of the module from the root of the repository; with `#2` for the second module of a script or a component. */
  module: string;
  rule: string;
  /** The export, or the calls that were run; `(module)` for a finding about the module as a whole. */
  subject: string;
  /** What it touches: `$counter`, `memory[0]`; may be empty. */
  cell: string;
}

/** A finding. What costs something is made when it is asked for. */
export interface ReportFinding {
  rule: SarifRuleId;
  severity: Severity;
  identity: FindingIdentity;
  spot: Spot;
  /** Names of the functions that it is about: the export, or those that were called. */
  functions: readonly string[];
  /** Names the finding beside another one at the same place. */
  label: string;
  message(): string;
  /** `limit`: most steps of all flows together. */
  flows(limit: number): SarifCodeFlow[];
  related(): SarifLocation[];
  properties: Record<string, unknown>;
}

/** How identities call a module: its path, with its number in a script. */
export const numberedModule = (path: string, number: number | undefined): string =>
  number === undefined ? path : `${path}#${number}`;
