/** A module and the text that shows it, with everything the editor features need to answer without further work. */

import type { Analysis } from '../../../core/analysis/model.ts';
import type { HostProfile } from '../../../core/hosts/profile.ts';
import type { SourceMap } from '../../../core/text/sourceMap.ts';
import type { Module } from '../../../core/wasm/module.ts';
import type { WatDocument } from '../../../core/wat/model.ts';
import type { Settings } from '../protocol.ts';
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
