/** Actions for what stress tests have shown: play the schedule in the report, or run it again. */
import { CodeAction, CodeActionKind, l10n, type Uri } from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import { metText } from '../../../../core/report/sourced.ts';
import { findingId, hangIn } from '../../../../core/report/view/scheduleFindings.ts';
import type { HostHazardReport, RaceReport } from '../../../../core/stress/explore/result.ts';
import { commandOf } from '../../commands/typedCommands.ts';

/** A finding that can be played. */
export interface Playable {
  /** For the player: the same schedule can show several findings, and be one of several runs. */
  id: string;
  /** `data race on $count`. */
  what: string;
  /** Empty where every schedule shows it. */
  schedule: string;
}

/** A race, or a host hazard. */
export function playableEncounter(result: AdvisedResult, race: RaceReport | HostHazardReport): Playable {
  const { schedule } = race;
  return 'text' in race
    ? {
        id: findingId(result, { kind: 'host-hazard', of: race }),
        what: l10n.t('host hazard on {0}', metText(race)),
        schedule,
      }
    : { id: findingId(result, { kind: 'race', of: race }), what: l10n.t('data race on {0}', metText(race)), schedule };
}

/** Calls that hang; undefined where none do. */
export function playableHang(result: AdvisedResult): Playable | undefined {
  const found = hangIn(result);
  return (
    found && {
      id: findingId(result, found),
      what: found.buffered ? l10n.t('hang with store buffers') : l10n.t('hang'),
      schedule: found.of.schedule,
    }
  );
}

/** The first wrong outcome that only store buffers show, at the stores that wait in its trace; undefined where there is none. */
export function playableBuffered(result: AdvisedResult): { offsets: number[]; playable: Playable } | undefined {
  const { storeBuffers } = result;
  const [of] = storeBuffers?.wrong ?? [];
  if (storeBuffers === undefined || of === undefined || of.schedule !== storeBuffers.schedule) return undefined;
  const waiting = storeBuffers.trace.flatMap(({ buffer, offset }) => (buffer === 'waits' ? [offset] : []));
  return {
    offsets: [...new Set(waiting)],
    playable: {
      id: findingId(result, { kind: 'wrong-outcome', of, buffered: true }),
      what: l10n.t('wrong outcome with store buffers'),
      schedule: of.schedule,
    },
  };
}

/** None where every schedule shows it: there is none to play. */
export function playActions(module: Uri, { id, what, schedule }: Playable): CodeAction[] {
  if (schedule === '') return [];
  const play = l10n.t('Play the schedule that shows the {0}', what);
  const replay = l10n.t('Replay schedule {0} ({1})', schedule, what);
  return [
    commandOf(play, 'wasm-hazards.playSchedule', module.toString(), id),
    commandOf(replay, 'wasm-hazards.replaySchedule', module.toString(), schedule),
  ].map((command) => {
    const action = new CodeAction(command.title, CodeActionKind.QuickFix);
    action.command = command;
    return action;
  });
}
