/** Which VS Code the tests run in. */

import { existsSync } from 'node:fs';
import { Problem } from '../failure.ts';

export type Choice =
  | { readonly kind: 'download'; readonly reason: string }
  | { readonly kind: 'stand-in'; readonly reason: string }
  | { readonly kind: 'executable'; readonly path: string; readonly reason: string };

export interface Circumstances {
  /** Value of `WASM_HAZARDS_VSCODE`. */
  readonly forced: string | undefined;
  readonly platform: NodeJS.Platform;
  /** A screen that Electron can open a window on. */
  readonly display: boolean;
  readonly exists: (path: string) => boolean;
  /** Whether the service that test-electron downloads from answers. Asked only when it matters. */
  readonly reachable: () => Promise<boolean>;
}

/** The choice and why; throws on a value of `WASM_HAZARDS_VSCODE` that means nothing. */
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

/** A name that does not resolve fails at once; a firewall that swallows packets costs five seconds. */
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
