/** `Select Host Profile`: which runtime calls the modules of this workspace. */
import { l10n, window, workspace } from 'vscode';
import { MANIFEST_NAMES } from '../../../core/hosts/detect.ts';
import { HOST_IDS, HOST_PROFILES, hostDescription } from '../../../core/hosts/index.ts';
import type { Settings } from '../../../server/src/protocol.ts';
import type { Feature } from '../services.ts';
import { SECTION } from '../settings.ts';
import { type PickEntry, pick } from '../shown/pick.ts';
import { writeChoice } from './settingsTarget.ts';
import { registerCommand } from './typedCommands.ts';

type Choice = Settings['host'];

/** Registers the command, which writes `wasmHazards.host` to the scope that `writeChoice` chooses. */
export const registerSelectHost: Feature = (context, { summaries }) => {
  async function select(): Promise<void> {
    const settings = workspace.getConfiguration(SECTION);
    const current = settings.get<Choice>('host', 'auto');
    const uri = window.activeTextEditor?.document.uri;
    const summary = uri && summaries.of(uri);
    const detected =
      current === 'auto' && summary ? `${HOST_PROFILES[summary.host].label}: ${summary.hostReason}` : undefined;
    const icon = (choice: Choice): string | undefined => (choice === current ? 'check' : undefined);
    const items: (PickEntry & { choice: Choice })[] = [
      {
        choice: 'auto',
        icon: icon('auto'),
        label: 'auto',
        description: detected && l10n.t('currently {0}', detected),
        detail: l10n.t('Detect it from {0} in the workspace', MANIFEST_NAMES.join(', ')),
      },
      ...HOST_IDS.map((id) => {
        const { label, models } = HOST_PROFILES[id];
        return {
          choice: id,
          icon: icon(id),
          label: id,
          description: `${label}: ${models[0]}`,
          detail: hostDescription(id),
        };
      }),
    ];
    const picked = await pick(items, {
      title: l10n.t('Select host profile'),
      placeHolder: l10n.t('Select the runtime that calls the module'),
      matchOnDescription: true,
    });
    if (picked) await writeChoice<Choice>(settings, 'host', picked.choice, 'auto');
  }

  context.subscriptions.push(registerCommand('wasm-hazards.selectHostProfile', select));
};
