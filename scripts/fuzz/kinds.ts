/** All kinds of fuzzing, in the order in which a run without `--only` takes them. */
import { debugKind } from './debug/debugKind.ts';
import type { FuzzKind, FuzzKindId } from './kind.ts';
import { moduleKind } from './modules/moduleKind.ts';
import { scenarioKind } from './scenarios/scenarioKind.ts';
import { protocolKind } from './server/protocolKind.ts';
import { sessionKind } from './server/sessionKind.ts';
import { textKind } from './texts/textKind.ts';

/** By id. */
export const KINDS: Readonly<Record<FuzzKindId, FuzzKind>> = {
  module: moduleKind,
  text: textKind,
  debug: debugKind,
  scenario: scenarioKind,
  protocol: protocolKind,
  session: sessionKind,
};
