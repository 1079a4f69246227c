/** `Select sharing model`: what concurrent callers of the modules of this workspace share. */
import { l10n, window, workspace } from 'vscode';
import { HOST_PROFILES } from '../../../core/hosts/index.ts';
import { SHARING_MODELS, type SharingModel } from '../../../core/hosts/profile.ts';
import type { Settings } from '../../../server/src/protocol.ts';
import type { Feature } from '../services.ts';
import { SECTION } from '../settings.ts';
import { type PickEntry, pick } from '../shown/pick.ts';
import { shortModel } from '../status/shortModel.ts';
import { writeChoice } from './settingsTarget.ts';
import { registerCommand } from './typedCommands.ts';

type Choice = Settings['sharingModel'];

/** Registers the command. It writes `wasmHazards.sharingModel`, and removes it where the choice is the default. */
export const registerSelectModel: Feature = (context, { summaries }) => {
  async function select(): Promise<void> {
    const settings = workspace.getConfiguration(SECTION);
    const current = settings.get<Choice>('sharingModel', 'auto');
    const uri = window.activeTextEditor?.document.uri;
    const summary = uri && summaries.of(uri);
    const icon = (choice: Choice): string | undefined => (choice === current ? 'check' : undefined);
    const items: (PickEntry & { choice: Choice })[] = [
      {
        choice: 'auto',
        icon: icon('auto'),
        label: 'auto',
        description: current === 'auto' && summary ? l10n.t('currently {0}', shortModel(summary.model)) : undefined,
        detail: l10n.t('The default of the host for the module'),
      },
      ...SHARING_MODELS.map((model) => ({
        choice: model,
        icon: icon(model),
        label: model,
        description: shortModel(model),
        detail: detailOf(model, summary && HOST_PROFILES[summary.host].stance[model].text),
      })),
    ];
    const picked = await pick(items, {
      title: l10n.t('Select sharing model'),
      placeHolder: l10n.t('What do concurrent callers share?'),
      matchOnDescription: true,
    });
    if (picked !== undefined) await writeChoice(settings, 'sharingModel', picked.choice, 'auto');
  }

  context.subscriptions.push(registerCommand('wasm-hazards.selectSharingModel', select));
};

/** What the host says of the model; without a module, what the model is. */
function detailOf(model: SharingModel, stance: string | undefined): string {
  if (stance !== undefined) return stance;
  switch (model) {
    case 'shared-instance':
      return l10n.t('One instance, many threads: memory, globals and tables are all shared');
    case 'shared-memory':
      return l10n.t('An instance per thread over one shared memory: globals and tables are private');
    case 'isolated':
      return l10n.t('An instance per caller: only host functions are shared');
    case 'cooperative':
      return l10n.t('One instance on one thread: another call runs while one is suspended in an import');
  }
}
