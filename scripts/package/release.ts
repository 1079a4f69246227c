/** What a release needs beyond passing tests: versions, a changelog, the fields of the manifest, pictures. */

import { type Lockfile, lockfileFaults } from './lockfile.ts';

/** The files that a release is judged by. */
export interface ReleaseFiles {
  /** `package.json`, parsed. */
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly lockfile: Lockfile & { readonly version?: string };
  readonly changelog: string;
  readonly readme: string;
  /** Bytes of a file of the repository; undefined if there is none. */
  readonly read: (path: string) => Uint8Array | undefined;
}

/** Fields without which the Marketplace or npm shows an incomplete page. */
const FIELDS = ['name', 'displayName', 'description', 'publisher', 'license', 'icon', 'homepage'];

/** https://code.visualstudio.com/api/references/extension-manifest: smaller icons are refused. */
const SMALLEST_ICON = 128;

/** What is missing for a release, a sentence each. */
export function releaseFaults(files: ReleaseFiles): string[] {
  return [
    ...manifestFaults(files),
    ...versionFaults(files),
    ...iconFaults(files),
    ...picturesOf(files.readme)
      .filter((path) => !isUrl(path) && files.read(path) === undefined)
      .map((path) => `README.md shows ${path}, which does not exist`),
    ...lockfileFaults(files.lockfile).map((fault) => `package-lock.json: ${fault}`),
  ];
}

function manifestFaults({ manifest, read }: ReleaseFiles): string[] {
  const faults = FIELDS.filter((name) => !isText(manifest[name])).map((name) => `package.json has no ${name}`);
  const { repository, bugs, engines, categories } = manifest as Record<string, Record<string, unknown> | undefined>;
  if (!isText(repository?.url)) faults.push('package.json has no repository.url');
  if (!isText(bugs?.url)) faults.push('package.json has no bugs.url');
  if (!isText(engines?.vscode)) faults.push('package.json has no engines.vscode');
  if (!isText(engines?.node)) faults.push('package.json has no engines.node');
  if (!Array.isArray(categories) || categories.length === 0) faults.push('package.json has no categories');
  for (const path of ['LICENSE', 'SECURITY.md']) if (read(path) === undefined) faults.push(`there is no ${path}`);
  return faults;
}

function versionFaults({ manifest, lockfile, changelog }: ReleaseFiles): string[] {
  const version = String(manifest.version);
  // The Marketplace takes three numbers and nothing else.
  if (!/^\d+\.\d+\.\d+$/.test(version)) return [`version ${version} is not of the form 1.2.3`];
  const faults: string[] = [];
  if (lockfile.version !== version)
    faults.push(`package-lock.json has version ${lockfile.version}, package.json ${version}: run npm install`);
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) faults.push(`CHANGELOG.md has no section for version ${version}`);
  else if (!/^\[[^\]]+\] - \d{4}-\d\d-\d\d$/m.test(section))
    faults.push(`CHANGELOG.md: the heading of version ${version} has no date, as in "## [${version}] - 2026-11-30"`);
  if (sections.some((text) => text.startsWith('[Unreleased]') && /^- /m.test(text)))
    faults.push(`CHANGELOG.md: move the entries below [Unreleased] to version ${version}`);
  return faults;
}

function iconFaults({ manifest, read }: ReleaseFiles): string[] {
  if (!isText(manifest.icon)) return [];
  const bytes = read(manifest.icon);
  if (bytes === undefined) return [`the icon ${manifest.icon} does not exist`];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A PNG begins with 8 bytes of signature and the chunk IHDR, whose first fields are width and height.
  if (bytes.length < 24 || view.getUint32(0) !== 0x89504e47) return [`the icon ${manifest.icon} is not a PNG`];
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (Math.min(width, height) >= SMALLEST_ICON) return [];
  return [`the icon ${manifest.icon} is ${width}x${height} pixels, smaller than ${SMALLEST_ICON}x${SMALLEST_ICON}`];
}

/** Addresses of the pictures of a page in Markdown, as written there. */
export function picturesOf(page: string): string[] {
  const found = [/!\[[^\]]*\]\(([^)\s]+)[^)]*\)/g, /<img[^>]*?\ssrc="([^"]+)"/g, /<source[^>]*?\ssrcset="([^"]+)"/g];
  return [...new Set(found.flatMap((pattern) => [...page.matchAll(pattern)].map((match) => match[1])))];
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isUrl = (path: string): boolean => /^[a-z][a-z+.-]*:/i.test(path);
