/**
 * Where findings are in files that people have: a text of WebAssembly, else the source that the module was compiled from,
 * else a text that was written for the report, else the binary itself, which has no lines.
 */
import { sourceSiteHere } from '../../debug/sourceWords.ts';
import { coreModuleAddress } from '../../source/coreModules.ts';
import { lineText, sourceLineStarts } from '../../text/lines.ts';
import type { Module } from '../../wasm/module.ts';
import type { CheckedModule } from '../checkedModule.ts';
import type { ReportFiles } from '../reportFiles.ts';
import type { SourcePlace } from '../sourcePlace.ts';
import { lineHashes } from './lineHashes.ts';
import type { SarifArtifactLocation, SarifLocation, SarifRegion } from './model.ts';

/** A part of a file. `offset`: of the byte, where the file is a binary. */
export interface Spot {
  file: string;
  start: SourcePlace;
  end: SourcePlace;
  offset?: number;
}

/** The files of one report, each read at most once. */
export class SarifFiles {
  readonly #files: ReportFiles;
  readonly #lines = new Map<string, { text: string; starts: Uint32Array; hashes?: string[] } | undefined>();

  constructor(files: ReportFiles) {
    this.#files = files;
  }

  /** The path of a file from the root of the repository. */
  pathOf(file: string): string {
    return file === '-' ? 'standard-input' : this.#files.pathOf(file);
  }

  /** The text of a line, from 1; undefined where the file is not known. */
  line(file: string, line: number): string | undefined {
    const known = this.#textOf(file);
    return known && lineText(known.text, known.starts, line - 1).replace(/\r$/, '');
  }

  /** What tells a line from all others of its file; undefined where the file is not known. */
  hash(file: string, line: number): string | undefined {
    const known = this.#textOf(file);
    if (known === undefined) return undefined;
    known.hashes ??= lineHashes(known.text);
    return known.hashes[line];
  }

  /** Lets a text count as the contents of a file. */
  provide(file: string, text: string): void {
    this.#lines.set(file, { text, starts: sourceLineStarts(text) });
  }

  #textOf(file: string) {
    if (!this.#lines.has(file)) {
      const text = this.#files.textOf(file);
      this.#lines.set(file, text === undefined ? undefined : { text, starts: sourceLineStarts(text) });
    }
    return this.#lines.get(file);
  }
}

/** The places of one module. */
export interface Spots {
  /** Of a byte of the binary, or of the one that a source was compiled to. */
  at(offset: number): Spot;
  /** Of a function; that of the module for an imported or unknown one. */
  ofFunction(index: number): Spot;
  /** The byte in the binary, where `at` leads to another file. */
  inBinary(offset: number): Spot | undefined;
}

const START: SourcePlace = { line: 1, column: 1 };

/** The places of a module that was checked, or of one of which only the name is known. */
export function spotsOf({ file, module, source, written, component }: SpotSubject, files: SarifFiles): Spots {
  const binary = coreModuleAddress(file)?.file ?? file;
  // A core module of a component has offsets of its own; where it begins may not be known.
  const begin = binary === file ? 0 : component?.own.start;
  if (written !== undefined) files.provide(written.file, written.text);
  const inFile = (offset: number): Spot => ({
    ...{ file: binary, start: START, end: START },
    ...(begin === undefined || source !== undefined ? {} : { offset: begin + offset }),
  });
  const at = (offset: number): Spot => {
    if (source !== undefined) return { file, start: source.place(offset), end: source.end(offset) };
    const site = module && sourceSiteHere(module, offset);
    if (site !== undefined) return lineSpot(site, files);
    const range = written?.rangeOf(offset);
    if (written === undefined || range === undefined) return inFile(offset);
    const place = ({ line, character }: typeof range.start): SourcePlace => ({ line: line + 1, column: character + 1 });
    return { file: written.file, start: place(range.start), end: place(range.end) };
  };
  return {
    at,
    ofFunction: (index) => at(module === undefined ? 0 : beginOf(module, index)),
    inBinary: (offset) => (source === undefined && at(offset).offset === undefined ? inFile(offset) : undefined),
  };
}

/** What places are made from. */
export type SpotSubject = Pick<CheckedModule, 'file'> &
  Partial<Pick<CheckedModule, 'module' | 'source' | 'written' | 'component'>>;

/** Byte offset of the body of a function; 0, which is the module, where it has none. */
const beginOf = ({ functions }: Module, index: number): number => functions.bodyStart[index - functions.imported] ?? 0;

/** From the column, or the first character of the line, to the end of the line. */
function lineSpot({ file, line, column }: { file: string; line: number; column?: number }, files: SarifFiles): Spot {
  const text = files.line(file, line);
  const first = column ?? 1 + Math.max(0, text?.search(/\S/) ?? 0);
  return { file, start: { line, column: first }, end: { line, column: Math.max(first, (text?.length ?? 0) + 1) } };
}

/** A place as SARIF has it. */
export function locationOf(spot: Spot, files: SarifFiles, text?: string): SarifLocation {
  const physicalLocation = { artifactLocation: artifactOf(files.pathOf(spot.file)), region: regionOf(spot) };
  return text === undefined ? { physicalLocation } : { physicalLocation, message: { text } };
}

function regionOf({ start, end, offset }: Spot): SarifRegion {
  const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  return offset === undefined ? region : { ...region, byteOffset: offset, byteLength: 1 };
}

const DRIVE = /^[a-z]:\//i;

/** A path as a URI, relative to the root of the sources if it is relative. */
function artifactOf(path: string): SarifArtifactLocation {
  const encoded = path.split('/').map(encodedPart).join('/');
  if (path.startsWith('/')) return { uri: `file://${encoded}` };
  if (DRIVE.test(path)) return { uri: `file:///${path.slice(0, 2)}${encoded.slice(encoded.indexOf('/'))}` };
  return { uri: encoded, uriBaseId: '%SRCROOT%' };
}

/** A part of a path. Half of a surrogate pair, which no encoding has, becomes a question mark. */
const encodedPart = (part: string): string => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '?'));
