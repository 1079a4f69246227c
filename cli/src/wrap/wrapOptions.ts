/** The command line of `wrap`. */
import { DEFAULT_HOST, type HostId, TEMPLATE_HOSTS } from '../../../core/hosts/index.ts';
import { SHARING_MODELS, type SharingModel } from '../../../core/hosts/profile.ts';
import { isTypeName } from '../../../core/wrap/go/names.ts';
import { isPackageName } from '../../../core/wrap/go/packageName.ts';
import { WRAP_KINDS, type WrapKind } from '../../../core/wrap/template.ts';
import { UsageError } from '../io.ts';
import {
  hostOption,
  oneOf,
  parseCommandLine,
  SOURCE_HELP,
  SOURCE_OPTIONS,
  type SourceOptions,
  sourceOptions,
} from '../options.ts';

/** Options after parsing, with defaults filled in. `packageName` and `typeName` are undefined unless given. */
export interface WrapCommandOptions {
  file: string;
  host: HostId | 'auto';
  model: SharingModel | 'auto';
  kind: WrapKind;
  source: SourceOptions;
  packageName: string | undefined;
  typeName: string | undefined;
  /** Code with async functions, where a language has a template for that. */
  asynchronous: boolean;
  /** `-`: standard output. */
  out: string;
}

/** Text of `wrap --help`. Kinds, hosts with a template and models are listed from their tables. */
export const WRAP_HELP = `wasm-hazards wrap: write code that makes a module safe to call from many threads

Usage: wasm-hazards wrap FILE --kind KIND [options]

FILE is a WebAssembly module, binary (.wasm) or text (.wat); - is standard input. It is read, never run.

Kinds:
  pool   one instance per caller, from a pool of bounded size
  mutex  one instance behind a lock that is held for a whole protocol of calls
  test   a test that makes concurrent calls and shows whether they interfere

Options:
      --kind KIND         what to write: ${WRAP_KINDS.join(', ')}
      --host HOST         runtime to write it for (default ${DEFAULT_HOST}):
                          ${TEMPLATE_HOSTS.join(', ')};
                          auto: detected from the manifests of the project around the file, such as go.mod
      --model MODEL       what concurrent callers share, for the findings in the comment (default auto):
                          ${SHARING_MODELS.join(', ')}, auto
${SOURCE_HELP}
      --package NAME      name of the Go package (default: derived from the file's name)
      --type NAME         name for the Go types and functions, such as Codec: CodecPool, NewCodecPool, ErrCodecClosed;
                          with it, wrappers of several modules fit into one package; elsewhere, types begin with it
      --async             write async functions (Rust for Wasmtime: pool and mutex)
      --out FILE          file to write; - is standard output (default); existing files are never overwritten
  -h, --help              print this help

Exit codes:
  0  the code was written
  2  wrong command line, input that cannot be read, or no template for the host
`;

const OPTIONS = {
  kind: { type: 'string' },
  host: { type: 'string', default: DEFAULT_HOST },
  model: { type: 'string', default: 'auto' },
  ...SOURCE_OPTIONS,
  package: { type: 'string' },
  type: { type: 'string' },
  async: { type: 'boolean', default: false },
  out: { type: 'string', default: '-' },
} as const;

/** @throws UsageError on anything that is not understood */
export function parseWrapOptions(args: string[]): WrapCommandOptions {
  const { values, positionals } = parseCommandLine('wrap', args, OPTIONS);
  if (positionals.length !== 1)
    throw new UsageError(`wrap: expects one module${positionals.length > 1 ? `, not ${positionals.length}` : ''}`);
  const { kind, model, package: packageName, type: typeName, out } = values;
  if (kind === undefined) throw new UsageError(`wrap: --kind is missing; it is one of ${WRAP_KINDS.join(', ')}`);
  const host = hostOption('wrap', values.host);
  if (packageName !== undefined && !isPackageName(packageName))
    throw new UsageError(
      `wrap: --package cannot be ${JSON.stringify(packageName)}; a Go package name is one lower-case word, neither a keyword nor the name of a package that the code imports`,
    );
  if (typeName !== undefined && !isTypeName(typeName))
    throw new UsageError(
      `wrap: --type cannot be ${JSON.stringify(typeName)}; it is a capital letter, followed by at most 39 letters and digits`,
    );
  return {
    file: positionals[0],
    host,
    model: oneOf('wrap', 'model', model, ['auto', ...SHARING_MODELS] as const),
    kind: oneOf('wrap', 'kind', kind, WRAP_KINDS),
    source: sourceOptions('wrap', values),
    packageName,
    typeName,
    asynchronous: values.async,
    out,
  };
}
