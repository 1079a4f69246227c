/**
 * The `.vsix` format: a zip with a table of content types, a manifest, and the files under `extension/`. The table goes by
 * the endings of names, so every file needs one: the licence is LICENSE.txt.
 */

import { type Zippable, zipSync } from 'fflate';

/** The part of `package.json` that the manifest of a `.vsix` repeats. */
export interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly displayName: string;
  readonly description: string;
  readonly engines: { readonly vscode: string };
  readonly categories?: readonly string[];
  readonly keywords?: readonly string[];
  readonly icon?: string;
  readonly extensionKind?: readonly string[];
  readonly homepage?: string;
  readonly repository?: { readonly url: string };
  readonly bugs?: { readonly url: string };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  html: 'text/html',
  js: 'application/javascript',
  json: 'application/json',
  md: 'text/markdown',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  vsixmanifest: 'text/xml',
  wasm: 'application/wasm',
};

/**
 * Date of all files in the zip, so that equal sources give an equal `.vsix`: a zip holds local time, so this is the same
 * local time everywhere.
 */
const date = (): Date => new Date(2000, 0, 1);

/** Makes a `.vsix`; `files` maps paths inside the extension to contents. */
export function writeVsix(manifest: Manifest, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const entries: Zippable = {
    'extension.vsixmanifest': encode(vsixManifest(manifest, new Set(files.keys()))),
    '[Content_Types].xml': encode(contentTypes([...files.keys(), 'extension.vsixmanifest'])),
  };
  for (const [path, content] of files) entries[`extension/${path}`] = content;
  return zipSync(entries, { level: 9, mtime: date() });
}

function contentTypes(paths: readonly string[]): string {
  const extensions = new Set(
    paths.map((path) => /\.(\w+)$/.exec(path)?.[1]?.toLowerCase()).filter((e) => e !== undefined),
  );
  const types = [...extensions].sort().map((extension) => {
    const type = CONTENT_TYPES[extension] ?? 'application/octet-stream';
    return `<Default Extension=".${extension}" ContentType="${type}"/>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${types.join('')}</Types>
`;
}

function vsixManifest(manifest: Manifest, files: ReadonlySet<string>): string {
  const asset = (type: string, path: string): string =>
    files.has(path) ? `\n    <Asset Type="${type}" Path="extension/${path}" Addressable="true"/>` : '';
  const property = (id: string, value: string): string => `\n      <Property Id="${id}" Value="${escapeXml(value)}"/>`;
  const code = 'Microsoft.VisualStudio.Code';
  const services = 'Microsoft.VisualStudio.Services';
  const links = linksOf(manifest).map(([name, url]) => property(`${services}.Links.${name}`, url));
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escapeXml(manifest.name)}" Version="${escapeXml(manifest.version)}" Publisher="${escapeXml(manifest.publisher)}"/>
    <DisplayName>${escapeXml(manifest.displayName)}</DisplayName>
    <Description xml:space="preserve">${escapeXml(manifest.description)}</Description>
    <Tags>${escapeXml((manifest.keywords ?? []).join(','))}</Tags>
    <Categories>${escapeXml((manifest.categories ?? []).join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>${property(`${code}.Engine`, manifest.engines.vscode)}${property(`${code}.ExtensionDependencies`, '')}${property(`${code}.ExtensionPack`, '')}${property(`${code}.ExtensionKind`, (manifest.extensionKind ?? ['workspace']).join(','))}${links.join('')}${property(`${services}.GitHubFlavoredMarkdown`, 'true')}${property(`${services}.Content.Pricing`, 'Free')}
    </Properties>${files.has('LICENSE.txt') ? '\n    <License>extension/LICENSE.txt</License>' : ''}${manifest.icon ? `\n    <Icon>extension/${escapeXml(manifest.icon)}</Icon>` : ''}
  </Metadata>
  <Installation>
    <InstallationTarget Id="${code}"/>
  </Installation>
  <Dependencies/>
  <Assets>${asset(`${code}.Manifest`, 'package.json')}${asset(`${services}.Content.Details`, 'README.md')}${asset(`${services}.Content.Changelog`, 'CHANGELOG.md')}${asset(`${services}.Content.License`, 'LICENSE.txt')}${manifest.icon ? asset(`${services}.Icons.Default`, manifest.icon) : ''}
  </Assets>
</PackageManifest>
`;
}

/** What the page of the extension links to, as the official packager names it. */
function linksOf({ homepage, repository, bugs }: Manifest): [name: string, url: string][] {
  const source = repository?.url.replace(/^git\+/, '');
  const found: [string, string | undefined][] = [
    ['Source', source],
    ['Getstarted', source],
    [/^https:\/\/github\.com\//.test(source ?? '') ? 'GitHub' : 'Repository', source],
    ['Support', bugs?.url],
    ['Learn', homepage],
  ];
  return found.filter((one): one is [string, string] => one[1] !== undefined);
}

function escapeXml(text: string): string {
  const entities: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&apos;', '"': '&quot;' };
  return text.replace(/[<>&'"]/g, (character) => entities[character]);
}
