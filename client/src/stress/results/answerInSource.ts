/** Results in words of the source that the module was compiled from. */
import type { AnyResult } from '../../../../server/src/protocol.ts';
import type { Server } from '../../server.ts';
import type { ModuleInfo } from '../moduleInfo.ts';

/** An answer with its result in words of the source; a failure, and a result without debug information, as they are. */
export async function answerInSource<Failure extends { failure: unknown }, Result extends AnyResult>(
  server: Server,
  { uri, mayHaveSource }: Pick<ModuleInfo, 'uri' | 'mayHaveSource'>,
  answer: { result: Result } | Failure,
): Promise<{ result: Result } | Failure> {
  if ('failure' in answer || !mayHaveSource) return answer;
  try {
    const { result } = await server.request('wasmHazards/inSource', { uri: uri.toString(), result: answer.result });
    // The server gives back the kind that it gets.
    return { result: result as Result };
  } catch (error) {
    // What was found counts, whatever it is called.
    server.report(error);
    return answer;
  }
}
