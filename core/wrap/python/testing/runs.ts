/** Programs in Python that tests run beside generated code. */
import { join } from 'node:path';

/** Their folder. */
export const RUNS = join(import.meta.dirname, 'run');
