/**
 * Languages that wrappers are written in. To add one: a folder with its templates and a row here, under the name that
 * the profiles of its hosts give as `template.language`.
 */

import type { TemplateLanguage } from '../hosts/profile.ts';
import { C_TEMPLATES } from './c/templates.ts';
import { GO_TEMPLATES } from './go/templates.ts';
import { PYTHON_TEMPLATES } from './python/templates.ts';
import { RUST_TEMPLATES } from './rust/templates.ts';
import type { LanguageTemplates } from './template.ts';
import { TYPESCRIPT_TEMPLATES } from './typescript/templates.ts';

/** The templates of each language, by its id. */
export const LANGUAGES: Readonly<Record<TemplateLanguage, LanguageTemplates>> = {
  c: C_TEMPLATES,
  go: GO_TEMPLATES,
  rust: RUST_TEMPLATES,
  typescript: TYPESCRIPT_TEMPLATES,
  python: PYTHON_TEMPLATES,
};
