/**
 * Compiles WebAssembly text with wasm-tools, or says what is wrong with the text.
 *
 * wasm-tools is itself WebAssembly and cannot be interrupted: call this in a worker thread that can be terminated.
 */
import { readRustDebug } from './rustDebug.ts';
import { utf16OffsetOf } from './utf8.ts';

/** A place in the text, UTF-16 code units, and what is wrong there. */
export interface CompileError {
  start: number;
  end: number;
  /** Without a full stop. */
  message: string;
}

/** The binary, or the first error of the text. */
export type Compiled = { bytes: Uint8Array } | { error: CompileError };

/** Loads wasm-tools ahead of the first compilation, which takes a moment. */
export async function prepareCompiler(): Promise<void> {
  await compile('(module)');
}

/**
 * Compiles the text of one module.
 * @throws on a defect of wasm-tools, after which its state is undefined and it must not be used again.
 */
export async function compile(text: string): Promise<Compiled> {
  const { parse } = await import('@bytecodealliance/jco-transpile/wasm-tools');
  try {
    return { bytes: await parse(text) };
  } catch (error) {
    const payload = (error as { payload?: unknown }).payload;
    if (typeof payload !== 'string') throw error;
    const { byteOffset, message } = readRustDebug(payload);
    const start = byteOffset === undefined ? 0 : utf16OffsetOf(text, byteOffset);
    return { error: { start, end: tokenEnd(text, start), message } };
  }
}

/** Most characters that one error marks. */
const MAX_MARKED = 200;
const TOKEN = /"(?:[^"\\\r\n]|\\.)*"?|\$"(?:[^"\\\r\n]|\\.)*"?|[^\s()";]+|[^\r\n]/suy;

/** End of the token that begins at `start`; `start` itself at the end of a line. */
function tokenEnd(text: string, start: number): number {
  TOKEN.lastIndex = 0;
  const match = TOKEN.exec(text.slice(start, start + MAX_MARKED));
  return start + (match?.[0].length ?? 0);
}
