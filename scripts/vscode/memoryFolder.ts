/** An extension that provides a folder in memory, as extensions for repositories do that open them without a checkout. */
import { readFileSync } from 'node:fs';
import type { OtherExtension } from './otherExtension.ts';

/** Scheme of the folder: one that extensions for such folders use. */
const SCHEME = 'memfs';
/** URI of the folder. */
export const MEMORY_FOLDER = `${SCHEME}:/project`;

const MANIFEST = {
  name: 'memory-folder',
  publisher: 'wasm-hazards-tests',
  displayName: 'Memory folder',
  description: 'A folder in memory.',
  version: '1.0.0',
  engines: { vscode: '^1.101.0' },
  browser: './extension.js',
  activationEvents: [`onFileSystem:${SCHEME}`, 'onStartupFinished'],
  capabilities: { virtualWorkspaces: true, untrustedWorkspaces: { supported: true } },
};

/** Its program; `FILES` maps paths to contents in base64. */
const PROGRAM = `
const { EventEmitter, FileChangeType, FileSystemError, FileType, workspace } = require('vscode');
const files = new Map(Object.entries(FILES).map(([path, text]) => [path, { bytes: Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), mtime: 1 }]));
const changed = new EventEmitter();
let clock = 1;
const below = (path) => [...files.keys()].filter((file) => file.startsWith(path.replace(/[/]*$/, '/')));
const provider = {
  onDidChangeFile: changed.event,
  watch: () => ({ dispose() {} }),
  stat({ path }) {
    const file = files.get(path);
    if (file) return { type: FileType.File, ctime: 1, mtime: file.mtime, size: file.bytes.length };
    if (below(path).length > 0) return { type: FileType.Directory, ctime: 1, mtime: 1, size: 0 };
    throw FileSystemError.FileNotFound(path);
  },
  readDirectory({ path }) {
    const folder = path.replace(/[/]*$/, '/');
    const entries = new Map();
    for (const file of below(path)) {
      const [name, ...rest] = file.slice(folder.length).split('/');
      entries.set(name, rest.length > 0 ? FileType.Directory : FileType.File);
    }
    return [...entries];
  },
  readFile({ path }) {
    const file = files.get(path);
    if (!file) throw FileSystemError.FileNotFound(path);
    return file.bytes;
  },
  writeFile(uri, bytes) {
    const type = files.has(uri.path) ? FileChangeType.Changed : FileChangeType.Created;
    files.set(uri.path, { bytes, mtime: ++clock });
    changed.fire([{ type, uri }]);
  },
  createDirectory() {},
  delete(uri) {
    files.delete(uri.path);
    changed.fire([{ type: FileChangeType.Deleted, uri }]);
  },
  rename() {
    throw FileSystemError.NoPermissions();
  },
};
exports.activate = (context) => {
  context.subscriptions.push(workspace.registerFileSystemProvider('${SCHEME}', provider, { isCaseSensitive: true }));
};
`;

/**
 * The extension, which runs in the browser. `contents`: by the path in the folder, where a file of it is on this machine.
 */
export function memoryFolder(contents: Readonly<Record<string, string>>): OtherExtension {
  const files = Object.fromEntries(
    Object.entries(contents).map(([path, source]) => [`/project/${path}`, readFileSync(source).toString('base64')]),
  );
  return { manifest: MANIFEST, files: { 'extension.js': `const FILES = ${JSON.stringify(files)};\n${PROGRAM}` } };
}
