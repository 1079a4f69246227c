/** The files of the report's page, for standalone reports. */
import { createHash } from 'node:crypto';
import type { PageFiles } from '../core/report/html/standalone.ts';
import { pageSources } from './pageSources.ts';

/** The program and the style with their hashes. @throws if they are not there */
export async function readPageFiles(): Promise<PageFiles> {
  const { script, style } = await pageSources();
  return { script, style, scriptHash: hashOf(script), styleHash: hashOf(style) };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');
