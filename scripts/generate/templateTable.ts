/** The table of hosts and the languages in which code is generated for them. */

import { HOST_PROFILES } from '../../core/hosts/index.ts';
import type { TemplateLanguage } from '../../core/hosts/profile.ts';
import { markdownTable } from './markdown.ts';

const LANGUAGES: Readonly<Record<TemplateLanguage, string>> = {
  c: 'C',
  go: 'Go',
  rust: 'Rust',
  typescript: 'TypeScript',
  python: 'Python',
};

/** The table, in Markdown. */
export const templateTable = (): string =>
  markdownTable(
    ['host profile', 'code'],
    Object.values(HOST_PROFILES).map(({ id, template }) => [
      `\`${id}\``,
      'refusal' in template ? 'none' : `${LANGUAGES[template.language]} for ${template.runtime}`,
    ]),
  );
