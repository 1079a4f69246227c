/**
 * What pure code takes from the JavaScript engine beyond the language itself: text in and out of bytes. Everything
 * else (clock, console, files, network) is unknown to the compiler here. Source: https://encoding.spec.whatwg.org/
 */

export {};

declare global {
  /** Text of code units up to 255 in base64, and back. Source: https://infra.spec.whatwg.org/#forgiving-base64 */
  function btoa(binary: string): string;
  function atob(text: string): string;

  class TextDecoder {
    constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
    decode(bytes?: Uint8Array): string;
  }

  class TextEncoder {
    encode(text: string): Uint8Array<ArrayBuffer>;
    encodeInto(text: string, into: Uint8Array): { read: number; written: number };
  }
}
