/** Why a scenario cannot be run. */
import type { StressFailure } from '../explore/result.ts';

export class SessionError extends Error {
  readonly failure: StressFailure;
  constructor(failure: StressFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** @throws SessionError always */
export const fail = (kind: StressFailure['kind'], message: string, offset?: number): never => {
  throw new SessionError({ kind, message, offset });
};
