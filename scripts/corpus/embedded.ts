/** Modules that packages ship inside a script, as text in base64. */

/** Base64 of the first bytes of every module, `00 61 73 6d 01 00 00 00`, as far as whole characters go. */
const MODULE = /AGFzbQEAAA[A-Za-z0-9+/]{100,}={0,2}/;

/** The first module in a script; undefined if there is none. */
export function embeddedModule(script: string): Uint8Array | undefined {
  const found = MODULE.exec(script);
  return found === null ? undefined : new Uint8Array(Buffer.from(found[0], 'base64'));
}
