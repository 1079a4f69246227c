/** Folders that tests read, as absolute paths. */
import { join } from 'node:path';

/** Root of the repository. */
export const ROOT = join(import.meta.dirname, '../..');

/** Modules for tests, each as `.wat` and `.wasm`; see test-fixtures/README.md. */
export const FIXTURES = join(ROOT, 'test-fixtures');
