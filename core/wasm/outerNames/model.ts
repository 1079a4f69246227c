/** Names that a module lost and that the files beside it still know, as plain data. */

/** Names by what the binary calls an item. All maps may be empty. */
export interface OuterNames {
  /** In the source, by name of the export: `sqlite3_open` for `A`. */
  exports: ReadonlyMap<string, string>;
  /** In the source, by `module.name` of the import: `fd_write` for `a.b`. */
  imports: ReadonlyMap<string, string>;
  /** By index in the function index space. */
  functions: ReadonlyMap<number, string>;
  /** Export that the glue calls before all others; undefined where the glue does not show it. */
  constructors: string | undefined;
}

/** Nothing known. */
export const NO_OUTER_NAMES: OuterNames = {
  exports: new Map(),
  imports: new Map(),
  functions: new Map(),
  constructors: undefined,
};

/** Whether there is anything to say. */
export const hasNames = ({ exports, imports, functions, constructors }: OuterNames): boolean =>
  exports.size + imports.size + functions.size > 0 || constructors !== undefined;

/** Both; where both name an item, `first` wins. */
export const joinedNames = (first: OuterNames, second: OuterNames): OuterNames => ({
  exports: new Map([...second.exports, ...first.exports]),
  imports: new Map([...second.imports, ...first.imports]),
  functions: new Map([...second.functions, ...first.functions]),
  constructors: first.constructors ?? second.constructors,
});
