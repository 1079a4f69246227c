/**
 * What functions do with their parameters, as guesses for arguments that mean something to the module: not facts to rely
 * on.
 */
/** What becomes of one parameter. */
export interface ParameterUse {
  /** Used as an address. */
  address: boolean;
  /** Bytes from the address that accesses at known places need. */
  extent: number;
  reads: boolean;
  writes: boolean;
  /** Single bytes are read. */
  bytewise: boolean;
  /** A word behind the address is an address, or names a function to call. */
  pointers: boolean;
  /** Passed to a function that frees memory. */
  freed: boolean;
  /** Memory that was just allocated is stored behind it. */
  receivesMemory: boolean;
  /** Place in a table of functions that are called. */
  callee: boolean;
  /** Length of a range of bytes, or what an address ends at. */
  length: boolean;
  /** Stored in memory: what becomes of it then is not known. */
  stored: boolean;
}

/** What a function does with its parameters, and whether it returns memory that it allocated. */
export interface FunctionUse {
  parameters: ParameterUse[];
  returnsMemory: boolean;
}

/** Functions of the module that give memory and take it back, by index. */
export interface MemoryFunctions {
  allocating: ReadonlySet<number>;
  freeing: ReadonlySet<number>;
}

/** Answers what a function does; each body is read once. */
export type UseOf = (func: number) => FunctionUse;
