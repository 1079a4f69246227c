/** Go, wazero: a hammer test in wazero's own form, see "Hammer tests" in its RATIONALE.md. */

import { isAtomic } from '../../analysis/cells.ts';
import { goString } from '../../harmless/code.ts';
import { replaceUnseen } from '../../harmless/invisible.ts';
import type { Module } from '../../wasm/module.ts';
import { type HammerPair, hammerPairs, integerFor } from '../hammerPairs.ts';
import { header } from '../header.ts';
import type { NumType } from '../signature.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { CHILD_IMPORTS, childProcess, type HammerNames } from './hammerChild.ts';
import { ROUND_IMPORTS, rounds } from './hammerRounds.ts';
import { instanceSource } from './hammerSource.ts';
import { goNames } from './names.ts';
import { goImports, WAZERO } from './parts.ts';
import { importAdvice, runtimeSetup } from './setup.ts';

const ARGUMENTS: Readonly<Record<NumType, (integer: string) => string>> = {
  i32: (integer) => `api.EncodeU32(${integer})`,
  i64: (integer) => integer,
  f32: () => 'api.EncodeF32(1.5)',
  f64: () => 'api.EncodeF64(1.5)',
};

/** What a module that grows in a loop may have beyond its first size, in pages of 64 KiB. */
const SPARE_PAGES = 256;

/**
 * Source of a Go test file with three tests: calls on one instance, on one instance behind a lock, and on an instance
 * for each goroutine. The first does not run unless an environment variable is set, and fails by design where exports
 * conflict.
 */
export function goHammer(input: WrapInput): string {
  const { surface, module, moduleFile } = input;
  const { package: packageName, type, local } = goNames(input);
  const names: HammerNames = { lower: local('hammer'), upper: `${type}Hammer` };
  const { lower, upper } = names;
  // The first of the tests shares an instance, whatever the sharing model of the evidence is.
  const pairs = hammerPairs(module, input.sharedInstance(), surface);
  const setup = runtimeSetup(surface, {
    infix: upper,
    base: 'wazero.NewRuntimeConfigInterpreter()',
    config: [
      '// An export that grows the memory in a loop must not exhaust the memory of the machine.',
      `WithMemoryLimitPages(${memoryLimit(module)})`,
      '// A call ends with its context.',
      'WithCloseOnContextDone(true)',
    ],
    cache: surface.state.length > 0,
  });
  const wasmName = moduleFile.replace(/\.[^.]*$/, '.wasm');
  const rows = pairs.map(({ a, b, cell }) => {
    const title = a === b ? `${a.name} with itself` : `${a.name} with ${b.name}`;
    const why = cell === undefined ? '' : `\t// They conflict on ${replaceUnseen(cell, () => ' ')}.\n`;
    return `${why}\t{${goString(title)}, ${callText(lower, a)}, ${callText(lower, b)}},\n`;
  });
  const imports = [WAZERO, `${WAZERO}/api`, ...CHILD_IMPORTS, ...ROUND_IMPORTS, ...setup.imports];
  if (surface.memory) imports.push('crypto/sha256');
  return `${header(input, `Hammer tests of ${moduleFile} for wazero. Run them with: go test -race -run ${upper}`, advice(input, pairs, upper)).join('\n')}

package ${packageName}

${goImports(imports)}
// ${lower}Wasm is read when the test runs. With go:embed the package would not compile until the module has been
// built.
const ${lower}Wasm = ${goString(wasmName)}

// ${lower}Call is a call to an export. The arguments are guesses: replace them with values that your host passes.
type ${lower}Call struct {
	export string
	params []uint64
}

// ${lower}Pair is two calls that are made at the same time.
type ${lower}Pair struct {
	name string
	a, b ${lower}Call
}

var ${lower}Pairs = []${lower}Pair{
${rows.join('')}}

// Test${upper}Guarded calls exports of one instance concurrently, with a lock around each call.
func Test${upper}Guarded(t *testing.T) {
	for _, pair := range ${lower}Pairs {
		t.Run(pair.name, func(t *testing.T) { ${lower}Run(t, pair, ${lower}Guarded) })
	}
}

// Test${upper}Instances gives each goroutine its own instance.
func Test${upper}Instances(t *testing.T) {
	for _, pair := range ${lower}Pairs {
		t.Run(pair.name, func(t *testing.T) { ${lower}Run(t, pair, ${lower}Separate) })
	}
}
${childProcess(names)}${rounds(names, surface.memory)}${instanceSource(surface, names)}${setup.text}`;
}

/** What users of the tests have to know. */
function advice({ analysis, surface }: WrapInput, pairs: readonly HammerPair[], upper: string): string[] {
  const conflicts = pairs.some(({ cell }) => cell !== undefined);
  return [
    conflicts
      ? `Test${upper}Shared runs exports that conflict on one instance, with a function object for each goroutine. It demonstrates the hazard and fails by design, so it is skipped unless the environment variable WASM_HAZARDS_UNSAFE is set. Each pair has a child process, because such calls can hang or write outside the guest's memory. Test${upper}Guarded and Test${upper}Instances apply the two remedies, a lock and an instance for each goroutine, and must pass.`
      : `The analysis found no conflicts between these calls on one instance, so no data race is expected. Test${upper}Shared shares an instance all the same, and is skipped unless the environment variable WASM_HAZARDS_UNSAFE is set. Test${upper}Guarded and Test${upper}Instances must pass.`,
    ...(analysis.effects.some(isAtomic)
      ? [
          'The module has atomic accesses. They do not conflict with each other, but another caller can run between two of them: the outcome of a call can be wrong without a data race.',
        ]
      : []),
    'A pair of which one call never returns, or only traps, is skipped: it shows nothing.',
    ...importAdvice(surface),
    "The tests use wazero's interpreter because Go's race detector does not see the memory accesses of compiled WebAssembly. Without -race they see wrong outcomes only.",
  ];
}

/** Pages that the memory of a test may have: those that it begins with, and some to grow by. */
function memoryLimit({ memories }: Module): number {
  return Math.min(65536, Number(memories[0]?.limits.min ?? 0n) + SPARE_PAGES);
}

function callText(lower: string, one: WrapExport): string {
  const { name, params } = one;
  const given = params.map((type) => ARGUMENTS[type](integerFor(one)));
  return `${lower}Call{${goString(name)}, ${params.length === 0 ? 'nil' : `[]uint64{${given.join(', ')}}`}}`;
}
