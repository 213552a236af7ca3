/**
 * The only door by which an identifier or a value reaches a DuckDB statement as text. Everything else in a statement is
 * a literal of this program; values that may be secret (hash keys) go as bound parameters.
 */
export function sqlId(name: string): string {
  if (name.length === 0 || name.includes('\0')) throw new Error('an identifier must be filled and free of NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

export function sqlText(value: string): string {
  if (value.includes('\0')) throw new Error('a text value must be free of NUL');
  return `'${value.replaceAll("'", "''")}'`;
}

export function sqlNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`not a finite number: ${value}`);
  return Object.is(value, -0) ? '0' : String(value);
}

export function sqlList(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}
