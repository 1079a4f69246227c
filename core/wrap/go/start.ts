/** Go: making an instance, and the calls that it needs before its API works. */

import { goString } from '../../harmless/code.ts';
import { isMain, type LifeCall } from '../lifeCalls.ts';
import type { WrapInput } from '../wrapInput.ts';
import { type GoCode, goDoc } from './doc.ts';
import type { GoNames } from './names.ts';
import { WAZERO } from './parts.ts';
import { firstStorage, goThread, threadNeeds } from './threads.ts';

/** What a new instance needs: code, and the arguments of the call of `start` where there is such a function. */
export interface GoStart extends GoCode {
  /** Lines that call it for `mod`; `onError`: lines for when that fails, which may use `err`. */
  call(onError: string): string;
  /** Instances after the first get memory of their own, a `thread`. */
  threads: boolean;
}

/**
 * The function `start`. `shared`: instances share a memory, so that the calls for a memory are made for the first instance
 * only, and the others get what a thread needs.
 */
export function goStart(input: WrapInput, names: GoNames, shared: boolean): GoStart {
  const { life } = input.surface;
  const needs = shared ? threadNeeds(input) : undefined;
  const once = shared ? life.filter(({ per }) => per === 'memory') : [];
  const each = life.filter((one) => !once.includes(one));
  // One instance alone has a memory to itself, but may have to be given its storage.
  const alone = shared ? '' : firstStorage(threadNeeds(input), names).replace(/^\t/gm, '');
  if (life.length === 0 && needs === undefined && alone === '')
    return { text: '', imports: [], call: () => '', threads: false };
  const start = names.local('start');
  const call = names.local('startCall');
  const thread = needs === undefined ? undefined : goThread(input, needs, names);
  const distinct = once.length > 0 || thread !== undefined;
  const parameters = `${distinct ? ', first bool' : ''}${thread === undefined ? '' : `, t ${names.local('thread')}`}`;
  const first = `${firstStorage(needs, names)}${once.map((one) => startCall(one, call, '\t\t')).join('')}`;
  const other = `if err := t.start(ctx, mod); err != nil {
		return err
	}`;
  const branch = !distinct
    ? ''
    : first === ''
      ? `	if !first {\n		${other.replaceAll('\n', '\n\t')}\n	}\n`
      : `	if first {\n${first}	}${thread === undefined ? '' : ` else ${other}`}\n`;
  const made = `
${goDoc(
  `${start} makes the calls that a new instance needs before its other functions are called.${
    distinct ? ' The first instance initialises the memory that all of them share.' : ''
  }`,
)}
func ${start}(ctx context.Context, mod api.Module${parameters}) error {
${alone}${branch}${each.map((one) => startCall(one, call, '\t')).join('')}	return nil
}
${thread?.text ?? ''}`;
  const helper = `
func ${call}(ctx context.Context, mod api.Module, name string, params ...uint64) ([]uint64, error) {
	f := mod.ExportedFunction(name)
	if f == nil {
		return nil, fmt.Errorf("%w: it exports no function %q", ${names.error('WrongModule')}, name)
	}
	results, err := f.Call(ctx, params...)
	if err != nil {
		return nil, fmt.Errorf("export %q: %w: %w", name, ${names.error('Trapped')}, err)
	}
	return results, nil
}
`;
  const text = `${made}${made.includes(`${call}(ctx`) ? helper : ''}`;
  return {
    text,
    imports: [
      'context',
      'fmt',
      `${WAZERO}/api`,
      ...(life.some(isMain) ? ['errors', `${WAZERO}/sys`] : []),
      ...(thread?.imports ?? []),
    ],
    call: (onError) =>
      `	if err := ${start}(ctx, mod${distinct ? ', first' : ''}${thread === undefined ? '' : ', t'}); err != nil {\n${onError}	}\n`,
    threads: thread !== undefined,
  };
}

function startCall(one: LifeCall, call: string, indent: string): string {
  const { name, args, params } = one;
  const given = args.map((value, i) => `, ${params[i] === 'i32' ? value >>> 0 : value}`).join('');
  const called = `${call}(ctx, mod, ${goString(name)}${given})`;
  const lines = isMain(one)
    ? `// The main program initialises the runtime of its language. Exit code 0 is success.
var exit *sys.ExitError
if _, err := ${called}; err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 0) {
	return err
}
`
    : `if _, err := ${called}; err != nil {
	return err
}
`;
  return lines.replace(/^(?=.)/gm, indent);
}
