/** Sentences with names in backticks, which are set as code. Names come from modules: text nodes only. */

/** Inline text; a backtick without a partner stays. */
export function Prose({ text }: { text: string }) {
  const parts = text.split(/`([^`]*)`/);
  return <>{parts.map((part, nth) => (nth % 2 === 1 ? <code key={nth}>{part}</code> : part))}</>;
}
