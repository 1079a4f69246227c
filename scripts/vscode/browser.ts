/** A headless Chromium that can reach this machine and nothing else. */

import type { StandIn } from './install.ts';
import type { Browser } from './playwright.ts';

const ARGUMENTS = [
  // Chromium's sandbox refuses to run as root, as the user in a container often is.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Do not slow down a page in the background.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

/** Starts the stand-in's Chromium. */
export function launchBrowser(standIn: StandIn): Promise<Browser> {
  return standIn.playwright.chromium.launch({
    executablePath: standIn.chromium,
    headless: true,
    args: ARGUMENTS,
    // The caller handles signals and closes the browser itself.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
