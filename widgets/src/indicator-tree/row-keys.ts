// Rows are buttons, so Tab, Enter and Space work by themselves; arrows move as in a tree, for those who expect it.

function openState(row: HTMLButtonElement): boolean {
  return row.getAttribute('aria-expanded') === 'true';
}

function neighbour(
  rows: readonly HTMLButtonElement[],
  row: HTMLButtonElement,
  key: string,
): HTMLButtonElement | undefined {
  const position = rows.indexOf(row);
  const path = row.dataset['path'] ?? '';
  switch (key) {
    case 'ArrowDown':
      return rows[position + 1];
    case 'ArrowUp':
      return position === 0 ? undefined : rows[position - 1];
    case 'Home':
      return rows[0];
    case 'End':
      return rows.at(-1);
    case 'ArrowRight': {
      if (!openState(row)) return row;
      const below = rows[position + 1];
      return below?.dataset['path']?.startsWith(`${path}.`) === true ? below : undefined;
    }
    case 'ArrowLeft':
      if (openState(row)) return row;
      return rows.find(({ dataset }) => dataset['path'] === path.slice(0, path.lastIndexOf('.')));
    default:
      return undefined;
  }
}

/**
 * Up and down: the row before or after. Home and end: the first and the last. Right: opens, then goes to the first row
 * below. Left: closes, then goes to the row above.
 */
export function moveAlongRows(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (!(event.target instanceof HTMLButtonElement) || !(event.currentTarget instanceof HTMLElement)) return;
  const row = event.target;
  if (row.dataset['path'] === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button[data-path]')];
  const next = neighbour(rows, row, event.key);
  if (next === undefined) return;
  event.preventDefault();
  if (next === row) row.click();
  else next.focus();
}
