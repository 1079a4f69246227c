/** A bar of a chart, with its value in words beside it. */

interface BarProps {
  /** 0 to 1. */
  share: number;
  kind: 'bad' | 'plain';
  text: string;
  title?: string;
  /** Where measurements began and ended, 0 to 1. */
  spread?: { from: number; to: number };
}

const percent = (share: number): string => `${Math.min(1, Math.max(0, share)) * 100}%`;

/** What is not zero is never drawn as nothing. */
export function Bar({ share, kind, text, title, spread }: BarProps) {
  return (
    <span class="bar-row" title={title}>
      <span class="bar-track" aria-hidden="true">
        <span class={`bar bar-${kind}`} style={{ width: share > 0 ? `max(2px, ${percent(share)})` : '0' }} />
        {spread !== undefined && (
          <span class="bar-spread" style={{ left: percent(spread.from), width: percent(spread.to - spread.from) }} />
        )}
      </span>
      <span class="bar-text">{text}</span>
    </span>
  );
}
