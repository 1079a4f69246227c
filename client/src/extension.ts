/** The extension in any extension host: a table of features. Activation registers them and does nothing else. */
import { type ExtensionContext, l10n } from 'vscode';
import { useTranslations } from '../../core/text/l10n.ts';
import { registerAnalyse } from './commands/analyse.ts';
import { registerFindings } from './commands/findings.ts';
import { registerMatrix } from './commands/matrix.ts';
import { registerRaceActions } from './commands/raceActions.ts';
import { registerRulePages } from './commands/rulePages.ts';
import { registerRules } from './commands/rules.ts';
import { registerSelectHost } from './commands/selectHost.ts';
import { registerSelectModel } from './commands/selectModel.ts';
import { registerServerCommands } from './commands/serverCommands.ts';
import { registerShowActions } from './commands/showActions.ts';
import { registerWrap } from './commands/wrap.ts';
import { registerBinaryEditor } from './editor/binaryEditor.ts';
import { BinaryTexts } from './editor/binaryTexts.ts';
import { registerElsewhere } from './editor/elsewhere.ts';
import { registerFileDecorations } from './editor/fileDecorations.ts';
import { registerLanguage } from './editor/language.ts';
import { registerOpenText } from './editor/openText.ts';
import { registerReveal } from './editor/reveal.ts';
import { registerSources } from './editor/sources.ts';
import { registerTextFileSystem } from './editor/textFileSystem.ts';
import { registerWatching } from './editor/watching.ts';
import { registerOriginals } from './originals/originalsFeature.ts';
import type { ClientPlatform } from './platform.ts';
import { registerReport } from './report/reportFeature.ts';
import { createServer, type Server } from './server.ts';
import type { Feature } from './services.ts';
import { registerStatusBar } from './status/statusBar.ts';
import { createSummaries } from './status/summaries.ts';
import { BadgeLines } from './stress/results/badgeLines.ts';
import { StressResults } from './stress/results/stressResults.ts';
import { registerScenarioEditor } from './stress/scenarios/scenarioEditor.ts';
import { registerStress } from './stress/stressFeature.ts';
import { registerTour } from './tour/tour.ts';
import { registerTree } from './tree/treeFeature.ts';

const FEATURES: readonly Feature[] = [
  registerTextFileSystem,
  registerBinaryEditor,
  registerElsewhere,
  registerOpenText,
  registerLanguage,
  registerFileDecorations,
  registerSources,
  registerWatching,
  registerOriginals,
  registerReveal,
  registerAnalyse,
  registerFindings,
  registerMatrix,
  registerReport,
  registerTree,
  registerSelectHost,
  registerSelectModel,
  registerRules,
  registerRulePages,
  registerWrap,
  registerShowActions,
  registerRaceActions,
  registerServerCommands,
  registerStatusBar,
  registerStress,
  registerScenarioEditor,
  registerTour,
];

let running: Server | undefined;

/** Registers all features. The server starts when a document first needs it. */
export function activateOn(platform: ClientPlatform, context: ExtensionContext): void {
  // Code of core speaks in this process, too.
  useTranslations(l10n.bundle);
  const server = createServer(context, platform.createClient);
  running = server;
  const summaries = createSummaries(server);
  const texts = new BinaryTexts(server);
  const results = new StressResults();
  const badges = new BadgeLines();
  const runner = platform.createRunner(context);
  context.subscriptions.push(server, summaries, texts, results, badges, runner);
  for (const register of [...FEATURES, ...platform.features])
    register(context, { server, texts, summaries, results, badges, runner });
}

/** Ends the server, if it runs. */
export function endServer(): Promise<void> | undefined {
  return running?.stop();
}
