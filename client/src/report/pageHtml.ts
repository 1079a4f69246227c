/** The document of the report's web view. */
import { type ExtensionContext, l10n, Uri, type Webview } from 'vscode';
import { languageTag } from '../../../core/text/languageTag.ts';

/** Folder of the page's files, the only one that the web view may read. */
export const pageFolder = ({ extensionUri }: Pick<ExtensionContext, 'extensionUri'>): Uri =>
  Uri.joinPath(extensionUri, 'dist');

/** One script, one style, nothing from the network. The module's names reach the page as messages, never as HTML. */
export function pageHtml(webview: Webview, folder: Uri): string {
  const nonce = crypto.randomUUID();
  const uriOf = (name: string): string => String(webview.asWebviewUri(Uri.joinPath(folder, name)));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${languageTag()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${l10n.t('Wasm Hazards report')}</title>
<link rel="stylesheet" href="${uriOf('report.css')}">
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${uriOf('report.js')}"></script>
</body>
</html>
`;
}
