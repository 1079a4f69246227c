/** A scenario as the Go driver of `verify` reads it; core/verify/go/plan.go has the same types. */
import type { Preparation } from '../stress/session/preparation.ts';
import type { VerifyMode } from './model.ts';

/** An expression; integers in decimal, floats as the 16 hexadecimal digits of their bits. */
export type PlanExpression =
  | { kind: 'value'; integer?: string; float?: string; text?: string }
  | { kind: 'name'; name: string }
  | { kind: 'load'; type: string; of: PlanExpression }
  | { kind: 'unary'; operator: string; of: PlanExpression }
  | { kind: 'binary'; operator: string; left: PlanExpression; right: PlanExpression };

/** An argument: 64 bits in decimal, or an expression. */
export type PlanArgument = { type: string; bits: string } | { type: string; expr: PlanExpression };

/** A step: exactly one of `call`, `write`, `read` and `expect`. */
export interface PlanStep {
  text: string;
  call?: { export: string; args: PlanArgument[]; results: string[]; names?: string[] };
  write?: { at: PlanExpression } & PlanContent;
  read?: { at: PlanExpression; type: string; length?: PlanExpression; as?: string };
  expect?: PlanExpression;
  /** What outcomes have in place of a result that does not count. */
  hidden?: string;
}

/** A call before the callers start, in these instances. */
export interface PlanSetupStep {
  step: PlanStep;
  instances: number[];
  part: 'life' | 'setup';
  index: number;
}

/** What one call of an imported function does: see importEffects.ts. */
export interface PlanEffects {
  reads?: { at: PlanExpression; length: PlanExpression; utf8?: boolean }[];
  writes?: ({ at: PlanExpression; max?: PlanExpression } & PlanContent)[];
  returns?: (PlanExpression | null)[];
  traps?: string;
}

/** What is written: bytes in hexadecimal digits, or a number of a type. */
export interface PlanContent {
  hex?: string;
  type?: string;
  value?: PlanExpression;
}

/** An imported function: it returns these bits, does what the scenario declares, is built into the driver, or fails. */
export interface PlanHostFunction {
  name: string;
  /** As messages call it. */
  label: string;
  params: string[];
  results: string[];
  returns: string[];
  fails?: string;
  /** By caller and call; the last ones are for all further ones. */
  effects?: PlanEffects[][];
  /** Name of a function that the driver has; see builtins.go. */
  builtin?: string;
  observe?: boolean;
}

/** The functions of one import module. */
export interface PlanHost {
  name: string;
  wasi: boolean;
  functions: PlanHostFunction[];
}

/** A module that defines imported state: one for all instances of a round, or one for each. */
export interface PlanProvider {
  name: string;
  wasm: string;
  common: boolean;
}

/** What the driver runs, whatever the mode. */
export interface VerifyPlan {
  /** Names of files beside the plan. */
  wasm: string;
  /** What messages call the memory. */
  memoryName: string;
  threads: boolean;
  instances: number;
  instanceOf: number[];
  hosts: PlanHost[];
  providers: PlanProvider[];
  wasi: { args: string[]; env: [string, string][]; clock: boolean; random: boolean } | null;
  stackGlobal: string;
  /** Values of the stack pointer by instance, unsigned and in decimal; empty where nobody sets it. */
  stacks: string[];
  before: PlanSetupStep[];
  callers: PlanStep[][];
  probe: PlanStep[];
  orders: { callers: number[]; whole: boolean }[];
  /** Whether the orders are all that there are, of whole units and of calls; else they are a sample. */
  complete: { units: boolean; calls: boolean };
  state: {
    compare: boolean;
    memory: boolean;
    shared: boolean;
    globals: { export: string; text: string; type: string }[];
    deadFrom: number;
  };
  seed: number;
}

/** What differs between the processes of one scenario. */
export interface VerifyProcess {
  mode: VerifyMode;
  /** Beginnings of serial orders in which a call does not return. */
  stuck: number[][];
  rounds: number;
  seconds: number;
  callSeconds: number;
  loadSeconds: number;
  serialSeconds: number;
}

/** A plan with the files beside it, by name. */
export interface PlannedVerify {
  plan: VerifyPlan;
  files: ReadonlyMap<string, Uint8Array>;
  /** What the run does otherwise than exploration, a sentence each. */
  notes: string[];
  /** The module, decoded and analysed. */
  prepared: Pick<Preparation, 'module' | 'analysis' | 'model' | 'called'>;
}
