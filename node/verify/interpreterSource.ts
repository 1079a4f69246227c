/** The source of wazero's interpreter, as the user's module has it: lines of race reports are lines of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriverFolder } from './driverFolder.ts';
import { goCommand } from './goCommand.ts';
import type { GoModule } from './goModule.ts';

const PACKAGE = 'github.com/tetratelabs/wazero/internal/engine/interpreter';
const SECONDS = 60;

/** Undefined where it is not found: reports are then not led back to operations. */
export async function interpreterSource(
  scratch: DriverFolder,
  { folder, mod }: GoModule,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const args = ['list', `-mod=${mod}`, '-f', '{{.Dir}}', PACKAGE];
  const listed = await goCommand(scratch, args, { cwd: folder, seconds: SECONDS, signal });
  const file = join(listed.stdout.trim(), 'interpreter.go');
  return listed.ok && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
