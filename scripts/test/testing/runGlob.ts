/** `runGlob.ts GLOB [again]`: runs test files, and prints their counts and those that passed only when run again. */
import { PassThrough } from 'node:stream';
import { runNodeTests } from '../nodeTests.ts';

const [glob, again] = process.argv.slice(2);
const unstable: string[] = [];
const counts = await runNodeTests(
  { globs: [glob], seconds: 60 },
  {
    output: new PassThrough().resume(),
    ...(again !== undefined && { onUnstable: (file: string) => void unstable.push(file) }),
  },
);
console.log(JSON.stringify({ counts, unstable }));
