/** The files of the report's page, for standalone reports. */
import { createHash } from 'node:crypto';
import type { PageFiles } from '../core/report/html/standalone.ts';
import { pageSources } from './pageSources.ts';

/**
 * The program and the style with their hashes. `folder`: where they are built; that of the bundle by default.
 * @throws if they are not there
 */
export async function readPageFiles(folder?: string): Promise<PageFiles> {
  const { script, style } = await pageSources(folder);
  return { script, style, scriptHash: hashOf(script), styleHash: hashOf(style) };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');
