/** An analysed module with its text and source map: everything that features answer from. */

import type { Analysis } from '../../../core/analysis/model.ts';
import type { HostProfile } from '../../../core/hosts/profile.ts';
import type { ShownPairs } from '../../../core/report/shown/shownPairs.ts';
import type { SourceMap } from '../../../core/text/sourceMap.ts';
import type { Module } from '../../../core/wasm/module.ts';
import type { WatDocument } from '../../../core/wat/model.ts';
import type { Settings } from '../protocol.ts';
import type { LazySources } from './lazySources.ts';

/** The source that a module was compiled from. */
export interface SourceText {
  wat: WatDocument;
  /** Which of `wat.modules` this is. */
  index: number;
  /** Version of the analysed text, and whether it is still the current one. */
  version: number;
  isCurrent(): boolean;
  /** Start of the outermost item around an offset of the text. */
  fieldStart(at: number): number | undefined;
}

/** One module at one state. It is never changed: a new analysis or new settings make a new object. */
export interface ModuleDocument {
  /**
   * URI of the module and of its text. For a source they are equal, except that further modules of a
   * script have `#` and their number appended.
   */
  uri: string;
  textUri: string;
  module: Module;
  analysis: Analysis;
  /**
   * Pointers are still being followed: only what they cannot change is told. Another document follows soon, and no
   * feature but diagnostics and the lens of the module speaks of the analysis until then.
   */
  isProvisional?: true;
  profile: HostProfile;
  /** Why this host profile: `go.mod requires ...`, `setting`, `default`. */
  hostReason: string;
  text: string;
  /** Offset in `text` of each line's first character. */
  lineStarts: Uint32Array;
  map: SourceMap;
  settings: Settings;
  /** What stress runs of this very module have shown, under its host profile and sharing model. */
  shown: ShownPairs;
  /** What the module was compiled from, in other languages than WebAssembly text. */
  sources: LazySources;
  source?: SourceText;
  /** Names the place of an instruction in sentences; `0x9f` by default. */
  place?(offset: number): string;
}
