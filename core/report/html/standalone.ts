/**
 * The report as one HTML file. The page's program and style are inside, as are the reports, as data that no browser runs;
 * the content security policy allows the one program and the one style by their hashes, and nothing from anywhere else.
 */

import { htmlText, jsonInHtml } from '../../harmless/html.ts';
import { displayable } from '../../harmless/names.ts';
import { t, translationsInUse } from '../../text/l10n.ts';
import { languageTag } from '../../text/languageTag.ts';
import type { ReportView } from '../view/model.ts';

/** The program and the style of the page, with their SHA-256 in base64. */
export interface PageFiles {
  script: string;
  style: string;
  scriptHash: string;
  styleHash: string;
}

/** Class of the elements that hold a report each. */
const DATA_CLASS = 'report-view';

/** The beginning, up to the first report. */
export function pageHead({ style, scriptHash, styleHash }: PageFiles, title: string): string {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    `style-src 'sha256-${styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${languageTag()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(displayable(title, 200))}</title>
<style>${style}</style>
</head>
<body>
<div id="root"></div>
<noscript>${t('This report needs JavaScript. The command line shows the same as text.')}</noscript>
`;
}

/** One report, as data. */
export const pageData = (view: ReportView): string =>
  `<script type="application/json" class="${DATA_CLASS}">${jsonInHtml(view)}</script>\n`;

/** The end, after the last report. */
export const pageTail = ({ script }: PageFiles): string => `<script>${script}</script>\n</body>\n</html>\n`;

/** A whole file about one module. */
export const standalonePage = (view: ReportView, files: PageFiles): string =>
  pageHead(files, view.module.name) + translationData() + pageData(view) + pageTail(files);

/** Translations of the page's own texts, if its sentences are not English. */
function translationData(): string {
  const translations = translationsInUse();
  if (translations === undefined) return '';
  return `<script type="application/json" class="report-translations">${jsonInHtml(translations)}</script>\n`;
}
