/** Entry of the program `wasm-hazards`, bundled into one file that Node 20 can run: it is its own worker thread, too. */
import { isMainThread } from 'node:worker_threads';
import { enableDemangling } from '../../node/demangler.ts';
import { processIo } from './io.ts';
import { runCli } from './runCli.ts';

enableDemangling();

if (isMainThread) {
  // Not process.exit: what was written to a pipe must still arrive.
  void runCli(process.argv.slice(2), processIo()).then((code) => {
    process.exitCode = code;
  });
} else void import('../../node/stress/stressWorker.ts');
