/** The platform's services for documents; `main.node.ts` implements them for Node. */

import type { Analysis } from '../../../core/analysis/model.ts';
import type { SourcePaths } from '../../../core/debug/paths.ts';
import type { DetectedHost } from '../../../core/hosts/detect.ts';
import { type Binary, fileName } from '../../../core/source/binary.ts';
import { t } from '../../../core/text/l10n.ts';
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
  /**
   * An analysis as it travels to threads of the client, so that these need not analyse again; undefined where a budget
   * ended it, or threads cannot take one.
   */
  packed(analysis: Analysis): Uint8Array | undefined;
  runner: AnalysisRunner;
}

/** A module and the file that it was read from. */
export interface ModuleFile {
  uri: string;
  module: Module;
  /** Modification time of the file, ms since 1970. */
  mtime: number;
}

/** Where sources may be: URIs of the folders of the workspace, and the setting. */
export interface SourceFolders {
  roots: readonly string[];
  sourcePaths: SourcePaths;
}

/** The host of a module, and why it was chosen. */
export async function hostOf(uri: string, { host }: Settings, platform: Platform): Promise<DetectedHost> {
  return host === 'auto' ? platform.chooseHost(uri) : { host, reason: t('setting wasmHazards.host') };
}

/** Tells the user why an analysis failed, of a source with its compilation. */
export function failureText(
  of: 'binary' | 'source',
  uri: string,
  { reason, message }: JobFailure,
  settings: Settings,
): string {
  const name = fileName(uri);
  const subject = of === 'binary' ? t('The analysis of {0}', name) : t('Compiling and analysing {0}', name);
  switch (reason) {
    case 'time':
      return t(
        '{0} exceeded its limit of {1} s and was stopped. Raise wasmHazards.analysis.seconds to allow more time.',
        subject,
        settings.analysisSeconds,
      );
    case 'memory':
      return t('{0} needed more than 1 GB of memory and was stopped.', subject);
    case 'crash':
      return t('{0} failed inside Wasm Hazards: {1}. See Wasm Hazards: Show Output.', subject, message.split('\n')[0]);
  }
}
