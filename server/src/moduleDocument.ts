/** A module and the text that shows it, with everything the editor features need to answer without further work. */
import type { HostProfile } from './analysis/hosts/profile.ts';
import type { Analysis } from './analysis/model.ts';
import type { Settings } from './protocol.ts';
import type { SourceMap } from './sourceMap.ts';
import type { Module } from './wasm/module.ts';
import type { WatDocument } from './wat/model.ts';

/** A text that the module was compiled from, as opposed to one that was printed from it. */
export interface SourceText {
  wat: WatDocument;
  /** Which of `wat.modules` this is. */
  index: number;
  /** Version of the editor's document, and whether that is still the one. */
  version: number;
  isCurrent(): boolean;
  /** Start of the outermost item around an offset of the text. */
  fieldStart(at: number): number | undefined;
}

export interface ModuleDocument {
  /**
   * URI of the module and of the text that shows it. They are the same for a source; a further module of
   * a script has its number behind a `#`.
   */
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
  source?: SourceText;
  /** How sentences name the place of an instruction: `0x9f` unless given. */
  place?(offset: number): string;
}
