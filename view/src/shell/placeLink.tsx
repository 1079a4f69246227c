/** A place of the module, as a button where the host can lead there. */
import type { PlaceView } from '../../../core/report/view/runModel.ts';
import type { ViewHost } from '../host.ts';

/** `label`: what assistive technology says where the text alone is not enough. */
export function PlaceLink({
  place: { text, offset },
  host,
  label,
}: {
  place: PlaceView;
  host: ViewHost;
  label?: string;
}) {
  if (offset === undefined || !host.can.reveal) return <span class="place">{text}</span>;
  return (
    <button type="button" class="link place" aria-label={label} onClick={() => host.reveal({ offset })}>
      {text}
    </button>
  );
}
