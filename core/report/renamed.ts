/** Names of the binary in sentences, in place of which those of the source are told. */

/** What may be part of a name of the binary: none of it may follow one that is replaced. */
const GOES_ON = /^(?:[\w$/#:<>@~*-]|\.\w)/;
const BEFORE = /[\w$]$/;

/**
 * The text with the names that `names` has another one for. Only names that begin with `$` are replaced, which no word of a
 * sentence does; a longer name is not taken for a shorter one that it begins with.
 */
export function renamed(text: string, names: ReadonlyMap<string, string>): string {
  if (!text.includes('$')) return text;
  let told = '';
  let from = 0;
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', Math.max(at + 1, from))) {
    const name = BEFORE.test(text.slice(0, at).slice(-1)) ? undefined : nameAt(text, at, names);
    if (name === undefined) continue;
    const other = names.get(name) ?? name;
    // What is told as `hits ($hits)` is told.
    const before = other.indexOf(name);
    told += text.slice(from, at) + (before > 0 && text.slice(0, at).endsWith(other.slice(0, before)) ? name : other);
    from = at + name.length;
  }
  return told + text.slice(from);
}

function nameAt(text: string, at: number, names: ReadonlyMap<string, string>): string | undefined {
  let longest: string | undefined;
  for (const name of names.keys()) {
    if (!text.startsWith(name, at) || GOES_ON.test(text.slice(at + name.length, at + name.length + 2))) continue;
    if (name.startsWith('$') && name.length > (longest?.length ?? 0)) longest = name;
  }
  return longest;
}
