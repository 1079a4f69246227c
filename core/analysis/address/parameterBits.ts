/** Sets of parameters of a function, as the bits of a number. */

/** Parameters that are told apart. Those from here on are in a set only if all are. */
export const MOST_PARAMETERS = 31;
/** All parameters. */
export const ALL_PARAMETERS = 0x7fff_ffff;

/** The set of one parameter, or of all where it is not told apart. */
export const parameterBit = (parameter: number): number =>
  parameter < MOST_PARAMETERS ? 1 << parameter : ALL_PARAMETERS;

/** Whether a parameter is in a set; those that are not told apart are in every one. */
export const hasParameter = (bits: number, parameter: number): boolean => (bits & parameterBit(parameter)) !== 0;
