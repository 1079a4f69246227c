/**
 * The part of SARIF 2.1.0 that reports have, with the names of the standard
 * (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). Lines and columns count from 1, columns in UTF-16 code units; the
 * end of a region is the place after its last character.
 */

/** How serious a result is. */
export type SarifLevel = 'error' | 'warning' | 'note';

/** A plain text. */
export interface SarifMessage {
  text: string;
}

/** A part of a file; the bytes only of a binary, which has no lines: there, lines and columns are all 1. */
export interface SarifRegion {
  startLine: number;
  startColumn: number;
  endLine: number;
  endColumn: number;
  byteOffset?: number;
  byteLength?: number;
}

/** A part of a file, and the function that it belongs to. */
export interface SarifLocation {
  physicalLocation: { artifactLocation: SarifArtifactLocation; region: SarifRegion };
  logicalLocations?: { name: string; fullyQualifiedName: string; kind: 'function' }[];
  message?: SarifMessage;
}

/** A file: relative to the root of the sources, or absolute. */
export interface SarifArtifactLocation {
  uri: string;
  uriBaseId?: '%SRCROOT%';
}

/** A step of a path or of a schedule. */
export interface SarifStep {
  location: SarifLocation;
  /** Position among the steps of all threads. */
  executionOrder?: number;
  nestingLevel?: number;
}

/** The steps of one thread. */
export interface SarifThreadFlow {
  id?: string;
  message?: SarifMessage;
  locations: SarifStep[];
}

/** A way to a finding: a call path, or a schedule with a flow for each caller. */
export interface SarifCodeFlow {
  message?: SarifMessage;
  threadFlows: SarifThreadFlow[];
}

/** A finding, or several at one place. */
export interface SarifResult {
  ruleId: string;
  ruleIndex: number;
  level: SarifLevel;
  message: SarifMessage;
  locations: SarifLocation[];
  relatedLocations?: SarifLocation[];
  codeFlows?: SarifCodeFlow[];
  partialFingerprints: Record<string, string>;
  baselineState?: 'new' | 'unchanged' | 'updated';
  properties?: Record<string, unknown>;
}

/** What a rule is. */
export interface SarifRule {
  id: string;
  name: string;
  shortDescription: SarifMessage;
  fullDescription: SarifMessage;
  help: SarifMessage & { markdown?: string };
  defaultConfiguration: { level: SarifLevel };
  properties: { tags: string[]; precision: string; 'problem.severity': string };
}

/** Something about the run that is no finding. */
export interface SarifNotification {
  level: SarifLevel;
  message: SarifMessage;
  locations?: SarifLocation[];
}
