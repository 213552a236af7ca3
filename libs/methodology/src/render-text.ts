import type { Methodology } from './methodology.js';
import type { Names, Provenance, ProvenanceKind } from './provenance.js';

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

export function names({ zh, en }: Names): string {
  return `${zh} ${en}`;
}

export function numberText(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** A share of 0–1 in per cent with at most two decimals. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

export function kindText(kind: ProvenanceKind, { provenanceKinds }: Methodology): string {
  const words = provenanceKinds[kind];
  return words ? `${words.zh} ${kind}` : kind;
}

/** Where a number comes from: `推定 assumption · 本方法自定 (7 days)`. */
export function sourcedText(provenance: Provenance | undefined, methodology: Methodology): string {
  if (!provenance) return '';
  const { kind, source, note } = provenance;
  const keys = typeof source === 'string' ? [source] : source;
  const titles = keys.map((key) => methodology.sources[key]?.title.zh ?? key).join('、');
  return `${kindText(kind, methodology)} · ${titles}${note ? ` (${note})` : ''}`;
}

export function bullet(label: string, value: string, provenance: Provenance, methodology: Methodology): string {
  return `- ${label}: **${value}**（${sourcedText(provenance, methodology)}）`;
}
