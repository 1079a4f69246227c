/**
 * Steps of protocols in exploration: accesses of the host to memory are operations of their caller, with decisions before
 * them and races.
 */

import { Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Caller, CallerCall } from '../run/caller.ts';
import { type HostAccessParts, performHostAccess } from '../run/hostAccess.ts';
import { HostError } from '../run/resultTexts.ts';
import { isExpression } from '../scenario/stepForms.ts';
import { callIn, hostAccessText, resultNames, type Step } from '../scenario/steps.ts';
import { type Demand, stepProgram } from './stepProgram.ts';

/** In place of a function index: a step that calls no export. */
export const HOST_STEP = -3;

/** Whether a step needs more than a plain call with fixed arguments. */
export function isHostStep(step: Step): boolean {
  const call = callIn(step);
  return call === undefined || resultNames(step).length > 0 || call.slice(1).some(isExpression);
}

/** What steps are performed with. */
export interface HostStepOptions {
  module: Module;
  sites: Sites;
  parts(): HostAccessParts;
}

/** Gives the steps of a list that need it a way to be performed. */
export function performable(calls: readonly CallerCall[], options: HostStepOptions): CallerCall[] {
  const sites = new HostSites(options.sites);
  return calls.map((call) =>
    call.step === undefined ? call : { ...call, perform: performing(call.step, call.func, sites, options) },
  );
}

/** Sites of host accesses, one for each step that reads otherwise. */
class HostSites {
  private readonly sites: Sites;

  constructor(sites: Sites) {
    this.sites = sites;
  }

  of(step: Step, memory: number): number {
    const { sites } = this;
    const writes = 'write' in step;
    const name = hostAccessText(step);
    for (const [site, known] of sites.names) if (known === name && sites.index[site] === memory) return site;
    const site = sites.func.push(-1) - 1;
    sites.offset.push(-1);
    sites.op.push(-1);
    sites.access.push(writes ? Access.Store : Access.Load);
    sites.index.push(memory);
    sites.other.push(0);
    sites.memarg.push(0);
    sites.width.push(0);
    sites.names.set(site, name);
    return site;
  }
}

function performing(
  step: Step,
  func: number,
  sites: HostSites,
  { module, parts }: HostStepOptions,
): (caller: Caller) => Promise<string> {
  const program = stepProgram(step, func, module);
  const site = program.memory === undefined ? -1 : sites.of(step, program.memory);
  return async (caller) => {
    const memory = program.memory === undefined ? undefined : caller.instance.memories[program.memory];
    const answer = (demand: Demand): Promise<unknown> => {
      if (demand.do === 'call') {
        const run = caller.instance.functions.get(func) as (...args: unknown[]) => Promise<unknown>;
        return run(...demand.args);
      }
      if (memory === undefined) throw new HostError('the module has no memory');
      return performHostAccess(parts(), site, memory, demand.at, demand.length, demand.write);
    };
    const references = parts().ranges.scheduler.machine;
    const run = program.make({ names: caller.named, memory, references });
    let next = run.next();
    while (next.done !== true) next = run.next(await answer(next.value));
    return next.value;
  };
}
