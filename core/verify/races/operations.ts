/**
 * Which operation of wazero's interpreter a line of its source belongs to. The interpreter is one `switch` over kinds of
 * operations (`internal/engine/interpreter/interpreter.go`, `callNativeFunc`); its lines differ from version to version,
 * so they are read from the version that was built.
 */

/** Name of the operation at a line, counted from 1: `GlobalSet`; undefined outside of the cases. */
export type OperationAt = (line: number) => string | undefined;

const LOOP = /^func \(\w+ \*callEngine\) callNativeFunc\(/;
const CASE = /^\t\tcase operationKind(\w+)[,:]/;

/** Reads the source of the interpreter. */
export function operationsOf(source: string): OperationAt {
  /** First lines of cases and of what ends them, ascending. */
  const starts: { line: number; operation: string | undefined }[] = [];
  let inside = false;
  source.split(/\r?\n/).forEach((text, i) => {
    if (text.startsWith('func ')) {
      inside = LOOP.test(text);
      starts.push({ line: i + 1, operation: undefined });
    }
    const found = inside ? CASE.exec(text) : null;
    if (found !== null) starts.push({ line: i + 1, operation: found[1] });
  });
  return (line) => starts.findLast((one) => one.line <= line)?.operation;
}

/** What an operation does to the guest's state. */
export type OperationAccess = 'read' | 'write' | 'atomic-read' | 'atomic-write';

/** The bytes of one access where all operations of the name have that width; else the most. */
const WIDEST: Readonly<Record<string, number>> = { '8': 1, '16': 2, '32': 4 };

/** Most bytes that one load, store or atomic of that name touches; undefined for other operations. */
export function widestAccess(operation: string): number | undefined {
  const match = /^(?:V128)?(?:Atomic)?(?:Load|Store|RMW|MemoryWait|MemoryNotify)(8|16|32)?/.exec(operation);
  if (match === null) return undefined;
  if (operation.startsWith('V128')) return 16;
  return WIDEST[match[1] ?? ''] ?? 8;
}

/** Whether an operation of that name writes what it accesses; undefined where the name does not say. */
export function operationWrites(operation: string): boolean | undefined {
  if (/Store|RMW|Set$|Grow$|Fill$|Drop$/.test(operation)) return true;
  if (/Load|Get$|Size$|CallIndirect/.test(operation)) return false;
  return undefined;
}

/** What kind of cell an operation of that name accesses; undefined where it accesses none or several kinds. */
export function operationCell(
  operation: string,
): 'global' | 'memory' | 'memory.grow' | 'table' | 'table.grow' | undefined {
  if (operation.startsWith('Global')) return 'global';
  if (operation === 'MemoryGrow' || operation === 'MemorySize') return 'memory.grow';
  if (operation === 'TableGrow' || operation === 'TableSize') return 'table.grow';
  if (/^Table(?:Get|Set|Fill|Copy)$/.test(operation)) return 'table';
  return /^(?:V128|Atomic)?(?:Load|Store|RMW)|^Memory(?:Fill|Copy)$|^AtomicMemoryWait$/.test(operation)
    ? 'memory'
    : undefined;
}
