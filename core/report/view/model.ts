/**
 * What the report shows, as plain data: made by the language server, the editor and the command line, drawn by `view`.
 * Sentences are whole and name things in backticks. Names that come from a module are harmless, except those that say
 * `raw`, which hosts call by and nobody is shown.
 */
import type { ExportClass } from '../../analysis/model.ts';
import type { VerdictStatus } from '../../analysis/verdict/verdictStatus.ts';
import type { HostId } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import type { StressFinding } from '../shown/shownText.ts';
import type { MatrixView } from './matrixModel.ts';
import type { RunsView } from './runModel.ts';

/** How bad a finding is. */
export type ViewSeverity = 'error' | 'warning' | 'information' | 'hint';

/** One module: what the analysis says, and what runs have shown. */
export interface ReportView extends ModuleView, RunsView {
  version: 1;
}

/** What the analysis says of a module, with what runs have shown laid over it. */
export interface ModuleView {
  module: ModuleFactsView;
  host: HostId;
  /** `wazero (Go)`. */
  hostLabel: string;
  /** Why it is this host, in a few words. */
  hostReason?: string;
  model: SharingModel;
  /** What callers share under the model, in a few words. */
  modelText: string;
  /** Undefined where no module was analysed. */
  verdict?: VerdictView;
  /** Why the analysis is incomplete, or why there is none; one sentence. */
  partial?: string;
  /** Of the analysis, by rule, the worst rules first. */
  findings: FindingGroup[];
  exports: ExportRow[];
  /** Which exports conflict with which; undefined where no module was analysed. */
  matrix?: MatrixView;
  /** Sentences about the whole. */
  notes: string[];
}

/** Which module it is; numbers are missing where the report is about runs alone. */
export interface ModuleFactsView {
  name: string;
  /** Only in the editor. */
  uri?: string;
  bytes?: number;
  functions?: number;
  exports?: number;
}

/** What the module is to somebody who embeds it. */
export interface VerdictView {
  status: VerdictStatus;
  headline: string;
  /** What runs have shown of the module, one sentence; `bad` where that is a finding. It comes before what was supposed. */
  shown?: { text: string; bad: boolean };
  /** What follows the headline, the most important first. */
  sentences: string[];
  /** What calls leave behind, a noun phrase each, and how many exports write it. */
  kept: { text: string; writers: number; contested: boolean }[];
  /** What to do; empty where there is nothing to say. */
  remedy: string;
}

/** All findings of one rule. */
export interface FindingGroup {
  rule: string;
  title: string;
  /** Of the worst of them. */
  severity: ViewSeverity;
  total: number;
  /** The worst ones, those of the toolchain's own exports last; no more than were asked for. */
  rows: FindingRow[];
}

/** A finding about an export, or about the module. */
export interface FindingRow {
  severity: ViewSeverity;
  /** Undefined for a finding about the module. */
  exportName?: string;
  text: string;
  /** Byte offset of the instruction. */
  offset: number;
  /** Where that is: `0x9f`, `12:5`, `src/lib.rs:31`. */
  place: string;
}

/** An exported function. */
export interface ExportRow {
  /** Position in the analysis. */
  position: number;
  label: string;
  class: ExportClass;
  /** The class in words. */
  classText: string;
  /** What it conflicts with, or what runs have shown of it. */
  text: string;
  conflicts: number;
  /** The worst that runs have shown; absent where they have shown nothing bad. */
  found?: StressFinding;
  /** It was run with all that it may conflict with, exhaustively, without a finding. */
  clean?: true;
  /** A toolchain exports it for itself. */
  plumbing?: true;
  /** Severity of its worst finding. */
  severity?: ViewSeverity;
  /** Byte offset of the export. */
  offset: number;
}
