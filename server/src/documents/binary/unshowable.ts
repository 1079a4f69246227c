/** Text shown for files that are not core modules: what they are and what to do instead. */

import { t } from '../../../../core/text/l10n.ts';
import type { Module } from '../../../../core/wasm/module.ts';
import { comment } from './binaryState.ts';
import { componentOutline } from './componentOutline.ts';

const MAGIC = '00 61 73 6d';

/** The text, or undefined when `module` is a core module that the printer can show. */
export function textInsteadOf(module: Module, name: string): string | undefined {
  if (module.kind === 'module') return undefined;
  if (module.kind === 'component') return componentOutline(module.bytes, name).text;
  const { bytes } = module;
  if (bytes.length === 0) {
    return comment(
      t('{0} is empty.', name),
      t('The editor reads it again when it changes, for example when a build ends.'),
    );
  }
  const head = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return comment(
    t('{0} is not a WebAssembly binary.', name),
    t('It starts with the bytes {0}; a module starts with {1} 01 00 00 00.', head, MAGIC),
    ...advice(bytes),
  );
}

/** A guess at what the file is instead. */
function advice(bytes: Uint8Array): string[] {
  const head = new TextDecoder('latin1').decode(bytes.slice(0, 40));
  if (head.startsWith('version https://git-lfs')) {
    return ['', t('This is a Git LFS pointer: `git lfs pull` fetches the module itself.')];
  }
  if (head.startsWith('\x1f\x8b')) return ['', t('This is gzip data: unpack it first.')];
  if (/^\s*(\(module|\(component|;;|\(;)/.test(head)) {
    return ['', t('This is WebAssembly text: rename it to .wat, or assemble it with `wasm-tools parse`.')];
  }
  return [];
}
