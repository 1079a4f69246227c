/** Plays the schedule of one finding: step by step with keys, buttons or by itself, with what each step means. */

import { useCallback, useEffect, useId, useMemo, useState } from 'preact/hooks';
import type { FindingView } from '../../../core/report/view/scheduleFindings.ts';
import { type FoldView, foldsOf } from '../../../core/report/view/scheduleFolds.ts';
import { openingStep, toldOf } from '../../../core/report/view/scheduleLinks.ts';
import { laneRows, rowOfStep } from '../../../core/report/view/scheduleRows.ts';
import { scheduleSvg } from '../../../core/report/view/scheduleSvg.ts';
import type { ScheduleView, TraceView } from '../../../core/report/view/scheduleView.ts';
import { stepSentences } from '../../../core/report/view/stepText.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ViewHost } from '../host.ts';
import { Controls } from './controls.tsx';
import { followStep } from './follow.ts';
import { Lanes } from './lanes.tsx';
import { MarkLegend } from './mark.tsx';
import { OutcomePanel } from './outcomePanel.tsx';
import { useTrace } from './traces.ts';
import { usePlayback } from './usePlayback.ts';
import './player.css';

/** What the player needs. */
interface SchedulePlayerProps {
  schedule: ScheduleView;
  finding: FindingView;
  host: ViewHost;
}

/** The player of one finding; give it a key, so that another finding begins anew. */
export function SchedulePlayer({ schedule, finding, host }: SchedulePlayerProps) {
  const shown = useTrace(schedule, finding, host);
  const { trace, running, replayed, failure, replay } = shown;
  return (
    <section class="player" aria-label={finding.title}>
      <header class="player-head">
        <h3>{finding.title}</h3>
        {finding.detail.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </header>
      {trace !== undefined && trace.steps.length > 0 ? (
        <Steps key={trace.schedule} {...{ schedule, finding, host, trace, running, replay }} />
      ) : (
        <NoTrace {...{ schedule, finding, host, running, replay, failure }} />
      )}
      {replayed !== undefined && !running && (
        <p class="replayed" role="status">
          {replayed.same
            ? t('The schedule was run again and showed the same.')
            : t('The schedule was run again and did not show this finding: {0}.', replayed.verdict)}
        </p>
      )}
      {failure !== undefined && trace !== undefined && (
        <p class="replayed failed" role="status">
          {failure}
        </p>
      )}
      <OutcomePanel schedule={schedule} finding={finding} trace={trace} />
    </section>
  );
}

/** Where there are no steps to show, and why. */
function NoTrace({
  schedule,
  finding,
  host,
  running,
  replay,
  failure,
}: SchedulePlayerProps & { running: boolean; replay(): void; failure: string | undefined }) {
  if (finding.schedule === '')
    return <p class="note">{t('Every schedule shows this, so there are no steps to play.')}</p>;
  if (running) return <p role="status">{t('Running the schedule')}</p>;
  if (failure !== undefined)
    return (
      <p role="status">
        {failure}{' '}
        <button type="button" onClick={replay}>
          {t('Try again')}
        </button>
      </p>
    );
  if (host.can.replay) return null;
  return (
    <p class="note">
      {t('This file does not have the steps of this finding. To see them, run:')}{' '}
      <code>{`${schedule.replay} --schedule ${finding.schedule}`}</code>
    </p>
  );
}

/** What the steps need beside the finding. */
interface StepsProps extends SchedulePlayerProps {
  trace: TraceView;
  running: boolean;
  replay(): void;
}

const NONE: ReadonlySet<number> = new Set();

function Steps({ schedule, finding, host, trace, running, replay }: StepsProps) {
  const id = useId();
  const { steps } = trace;
  const { meanings, links } = useMemo(() => toldOf(steps, finding, schedule.together), [steps, finding, schedule]);
  const folds = useMemo(() => foldsOf(steps, new Set(links.flatMap(({ from, to }) => [from, to]))), [steps, links]);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(NONE);
  const [follows, setFollows] = useState(host.restore('playerFollows') !== false);
  const rows = useMemo(
    () => laneRows(steps.length, folds, links, ({ from }) => unfolded.has(from)),
    [steps, folds, links, unfolded],
  );
  const [at, setAt] = useState(() => openingStep(steps, finding, links));
  const current = rowOfStep(rows, at);
  const go = useCallback(
    (row: number) => {
      setAt(rows[row].at);
      if (follows) followStep(host, steps[rows[row].at]);
    },
    [rows, steps, host, follows],
  );
  const playback = usePlayback(rows, current, go);
  const sentenceOf = (nth: number): string => {
    const step = steps[nth];
    const call = schedule.lanes[step.caller]?.steps[step.call] ?? '';
    return `${t('Step {0} of {1}', nth + 1, steps.length)}. ${stepSentences(step, call, meanings.get(nth))}`;
  };
  const unfold = (row: number): void => {
    const found = rows[row];
    if (found?.kind === 'fold') setUnfolded((all) => new Set(all).add(found.fold.from));
  };
  const allUnfolded = folds.every(({ from }) => unfolded.has(from));
  useEffect(() => host.keep('playerFollows', follows), [host, follows]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, target, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey || !isForSteps(target, key)) return;
    const move = {
      ArrowDown: () => playback.move(1),
      ArrowRight: () => playback.move(1),
      ArrowUp: () => playback.move(-1),
      ArrowLeft: () => playback.move(-1),
      PageDown: () => playback.move(1, 10),
      PageUp: () => playback.move(-1, 10),
      Home: playback.first,
      End: playback.last,
      ' ': playback.playing ? playback.pause : playback.play,
      Enter: () => unfold(current),
    }[key];
    if (move === undefined) return;
    move();
    event.preventDefault();
  };
  const row = rows[current];
  const sentence = row?.kind === 'fold' ? `${foldText(row.fold)}.` : sentenceOf(at);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a field set is for forms
    <div class="steps" role="group" aria-label={t('Steps')} onKeyDown={onKeyDown}>
      <Controls
        {...{ playback, running, follows, setFollows, host, replay }}
        step={row?.at ?? 0}
        last={steps.length - 1}
        onSeek={(step) => playback.jump(rowOfStep(rows, step))}
        folds={folds.length}
        allUnfolded={allUnfolded}
        onUnfoldAll={() => setUnfolded(allUnfolded ? NONE : new Set(folds.map(({ from }) => from)))}
        onSave={() =>
          host.saveSvg(`schedule ${finding.schedule}`, scheduleSvg({ view: schedule, finding, trace, rows, links }))
        }
        current={row?.kind === 'step' ? steps[row.at] : undefined}
        hasSource={steps.some(({ source }) => source !== undefined)}
      />
      <p class="sentence" role="status" aria-live="polite">
        {sentence}
      </p>
      <Lanes
        {...{ id, steps, rows, links, current, sentenceOf }}
        lanes={schedule.lanes}
        onSelect={playback.jump}
        onUnfold={unfold}
      />
      <MarkLegend kinds={[...new Set(steps.map(({ kind }) => kind))]} />
    </div>
  );
}

const foldText = ({ from, to, text }: FoldView): string => t('Steps {0} to {1}: {2}', from + 1, to, text);

/** Keys that a control needs itself are not for the steps. */
function isForSteps(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return false;
  if (target instanceof HTMLButtonElement) return key !== ' ' && key !== 'Enter';
  return true;
}
