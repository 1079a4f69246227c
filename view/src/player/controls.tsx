/** Buttons and scrubber of the player. */

import type { StepView } from '../../../core/report/view/scheduleSteps.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ViewHost } from '../host.ts';
import { IconButton } from './iconButton.tsx';
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
  /** Some step comes from a line of a source. */
  hasSource: boolean;
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

const EYE = 'M2 8s2-4.5 6-4.5S14 8 14 8s-2 4.5-6 4.5S2 8 2 8zM8 6a2 2 0 100 4 2 2 0 000-4z';

/** A toolbar of one line, of two where there is little room; each control has a name. */
export function Controls(props: ControlsProps) {
  return (
    <div class="controls" role="toolbar" aria-label={t('Schedule')}>
      <Transport {...props} />
      <Actions {...props} />
    </div>
  );
}

function Transport({ playback, step, last, onSeek }: ControlsProps) {
  return (
    <span class="transport">
      <span class="buttons">
        <IconButton label={t('First step')} path="M4 3v10M13 3L6 8l7 5z" onClick={playback.first} />
        <IconButton label={t('Previous step')} path="M12 3L5 8l7 5z" onClick={() => playback.move(-1)} />
        {playback.playing ? (
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
        onInput={({ currentTarget }) => onSeek(Number(currentTarget.value) - 1)}
      />
      <span class="counter" aria-hidden="true">
        {step + 1} / {last + 1}
      </span>
    </span>
  );
}

function Actions(props: ControlsProps) {
  const { host, current, hasSource, running, follows, setFollows, folds, allUnfolded } = props;
  const offset = current?.offset;
  return (
    <span class="buttons">
      {host.can.reveal && (
        <>
          <IconButton
            label={t('Editor follows')}
            path={follows ? EYE : `${EYE}M3 13.5L13 2.5`}
            pressed={follows}
            onClick={() => setFollows(!follows)}
          />
          <IconButton
            label={t('Go to instruction')}
            path="M2 8h8M7 4.5L10.5 8 7 11.5M13.5 2.5v11"
            disabled={offset === undefined}
            onClick={() => offset !== undefined && host.reveal({ offset })}
          />
          {hasSource && (
            <IconButton
              label={t('Go to source')}
              path="M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5M9 3L7 13"
              disabled={offset === undefined || current?.source === undefined}
              onClick={() => offset !== undefined && host.reveal({ offset, source: true })}
            />
          )}
        </>
      )}
      {folds > 0 && (
        <IconButton
          label={allUnfolded ? t('Fold steps') : t('Show all steps')}
          path={allUnfolded ? 'M4 2.5l4 4 4-4M4 13.5l4-4 4 4' : 'M4 6l4-4 4 4M4 10l4 4 4-4'}
          onClick={props.onUnfoldAll}
        />
      )}
      {host.can.replay && (
        <IconButton
          label={running ? t('Replaying') : t('Replay')}
          path="M13 8a5 5 0 11-1.5-3.5L13 6M13 2.5V6H9.5"
          disabled={running}
          onClick={props.replay}
        />
      )}
      {host.can.save && (
        <IconButton label={t('Save as SVG')} path="M8 2v8M4.5 6.5L8 10l3.5-3.5M3 13.5h10" onClick={props.onSave} />
      )}
    </span>
  );
}
