/** What the analysis says of functions of known hosts, and what the presets that emulate them do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostDescription } from '../../../analysis/host/description.ts';
import { ENV_FUNCTIONS } from '../../../analysis/host/emscripten.ts';
import { bindgenFunction } from '../../../analysis/host/wasmBindgen.ts';
import { binary } from '../../../testing/binary.ts';
import { random } from '../../../testing/random.ts';
import { decodeModule } from '../../../wasm/decode.ts';
import { F32, F64, I32, I64, type ValType } from '../../../wasm/types.ts';
import type { HostOperations } from '../hostFunction.ts';
import { assemblyScript } from './assemblyScript.ts';
import { emscripten } from './emscripten.ts';
import type { Preset } from './preset.ts';
import { wasmBindgen } from './wasmBindgen.ts';

const TYPES: Readonly<Record<string, ValType>> = { i: I32, I: I64, f: F32, F: F64 };

const BINDGEN = [
  'throw',
  'rethrow',
  'object_drop_ref',
  'string_new',
  'error_new',
  'number_get',
  'is_null',
  'boolean_get',
];
/** Functions by name; those of Emscripten and AssemblyScript in all their forms. */
const DESCRIBED: [preset: Preset, from: string, name: string, known: HostDescription][] = [
  ...Object.entries(ENV_FUNCTIONS).flatMap(([name, forms]) =>
    forms.flatMap((known): [Preset, string, string, HostDescription][] =>
      [emscripten, assemblyScript].map((preset) => [preset, 'env', name, known]),
    ),
  ),
  ...BINDGEN.map((own): [Preset, string, string, HostDescription] => {
    const known = bindgenFunction('wbg', `__wbindgen_${own}`);
    assert.ok(known, own);
    return [wasmBindgen, 'wbg', `__wbindgen_${own}`, known];
  }),
];

/** Performs operations on bytes; answers those that the description does not allow. */
function surprises(operations: HostOperations, memory: Uint8Array, known: HostDescription, args: number[]): string[] {
  const allowed = (access: 'reads' | 'writes', at: number, length: number): boolean =>
    known.pointers.some(({ access: one, parameter, bytes, through }) => {
      if (one !== access) return false;
      // An object is larger than what its pointer leads to: the word before it has its length.
      if (through || typeof bytes === 'string') return at >= args[parameter] - 4;
      const size = typeof bytes === 'number' ? bytes : args[bytes.parameter] * bytes.each;
      return at >= args[parameter] && at + length <= args[parameter] + size;
    });
  const found: string[] = [];
  let answer: unknown;
  for (;;) {
    const { done, value } = operations.next(answer);
    if (done === true) return found;
    answer = undefined;
    switch (value.do) {
      case 'read':
        if (!allowed('reads', value.at, value.length)) found.push(`reads ${value.length} at ${value.at}`);
        answer = memory.slice(value.at, value.at + value.length);
        break;
      case 'write':
        if (!allowed('writes', value.at, value.bytes.length)) found.push(`writes ${value.bytes.length} at ${value.at}`);
        break;
      case 'grow':
        if (!known.grows) found.push('grows');
        answer = 1;
        break;
      case 'size':
        answer = 1;
        break;
      default:
        if (known.atOnce) found.push(value.do);
    }
  }
}

test('presets touch no more than the descriptions say', () => {
  const module = decodeModule(binary());
  const next = random(5);
  const met = new Set<string>();
  for (const [preset, from, name, known] of DESCRIBED) {
    const { functionOf } = preset.create({ module, requestOf: () => assert.fail('no requests') });
    const type = { params: [...known.params].map((letter) => TYPES[letter]), results: [] };
    const candidates = [[], [I32], [F64]].map((results) => functionOf(from, name, { ...type, results }));
    const found = candidates.find((one) => one?.operations !== undefined);
    if (found?.operations === undefined) continue;
    met.add(name);
    for (let round = 0; round < 40; round++) {
      const memory = new Uint8Array(65_536).map(() => next(3));
      const args = type.params.map(() => 8 + next(2000));
      const text = `${name}(${args.join(', ')})`;
      try {
        assert.deepEqual(surprises(found.operations(args, 0), memory, known, args), [], text);
      } catch (error) {
        // Ends of calls are part of what these functions do.
        if (error instanceof assert.AssertionError) throw error;
      }
    }
  }
  for (const name of ['abort', '__assert_fail', 'emscripten_memcpy_js', 'emscripten_resize_heap', '__wbindgen_throw'])
    assert.ok(met.has(name), name);
});
