/** Run profiles of the Test Explorer: a mode, and what runs a request in it. */
import {
  type CancellationToken,
  type TestController,
  type TestItem,
  TestRunProfileKind,
  type TestRunRequest,
  workspace,
} from 'vscode';
import { continuously } from './continuous.ts';
import type { Mode } from './mode.ts';
import type { StressServices } from './services.ts';
import { type RunSummary, StressRun } from './stressRun.ts';

/** Makes a mode a run profile, for continuous runs, too. */
export function addProfile<Result>(
  services: StressServices,
  controller: TestController,
  mode: Mode<Result>,
  isDefault: boolean,
): void {
  const { label } = mode;
  const run = async (request: TestRunRequest, token: CancellationToken): Promise<void> => {
    await execute(services, mode, request, token);
  };
  controller.createRunProfile(
    label,
    TestRunProfileKind.Run,
    (request, token) => {
      if (!request.continuous) return run(request, token);
      continuously(request, token, () => run(request, token).catch((error) => services.server.report(error)));
      return undefined;
    },
    isDefault,
    undefined,
    true,
  );
}

/** Runs a request to its end; `report` is told how far it is. */
export async function execute<Result>(
  services: StressServices,
  mode: Mode<Result>,
  request: TestRunRequest,
  token: CancellationToken,
  report: (message: string) => void = () => {},
): Promise<RunSummary> {
  const { controller } = services.items;
  const run = controller.createTestRun(request, undefined, true);
  const stress = new StressRun(services, mode, run, token, report);
  try {
    const refusal = whyNot(mode);
    for (const item of request.include ?? topItems(controller)) {
      if (request.exclude?.includes(item)) continue;
      if (token.isCancellationRequested) run.skipped(item);
      else if (refusal !== undefined) {
        run.appendOutput(`${refusal}\r\n`);
        run.skipped(item);
      } else await stress.item(item);
    }
  } finally {
    run.end();
  }
  return stress.summary;
}

/** Why nothing can be run here; undefined when it can. */
export function whyNot(mode: Pick<Mode<unknown>, 'missing'>): string | undefined {
  if (!workspace.isTrusted)
    return 'Stress runs execute the code of modules, so they need a trusted workspace. Reading and analysing modules works without.';
  return mode.missing();
}

const topItems = ({ items }: TestController): TestItem[] => [...items].map(([, item]) => item);
