/** The part of `@webassemblyjs/wasm-parser` 1.14 that is used; the package has no types of its own. */
declare module '@webassemblyjs/wasm-parser' {
  export interface DecodeOptions {
    ignoreCodeSection?: boolean;
    ignoreDataSection?: boolean;
    ignoreCustomNameSection?: boolean;
  }
  export interface Node {
    type: string;
    [key: string]: unknown;
  }
  export interface Program {
    body: { fields: Node[] }[];
  }
  export function decode(bytes: ArrayBuffer | Uint8Array, options?: DecodeOptions): Program;
}
