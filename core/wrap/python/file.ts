/** Python: the whole file of a pool or a lock. */

import { moduleBlocks } from '../blocks/blocks.ts';
import { standsAlone } from '../blocks/standsAlone.ts';
import { header } from '../header.ts';
import { protocolAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { bytesMethod, pyBytesConvenience } from './bytes.ts';
import { errorClasses } from './errors.ts';
import { exportsClass } from './exports.ts';
import { importsOf, importsProtocol, isCommon, type PyImports, stateClass } from './imports.ts';
import { factoryClass, instanceClass, memoryPlace, type Parameter, parameters, slotClass } from './instance.ts';
import { bytesNames, type ClassNames, docName, docstring, PYTHON_COMMENTS, pyList, pyNames } from './parts.ts';
import { withoutStackAdvice } from './threadLife.ts';

/** What differs between a pool and a lock. */
interface WrapperParts {
  what: 'pool' | 'lock';
  /** What the file is, a sentence. */
  title: string;
  /** More for the comment at the top. */
  advice: readonly string[];
  /** Source of the class that callers create. */
  owner(input: WrapInput, imports: PyImports, classes: ClassNames, bytes: string): string;
}

/** Which versions the code is for. */
export const VERSIONS = 'For Python 3.9 or later and wasmtime-py 50.';

/** The classes of a file with `typeName` in front of their names; a private one stays private. */
export const classNames =
  (typeName = ''): ClassNames =>
  (name) =>
    name.startsWith('_') ? `_${typeName}${name.slice(1)}` : `${typeName}${name}`;

/** The whole file. */
export function wrapperFile(input: WrapInput, { what, title, advice, owner }: WrapperParts): string {
  const { surface, moduleFile } = input;
  const classes = classNames(input.typeName);
  const imports = importsOf(surface);
  const names = pyNames(surface);
  const memory = memoryPlace(input, imports) !== undefined;
  const bytes = moduleBlocks(input);
  const ofBytes = bytesNames(surface, names, bytes.calls);
  const withBytes = [...bytes.calls].map(([one, call]) => ({ one, call, method: ofBytes.get(one) ?? '' }));
  // A lock has one instance, which every call means.
  const alone = withBytes.filter(({ one, call }) => what === 'lock' || standsAlone(input, one, call));
  const protocol = protocolAdvice(input, {
    nameOf: (one) => names.get(one) ?? '',
    memory: memory ? { write: 'write_memory', read: 'read_memory' } : undefined,
    hold: 'use',
  });
  const comment = header(
    withoutStackAdvice(input),
    title,
    [...protocol, ...advice, ...wasiAdvice(input), VERSIONS],
    PYTHON_COMMENTS,
  ).join('\n');
  const common = imports.state.some(({ one }) => isCommon(one));
  const first = what === 'pool' ? 'A pool of instances of' : 'A lock around one instance of';
  const standard = [
    memory && 'import ctypes',
    'import operator',
    what === 'pool' && 'import os',
    'import threading',
    what === 'pool' && 'from collections import deque',
    `from collections.abc import ${[(imports.functions.length > 0 || surface.wasi || surface.importsLeftOut.length > 0) && 'Callable', 'Iterator', 'Sequence'].filter(Boolean).join(', ')}`,
    'from contextlib import contextmanager',
    `from typing import Any${imports.functions.length > 0 ? ', Protocol' : ''}`,
  ].filter((line) => line !== false);
  return `${docstring('', `${first} ${docName(moduleFile)}.`)}
${comment}

from __future__ import annotations

${standard.join('\n')}

import wasmtime
${common ? 'from wasmtime import _ffi as ffi\n' : ''}

${errorClasses(surface, classes, what, withBytes.length > 0)}${importsProtocol(imports, classes)}${stateClass(imports, classes)}${exportsClass(input, classes)}

${surface.threads ? ENGINE : ''}${slotClass(input, imports, classes, bytes)}${instanceClass(
  input,
  imports,
  classes,
  withBytes.map(({ method, one, call }) => bytesMethod(method, one, call)),
)}${factoryClass(input, imports, classes)}${owner(input, imports, classes, alone.map(({ method, one, call }) => pyBytesConvenience(method, one, call)).join(''))}`;
}

/** Where Wasmtime's WASI cannot work: it finds the memory of the caller by its name. */
const wasiAdvice = ({ surface }: WrapInput): string[] =>
  surface.wasi && surface.memoryExport !== 'memory' && surface.memory
    ? [
        'The module does not export its memory as "memory", where the WASI of Wasmtime looks for it: WASI functions that take addresses trap.',
      ]
    : [];

const ENGINE = `def _engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.wasm_threads = True
    config.shared_memory = True
    return wasmtime.Engine(config)


`;

/** The constructor up to the factory; `more`: parameters that the owner needs for itself. */
export function constructorText(
  input: WrapInput,
  imports: PyImports,
  classes: ClassNames,
  more: readonly Parameter[],
): string {
  const fields = parameters(input, imports, classes);
  const needed = fields.filter(({ initial }) => initial === undefined);
  const all = [...needed, ...more, ...fields.filter(({ initial }) => initial !== undefined)];
  const params = [
    'self',
    'wasm: bytes',
    '*',
    ...all.map(({ name, type, initial }) => `${name}: ${type}${initial === undefined ? '' : ` = ${initial}`}`),
  ];
  const docs = [{ name: 'wasm', doc: 'the module, as bytes.' }, ...all];
  const doc = docstring('        ', 'Compile the module, and notice a bad one or a missing import.');
  return `${pyList('    ', 'def __init__(', params, ') -> None:')}
${doc.slice(0, -3)}

        Args:
${docs.map(({ name, doc: text }) => argument(name, text)).join('')}
        Raises:
            wasmtime.WasmtimeError: the module is damaged, or does not fit its imports.
        """
${pyList('        ', 'self._factory = _Factory(', ['wasm', ...fields.map(({ name }) => `${name}=${name}`)], ')')}
`;
}

/** `name: text`, wrapped below. */
function argument(name: string, text: string): string {
  const lines = docstring('            ', `${name}: ${text}`, ['']).split('\n').slice(0, -2);
  return lines
    .filter((line) => line !== '')
    .map((line, i) => `${i === 0 ? line.replace('"""', '') : line.replace(/^ {12}/, ' '.repeat(16))}\n`)
    .join('');
}
