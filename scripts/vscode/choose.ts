/** Which VS Code the tests run in. */

import { existsSync } from 'node:fs';
import { Problem } from '../failure.ts';

/** The VS Code to use, and why. */
export type Choice =
  | { readonly kind: 'download'; readonly reason: string }
  | { readonly kind: 'stand-in'; readonly reason: string }
  | { readonly kind: 'executable'; readonly path: string; readonly reason: string };

/** What the choice depends on. */
export interface Circumstances {
  /** Value of `WASM_HAZARDS_VSCODE`. */
  readonly forced: string | undefined;
  readonly platform: NodeJS.Platform;
  /** Whether there is a display on which Electron can open a window. */
  readonly display: boolean;
  readonly exists: (path: string) => boolean;
  /** Whether the service that test-electron downloads from answers. Called only if it matters. */
  readonly reachable: () => Promise<boolean>;
}

/**
 * Chooses a VS Code.
 * @throws Problem if the value of `WASM_HAZARDS_VSCODE` is invalid
 */
export async function choose(given: Circumstances): Promise<Choice> {
  if (given.forced === 'download' || given.forced === 'stand-in') {
    return { kind: given.forced, reason: 'WASM_HAZARDS_VSCODE says so' };
  }
  if (given.forced) {
    if (given.exists(given.forced)) {
      return { kind: 'executable', path: given.forced, reason: 'WASM_HAZARDS_VSCODE names it' };
    }
    throw new Problem(`WASM_HAZARDS_VSCODE must be download, stand-in or an executable; there is no ${given.forced}`);
  }
  if (given.platform === 'linux' && !given.display) {
    return { kind: 'stand-in', reason: 'there is no display for a desktop VS Code' };
  }
  if (await given.reachable()) return { kind: 'download', reason: 'its download service answers' };
  return { kind: 'stand-in', reason: 'the download service of VS Code does not answer' };
}

/** The circumstances of this process. */
export function currentCircumstances(): Circumstances {
  return {
    forced: process.env.WASM_HAZARDS_VSCODE || undefined,
    platform: process.platform,
    display: Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY),
    exists: existsSync,
    reachable: downloadAnswers,
  };
}

/**
 * Whether the download service answers. A name that does not resolve fails at once; a firewall that drops packets
 * costs five seconds.
 */
async function downloadAnswers(): Promise<boolean> {
  try {
    const response = await fetch('https://update.code.visualstudio.com/api/releases/stable', {
      method: 'HEAD',
      signal: AbortSignal.timeout(5000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
