/** One pass over all function bodies; `scanner.ts` reads one body. */
import { t } from '../text/l10n.ts';
import { DecodeFailure } from '../wasm/cursor.ts';
import type { DecodeError, Module } from '../wasm/module.ts';
import { hostBody } from './hostCalls.ts';
import type { ScanResult } from './scanContext.ts';
import { Scanner } from './scanner.ts';
import { warmUp } from './warmUp.ts';

/** Budget and progress of a scan. */
export interface ScanOptions {
  /** Polled during the scan; true ends it early. */
  deadline?: () => boolean;
  progress?: (done: number, total: number) => void;
}

const CHECK_EVERY = 256;
/** Limit of V8 for the size of a body in bytes; bounds the operand stack. */
const MAX_BODY = 7_654_321;
const CODE_SECTION = 10;
/** Size of the code, in bytes, from which preparing the engine pays off. */
const WARM_UP_FROM = 2_000_000;

/** Byte offset of the definition of function `func`; where it should be, if the body is missing. */
export function functionOffset({ functions, sections, bytes }: Module, func: number): number {
  const entry = functions.entry[func - functions.imported];
  return entry > 0 ? entry : (sections.find((s) => s.id === CODE_SECTION)?.end ?? bytes.length);
}

/** Scans every body. A body that cannot be read becomes an unknown function and an error. */
export function scanModule(module: Module, options: ScanOptions = {}): ScanResult {
  const { functions } = module;
  const total = functions.typeIndex.length;
  if (
    functions.bodyEnd.length > 0 &&
    functions.bodyEnd[functions.bodyEnd.length - 1] - functions.bodyStart[0] > WARM_UP_FROM
  )
    warmUp();
  const scanner = new Scanner(module);
  const { out } = scanner;
  const factStart = new Uint32Array(total + 1);
  const callStart = new Uint32Array(total + 1);
  const symbolStart = new Uint32Array(total + 1);
  const openStart = new Uint32Array(total + 1);
  const lostStart = new Uint32Array(total + 1);
  const rowStart = new Uint32Array(total + 1);
  const returns = new Int32Array(2 * total).fill(-1);
  const mark = (f: number): void => {
    factStart[f] = out.factEffect.length;
    callStart[f] = out.callTarget.length;
    symbolStart[f] = out.symbols.rows.length;
    openStart[f] = out.open.length;
    lostStart[f] = out.lost.length;
    rowStart[f] = out.calls.length;
  };
  for (let f = 0; f < functions.imported; f++) {
    mark(f);
    out.begin();
    hostBody(scanner, f);
  }
  const unknownFunctions: number[] = [];
  const errors: DecodeError[] = [];
  let skipped = 0;
  for (let f = functions.imported; f < total; f++) {
    mark(f);
    const d = f - functions.imported;
    if ((d & (CHECK_EVERY - 1)) === 0) {
      options.progress?.(d, functions.entry.length);
      if (skipped === 0 && options.deadline?.()) skipped = total - f;
    }
    out.begin();
    if (skipped > 0) {
      unknownFunctions.push(f);
      continue;
    }
    try {
      const start = functions.bodyStart[d];
      const end = functions.bodyEnd[d];
      if (start === 0) throw new DecodeFailure(functionOffset(module, f), t('the function has no body'));
      if (end - start > MAX_BODY)
        throw new DecodeFailure(start, t('body of {0} bytes is over the limit of {1}', end - start, MAX_BODY));
      scanner.scanBody(f, start, end);
      returns[2 * f] = scanner.returnBase;
      returns[2 * f + 1] = scanner.returnValue;
    } catch (error) {
      if (!(error instanceof DecodeFailure)) throw error;
      unknownFunctions.push(f);
      errors.push({ offset: error.offset, message: t('in function {0}: {1}', f, error.message) });
    }
  }
  mark(total);
  return {
    table: out.table,
    factStart,
    factEffect: out.factEffect.view(),
    factSite: out.factSite.view(),
    callStart,
    callTarget: out.callTarget.view(),
    callSite: out.callSite.view(),
    indirect: out.indirect,
    referenced: scanner.referenced,
    hostCall: scanner.hostCall,
    stackDiscipline: scanner.stackDiscipline,
    assignedGlobals: scanner.assignedGlobals,
    mutatedTables: scanner.mutatedTables,
    unknownFunctions,
    errors,
    skipped,
    symbolic: {
      symbols: out.symbols,
      symbolStart,
      open: out.open,
      openStart,
      calls: out.calls,
      callStart: rowStart,
      returns,
      lost: out.lost,
      lostStart,
    },
  };
}
