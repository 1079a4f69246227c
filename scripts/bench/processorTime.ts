/** Processor time of this process, which other programs on a busy machine disturb less than the clock. */

/** Milliseconds that all threads of this process have computed so far. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
