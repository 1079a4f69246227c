/** Signs beside words, so that colour never says anything alone. Decorative: the words are there, too. */

/** What a sign says. */
export type Sign = 'bad' | 'warn' | 'unknown' | 'good' | 'info';

const PATHS: Readonly<Record<Sign, string>> = {
  bad: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6',
  warn: 'M8 2 1.5 14h13L8 2zM8 6.5v3.6M8 11.6v.9',
  unknown: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM6 6.2c0-2.9 4.2-2.6 4.2-.1 0 1.6-2.1 1.6-2.1 3.2M8 11v.9',
  good: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM4.9 8.2l2.1 2.2 4.1-4.6',
  info: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 7.2v4M8 4.6v.9',
};

/** A sign of the size of the text around it, in the colour of its meaning. */
export function SignIcon({ sign }: { sign: Sign }) {
  return (
    <svg class={`sign sign-${sign}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[sign]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
