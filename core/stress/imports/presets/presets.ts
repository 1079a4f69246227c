/** The presets of a scenario: those that it names, or those that recognise imports of the module. */
import type { Message } from '../../../text/l10n.ts';
import type { Module } from '../../../wasm/module.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { FunctionType } from '../declaredEffects.ts';
import type { HostFunction } from '../hostFunction.ts';
import { fitting, presetsOf } from './fitting.ts';
import type { EmulatedHost, Preset } from './preset.ts';
import { requestOf } from './requests.ts';

/** The emulated hosts of a scenario. */
export interface EmulatedHosts {
  /** The function for an import by its names in the source; `key`: its name in the binary, `module.name`. */
  functionOf(module: string, name: string, type: FunctionType, key: string): HostFunction | undefined;
  /** Whether a function was given for an import, `module.name`. */
  has(name: string): boolean;
  /** Functions by preset, filled as they are given. */
  used: { preset: string; names: string[]; without: Message }[];
  reset(): void;
  mark(): void;
}

/** @throws Error when a preset that the scenario names does not fit the module */
export function emulatedHosts(
  module: Module,
  scenario: Partial<Pick<Scenario, 'presets' | 'requests'>>,
): EmulatedHosts {
  const presets = presetsOf(module, scenario.presets ?? []);
  const problem = presets.map((preset) => fitting(preset, module)).find((one) => one !== undefined);
  if (problem !== undefined) throw new Error(problem);
  const world = { module, requestOf: (caller: number) => requestOf(scenario.requests ?? [], caller) };
  const hosts: [Preset, EmulatedHost][] = presets.map((preset) => [preset, preset.create(world)]);
  const used: EmulatedHosts['used'] = [];
  const given = new Set<string>();
  return {
    used,
    has: (name) => given.has(name),
    functionOf(from, name, type, key) {
      for (const [{ id, without }, host] of hosts) {
        const found = host.functionOf(from, name, type);
        if (found === undefined) continue;
        given.add(key);
        const known = used.find(({ preset }) => preset === id);
        if (known === undefined) used.push({ preset: id, names: [key], without });
        else known.names.push(key);
        return found;
      }
      return undefined;
    },
    reset() {
      for (const [, host] of hosts) host.reset?.();
    },
    mark() {
      for (const [, host] of hosts) host.mark?.();
    },
  };
}
