/** A headless Chromium that can reach this machine and nothing else. */

import type { StandIn } from './install.ts';
import type { Browser } from './playwright.ts';

const ARGUMENTS = [
  // Chromium's sandbox refuses to run as root, which is what a container's user often is.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page in the background must not be slowed down.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

export function launchBrowser(standIn: StandIn): Promise<Browser> {
  return standIn.playwright.chromium.launch({
    executablePath: standIn.chromium,
    headless: true,
    args: ARGUMENTS,
    // The caller decides what a signal means, and closes the browser itself.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
