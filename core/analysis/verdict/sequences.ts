/**
 * Calls that belong together: one caller makes them on one instance, and no other caller comes between. Found by the state
 * that exports share and by their names; each sequence says which.
 */
import { t } from '../../text/l10n.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import { exportLabel, sourceName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { FuncType } from '../../wasm/types.ts';
import { type Cell, isHostCell, isWrite } from '../cells.ts';
import type { Analysis } from '../model.ts';
import { effectsOf } from '../queries.ts';
import { readBackOf } from '../readBack.ts';
import { allocatorState } from './allocatorState.ts';

/**
 * - `buffer`: allocate, write, call, read, free
 * - `phases`: begin, update, end of one piece of work
 * - `request`: both halves of one exchange
 * - `handle`: create, use, destroy an object
 * - `result`: a call, and the export that reads what it left
 */
export type SequenceKind = 'buffer' | 'phases' | 'request' | 'handle' | 'result';

/** Exports that one caller calls without another one coming between. */
export interface CallSequence {
  kind: SequenceKind;
  /** Positions in `Analysis.exports`, in the order of the calls. */
  exports: number[];
  /** The steps, in backticks where they are exports: `` `malloc`, write, call, read, `free` ``. */
  steps: string;
  /** What shows it, a clause. */
  why: string;
}

/** Sequences of each kind that are given. */
const MAX_OF_KIND = 4;
/** Exports that are looked at as readers and as writers of results. */
const MAX_READERS = 12;
const MAX_WRITERS = 60;

const BEGIN = /^(?:init|initialize|initialise|start|begin|setup|reset|starts)$/;
const UPDATE = /^(?:update|absorb|push|append|feed|add|write|process|transform|input|block|execute)$/;
const END = /^(?:final|finalize|finalise|finish|digest|end|squeeze|done|complete)$/;
/** Verbs of constructors, and of what destroys what they made. */
const LIVES: readonly [make: RegExp, end: RegExp][] = [
  [/^(?:new|create|alloc|make)$/, /^(?:free|delete|destroy|dispose|drop|release|cleanup)$/],
  [/^open$/, /^close$/],
  [/^load$/, /^unload$/],
];

/** At most four of each kind. `positions`: the exports that are the module's API. */
export function sequencesOf(module: Module, analysis: Analysis, positions: readonly number[]): CallSequence[] {
  const families = familiesOf(analysis, positions);
  const phased = families.flatMap((family) => phasesOf(analysis, family) ?? []);
  const inPhases = new Set(phased.flatMap(({ exports }) => exports));
  return [
    ...bufferOf(module, analysis),
    ...phased.slice(0, MAX_OF_KIND),
    ...exchangesOf(analysis, positions).slice(0, MAX_OF_KIND),
    ...families
      .flatMap((family) => handleOf(module, analysis, family) ?? [])
      .filter(({ exports }) => !exports.some((position) => inPhases.has(position)))
      .slice(0, MAX_OF_KIND),
    ...resultsOf(module, analysis, positions).slice(0, MAX_OF_KIND),
    ...settingsOf(module, analysis, positions),
  ];
}

const label = (analysis: Analysis, position: number): string => quoted(exportLabel(analysis.exports[position]));

function bufferOf(module: Module, analysis: Analysis): CallSequence[] {
  const { allocate, free, by } = allocatorState(module, analysis);
  if (allocate < 0) return [];
  const [first, last] = [allocate, free].map((position) => {
    if (position < 0) return undefined;
    const name = label(analysis, position);
    return by === 'shape' ? t('{0} (probably)', name) : name;
  });
  return [
    {
      kind: 'buffer',
      exports: free < 0 ? [allocate] : [allocate, free],
      steps: [first, t('write'), t('call'), t('read'), last].filter((step) => step !== undefined).join(t(', ')),
      why: t('an address means nothing in another instance, and another caller can reuse a block that is freed'),
    },
  ];
}

/** Words of a name: `Hash_Update` and `hashUpdate` have the same. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

interface Member {
  position: number;
  /** The word that tells it from others of its family. */
  verb: string;
}

/** Exports whose names differ in one word, the last or the first. */
interface Family {
  prefix: string;
  members: Member[];
}

function familiesOf({ exports }: Analysis, positions: readonly number[]): Family[] {
  const families = new Map<string, Member[]>();
  const add = (key: string, member: Member): void => {
    const members = families.get(key);
    if (members === undefined) families.set(key, [member]);
    else members.push(member);
  };
  for (const position of positions) {
    const words = wordsOf(sourceName(exports[position]));
    if (words.length === 0) continue;
    add(words.slice(0, -1).join('_'), { position, verb: words[words.length - 1] });
    if (words.length > 1) add(`_${words.slice(1).join('_')}`, { position, verb: words[0] });
  }
  return [...families].flatMap(([prefix, members]) => (members.length < 2 ? [] : [{ prefix, members }]));
}

/** Begin, update and end of one piece of work that lies in the same state. */
function phasesOf(analysis: Analysis, { members }: Family): CallSequence | undefined {
  const one = (wanted: RegExp): number | undefined => members.find(({ verb }) => wanted.test(verb))?.position;
  const [begin, update, end] = [one(BEGIN), one(UPDATE), one(END)];
  if (begin === undefined || update === undefined || end === undefined) return undefined;
  const exports = [begin, update, end];
  if (new Set(exports).size < 3 || !shareState(analysis, update, end)) return undefined;
  return {
    kind: 'phases',
    exports,
    steps: exports.map((position) => label(analysis, position)).join(t(', ')),
    why: t('their names and the state that they share show one piece of work'),
  };
}

/** Whether one export writes state, other than stack and host, that the other one accesses. */
function shareState(analysis: Analysis, a: number, b: number): boolean {
  const cellsOf = (position: number, writes: boolean): Cell[] =>
    effectsOf(analysis, analysis.exports[position].func)
      .map((id) => analysis.effects[id])
      .filter((effect) => !writes || isWrite(effect))
      .map(({ cell }) => cell)
      .filter((cell) => cell.kind !== 'stack-pointer' && cell.address?.base !== 'stack' && !isHostCell(cell));
  const theirs = cellsOf(b, false);
  return cellsOf(a, true).some((cell) => theirs.some((other) => mayMeet(cell, other)));
}

function mayMeet(a: Cell, b: Cell): boolean {
  if (a.kind !== b.kind || (a.index !== b.index && a.index !== undefined && b.index !== undefined)) return false;
  if (a.address?.base !== 'static' || b.address?.base !== 'static') return true;
  return a.address.global === b.address.global && a.address.start < b.address.end && b.address.start < a.address.end;
}

/** Exports whose names differ only by `request` and `response`. */
function exchangesOf(analysis: Analysis, positions: readonly number[]): CallSequence[] {
  const byName = new Map(
    positions.map((position) => [wordsOf(sourceName(analysis.exports[position])).join('_'), position]),
  );
  return [...byName].flatMap(([name, request]): CallSequence[] => {
    if (!/(?:^|_)request(?:_|$)/.test(name)) return [];
    const response = byName.get(name.replace(/(^|_)request(?=_|$)/, '$1response'));
    if (response === undefined) return [];
    const exports = [request, response];
    return [
      {
        kind: 'request',
        exports,
        steps: exports.map((position) => label(analysis, position)).join(t(', ')),
        why: t('their names show two halves of one exchange'),
      },
    ];
  });
}

/** A constructor that returns a handle, and what destroys what it made. */
function handleOf(module: Module, analysis: Analysis, { prefix, members }: Family): CallSequence | undefined {
  if (prefix === '' || prefix === '_') return undefined;
  const typed = (verbs: RegExp, fits: (type: FuncType) => boolean): Member | undefined =>
    members.find(({ position, verb }) => {
      const type = typeOf(module, analysis, position);
      return verbs.test(verb) && type !== undefined && fits(type);
    });
  const { allocate, free } = allocatorState(module, analysis);
  const found = LIVES.flatMap(([make, end]): [Member, Member][] => {
    const made = typed(make, ({ results }) => results.length === 1);
    const ended = typed(end, ({ params }) => params.length > 0);
    return made === undefined || ended === undefined ? [] : [[made, ended]];
  }).filter(([made, ended]) => made.position !== allocate || ended.position !== free);
  if (found.length === 0) return undefined;
  const [[make, end]] = found;
  return {
    kind: 'handle',
    exports: [make.position, end.position],
    steps: [label(analysis, make.position), t('use'), label(analysis, end.position)].join(t(', ')),
    why: t('a handle means nothing in another instance'),
  };
}

function typeOf(module: Module, analysis: Analysis, position: number): FuncType | undefined {
  const type = module.types[module.functions.typeIndex[analysis.exports[position].func]]?.composite;
  return type?.kind === 'func' ? type : undefined;
}

/** Exports that read what others left; one sequence for each reader. */
function resultsOf(module: Module, analysis: Analysis, positions: readonly number[]): CallSequence[] {
  const readers = positions
    .filter((position) => {
      const type = typeOf(module, analysis, position);
      return type?.params.length === 0 && type.results.length > 0 && analysis.exports[position].class === 'reads-only';
    })
    .slice(0, MAX_READERS);
  return readers.flatMap((reader): CallSequence[] => {
    const writers = positions
      .slice(0, MAX_WRITERS)
      .filter((writer) => readBackOf(module, analysis, writer, reader)?.writer === writer);
    if (writers.length === 0) return [];
    const names = writers.map((position) => label(analysis, position));
    return [
      {
        kind: 'result',
        exports: [...writers, reader],
        steps: [listOf(names, 3, 'or'), label(analysis, reader)].join(t(', ')),
        why:
          names.length === 1
            ? t('{0} reads what that call stored', label(analysis, reader))
            : t('{0} reads what the last of these calls stored', label(analysis, reader)),
      },
    ];
  });
}

/** `set_...`, a call, `get_...`: what is set and what is read lies in variables, not in memory of the caller. */
function settingsOf(module: Module, analysis: Analysis, positions: readonly number[]): CallSequence[] {
  const verb = (position: number): string | undefined => wordsOf(sourceName(analysis.exports[position]))[0];
  const variables = (position: number, writes: boolean): Cell[] => {
    const { owns } = allocatorState(module, analysis);
    return effectsOf(analysis, analysis.exports[position].func)
      .map((id) => analysis.effects[id])
      .filter((effect) => (!writes || isWrite(effect)) && !owns(effect))
      .map(({ cell }) => cell)
      .filter(({ kind, address }) => kind === 'global' || (kind === 'memory' && address?.base === 'static'));
  };
  const setters = positions.filter((position) => verb(position) === 'set' && variables(position, true).length > 0);
  const getters = positions.filter(
    (position) =>
      verb(position) === 'get' &&
      typeOf(module, analysis, position)?.params.length === 0 &&
      variables(position, false).length > 0,
  );
  if (setters.length === 0 || getters.length === 0) return [];
  const [first, last] = [setters, getters].map((all) =>
    listOf(
      all.map((position) => label(analysis, position)),
      2,
      'or',
    ),
  );
  return [
    {
      kind: 'result',
      exports: [...setters, ...getters],
      steps: [first, t('call'), last].join(t(', ')),
      why: t('their names and the variables that they use show that each call is about the one before'),
    },
  ];
}
