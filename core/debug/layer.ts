/** One kind of debug information of a module, and whether it is the one that knows lines. */

import type { DebugInfo, DebugProblem } from './model.ts';
import type { Steps } from './steps.ts';

/** What `debugInfo.ts` asks, one after the other. */
export interface Layer extends DebugInfo {
  /** Whether it has source lines at all; told without reading them. */
  readonly hasLines: boolean;
  /** Text of a source file when the module was built; undefined where it is not kept. */
  contentOf(file: string): string | undefined;
  /** Does in steps what the first questions would do at once. */
  prepare(): Steps<void>;
}

/** A layer that knows nothing, and why. */
export const emptyLayer = (...problems: DebugProblem[]): Layer => ({
  origin: 'none',
  hasLines: false,
  placeOf: () => undefined,
  variableAt: () => undefined,
  functionAt: () => undefined,
  offsetsOf: () => [],
  files: () => [],
  problems: () => problems,
  contentOf: () => undefined,
  *prepare() {},
});
