/**
 * What wasm-tools says of a module's validity: it knows every proposal, whatever the engine of this JavaScript runtime
 * does. It is loaded when the first module is asked about.
 */
import type { Module } from '../module.ts';
import { standalone } from './standalone.ts';

/** What wasm-tools refuses, at a byte offset of the module. */
export interface ToolsError {
  offset: number;
  /** Without a full stop. */
  message: string;
  /** Whether others may accept it: an opcode that wasm-tools does not know, either, or more than its limits. */
  isBeyond: boolean;
}

/** wasm-tools holds a module several times while it validates it, in 4 GiB. */
const MOST_BYTES = 256 * 1024 * 1024;

/** `type mismatch: expected i32, found i64 (at offset 0x2b)`, after what it was doing. */
const ERROR = /^\s*(?:\d+: )?(\S.*) \(at offset 0x([0-9a-f]+)\)\s*$/m;
/** The error is in the component that was made of the module, at an offset there. */
const IN_COMPONENT = /failed to validate component output/;
const BEYOND =
  /illegal opcode|unknown 0x[0-9a-f]+ subopcode|exceeds? (?:the limit|limit|maximum)|too (?:large|many)|byte limit|size is out of bounds/;

/** Set after a trap: its state is undefined then. */
let hasFailed = false;

/**
 * The first error, undefined if the module is valid; `unknown` if it cannot be asked. The module must have been decoded
 * without errors. It takes about as long as reading the module, and cannot be interrupted.
 */
export async function toolsError(module: Module): Promise<ToolsError | undefined | 'unknown'> {
  if (hasFailed || module.bytes.length > MOST_BYTES) return 'unknown';
  const alone = standalone(module);
  if (alone === undefined) return 'unknown';
  const { componentNew } = await import('@bytecodealliance/jco-transpile/wasm-tools');
  try {
    await componentNew(alone.bytes);
    return undefined;
  } catch (error) {
    const payload = (error as { payload?: unknown }).payload;
    if (typeof payload !== 'string') {
      // A trap or a stack overflow. What the engine says has to do.
      hasFailed = true;
      return 'unknown';
    }
    const [, message, at] = ERROR.exec(payload) ?? [];
    if (message === undefined) return 'unknown';
    const start = IN_COMPONENT.test(payload) ? startInComponent(alone.bytes.length) : 0;
    return {
      offset: alone.originalOffset(Number.parseInt(at, 16) - start),
      message: message.replace(/(export name `)(\d+)(`)/, (whole, before, name, after) => {
        const original = alone.exportName(name);
        return original === undefined ? whole : before + original + after;
      }),
      isBeyond: BEYOND.test(message),
    };
  }
}

/** Where a module begins in a component that has nothing before it: after the header, the section's id and its size. */
function startInComponent(size: number): number {
  let start = 8 + 1 + 1;
  for (let rest = size; rest >= 0x80; rest = Math.floor(rest / 0x80)) start++;
  return start;
}
