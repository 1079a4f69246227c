/** Opens the walkthrough when `npm start` wants it: nothing is installed then that VS Code would show it of by itself. */
import { executeCommand } from '../commands/typedCommands.ts';
import type { Feature } from '../services.ts';

const WANTED = 'WASM_HAZARDS_TOUR';

/** Looks at the environment once. */
export const registerTourOnStart: Feature = () => {
  if (process.env[WANTED] !== undefined) void executeCommand('wasm-hazards.openTour');
};
