/** Names of functions, variables and types as their language spells them, and where they are declared. */
import { demangled } from '../../wasm/demangle.ts';
import { Attribute } from './constants.ts';
import type { Entry } from './entry.ts';
import type { DwarfInfo } from './info.ts';
import { EntryTag, SourceLanguage } from './tags.ts';
import type { DwarfUnit } from './unit.ts';

/** Deepest nesting of scopes in a name, and the longest name, in characters. */
const DEEPEST = 32;
const LONGEST = 2000;

const SEPARATORS: ReadonlyMap<number, string> = new Map<number, string>([
  [SourceLanguage.go, '.'],
  [SourceLanguage.zig, '.'],
]);

/** The language of a unit, 0 if it is unknown. */
export const languageOf = (info: DwarfInfo, unit: DwarfUnit): number => info.rootOf(unit)?.language ?? 0;

/**
 * The name of a function, variable or type with the namespaces, types and functions around it: `counter::COUNTER`,
 * `bump::calls`; undefined if it has none.
 * @throws DwarfFailure
 */
export function qualifiedName(info: DwarfInfo, entry: Entry, depth = 0): string | undefined {
  const chain = [...entry.chain()];
  const own = textIn(chain, Attribute.name) ?? anonymous(entry);
  const linkage = textIn(chain, Attribute.linkage_name) ?? textIn(chain, Attribute.MIPS_linkage_name);
  if (own === undefined) return linkage === undefined ? undefined : readable(linkage);
  // Zig has files for namespaces: they are in its symbols, which are readable, and not in the scopes.
  if (linkage?.endsWith(`.${own}`)) return fitting(linkage, own);
  // What is declared in a class or a namespace is often defined outside of it.
  const scope = depth < DEEPEST ? info.scopeAround(chain[chain.length - 1]) : undefined;
  const around = scope === undefined ? undefined : qualifiedName(info, scope, depth + 1);
  if (around === undefined) return own;
  const name = `${around}${SEPARATORS.get(languageOf(info, entry.unit)) ?? '::'}${own}`;
  // The blocks of methods have numbers only: the symbol knows the type.
  const symbol = name.includes('{impl#') && linkage !== undefined ? readable(linkage) : name;
  return fitting(languageOf(info, entry.unit) === SourceLanguage.rust ? symbol.replace(THREAD_LOCAL, '') : symbol, own);
}

/** What `thread_local!` of Rust's library puts around the value of a variable, by its versions. */
const THREAD_LOCAL = /(?:::\{constant#\d+\})?::(?:__getit|\{closure#\d+\})::(?:__KEY|VAL|__RUST_STD_INTERNAL_VAL)$/;

const fitting = (name: string, short: string): string => (name.length > LONGEST ? short : name);

function textIn(chain: readonly Entry[], attribute: number): string | undefined {
  for (const entry of chain) {
    const text = entry.text(attribute);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

const anonymous = ({ tag }: Entry): string | undefined =>
  tag === EntryTag.namespace ? '(anonymous namespace)' : undefined;

/** Hash at the end of Rust's older symbols. */
const HASH = /::h[0-9a-f]{16}$/;

const readable = (symbol: string): string => demangled(symbol).replace(HASH, '');

/** Where something is declared. */
export interface Declaration {
  readonly file?: string;
  readonly line?: number;
}

/**
 * The place of a declaration; nothing where the debug information has none.
 * @param fileOf the path of a file of a unit by its number
 * @throws DwarfFailure
 */
export function declarationOf(
  entry: Entry,
  fileOf: (unit: DwarfUnit, number: number) => string | undefined,
): Declaration {
  let [file, line]: [string | undefined, number | undefined] = [undefined, undefined];
  // A definition has no file of its own where that is the file of the declaration.
  for (const one of entry.chain()) {
    line ??= one.number(Attribute.decl_line) || undefined;
    const number = file === undefined ? one.number(Attribute.decl_file) : undefined;
    if (number !== undefined) file = fileOf(one.unit, number);
  }
  return file === undefined || line === undefined ? {} : { file, line };
}
