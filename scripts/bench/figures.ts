/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB' | 'jobs';
  /** What it is compared with, measured in the same run, in the same unit; null: nothing. */
  readonly baseline: number | null;
  /** value / baseline; null where the baseline is only told, as memory at idle is. */
  readonly ratio: number | null;
  /** The most that `ratio` may be; of a figure without a ratio, the most that `value` may be. */
  readonly reach: number;
  readonly ok: boolean;
}

/** A figure that must keep below `reach` times another of the same run. */
export function relative(name: string, value: number, unit: Figure['unit'], baseline: number, reach: number): Figure {
  const ratio = value / baseline;
  return { name, value, unit, baseline, ratio, reach, ok: ratio <= reach };
}

/** A figure that must keep below `reach` by itself. */
export function absolute(
  name: string,
  value: number,
  unit: Figure['unit'],
  reach: number,
  baseline: number | null = null,
): Figure {
  return { name, value, unit, baseline, ratio: null, reach, ok: value <= reach };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const other = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (middle === undefined || other === undefined) throw new RangeError('the median of nothing is not known');
  return (middle + other) / 2;
}

/** The figures as a table for people. */
export function table(figures: readonly Figure[]): string {
  const header = ['name', 'value', 'unit', 'baseline', 'ratio', 'reach', 'ok'];
  const lines = figures.map((figure) => [
    figure.name,
    shown(figure.value),
    figure.unit,
    figure.baseline === null ? '–' : shown(figure.baseline),
    figure.ratio === null ? '–' : `${figure.ratio.toFixed(2)} ×`,
    figure.ratio === null ? `≤ ${figure.reach} ${figure.unit}` : `≤ ${figure.reach} ×`,
    figure.ok ? 'yes' : 'NO',
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === 2 || column === 6 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return [row(header), widths.map((width) => '-'.repeat(width)).join('  '), ...lines.map(row)].join('\n');
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
