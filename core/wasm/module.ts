/**
 * A decoded WebAssembly module as plain data. Every item has its byte offset in the binary, which is the one
 * coordinate that analysis, text and results share. There are no methods, so that it can be passed between threads.
 */
import type { OuterNames } from './outerNames/model.ts';
import type { Limits, TypeDef, ValType } from './types.ts';

/** What is malformed and where. Decoding continues after an error as far as sizes allow. */
export interface DecodeError {
  /** Byte offset in the file. */
  offset: number;
  message: string;
  /** The module can be read and is not valid; the message is `not valid: ...`. */
  isInvalid?: true;
}

/** A section of the binary. */
export interface Section {
  /** Section id; 0 is a custom section. */
  id: number;
  /** Name of a custom section, else of the standard one (`type`, `import`, ...). */
  name: string;
  /** Offset of the id byte. */
  offset: number;
  /** First byte of the contents (for a custom section: after its name) and the byte after them. */
  start: number;
  end: number;
}

/** Kinds of items that can be imported and exported. Each has its own index space. */
export type ExternalKind = 'func' | 'table' | 'memory' | 'global' | 'tag';

/** An import, in the order of the binary. */
export interface Import {
  module: string;
  name: string;
  kind: ExternalKind;
  /** Index in the index space of its kind. */
  index: number;
  offset: number;
  /** Name in the source, where `name` is a minified one and a file beside the module knows better. */
  symbol?: string;
}

/** An export, in the order of the binary. */
export interface Export {
  name: string;
  kind: ExternalKind;
  /** Index in the index space of its kind. */
  index: number;
  offset: number;
  /** Name in the source, where `name` is a minified one and a file beside the module knows better. */
  symbol?: string;
}

/** A constant expression `[start, end)`, `end` after its `end` opcode. */
export interface ConstExpr {
  start: number;
  end: number;
}

/**
 * The function index space as parallel arrays, imports first. For function `f >= imported`,
 * `d = f - imported` indexes the body arrays.
 */
export interface Functions {
  imported: number;
  /** Type index of each function. */
  typeIndex: Uint32Array;
  /** Offset of the code entry (its size field), where the function is defined. */
  entry: Uint32Array;
  /** First byte of the locals vector, and the byte after the body's last `end`; both 0 if the body is missing. */
  bodyStart: Uint32Array;
  bodyEnd: Uint32Array;
}

/** An entry of the table index space. */
export interface Table {
  type: ValType;
  limits: Limits;
  init: ConstExpr | undefined;
  imported: boolean;
  offset: number;
}

/** An entry of the memory index space. */
export interface Memory {
  limits: Limits;
  imported: boolean;
  offset: number;
}

/** An entry of the global index space. */
export interface Global {
  type: ValType;
  mutable: boolean;
  init: ConstExpr | undefined;
  imported: boolean;
  offset: number;
}

/** An entry of the tag index space. */
export interface Tag {
  typeIndex: number;
  imported: boolean;
  offset: number;
}

/** An element segment. */
export interface ElementSegment {
  mode: 'active' | 'passive' | 'declarative';
  /** Flags field of the binary format (0..7): which of the eight forms it was. */
  flags: number;
  table: number;
  offsetExpr: ConstExpr | undefined;
  type: ValType;
  /** Function indices if the segment lists indices; otherwise undefined, and `exprs` is set. */
  functions: Uint32Array | undefined;
  exprs: ConstExpr[] | undefined;
  offset: number;
}

/** A data segment. */
export interface DataSegment {
  mode: 'active' | 'passive';
  memory: number;
  offsetExpr: ConstExpr | undefined;
  /** Contents `[start, end)` in the file. */
  start: number;
  end: number;
  offset: number;
}

/** Names from the `name` custom section, by index; those of locals, labels and fields by function or type first. */
export interface Names {
  module: string | undefined;
  functions: Map<number, string>;
  /** Byte ranges of each function's local names, decoded on demand: `[start, end)`. */
  locals: Map<number, [number, number]>;
  labels: Map<number, [number, number]>;
  types: Map<number, string>;
  tables: Map<number, string>;
  memories: Map<number, string>;
  globals: Map<number, string>;
  elements: Map<number, string>;
  data: Map<number, string>;
  fields: Map<number, [number, number]>;
  tags: Map<number, string>;
}

/** What the header says: a core module, a component (layer 1), or neither. */
export type BinaryKind = 'module' | 'component' | 'unknown';

/** A decoded module. Index spaces start with the imported items. */
export interface Module {
  bytes: Uint8Array;
  kind: BinaryKind;
  sections: Section[];
  types: TypeDef[];
  imports: Import[];
  functions: Functions;
  tables: Table[];
  memories: Memory[];
  globals: Global[];
  tags: Tag[];
  exports: Export[];
  /** Function index of the start function, and the offset where it is named. */
  start: { func: number; offset: number } | undefined;
  elements: ElementSegment[];
  data: DataSegment[];
  dataCount: number | undefined;
  names: Names;
  /** Names from files beside the module; see `outerNames/section.ts`. */
  outerNames?: OuterNames;
  /** Which reader types, imports, functions, tables, memories, globals, exports and start come from. */
  structureFrom: 'webassemblyjs' | 'own';
  errors: DecodeError[];
}
