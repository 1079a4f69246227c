/** Names of the presets: hosts whose imports are emulated. */
export const PRESET_IDS = [
  'http-wasm',
  'proxy-wasm',
  'extism',
  'wasm-bindgen',
  'emscripten',
  'assemblyscript',
  'gojs',
] as const;
export type PresetId = (typeof PRESET_IDS)[number];

/** Which presets a scenario uses: those that fit the module's imports, or those that it names. */
export type PresetChoice = 'auto' | PresetId[];
