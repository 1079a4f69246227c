/**
 * The names that Emscripten's JavaScript gives to the minified exports and imports of the module that it loads. The text is
 * searched for the few forms that versions 1.39 to 4 write, plain, minified by Terser, or by the Closure compiler; it is
 * never parsed as a program and never run. What it says is used only as far as it agrees with the module.
 * Sources: Emscripten's tools/emscripten.py (`create_receiving`, `create_asm_consts`, `create_sending`),
 * src/preamble.js (`initRuntime`, `createWasm`), tools/minified_js_name_generator.py
 */
import type { Module } from '../module.ts';
import { NO_OUTER_NAMES, type OuterNames } from './model.ts';

/** The parts of a module that the text must agree with. */
type Outside = Pick<Module, 'imports' | 'exports' | 'functions' | 'types'>;

/** Longest text that is searched, in characters. */
const MOST_TEXT = 16 << 20;
/** Share of the exported functions that a text has to name: fewer, and it belongs to another module. */
const LEAST_SHARE = 0.5;
/** Share of the names in a text that the module may lack: more, and the text belongs to another build, or to two modules. */
const MOST_FOREIGN = 0.03;

/**
 * `Module["_f"]=wasmExports["A"]`, `_f=Module["_f"]=function(){return(_f=Module["_f"]=Module["asm"]["A"])...`,
 * `k._f=c.A`, `_f=a0=>(_f=wasmExports["A"])(a0)`: the name without its underscore, the object, the export.
 */
const RECEIVES =
  /[.'"\s,;(){}=](?:_([\w$]{1,1000})|(dynCall_\w{1,99}|asyncify_\w{1,40}|stack(?:Save|Restore|Alloc)|setThrew))(?:["']\])?\s{0,9}=\s{0,9}([\w$]{1,60})(?:\["asm"\]|\.asm)?(?:\.([\w$]{1,60})|\[["']([\w$]{1,60})["']\])(?![\w$[.(]|\s*=[^=>])/g;

/** The object literal with the imports, where the Closure compiler has left its name. */
const SENDS = /\b(?:wasmImports|asmLibraryArg|Module\.asmLibraryArg)\s{0,9}=\s{0,9}\{([^{}]{1,200000})\}/;
const SENT = /(?:^|[,{\s])["']?([\w$]{1,60})["']?\s{0,9}:\s{0,9}([\w$]{1,1000})\s{0,9}(?=,|$|\/)/g;

/** Names that the glue `text` gives to the exports and imports of `module`; none where it is the glue of another module. */
export function emscriptenNames(text: string, module: Outside): OuterNames {
  if (text.length > MOST_TEXT) return NO_OUTER_NAMES;
  const exported = module.exports.filter(({ kind }) => kind === 'func').map(({ name }) => name);
  const named = received(text, module, new Set(exported));
  if (named.size === 0 || named.size < LEAST_SHARE * exported.length) return NO_OUTER_NAMES;
  const exports = new Map<string, string>();
  for (const [name, source] of named) if (differs(name, source)) exports.set(name, source);
  const constructors = constructorsIn(text, module, named);
  // The Closure compiler leaves it no name, and that of the linker is the only one that it can have.
  if (constructors !== undefined && !named.has(constructors) && differs(constructors, CONSTRUCTORS))
    exports.set(constructors, CONSTRUCTORS);
  return { exports, imports: sent(text, module), functions: new Map(), constructors };
}

const CONSTRUCTORS = '__wasm_call_ctors';

/** Old versions export C's `malloc` as `_malloc`. */
const differs = (name: string, source: string): boolean => name !== source && name !== `_${source}`;

/** What is assigned from the properties of one object. */
interface Receiver {
  /** Names in the source by export. */
  named: Map<string, string>;
  /** Number of properties that the module does not export. */
  foreign: number;
}

/** Names by export, from the object that most assignments of them read from: other objects have short properties, too. */
function received(text: string, { exports }: Outside, functions: ReadonlySet<string>): ReadonlyMap<string, string> {
  const all = new Set(exports.map(({ name }) => name));
  const byObject = new Map<string, Receiver>();
  for (const [, mangled, helper, object, property, key] of text.matchAll(RECEIVES)) {
    const name = property ?? key;
    const own = byObject.get(object) ?? { named: new Map<string, string>(), foreign: 0 };
    byObject.set(object, own);
    // An export that was not minified, and later removed as unused, says nothing.
    if (!all.has(name)) own.foreign += differs(name, mangled ?? helper) ? 1 : 0;
    // Aliases of one function share an export: the first name is the one of the source's export list.
    else if (functions.has(name) && !own.named.has(name)) own.named.set(name, mangled ?? helper);
  }
  const none: Receiver = { named: new Map(), foreign: 0 };
  const { named, foreign } = [...byObject.values()].reduce(
    (best, own) => (own.named.size > best.named.size ? own : best),
    none,
  );
  return foreign > MOST_FOREIGN * (named.size + foreign) ? none.named : named;
}

/** Names of imports by `module.name`. */
function sent(text: string, { imports }: Outside): Map<string, string> {
  const literal = SENDS.exec(text)?.[1];
  const named = new Map<string, string>();
  if (literal === undefined) return named;
  const values = new Map(
    [...literal.replace(/\/\*[^*]{0,200}\*\//g, '').matchAll(SENT)].map(([, key, value]) => [key, value]),
  );
  // All function imports of a minified module come from one object.
  for (const { module, name, kind } of imports) {
    const value = values.get(name);
    if (value === undefined || kind !== 'func') continue;
    const source = value.startsWith('_') ? value.slice(1) : value;
    if (differs(name, source)) named.set(`${module}.${name}`, source);
  }
  return named;
}

/**
 * The export that runs constructors. Its name says it, or it is handed to `addOnInit` or called where the runtime is
 * initialised, and takes and gives nothing. Emscripten exports it before all other functions.
 */
function constructorsIn(text: string, module: Outside, named: ReadonlyMap<string, string>): string | undefined {
  for (const [name, source] of named) if (source === CONSTRUCTORS) return name;
  const first = module.exports.find(({ kind, index }) => kind === 'func' && isPlain(module, index));
  const firstFunction = module.exports.find(({ kind }) => kind === 'func');
  if (first === undefined || first !== firstFunction || named.has(first.name)) return undefined;
  const name = first.name.replaceAll('$', '\\$');
  const access = `[\\w$]{1,60}(?:\\["asm"\\]|\\.asm)?(?:\\.${name}|\\[["']${name}["']\\])`;
  const called = new RegExp(`(?:unshift|addOnInit)\\(${access}\\)|(?<![\\w$.])${access}\\(\\)`);
  return called.test(text) ? first.name : undefined;
}

function isPlain({ functions, types }: Outside, func: number): boolean {
  const type = types[functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' && type.params.length + type.results.length === 0;
}
