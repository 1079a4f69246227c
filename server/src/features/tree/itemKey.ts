/** Keys of items below a module: lists of words and names, which may have any characters. */

/** The key that stands for these parts. */
export const keyOfParts = (...parts: readonly string[]): string => JSON.stringify(parts);

/** The parts of a key; none for the module itself, and for what is no key. */
export function partsOfKey(key: string): string[] {
  if (key === '') return [];
  const parts: unknown = JSON.parse(key);
  return Array.isArray(parts) ? parts.map(String) : [];
}
