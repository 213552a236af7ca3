import type { Methodology } from '@hotline/methodology';
import { dependents } from '@hotline/rows';
import type { CommittedRows, DatasetId, FilePrint, MergeResult, RowPool, Segment, SegmentFact } from '@hotline/rows';
import type { ClosedMonths } from './retention/closed-months.js';

/** Segments and facts that follow from the list of committed imports. */
export interface DerivedRows {
  /** Rebuilt months; null: no row of that month is left. */
  readonly segments: readonly { readonly month: string; readonly segment: MergeResult['segment'] }[];
  /** (dataset, month) pairs whose facts are replaced as a whole. */
  readonly factMonths: readonly { readonly dataset: DatasetId; readonly month: string }[];
  readonly facts: readonly SegmentFact[];
}

export interface Derivation {
  readonly methodology: Methodology;
  readonly dataset: DatasetId;
  /** The import that comes onto or off the list. */
  readonly changed: CommittedRows;
  /** It comes onto the list, as the last of it. */
  readonly joins: boolean;
  /** The list of this dataset as it will be, oldest first. */
  readonly committed: readonly CommittedRows[];
  /** Every segment of the tenant as it stands. */
  readonly segments: readonly Segment[];
  /** What the files of imports and segments held when they were written. */
  readonly stored: readonly FilePrint[];
  /** Months whose rows are gone for good: nothing of them is derived anew. */
  readonly closed: ClosedMonths;
  /** Path for the merged file of a month. */
  readonly segmentPath: (month: string) => string;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => Promise<void>;
}

/** Works out what changes in segments and facts when one import comes onto or off the list; writes files, touches no pointer. */
export async function deriveRows(pool: RowPool, derivation: Derivation): Promise<DerivedRows> {
  const { dataset, methodology, changed, committed, signal, stored, closed } = derivation;
  const affected = await pool.run({ kind: 'affected', dataset, changed, committed }, { signal, stored });
  const months = affected.filter((month) => !closed.has(dataset, month));

  const rebuilt: { month: string; segment: MergeResult['segment'] }[] = [];
  const differing: string[] = [];
  for (const [index, month] of months.entries()) {
    await derivation.progress(index, months.length);
    const unmerged = joinedMonth(derivation, month);
    const { segment } =
      unmerged ??
      (await pool.run(
        { kind: 'merge', dataset, month, committed, out: derivation.segmentPath(month) },
        { signal, stored },
      ));
    rebuilt.push({ month, segment });
    if (unmerged?.same !== true) differing.push(month);
  }

  const replaced = new Set(months);
  const segments: Segment[] = [
    ...derivation.segments.filter((segment) => segment.dataset !== dataset || !replaced.has(segment.month)),
    ...rebuilt.flatMap(({ segment }) => (segment ? [segment] : [])),
  ];

  const factMonths = [
    ...differing.map((month) => ({ dataset, month })),
    ...dependents({ methodology, dataset, months: differing, segments }).filter(
      (pair) => !closed.has(pair.dataset, pair.month),
    ),
  ];
  const facts: SegmentFact[] = [];
  for (const factDataset of new Set(factMonths.map((pair) => pair.dataset))) {
    const ofDataset = factMonths.filter((pair) => pair.dataset === factDataset).map((pair) => pair.month);
    const found = await pool.run(
      { kind: 'facts', methodology, dataset: factDataset, months: [...new Set(ofDataset)], segments },
      { signal, stored },
    );
    // Not push(...found): a year of facts is more than a call takes as arguments.
    for (const fact of found) facts.push(fact);
  }
  return { segments: rebuilt, factMonths, facts };
}

/**
 * The segment of a month that needs no merge. The rows of an import that joins come last, so all of them count: where the
 * month had no row before, they are all there is. Where the segment holds the very bytes of its file, nothing changes:
 * equal rows are written as equal bytes. The facts then stay what they are.
 */
function joinedMonth(
  { joins, changed, dataset, segments, stored }: Derivation,
  month: string,
): (MergeResult & { readonly same: boolean }) | null {
  const file = joins ? changed.months.find((each) => each.month === month && each.rows > 0) : undefined;
  const printOf = (path: string | undefined) => stored.find((print) => print.file === path);
  const print = printOf(file?.file);
  if (!file || !print) return null;
  const segment = { dataset, ...file, sha256: print.sha256, bytes: print.bytes };
  const current = segments.find((each) => each.dataset === dataset && each.month === month);
  if (current === undefined) return { segment, same: false };
  return printOf(current.file)?.sha256 === print.sha256 ? { segment, same: true } : null;
}
