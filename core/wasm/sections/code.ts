/** Section 10: where each function body is. Bodies are size-prefixed; they are scanned elsewhere. */
import { message, t } from '../../text/l10n.ts';
import { type Cursor, DecodeFailure } from '../cursor.ts';
import type { DecodeError, Functions } from '../module.ts';

/** Sets `entry`, `bodyStart` and `bodyEnd` of the defined functions, as far as sizes allow. */
export function readCode(c: Cursor, functions: Functions, errors: DecodeError[]): void {
  const countOffset = c.pos;
  const count = c.count(message('function bodies'));
  const defined = functions.entry.length;
  if (count !== defined) {
    errors.push({
      offset: countOffset,
      message: t('function and code section have inconsistent lengths ({0} and {1})', defined, count),
    });
  }
  const { entry, bodyStart, bodyEnd } = functions;
  for (let i = 0; i < count; i++) {
    const offset = c.pos;
    const size = c.u32();
    const start = c.pos;
    if (size > c.end - start)
      throw new DecodeFailure(offset, t('body of {0} bytes does not fit into {1}', size, c.end - start));
    c.pos = start + size;
    if (i >= defined) continue;
    entry[i] = offset;
    bodyStart[i] = start;
    bodyEnd[i] = c.pos;
  }
}
