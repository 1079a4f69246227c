/** Errors of a malformed module as sentences: what was read, where it stopped. */

import { t } from '../../../core/text/l10n.ts';
import { number, plural } from '../../../core/text/phrases.ts';
import type { DecodeError, Module } from '../../../core/wasm/module.ts';
import { hex } from '../../../core/wasm/printer/numbers.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** Errors shown; a broken file can have one for each of its functions. */
const MAX_ERRORS = 100;

/**
 * The errors of decoding and analysis, at most 100, then one that counts the rest. The first also says what was read.
 */
export function decodeErrorTexts({ module, analysis }: Pick<ModuleDocument, 'module' | 'analysis'>): DecodeError[] {
  const errors = [...module.errors, ...analysis.errors];
  // There is nothing more to say about a file that is not a module.
  if (module.kind !== 'module')
    return errors.map(({ offset, message }) => ({ offset, message: `${sentence(message)}.` }));
  const shown = errors.slice(0, MAX_ERRORS).map(({ offset, message }, i) => ({
    offset,
    message: `${t('{0} (offset {1} of {2}).', sentence(message), hex(offset), hex(module.bytes.length))}${i === 0 ? ` ${readText(module)}` : ''}`,
  }));
  if (errors.length > MAX_ERRORS) {
    const { offset } = errors[MAX_ERRORS];
    shown.push({ offset, message: t('{0} after this.', plural(errors.length - MAX_ERRORS, 'more error')) });
  }
  return shown;
}

/** An error's message as the beginning of a sentence. */
const sentence = (message: string): string => message.charAt(0).toUpperCase() + message.slice(1).replace(/\.$/, '');

/** `Read: 12 functions (9 with bodies), 3 exports, 1 memory.` */
function readText(module: Module): string {
  const { functions } = module;
  const total = functions.typeIndex.length;
  const bodies = functions.bodyEnd.reduce((count, end) => count + (end > 0 ? 1 : 0), 0);
  const missing = total - functions.imported - bodies;
  const parts = [
    missing > 0
      ? missing === 1
        ? t('{0} (1 body missing)', plural(total, 'function'))
        : t('{0} ({1} bodies missing)', plural(total, 'function'), number(missing))
      : plural(total, 'function'),
    plural(module.exports.length, 'export'),
    plural(module.globals.length, 'global'),
    plural(module.memories.length, 'memory').replace('memorys', 'memories'),
    plural(module.tables.length, 'table'),
  ];
  const read = parts.filter((part) => !part.startsWith('0 '));
  return read.length === 0 ? t('Nothing of the module could be read.') : t('Read: {0}.', read.join(t(', ')));
}
