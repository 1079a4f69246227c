/** Folders of any file system, as far as modules, manifests and sources are looked for in them. */

/** An entry of a folder. A link is `other`: nothing is looked for through links. */
export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder' | 'other';
}
