/**
 * Entry of the program `wasm-hazards`, bundled into one file for Node 20 and later, which is its own worker thread, and
 * the process of such threads, as well.
 */
import { isMainThread } from 'node:worker_threads';
import { enableDemangling } from '../../node/demangler.ts';
import { isRunProcess } from '../../node/stress/isolated/serveRuns.ts';
import { processIo } from './io.ts';
import { runCli } from './runCli.ts';

enableDemangling();

if (isMainThread && !isRunProcess()) {
  // Not process.exit, because what was written to a pipe must still arrive.
  void runCli(process.argv.slice(2), processIo()).then((code) => {
    process.exitCode = code;
  });
} else void import('../../node/stress/stressWorker.ts');
