/** Runs modules in processes and threads of Node.js, and verifies on wazero with Go. */
import { join } from 'node:path';
import { missingSupport } from '../../../core/stress/explore/stress.ts';
import { missingForHammer } from '../../../core/stress/hammer/hammer.ts';
import { isFramedAsModule } from '../../../node/moduleFraming.ts';
import { engineJob } from '../../../node/stress/engineJob.ts';
import { explainedHammer } from '../../../node/stress/explainedHammer.ts';
import { endIdleRuns } from '../../../node/stress/isolated/inProcess.ts';
import { planStress } from '../../../node/stress/planStress.ts';
import { runStress } from '../../../node/stress/runStress.ts';
import { runWrap } from '../../../node/stress/runWrap.ts';
import { usualJobs } from '../../../node/stress/usualJobs.ts';
import { openVerifier } from '../../../node/verify/verifier.ts';
import type { Runner, Verification } from '../runner.ts';
import { type StressSettings, stressSettings } from '../settings.ts';
import { importsModuleOf } from './scenarios/importsModule.node.ts';
import { goFolderOf } from './verify/goFolder.node.ts';

/** Where modules run, and what they may take, for every run. */
const placeOfRuns = (): Pick<StressSettings, 'isolation' | 'memory'> => {
  const { isolation, memory } = stressSettings();
  return { isolation, memory };
};

/** `extensionPath`: the folder of the installed extension. */
export function createNodeRunner({ extensionPath }: { extensionPath: string }): Runner {
  const workerPath = join(extensionPath, 'dist', 'stressWorker.js');
  return {
    // A process may have the engine's flag for what this one lacks, and says itself when it does not help.
    missing: () => (stressSettings().isolation === 'process' ? undefined : missingSupport()),
    missingForHammer,
    // Threads of the extension host share its memory.
    atOnce: () => (stressSettings().isolation === 'process' ? (stressSettings().jobs ?? usualJobs()) : 1),
    async explore(job, { base, ...run }) {
      const imports = importsModuleOf(job.scenario, base);
      if ('failure' in imports) return imports;
      return runStress(job, { workerPath, ...placeOfRuns(), ...imports, ...run });
    },
    async hammer(job, { base, ...run }) {
      const imports = importsModuleOf(job.scenario, base);
      if ('failure' in imports) return imports;
      return explainedHammer(job, { workerPath, ...placeOfRuns(), ...imports, ...run });
    },
    plan: (start, signal) =>
      planStress(start, { workerPath, ...placeOfRuns(), seconds: stressSettings().planSeconds, signal }),
    wrap: (start, signal) => runWrap(start, workerPath, signal),
    verification,
    isBroken: async ({ scheme, path, fsPath }) =>
      scheme === 'file' && path.toLowerCase().endsWith('.wasm') && !(await isFramedAsModule(fsPath)),
    dispose: endIdleRuns,
  };
}

const verification: Verification = {
  // What is missing of Go is found out asynchronously, when the first scenario runs.
  missing: () => undefined,
  folderOf: goFolderOf,
  async open(folder, how) {
    const opened = await openVerifier(folder, how);
    if ('failure' in opened) return opened;
    return { verify: (job, run) => opened.verify(engineJob(job), run), close: () => opened.close() };
  },
};
