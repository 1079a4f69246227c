/**
 * What wazero's interpreter calls the operations that instructions become: constants `operationKind...` of
 * `internal/engine/interpreter/operations.go`. One operation stands for several instructions.
 */

/** Families of instructions that differ in type and sign alone. */
const FAMILIES: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [/^v128\.(load|store)\d+_lane$/, ([, kind]) => `V128${capital(kind)}Lane`],
  [/^v128\.(load|store)/, ([, kind]) => `V128${capital(kind)}`],
  [/\.atomic\.(load|store)(8|16)?/, ([, kind, width = '']) => `Atomic${capital(kind)}${width}`],
  [/\.atomic\.rmw(8|16|32)?\.cmpxchg/, ([, width]) => `AtomicRMW${narrow(width)}Cmpxchg`],
  [/\.atomic\.rmw(8|16|32)?\./, ([, width]) => `AtomicRMW${narrow(width)}`],
  [/^memory\.atomic\.wait/, () => 'AtomicMemoryWait'],
  [/^memory\.atomic\.notify$/, () => 'AtomicMemoryNotify'],
  [/^[if](?:32|64)\.(load|store)(8|16|32)?/, ([, kind, width = '']) => `${capital(kind)}${width}`],
  [/^return_call_indirect$/, () => 'TailCallReturnCallIndirect'],
  [/^call_indirect$/, () => 'CallIndirect'],
  [/^ref\.func$/, () => 'RefFunc'],
  [/^(memory|table|global|data|elem)\.(\w+)$/, ([, what, verb]) => capital(what) + capital(verb)],
];

/** wazero's name of the operation of an instruction; undefined for what accesses nothing, and for what is no instruction. */
export function wazeroOperation(mnemonic: string): string | undefined {
  for (const [family, name] of FAMILIES) {
    const match = family.exec(mnemonic);
    if (match !== null) return name(match);
  }
  return undefined;
}

const capital = (word: string): string => word[0].toUpperCase() + word.slice(1);

/** The full width of an atomic has no number of its own, and 32 bits of an i64 are that of an i32. */
const narrow = (width: string | undefined): string => (width === undefined || width === '32' ? '' : width);
