/** The platform's services for documents; `main.node.ts` implements them for Node. */
import type { DetectedHost } from '../../../core/hosts/detect.ts';
import { type Binary, fileName } from '../../../core/source/binary.ts';
import type { Module } from '../../../core/wasm/module.ts';
import type { Settings } from '../protocol.ts';
import type { AnalysisRunner, JobFailure } from '../threads/analysisRunner.ts';
import type { DocumentSources } from './lazySources.ts';

/** How documents read files, choose a host and run analyses. */
export interface Platform {
  /** The binary at a URI. @throws ReadFailure */
  read(uri: string): Promise<Binary>;
  /** The host that the project around a module uses. Never rejects. */
  chooseHost(uri: string): Promise<DetectedHost>;
  /** URIs of the folders of the workspace. */
  roots(): readonly string[];
  /** What a module was compiled from: reads its debug information and looks for its files in the workspace. Never rejects. */
  sources(module: ModuleFile, settings: Settings): Promise<DocumentSources>;
  runner: AnalysisRunner;
}

/** A module and the file that it was read from. */
export interface ModuleFile {
  uri: string;
  module: Module;
  /** Modification time of the file, ms since 1970. */
  mtime: number;
}

/** The host of a module, and why it was chosen. */
export async function hostOf(uri: string, { host }: Settings, platform: Platform): Promise<DetectedHost> {
  return host === 'auto' ? platform.chooseHost(uri) : { host, reason: 'setting wasmHazards.host' };
}

/** Tells the user why an analysis failed. `doing` starts the sentence: `The analysis of`. */
export function failureText(doing: string, uri: string, { reason, message }: JobFailure, settings: Settings): string {
  const subject = `${doing} ${fileName(uri)}`;
  switch (reason) {
    case 'time':
      return `${subject} exceeded its limit of ${settings.analysisSeconds} s and was stopped. Raise wasmHazards.analysis.seconds to allow more time.`;
    case 'memory':
      return `${subject} needed more than 1 GB of memory and was stopped.`;
    case 'crash':
      return `${subject} failed inside Wasm Hazards: ${message.split('\n')[0]}. See Wasm Hazards: Show Output.`;
  }
}
