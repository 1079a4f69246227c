/** Who says it: `source` of every diagnostic, by which quick fixes know their own. */
export const SOURCE = 'wasm-hazards';
