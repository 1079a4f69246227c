/** Why a scenario cannot be run. */

/** Thrown if a scenario cannot be run. */
export class SessionError extends Error {
  readonly failure: StressFailure;
  constructor(failure: StressFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** @throws SessionError always */
export const fail = (
  kind: StressFailure['kind'],
  message: string,
  offset?: number,
  path?: StressFailure['path'],
): never => {
  throw new SessionError({ kind, message, offset, ...(path === undefined ? {} : { path }) });
};

/**
 * Why a run was not possible: what happened, where, and what to do. `offset` and `func` are set if it is a place in
 * the module.
 */
export interface StressFailure {
  message: string;
  /** Machine-readable reason. */
  kind:
    | 'unsupported-host'
    | 'invalid-module'
    | 'invalid-scenario'
    | 'imports'
    | 'setup'
    | 'cancelled'
    | 'killed'
    | 'internal';
  offset?: number;
  /** Where in the scenario, as a path into it. */
  path?: (string | number)[];
}
