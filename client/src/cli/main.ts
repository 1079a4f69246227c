/** Entry of the program `wasm-hazards`, bundled into one file that Node 20 can run. */
import { enableDemangling } from '../../../server/src/demangler.node.ts';
import { processIo } from './io.ts';
import { runCli } from './runCli.ts';

enableDemangling();

// Not process.exit: what was written to a pipe must still arrive.
void runCli(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
