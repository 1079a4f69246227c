/**
 * Memory that WASI functions read and write, as known before the call: what the analysis says of their pointers, with the
 * sizes of the call and the lists of buffers as they are in memory. Covers at least everything that a call writes, since
 * that is undone after every execution.
 */
import type { HostDescription, HostPointer } from '../../analysis/host/description.ts';
import type { HostMemory, HostRange } from './hostFunction.ts';

/** Most buffers of a list, and most subscriptions, that a call may have: the IOV_MAX of common systems. */
export const MAX_VECTORS = 1024;

/** Bytes of lists of texts: `args_get` and `environ_get` write pointers and texts. */
export interface TextBytes {
  pointers: number;
  texts: number;
}

/**
 * Ranges of a call. `args` are the numbers of the call, unsigned; `texts`: sizes of what a function writes whose sizes only
 * the host knows. Lists of more than `MAX_VECTORS` are refused before anything is read.
 */
export function wasiRanges(
  { pointers }: HostDescription,
  args: readonly number[],
  memory: HostMemory,
  texts: TextBytes | undefined,
): HostRange[] {
  if (pointers.some(({ bytes }) => isList(bytes) && args[bytes.parameter] > MAX_VECTORS)) return [];
  const sizeOf = ({ bytes, parameter }: HostPointer): number => {
    if (typeof bytes === 'number') return bytes;
    if (typeof bytes === 'string') return (parameter === 0 ? texts?.pointers : texts?.texts) ?? 0;
    return args[bytes.parameter] * bytes.each;
  };
  return pointers.flatMap((pointer) => {
    const access = pointer.access === 'reads' ? 'read' : 'write';
    const [start, size] = [args[pointer.parameter], sizeOf(pointer)];
    return pointer.through ? buffersOf(memory, start, size, access) : [{ access, start, size }];
  });
}

/** A list of records whose number a parameter gives. */
const isList = (bytes: HostPointer['bytes']): bytes is { parameter: number; each: number } =>
  typeof bytes === 'object' && bytes.each > 1;

/** The buffers of the list `[start, start + size)`. */
function buffersOf(memory: HostMemory, start: number, size: number, access: HostRange['access']): HostRange[] {
  const view = new DataView(memory.buffer() as ArrayBuffer);
  const ranges: HostRange[] = [];
  for (let at = start; at < start + size && at + 8 <= view.byteLength; at += 8)
    ranges.push({ access, start: view.getUint32(at, true), size: view.getUint32(at + 4, true) });
  return ranges;
}
