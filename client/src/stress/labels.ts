/** Names of modules and files as the interface shows them: they may hold anything. */
import type { Uri } from 'vscode';
import { displayable } from '../../../core/wasm/displayNames.ts';
import { baseName } from '../uris.ts';

export const fileLabel = (uri: Uri): string => displayable(baseName(uri));

/** For notifications, which make links of Markdown, even of those that run commands: a name shall be none. */
export const noticeText = (text: string): string => text.replaceAll('](', '] (');
