/** The input of a template. */

import type { Analysis } from '../analysis/model.ts';
import type { Module } from '../wasm/module.ts';
import type { Surface } from './surface.ts';

/** What a template knows: the module, what was found about it, and what the user wants. */
export interface WrapInput {
  module: Module;
  analysis: Analysis;
  /**
   * The conflicts under the shared-instance model, for tests that share an instance whatever the model of `analysis` is.
   */
  sharedInstance(): Analysis;
  surface: Surface;
  /** Name of the module in snake case. */
  base: string;
  /**
   * Name that the user wants for the package; undefined: the template makes one of `base`, if its language needs any.
   */
  packageName: string | undefined;
  /** Name that the user wants the types and functions to have, `Codec`; undefined: the template's own names. */
  typeName: string | undefined;
  /** Whether calls are to be asynchronous, in languages where that is a choice. */
  asynchronous: boolean;
  /** Name of the module's file, without folders. */
  moduleFile: string;
  /** Sentences at the top that say why the code is as it is. */
  evidence: readonly string[];
  /** What users of the host have to know about the template. */
  note: string | undefined;
  /** What callers have to know about the module, a paragraph each. */
  warnings: readonly string[];
}
