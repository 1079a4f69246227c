/** Go: one method for each export. */
import { CLASS_TEXT } from '../../analysis/classText.ts';
import { nameInComment } from '../../harmless/code.ts';
import { Identifiers } from '../identifiers.ts';
import { parameterNames } from '../parameters.ts';
import { functionTypeText, type NumType } from '../signature.ts';
import { isProgram, type Surface, type WrapExport } from '../surface.ts';
import { goDoc } from './doc.ts';
import type { GoNames } from './names.ts';
import { GO_TYPES, goParameters, WAZERO } from './parts.ts';

/** Go expressions for what goes onto the stack of a call, by type. */
export const ENCODE: Readonly<Record<NumType, (value: string) => string>> = {
  i32: (value) => `api.EncodeU32(${value})`,
  i64: (value) => value,
  f32: (value) => `api.EncodeF32(${value})`,
  f64: (value) => `api.EncodeF64(${value})`,
};

/** Go expressions for what is on it afterwards. */
export const DECODE: Readonly<Record<NumType, (value: string) => string>> = {
  i32: (value) => `api.DecodeU32(${value})`,
  i64: (value) => value,
  f32: (value) => `api.DecodeF32(${value})`,
  f64: (value) => `api.DecodeF64(${value})`,
};

/** What a parameter must not shadow: keywords, names that bodies use, predeclared identifiers. */
export const RESERVED_PARAMETERS =
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var ctx i g err exit api wazero fmt errors sync sys atomic strings context rand r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 any append bool byte cap clear close comparable complex copy delete error false float32 float64 imag int int32 int64 iota len make max min new nil panic print println real recover rune string true uint uint8 uint16 uint32 uint64 uintptr'.split(
    ' ',
  );

/** What a method needs to know: its name, and the names of the package. */
export interface GoMethod {
  names: GoNames;
  method: string;
  one: WrapExport;
  /** Name of the export's place in the table. */
  constant: string;
}

/** Names of the parameters; `reserved`: further names that the body uses. */
export const parametersOf = ({ one, constant }: GoMethod, reserved: readonly string[] = []): string[] =>
  parameterNames(one.names, 'camel', [...RESERVED_PARAMETERS, constant, ...reserved]);

/** `, address, size uint32, p2 uint64`. */
function parameterList(of: GoMethod): string {
  const parameters = parametersOf(of);
  return goParameters(of.one.params.map((type, i) => ({ name: parameters[i], type: GO_TYPES[type] })));
}

/** Method names for which `go vet` expects a certain signature. */
const STANDARD_METHODS =
  'GobDecode GobEncode MarshalJSON MarshalXML ReadByte ReadRune UnmarshalJSON UnmarshalXML UnreadByte UnreadRune WriteByte Is As Unwrap String Error'.split(
    ' ',
  );

/** The method names of an export. */
export interface MethodNames {
  /** Of the method with the types of the export; `GreetRaw` where another method has its name. */
  raw: string;
  /** Of the method with strings or byte slices. */
  bytes: string | undefined;
  /** Name of the export's place in the table. */
  constant: string;
}

/**
 * Names of the methods of exports; the same in every type that has them.
 * @param withBytes exports that also have a method with strings or byte slices
 */
export function methodNames(
  { exports }: Surface,
  names: GoNames,
  reserved: readonly string[],
  withBytes: ReadonlyMap<WrapExport, unknown>,
): Map<WrapExport, MethodNames> {
  const scope = new Identifiers('Pascal', [...STANDARD_METHODS, ...reserved]);
  const found = exports.map((one) => [one, scope.claim(one.name, `export ${one.position}`)] as const);
  return new Map(
    found.map(([one, name]): [WrapExport, MethodNames] => {
      const constant = names.local(`export${name}`);
      if (!withBytes.has(one)) return [one, { raw: name, bytes: undefined, constant }];
      return [one, { raw: scope.claim(`${name}Raw`, ''), bytes: name, constant }];
    }),
  );
}

/** A method of `Instance` that calls the export. */
export function instanceMethod(of: GoMethod): string {
  const { names, method, one } = of;
  const { name, params, results } = one;
  const { constant } = of;
  const doc = `${method} calls the export ${nameInComment(name)}, ${functionTypeText(one)}: ${CLASS_TEXT[one.class]}.`;
  const parameters = parametersOf(of);
  const types = results.map((type) => GO_TYPES[type]);
  const returned = results.length === 0 ? 'error' : `(${[...types, 'error'].join(', ')})`;
  const failed = [...types.map(() => '0'), 'err'].join(', ');
  const head = `func (i *${names.instance}) ${method}(ctx context.Context${parameterList(of)}) ${returned} {
	if err := i.begin(ctx, ${constant}); err != nil {
		return ${failed}
	}
	defer i.end()
`;
  if (isProgram(one)) {
    return `${goDoc(`${doc} A program runs once in an instance, which is broken afterwards. Exit code 0 is not an error.`)}
${head}	err := i.call(ctx, ${constant})
	i.broken.Store(true)
	var exit *sys.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 0 {
		return nil
	}
	return err
}
`;
  }
  const stores = params.map((type, i) => `	i.stack[${i}] = ${ENCODE[type](parameters[i])}\n`).join('');
  if (results.length === 0) {
    return `${goDoc(doc)}
${head}${stores}	return i.call(ctx, ${constant})
}
`;
  }
  const values = results.map((type, i) => DECODE[type](`i.stack[${i}]`));
  return `${goDoc(doc)}
${head}${stores}	if err := i.call(ctx, ${constant}); err != nil {
		return ${failed}
	}
	return ${[...values, 'nil'].join(', ')}
}
`;
}

/** A method of another type that calls the one of `Instance` inside `Do`. */
export function convenienceMethod(receiver: string, type: string, of: GoMethod): string {
  const { names, method, one } = of;
  const variables = one.results.map((_, i) => `r${i}`);
  const declared = [...one.results.map((result, i) => `r${i} ${GO_TYPES[result]}`), 'err error'].join(', ');
  const call = `i.${method}(${['ctx', ...parametersOf(of)].join(', ')})`;
  const body =
    variables.length === 0
      ? `		return ${call}`
      : `		var err error
		${[...variables, 'err'].join(', ')} = ${call}
		return err`;
  return `${goDoc(`${method} calls the export ${nameInComment(one.name)} in a Do of its own.`)}
func (${receiver} *${type}) ${method}(ctx context.Context${parameterList(of)}) (${declared}) {
	err = ${receiver}.Do(ctx, func(i *${names.instance}) error {
${body}
	})
	return ${[...variables, 'err'].join(', ')}
}
`;
}

/** Packages that the methods need. */
export const methodImports = ({ exports }: Surface): string[] => [
  'context',
  ...(exports.some(isProgram) ? ['errors', `${WAZERO}/sys`] : []),
];
