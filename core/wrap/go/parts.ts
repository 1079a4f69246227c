/** Pieces that all Go templates are made of: types, imports, one method an export. */
import { CLASS_TEXT } from '../../analysis/hazardText.ts';
import { Identifiers } from '../identifiers.ts';
import { parameterNames } from '../parameters.ts';
import { goString, nameInComment } from '../quoting.ts';
import { functionTypeText, type NumType } from '../signature.ts';
import { isProgram, type Surface, type WrapExport } from '../surface.ts';
import { protocolAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';

/** Import path of wazero; its other packages are below it. */
export const WAZERO = 'github.com/tetratelabs/wazero';

/** Unsigned, because an i32 is mostly an address or a size. */
export const GO_TYPES: Readonly<Record<NumType, string>> = {
  i32: 'uint32',
  i64: 'uint64',
  f32: 'float32',
  f64: 'float64',
};

const ENCODE: Readonly<Record<NumType, (value: string) => string>> = {
  i32: (value) => `api.EncodeU32(${value})`,
  i64: (value) => value,
  f32: (value) => `api.EncodeF32(${value})`,
  f64: (value) => `api.EncodeF64(${value})`,
};

const DECODE: Readonly<Record<NumType, (value: string) => string>> = {
  i32: (value) => `api.DecodeU32(${value})`,
  i64: (value) => value,
  f32: (value) => `api.DecodeF32(${value})`,
  f64: (value) => `api.DecodeF64(${value})`,
};

/** What a parameter must not shadow: keywords, names that bodies use, predeclared identifiers. */
const RESERVED =
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var ctx i g err failed results api wazero fmt errors sync context r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 any append bool byte cap close complex copy delete error false float32 float64 imag int int32 int64 iota len make new nil panic print println real recover rune string true uint uint32 uint64 uintptr'.split(
    ' ',
  );

const namesOf = (one: WrapExport): string[] => parameterNames(one.names, 'camel', RESERVED);

/** `, size uint32, p1 uint64`. */
function parameters(one: WrapExport): string {
  const names = namesOf(one);
  return one.params.map((type, i) => `, ${names[i]} ${GO_TYPES[type]}`).join('');
}

/** Method names for which `go vet` expects a certain signature. */
const STANDARD_METHODS =
  'GobDecode GobEncode MarshalJSON MarshalXML ReadByte ReadRune UnmarshalJSON UnmarshalXML UnreadByte UnreadRune WriteByte Is As Unwrap String Error'.split(
    ' ',
  );

/** Names of the methods of exports; the same in every type that has them. */
export function methodNames({ exports }: Surface, reserved: readonly string[]): Map<WrapExport, string> {
  const scope = new Identifiers('Pascal', [...STANDARD_METHODS, ...reserved]);
  return new Map(exports.map((one) => [one, scope.claim(one.name, `export ${one.position}`)]));
}

/** A method of `Instance` that calls the export. */
export function instanceMethod(method: string, one: WrapExport): string {
  const { name, params, results } = one;
  const doc = `// ${method} calls the export ${nameInComment(name)}, ${functionTypeText(one)}: ${CLASS_TEXT[one.class]}.`;
  const names = namesOf(one);
  const given = params.map((type, i) => `, ${ENCODE[type](names[i])}`).join('');
  const call = `i.call(ctx, ${goString(name)}, ${results.length}${given})`;
  const head = `func (i *Instance) ${method}(ctx context.Context${parameters(one)})`;
  if (isProgram(one)) {
    return `${doc}
// A program runs once per instance, which is then closed; exit code 0 is not an error.
${head} error {
	_, err := ${call}
	i.failed = true
	var exit *sys.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 0 {
		return nil
	}
	return err
}
`;
  }
  if (results.length === 0) {
    return `${doc}
${head} error {
	_, err := ${call}
	return err
}
`;
  }
  const types = results.map((type) => GO_TYPES[type]);
  return `${doc}
${head} (${[...types, 'error'].join(', ')}) {
	results, err := ${call}
	if err != nil {
		return ${[...types.map(() => '0'), 'err'].join(', ')}
	}
	return ${[...results.map((type, i) => DECODE[type](`results[${i}]`)), 'nil'].join(', ')}
}
`;
}

/** A method of another type that calls the one of `Instance` inside `Do`. */
export function convenienceMethod(receiver: string, type: string, method: string, one: WrapExport): string {
  const { results } = one;
  const names = results.map((_, i) => `r${i}`);
  const declared = [...results.map((result, i) => `r${i} ${GO_TYPES[result]}`), 'err error'].join(', ');
  const call = `i.${method}(${['ctx', ...namesOf(one)].join(', ')})`;
  const body =
    results.length === 0
      ? `		return ${call}`
      : `		var failed error
		${[...names, 'failed'].join(', ')} = ${call}
		return failed`;
  return `// ${method} calls the export ${nameInComment(one.name)} in its own Do.
func (${receiver} *${type}) ${method}(ctx context.Context${parameters(one)}) (${declared}) {
	err = ${receiver}.Do(ctx, func(i *Instance) error {
${body}
	})
	return ${[...names, 'err'].join(', ')}
}
`;
}

/** `protocolAdvice` in the terms of the Go templates. `names`: the method of each export. */
export const goProtocolAdvice = (input: WrapInput, names: ReadonlyMap<WrapExport, string>): string[] =>
  protocolAdvice(input, {
    nameOf: (one) => names.get(one) ?? '',
    memory: input.surface.memory ? { write: 'WriteMemory', read: 'ReadMemory' } : undefined,
    hold: 'Do',
  });

/** Packages that the methods of a program need. */
export const programImports = ({ exports }: Surface): string[] =>
  exports.some(isProgram) ? ['errors', `${WAZERO}/sys`] : [];

/** The import declaration: standard packages, then others, each in order. */
export function goImports(paths: readonly string[]): string {
  const unique = [...new Set(paths)].sort();
  const standard = unique.filter((path) => !path.includes('.'));
  const others = unique.filter((path) => path.includes('.'));
  const lines = [...standard, '', ...others].map((path) => (path === '' ? '' : `\t"${path}"`));
  return `import (\n${lines.join('\n')}\n)\n`;
}

/** Fields of a struct as gofmt aligns them. */
export function goFields(fields: readonly (readonly [name: string, type: string])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, type]) => `\t${name.padEnd(width)} ${type}`).join('\n');
}

/** `Instance` and how it calls, the same for pool and lock. `extra`: fields and their types, aligned by the caller. */
export function goInstance(
  moduleFile: string,
  { memory }: Surface,
  fields: readonly (readonly [string, string])[],
): string {
  const rows = goFields([['mod', 'api.Module'], ['functions', 'map[string]api.Function'], ...fields]);
  return `// Instance is an instance of ${nameInComment(moduleFile)}: its memory, globals and tables, and its own function
// objects. Only one goroutine at a time may use it. An i32 is a uint32 here, because most are addresses
// or sizes; convert it with int32(x) where it is signed.
type Instance struct {
${rows}
}

// Discard marks the state of the instance as unusable: no other caller gets this instance.
func (i *Instance) Discard() {
	i.failed = true
}

func (i *Instance) call(ctx context.Context, name string, want int, params ...uint64) ([]uint64, error) {
	fn := i.functions[name]
	if fn == nil {
		if fn = i.mod.ExportedFunction(name); fn == nil {
			return nil, fmt.Errorf("the module exports no function %q", name)
		}
		i.functions[name] = fn
	}
	results, err := fn.Call(ctx, params...)
	if err != nil {
		// The call did not finish: the state of the instance is unknown.
		i.failed = true
		return nil, fmt.Errorf("export %q: %w", name, err)
	}
	if len(results) != want {
		return nil, fmt.Errorf("export %q has %d results, not %d: this code was generated for another module", name, len(results), want)
	}
	return results, nil
}
${memory ? MEMORY_METHODS : ''}`;
}

const MEMORY_METHODS = `
// ReadMemory copies size bytes out of the memory. Memory.Read returns a view, which becomes stale when the
// memory grows and which the next caller on this instance overwrites.
func (i *Instance) ReadMemory(offset, size uint32) ([]byte, error) {
	view, ok := i.mod.Memory().Read(offset, size)
	if !ok {
		return nil, fmt.Errorf("%d bytes at %d are out of bounds of the memory", size, offset)
	}
	return append([]byte(nil), view...), nil
}

// WriteMemory copies data into the memory.
func (i *Instance) WriteMemory(offset uint32, data []byte) error {
	if !i.mod.Memory().Write(offset, data) {
		return fmt.Errorf("%d bytes at %d are out of bounds of the memory", len(data), offset)
	}
	return nil
}
`;
