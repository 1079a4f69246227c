/** Mutants of JSON values: parts left out, repeated, moved or replaced. */
import type { Random } from '../../core/testing/random.ts';

type Json = Record<string | number, unknown>;

const copyOf = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** All containers within a value, with the value itself. */
function containers(value: unknown, found: Json[] = []): Json[] {
  if (typeof value !== 'object' || value === null) return found;
  found.push(value as Json);
  for (const one of Object.values(value)) containers(one, found);
  return found;
}

/** A copy of `json` with one change; `values` are what is put in, `keys` names of new properties. */
export function mutatedJson(
  json: unknown,
  next: Random,
  values: readonly unknown[],
  keys: readonly string[] = [],
): unknown {
  const root = copyOf(json);
  const places = containers(root);
  if (places.length === 0) return copyOf(values[next(values.length)]);
  const one = places[next(places.length)];
  const other = places[next(places.length)];
  const own = Object.keys(one);
  const key = own[next(Math.max(1, own.length))];
  const value = copyOf(values[next(values.length)]);
  switch (next(9)) {
    case 0:
      if (Array.isArray(one)) one.splice(next(one.length + 1), 1);
      else if (key !== undefined) delete one[key];
      break;
    case 1:
      if (Array.isArray(one)) one.splice(next(one.length + 1), 0, value);
      else if (keys.length > 0) one[keys[next(keys.length)]] = value;
      break;
    case 2:
      if (Array.isArray(one) && one.length > 0) one.push(copyOf(one[next(one.length)]));
      break;
    case 3:
      // A copy: the same part twice, or a part in the wrong place.
      if (key !== undefined) one[key] = copyOf(other);
      break;
    case 4:
      if (key !== undefined) one[key] = value;
      break;
    default:
      // Another number or another text in its place: most often as good as the one before.
      if (key !== undefined) one[key] = values.filter((kept) => typeof kept === typeof one[key])[next(8)] ?? one[key];
  }
  return root;
}
