/** How scripts end when something goes wrong. */

/**
 * Runs a script's main function, whose result becomes the exit code. Prints what it throws: a `Problem` as one line,
 * anything else, which is a defect, with its stack.
 */
export async function main(body: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    process.exitCode = 1;
  }
}

/** Something that the user can fix; the message says how. */
export class Problem extends Error {
  override name = 'Problem';
}
