/** Results and traps of calls as text: equal texts are equal outcomes. */

import { wasmEngine } from '../../wasm/webAssembly.ts';
import { GuestExit } from '../imports/hostFunction.ts';
import { referenceText } from './references.ts';

/** What a call returned: `7`, `-0`, `nan`, `(1, 2)`, `()`. */
export function resultText(value: unknown, references: { reference(value: unknown): number }): string {
  if (value === undefined) return '()';
  if (Array.isArray(value)) return `(${value.map((one) => resultText(one, references)).join(', ')})`;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint') return String(value);
  return value === null ? 'null' : referenceText(references.reference(value));
}

/** `7`, `-0`, `nan`, `inf`, `-inf`. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Object.is(value, -0)) return '-0';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  return value === Number.NEGATIVE_INFINITY ? '-inf' : String(value);
}

/** Of a trap that comes sooner or later: frames are smaller in optimised code. */
export const EXHAUSTED = 'call stack exhausted';

/** Message of a trap, or of an error that the guest or its host threw; undefined for any other error. */
export function trapText(error: unknown): string | undefined {
  if (error instanceof wasmEngine.RuntimeError) return error.message;
  if (error instanceof GuestExit || error instanceof HostError) return error.message;
  if (error instanceof RangeError && /call stack/i.test(error.message)) return EXHAUSTED;
  if (isGuestException(error)) return 'uncaught exception';
  return undefined;
}

function isGuestException(error: unknown): boolean {
  const { Exception } = wasmEngine as unknown as { Exception?: new () => object };
  return Exception !== undefined && error instanceof Exception;
}

/** An error of an imported function, as the guest sees it: its call ends with it. */
export class HostError extends Error {}
