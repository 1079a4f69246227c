/** What all pictures have in common: the samples, the folder, and a VS Code without anything beside the subject. */
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import type { Page } from '../vscode/playwright.ts';

/** Where the pictures go. */
export const IMAGES = join(ROOT, 'images');
/** The modules that the product comes with. */
export const SHIPPED_SAMPLES = join(ROOT, 'samples');

/** Settings that hide everything that is not the subject of the picture. */
export const SETTINGS = {
  'breadcrumbs.enabled': false,
  'editor.bracketPairColorization.enabled': false,
  'editor.guides.indentation': false,
  'editor.matchBrackets': 'never',
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.scrollbar.horizontal': 'hidden',
  'editor.scrollbar.vertical': 'hidden',
  'editor.stickyScroll.enabled': false,
  'wasmHazards.inlayHints': false,
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.editor.editorActionsLocation': 'hidden',
  'workbench.layoutControl.enabled': false,
};

/** Elements that no setting hides. */
const HIDDEN = [
  '.panel .composite-bar .action-item:not(.checked)',
  '.panel .title-actions',
  '.panel .global-actions',
  ...['host', 'forwardedPorts', 'notifications', 'workbench.keyboardLayout'].map((id) => `[id="status.${id}"]`),
  '[id^="status.editor."]:not([id="status.editor.mode"])',
  '.notifications-toasts',
  '.decorationsOverviewRuler',
  '.test-output-peek-message-container .scrollbar',
];

/** Hides those elements. */
export async function hide(page: Page): Promise<void> {
  await page.evaluate(`{
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(${JSON.stringify(`${HIDDEN.join(', ')} { display: none !important; }`)});
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }`);
}
