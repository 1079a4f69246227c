/** Whether a binary can be compiled from a file, told from its bytes alone: much faster than to read debug information. */
import { Cursor, DecodeFailure } from '../../../core/wasm/cursor.ts';

/** Magic number and version. */
const HEADER_BYTES = 8;
/** Sections that name a file with debug information: what it knows is not in the binary. */
const ELSEWHERE = new Set(['sourceMappingURL', 'external_debug_info']);

/** Where a binary may name the files that it was compiled from. */
interface NamingSections {
  /** Contents of its debug sections. */
  own: Uint8Array[];
  /** It names another file that knows. */
  isElsewhere: boolean;
}

/** Whether a binary has any debug information. */
export function hasDebugInfo(bytes: Uint8Array): boolean {
  const { own, isElsewhere } = namingSections(bytes);
  return isElsewhere || own.length > 0;
}

/**
 * Whether the debug information of a binary may name a file of this name. False only where it cannot: there is none, or
 * none of its sections has the name.
 */
export function mayBeCompiledFrom(bytes: Uint8Array, fileName: string): boolean {
  const wanted = new TextEncoder().encode(fileName);
  const { own, isElsewhere } = namingSections(bytes);
  return isElsewhere || own.some((section) => contains(section, wanted));
}

function namingSections(bytes: Uint8Array): NamingSections {
  const found: NamingSections = { own: [], isElsewhere: false };
  const cursor = new Cursor(bytes, HEADER_BYTES, bytes.length);
  try {
    while (!cursor.atEnd()) {
      const id = cursor.u8();
      const size = cursor.u32();
      const start = cursor.pos;
      cursor.skip(size);
      if (id !== 0) continue;
      const name = new Cursor(bytes, start, cursor.pos).name();
      if (ELSEWHERE.has(name)) found.isElsewhere = true;
      else if (name.startsWith('.debug_')) found.own.push(bytes.subarray(start, cursor.pos));
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    // What comes after malformed bytes is not read anywhere.
  }
  return found;
}

function contains(bytes: Uint8Array, wanted: Uint8Array): boolean {
  if (wanted.length === 0) return false;
  for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    let length = 1;
    while (length < wanted.length && bytes[at + length] === wanted[length]) length++;
    if (length === wanted.length) return true;
  }
  return false;
}
