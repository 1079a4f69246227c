/**
 * Transfers a `WatDocument` between threads. Tokens and instructions are typed arrays, which are transferred; the
 * modules, tens of thousands of objects in a long text, are sent as one string and parsed on first use. The text
 * itself is not sent: the receiver has it.
 */
import type { WatDocument, WatModule } from './model.ts';

/** A `WatDocument` without its text, ready to be sent to another thread. */
export interface PackedWat extends Pick<WatDocument, 'tokens' | 'instructions' | 'skipped' | 'errors' | 'ignores'> {
  /** JSON of the modules without their names, which follow from the identifiers. */
  modules: string;
}

type PlainModule = Omit<WatModule, 'names'>;

/** Packs a document. The typed arrays are not copied. */
export function packWat({ tokens, instructions, skipped, errors, ignores, modules }: WatDocument): PackedWat {
  const plain = modules.map(({ names: _, ...module }): PlainModule => module);
  return { tokens, instructions, skipped, errors, ignores, modules: JSON.stringify(plain) };
}

/** Restores a document; `text` must be the text that it was read from. Modules are parsed on first use. */
export function unpackWat(packed: PackedWat, text: string): WatDocument {
  const { tokens, instructions, skipped, errors, ignores } = packed;
  let json: string | undefined = packed.modules;
  let modules: WatModule[] = [];
  return {
    text,
    tokens,
    instructions,
    skipped,
    errors,
    ignores,
    get modules(): WatModule[] {
      if (json !== undefined) {
        modules = (JSON.parse(json) as PlainModule[]).map((module) => ({ ...module, names: namesOf(module) }));
        json = undefined;
      }
      return modules;
    },
  };
}

type Named = { index: number; id?: { text: string } };

function namesOf({ funcs, tables, memories, globals, tags, types, elems, data }: PlainModule): WatModule['names'] {
  const names = (items: readonly Named[]): Map<string, number> => {
    const found = new Map<string, number>();
    for (const { id, index } of items) if (id !== undefined && !found.has(id.text)) found.set(id.text, index);
    return found;
  };
  return {
    func: names(funcs),
    table: names(tables),
    memory: names(memories),
    global: names(globals),
    tag: names(tags),
    type: names(types),
    elem: names(elems),
    data: names(data),
  };
}
