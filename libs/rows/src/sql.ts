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

/**
 * SQL: the value is one of these; NULL of NULL. Instead of `IN`, of which DuckDB makes a join where it lists five values
 * or more: beside the time it takes, rows no longer come in the order of the file, and their numbers are of others.
 */
export function isOneOf(value: string, list: readonly string[]): string {
  return `list_contains(${sqlList(list)}, ${value})`;
}
