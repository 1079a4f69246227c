/** Extensions of others, for tests of how ours lives beside them. */
import { type Manifest, writeVsix } from '../package/vsix.ts';

/** An extension: its manifest, and its files as text by path. */
export interface OtherExtension {
  readonly manifest: Manifest & Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
}

/** The extension as a `.vsix`. */
export function vsixOf({ manifest, files }: OtherExtension): Uint8Array {
  const all = { 'package.json': JSON.stringify(manifest), ...files };
  return writeVsix(
    manifest,
    new Map(Object.entries(all).map(([path, text]) => [path, new TextEncoder().encode(text)])),
  );
}
