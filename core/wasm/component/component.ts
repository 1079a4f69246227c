/**
 * A component (layer 1 of the binary format) as plain data: what its world imports and exports, by name, and the core
 * modules inside it, which are what callers race on.
 * Source: https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
import type { DecodeError } from '../module.ts';

/** Kinds of items that a component imports and exports; a core module can be one, too. */
export type ComponentKind = 'func' | 'value' | 'type' | 'component' | 'instance' | 'core module';

/** An import or export of a component. */
export interface ComponentItem {
  /** `arcjet:js-req/verify-bot`, `detect-bot`. */
  name: string;
  kind: ComponentKind;
  /** Byte offset in the file of the component. */
  offset: number;
}

/** A core module inside a component, perhaps inside a component in it. */
export interface CoreModule {
  /** From one, in the order of the file: `x.wasm#2` is the second one. */
  number: number;
  /** Name from the names of the component around it. */
  name: string | undefined;
  /** Its bytes `[start, end)` in the file. */
  start: number;
  end: number;
}

/** A decoded component. */
export interface Component {
  /** Name from its `component-name` section. */
  name: string | undefined;
  imports: ComponentItem[];
  exports: ComponentItem[];
  modules: CoreModule[];
  /** Number of components inside it. */
  nested: number;
  errors: DecodeError[];
}
