/** Go: the calls that a new instance needs before its API works. */

import { goString } from '../../harmless/code.ts';
import { isMain, type LifeCall } from '../lifeCalls.ts';
import type { Surface } from '../surface.ts';
import { WAZERO } from './parts.ts';

/** wazero can make calls without arguments itself; it closes an instance whose main program has ended. */
const isSimple = (call: LifeCall): boolean => call.args.length === 0 && !isMain(call);

/** Calls that the runtime makes when it instantiates. Either it makes all calls or none, so that their order stays. */
export const startFunctions = ({ life }: Surface): string[] =>
  life.every(isSimple) ? life.map(({ name }) => name) : [];

/** Whether `initialise...` is needed. */
const needsFunction = ({ life }: Surface): boolean => !life.every(isSimple);

/** Packages that `initialise...` needs. */
export const lifeImports = (surface: Surface): string[] =>
  needsFunction(surface) ? ['fmt', ...(surface.life.some(isMain) ? ['errors', `${WAZERO}/sys`] : [])] : [];

/** Lines that call `initialise...` on a new `mod`; `onError`: lines for when that fails. */
export const initialised = (surface: Surface, infix: string, onError: string): string =>
  needsFunction(surface)
    ? `	if err := initialise${infix}Instance(ctx, mod); err != nil {
${onError}	}
`
    : '';

/** The function `initialiseInstance`, with `infix` in its name; empty where it is not needed. */
export function initialiser(surface: Surface, infix: string): string {
  if (!needsFunction(surface)) return '';
  const calls = surface.life.map((call) => {
    const { name, args, params } = call;
    const given = args.map((value, i) => `, ${params[i] === 'i32' ? value >>> 0 : value}`).join('');
    const called = `mod.ExportedFunction(${goString(name)}).Call(ctx${given})`;
    const failed = `		return fmt.Errorf("%s: %w", ${goString(name)}, err)
	}
`;
    if (!isMain(call)) return `	if _, err := ${called}; err != nil {\n${failed}`;
    return `	// The main program initialises the runtime of its language. Exit code 0 is success.
	var exit *sys.ExitError
	if _, err := ${called}; err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 0) {
${failed}`;
  });
  return `
// initialise${infix}Instance makes the calls that the module needs before its API works.
func initialise${infix}Instance(ctx context.Context, mod api.Module) error {
${calls.join('')}	return nil
}
`;
}

/** Whether the main program can end through WASI, whose function in wazero closes the instance. */
export const endsInstance = ({ life, wasi }: Surface): boolean => wasi && life.some(isMain);

/** Lines that define WASI with a `proc_exit` that leaves the instance open. */
export const WASI_THAT_STAYS = `	// The API is called after the main program has ended: proc_exit must not close the instance.
	wasi := r.NewHostModuleBuilder(wasi_snapshot_preview1.ModuleName)
	wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(wasi)
	wasi.NewFunctionBuilder().WithFunc(func(_ context.Context, _ api.Module, code uint32) {
		panic(sys.NewExitError(code))
	}).Export("proc_exit")
	if _, err := wasi.Instantiate(ctx); err != nil {
		return err
	}
`;
