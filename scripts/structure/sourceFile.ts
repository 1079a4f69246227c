/** The imports and exports of a source, read from its text: values and types, static and dynamic. */

import { posix } from 'node:path';
import { maskCode } from './maskCode.ts';

/** An import or re-export of another file of the project. */
export interface ImportOfFile {
  /** The imported file, relative to the root, with slashes. */
  readonly path: string;
  readonly line: number;
  /** The imported names; `*` for all of them. Empty for an import for side effects only. */
  readonly names: readonly string[];
  /** Whether it imports only types and has no effect at run time. */
  readonly typeOnly: boolean;
  /** Whether it is an `export ... from`. */
  readonly reexport: boolean;
}

/** A name that a file declares and exports. */
export interface ExportedName {
  readonly name: string;
  readonly isType: boolean;
  readonly line: number;
  /** Whether its own file uses it, too. */
  readonly usedInFile: boolean;
}

/** Imports and exports of a file. */
export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly ImportOfFile[];
  readonly exports: readonly ExportedName[];
}

const FROM = /^[ \t]*(import|export)\s+(type\s+)?([\w$*{},\s]*?)\s*\bfrom\s*(['"])( *)\4/dgm;
const EFFECTS = /^[ \t]*import\s*(['"])( *)\1/dgm;
const DYNAMIC = /(?:(\{[\w$,:\s]*\})\s*=\s*await\s+)?\bimport\(\s*(['"])( *)\2\s*\)(?:\.(\w+))?/dg;
const DECLARED =
  /^export\s+(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(function\*?|class|const|let|var|interface|type|enum)\s+([\w$]+)/gm;

/** Reads a source; `path` is relative to the root, with slashes. Imports of packages are ignored. */
export function readSource(path: string, text: string): SourceFile {
  const code = maskCode(text);
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const found: (ImportOfFile & { at: number })[] = [];
  const add = (match: RegExpExecArray, group: number, how: Omit<ImportOfFile, 'path' | 'line'>): void => {
    const [from, to] = match.indices?.[group] ?? [0, 0];
    const specifier = text.slice(from, to);
    if (!specifier.startsWith('.')) return;
    found.push({ path: posix.join(posix.dirname(path), specifier), line: lineAt(from), at: from, ...how });
  };
  for (const match of code.matchAll(FROM)) {
    const [, keyword, type, clause] = match;
    const typeOnly = type !== undefined || hasTypesOnly(clause);
    add(match, 5, { names: namesOf(clause, code), typeOnly, reexport: keyword === 'export' });
  }
  for (const match of code.matchAll(EFFECTS)) add(match, 2, { names: [], typeOnly: false, reexport: false });
  for (const match of code.matchAll(DYNAMIC)) {
    const [, braces, , , property] = match;
    const names = braces ? namesOf(braces, code) : [property && property !== 'then' ? property : '*'];
    add(match, 3, { names, typeOnly: false, reexport: false });
  }
  return {
    path,
    lines: text.split('\n').length - 1,
    imports: found.sort((a, b) => a.at - b.at).map(({ at, ...rest }) => rest),
    exports: [...code.matchAll(DECLARED)].map(({ 1: word, 2: name, index }) => ({
      name,
      isType: word === 'interface' || word === 'type',
      line: lineAt(index),
      usedInFile: timesIn(code, name) > 1,
    })),
  };
}

/**
 * The names that an import clause imports: `{ a, type B as C }` imports `a` and `B`, a namespace imports the members
 * that `code` uses, a default import is `default`.
 */
function namesOf(clause: string, code: string): string[] {
  const names: string[] = [];
  const namespace = /\*(?:\s+as\s+([\w$]+))?/.exec(clause);
  if (namespace?.[1]) {
    for (const [, name] of code.matchAll(new RegExp(`\\b${namespace[1]}\\.(\\w+)`, 'g'))) names.push(name);
  } else if (namespace) names.push('*');
  for (const part of partsOf(clause)) {
    const name = /^\s*(?:type\s+)?([\w$]+)/.exec(part);
    if (name) names.push(name[1]);
  }
  if (/^[\w$]/.test(clause)) names.push('default');
  return names;
}

function hasTypesOnly(clause: string): boolean {
  const parts = clause.startsWith('{') ? partsOf(clause) : [];
  return parts.length > 0 && parts.every((part) => /^\s*type\s/.test(part));
}

function partsOf(clause: string): string[] {
  const braces = /\{([^}]*)\}/.exec(clause);
  return braces ? braces[1].split(',').filter((part) => part.trim() !== '') : [];
}

function timesIn(code: string, name: string): number {
  return code.match(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g'))?.length ?? 0;
}
