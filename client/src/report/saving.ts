/** Saves reports and pictures where the user wants them. */
import { type ExtensionContext, Uri, window, workspace } from 'vscode';
import { type PageFiles, standalonePage } from '../../../core/report/html/standalone.ts';
import type { ReportView } from '../../../core/report/view/model.ts';
import { toBase64 } from '../../../core/text/base64.ts';
import { pageFolder } from './pageHtml.ts';

/** A report as one HTML file, without the address of its module. */
export async function saveReport(context: ExtensionContext, view: ReportView): Promise<void> {
  const { uri: _address, ...module } = view.module;
  const files = await pageFiles(pageFolder(context));
  await save(`${view.module.name}.html`, { HTML: ['html'] }, standalonePage({ ...view, module }, files));
}

/** The program and the style of the page with their hashes. */
async function pageFiles(folder: Uri): Promise<PageFiles> {
  const [script, style] = await Promise.all(
    ['report.js', 'report.css'].map((name) => workspace.fs.readFile(Uri.joinPath(folder, name))),
  );
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const [scriptHash, styleHash] = await Promise.all([hashOf(script), hashOf(style)]);
  return { script: text(script), style: text(style), scriptHash, styleHash };
}

const hashOf = async (bytes: Uint8Array): Promise<string> =>
  toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))));

/** A picture that the page made. */
export const savePicture = (name: string, svg: string): Promise<void> => save(`${name}.svg`, { SVG: ['svg'] }, svg);

/** Characters that some file system does not have in names. */
const UNFIT = /[\\/:*?"<>|{}]+/g;

async function save(name: string, filters: Record<string, string[]>, text: string): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const fit = name.replace(UNFIT, '_');
  const target = await window.showSaveDialog({
    filters,
    defaultUri: folder === undefined ? undefined : Uri.joinPath(folder, fit),
  });
  if (target !== undefined) await workspace.fs.writeFile(target, new TextEncoder().encode(text));
}
