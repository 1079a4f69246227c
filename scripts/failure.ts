/** How scripts end when something goes wrong. */

/**
 * Runs a script's main function; its number becomes the exit code. What it throws is printed: as one line when the
 * message is meant for the user, with the stack when it is a defect.
 */
export async function main(body: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    process.exitCode = 1;
  }
}

/** Something the user can put right; the message says how. */
export class Problem extends Error {
  override name = 'Problem';
}
