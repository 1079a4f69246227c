/** What the sharing models are called where there is little room. */
import { l10n } from 'vscode';
import type { SharingModel } from '../../../core/hosts/profile.ts';

/** `one instance`: what concurrent callers share. */
export function shortModel(model: SharingModel): string {
  switch (model) {
    case 'shared-instance':
      return l10n.t('one instance');
    case 'shared-memory':
      return l10n.t('one shared memory');
    case 'isolated':
      return l10n.t('an instance per caller');
    case 'cooperative':
      return l10n.t('cooperative');
  }
}
