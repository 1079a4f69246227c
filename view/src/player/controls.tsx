/** Buttons and scrubber of the player. */

import type { StepView } from '../../../core/report/view/scheduleSteps.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ViewHost } from '../host.ts';
import type { Playback } from './usePlayback.ts';

/** What the controls show and do. */
interface ControlsProps {
  playback: Playback;
  host: ViewHost;
  /** Index of the current step, and of the last. */
  step: number;
  last: number;
  /** The current step, if it is not folded. */
  current: StepView | undefined;
  running: boolean;
  follows: boolean;
  setFollows(follows: boolean): void;
  folds: number;
  allUnfolded: boolean;
  onUnfoldAll(): void;
  onSeek(step: number): void;
  onSave(): void;
  replay(): void;
}

/** A toolbar; each control has a name. */
export function Controls(props: ControlsProps) {
  const { playback, host, step, last, current, running, follows, setFollows, folds, allUnfolded } = props;
  const { playing } = playback;
  return (
    <div class="controls" role="toolbar" aria-label={t('Schedule')}>
      <span class="buttons">
        <IconButton label={t('First step')} path="M4 3v10M13 3L6 8l7 5z" onClick={playback.first} />
        <IconButton label={t('Previous step')} path="M12 3L5 8l7 5z" onClick={() => playback.move(-1)} />
        {playing ? (
          <IconButton label={t('Pause')} path="M5 3v10M11 3v10" onClick={playback.pause} />
        ) : (
          <IconButton label={t('Play')} path="M4 2l9 6-9 6z" filled onClick={playback.play} />
        )}
        <IconButton label={t('Next step')} path="M4 3l7 5-7 5z" onClick={() => playback.move(1)} />
        <IconButton label={t('Last step')} path="M12 3v10M3 3l7 5-7 5z" onClick={playback.last} />
      </span>
      <input
        type="range"
        class="scrubber"
        aria-label={t('Step')}
        min={1}
        max={last + 1}
        value={step + 1}
        aria-valuetext={t('Step {0} of {1}', step + 1, last + 1)}
        onInput={({ currentTarget }) => {
          playback.pause();
          props.onSeek(Number(currentTarget.value) - 1);
        }}
      />
      <span class="counter" aria-hidden="true">
        {step + 1} / {last + 1}
      </span>
      {host.can.reveal && (
        <>
          <label class="follows">
            <input
              type="checkbox"
              checked={follows}
              onChange={({ currentTarget }) => setFollows(currentTarget.checked)}
            />{' '}
            {t('Editor follows')}
          </label>
          {current?.offset !== undefined && (
            <button type="button" onClick={() => host.reveal({ offset: current.offset ?? 0 })}>
              {t('Go to instruction')}
            </button>
          )}
          {current?.source !== undefined && (
            <button type="button" onClick={() => host.reveal({ offset: current.offset ?? 0, source: true })}>
              {t('Go to source')}
            </button>
          )}
        </>
      )}
      {folds > 0 && (
        <button type="button" onClick={props.onUnfoldAll}>
          {allUnfolded ? t('Fold steps') : t('Show all steps')}
        </button>
      )}
      {host.can.replay && (
        <button type="button" disabled={running} onClick={props.replay}>
          {running ? t('Replaying') : t('Replay')}
        </button>
      )}
      {host.can.save && (
        <button type="button" onClick={props.onSave}>
          {t('Save as SVG')}
        </button>
      )}
    </div>
  );
}

function IconButton(props: { label: string; path: string; filled?: boolean; onClick(): void }) {
  const { label, path, filled, onClick } = props;
  return (
    <button type="button" class="icon" aria-label={label} title={label} onClick={onClick}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} class={filled ? 'filled' : ''} />
      </svg>
    </button>
  );
}
