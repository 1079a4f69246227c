/** What each caller is about where its host has requests: those of the scenario, else one that differs by caller. */
import type { ImportRequest } from '../../scenario/importBehaviour.ts';

/** The request of a caller, complete. */
export function requestOf(requests: readonly ImportRequest[], caller: number): Required<ImportRequest> {
  const own: ImportRequest = requests[Math.min(caller, requests.length - 1)] ?? {};
  const letter = String.fromCharCode(97 + caller);
  return {
    method: own.method ?? 'GET',
    uri: own.uri ?? `/${letter.repeat(caller + 1)}`,
    headers: own.headers ?? { host: `${letter}.example`, 'x-caller': letter },
    body: own.body ?? `body of ${letter.repeat(caller + 1)}`,
    config: own.config ?? {},
  };
}
