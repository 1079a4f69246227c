/** The answers that a verdict of a module can give. */

/**
 * - `not-safe`: calls conflict on cells that both certainly or likely reach
 * - `possibly-not-safe`: they conflict only if an unknown address or unknown code is what it can be
 * - `host-only`: they meet in host functions only
 * - `no-conflict`: no conflict was found
 * - `program`: the module has no API, only a program that runs once
 * - `no-exports`: it exports no function
 */
export type VerdictStatus = 'not-safe' | 'possibly-not-safe' | 'host-only' | 'no-conflict' | 'program' | 'no-exports';
