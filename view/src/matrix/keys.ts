/** Moves in the grid by keys, as in the ARIA pattern for grids: arrows, Home and End, with Ctrl, Page Up and Down. */

/** A cell; -1 is the name of the line or of the column. */
export interface GridPlace {
  row: number;
  column: number;
}

/** Size of the grid without its names, and how many lines are in sight. */
export interface GridSize {
  rows: number;
  columns: number;
  page: number;
}

/** Where a key leads; undefined where it is no move. */
export function moved({ row, column }: GridPlace, key: string, ctrl: boolean, size: GridSize): GridPlace | undefined {
  const to = (nextRow: number, nextColumn: number): GridPlace => ({
    row: Math.max(-1, Math.min(nextRow, size.rows - 1)),
    column: Math.max(-1, Math.min(nextColumn, size.columns - 1)),
  });
  switch (key) {
    case 'ArrowUp':
      // The corner has no name.
      return row === 0 && column === -1 ? to(0, -1) : to(row - 1, column);
    case 'ArrowDown':
      return to(row + 1, column);
    case 'ArrowLeft':
      return row === -1 && column === 0 ? to(-1, 0) : to(row, column - 1);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'Home':
      return ctrl ? to(0, -1) : to(row, row === -1 ? 0 : -1);
    case 'End':
      return ctrl ? to(size.rows - 1, size.columns - 1) : to(row, size.columns - 1);
    case 'PageUp':
      return to(Math.max(row - size.page, Math.min(row, 0)), column);
    case 'PageDown':
      return to(row + size.page, column);
    default:
      return undefined;
  }
}
