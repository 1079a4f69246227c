/** A button that is a picture, with its name for whoever asks for it: by mouse or by ear. */

/** What it shows and does. */
interface IconButtonProps {
  label: string;
  /** In a square of 16. */
  path: string;
  filled?: boolean;
  /** Of a button that stays pressed; absent for others. */
  pressed?: boolean;
  disabled?: boolean;
  onClick(): void;
}

/** Draws it. */
export function IconButton({ label, path, filled, pressed, disabled, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} class={filled ? 'filled' : ''} />
      </svg>
    </button>
  );
}
