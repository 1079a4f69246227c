/** A binary with everything the editor features need to answer without further work. */
import type { HostProfile } from './analysis/hosts/profile.ts';
import type { Analysis } from './analysis/model.ts';
import type { Settings } from './protocol.ts';
import type { SourceMap } from './sourceMap.ts';
import type { Module } from './wasm/module.ts';

export interface ModuleDocument {
  /** URI of the binary and of the text that shows it. */
  uri: string;
  textUri: string;
  module: Module;
  analysis: Analysis;
  profile: HostProfile;
  /** Why this host profile: `go.mod requires ...`, `setting`, `default`. */
  hostReason: string;
  text: string;
  /** Offset in `text` of each line's first character. */
  lineStarts: Uint32Array;
  map: SourceMap;
  settings: Settings;
}
