import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMethodology, scoringMethod } from '@hotline/methodology';
import type { Methodology } from '@hotline/methodology';
import { datasetIds, FileRefused, RowPool } from '@hotline/rows';
import type { CheckResult, CommittedRows, DatasetId, FileLayout, Refusal, Segment, SegmentFact } from '@hotline/rows';
import { scoreCity } from '@hotline/scoring';
import type { Assessment, Period } from '@hotline/scoring';
import { readFolder } from './read-folder.js';
import type { DataFolder } from './read-folder.js';
import { AssessError } from './sentence.js';

export interface FolderRequest {
  readonly city: string;
  readonly period: Period;
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told the name of each file before it is read. */
  readonly reading?: (file: string) => void;
}

export interface FileImport {
  readonly file: string;
  /** null: the file was refused whole. */
  readonly result: CheckResult | null;
  readonly refusal: Refusal | null;
}

export interface FolderAssessment {
  readonly methodology: Methodology;
  readonly assessment: Assessment;
  readonly imports: readonly FileImport[];
}

/**
 * Scores a folder of files on the path that uploads take: check, merge, facts, samples, score. Nothing is kept. Throws
 * AssessError with a sentence for the person, or the reason of the signal.
 */
export async function assessFolder(request: FolderRequest): Promise<FolderAssessment> {
  const folder = await readFolder(request.folder);
  const work = await mkdtemp(join(tmpdir(), 'hotline-assess-'));
  try {
    const pool = new RowPool({ size: 1, scratchDir: work });
    try {
      return await assess(request, folder, pool, work);
    } finally {
      await pool.close();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function assess(
  request: FolderRequest,
  folder: DataFolder,
  pool: RowPool,
  work: string,
): Promise<FolderAssessment> {
  const { period, signal } = request;
  const methodology = loadMethodology();
  const imports = await importFiles(request, folder, pool, work);
  const accepted = imports.flatMap(({ result }) => (result && result.counts.accepted > 0 ? [result] : []));
  if (accepted.length === 0) {
    const refused = imports.flatMap(({ file, refusal }) => (refusal ? [{ file, refusal }] : []));
    throw new AssessError('nothing_accepted', {}, 1, refused);
  }
  const segments = await mergeAll(accepted, pool, work, signal);
  const facts = await countAll(methodology, segments, pool, signal);
  const samples = await pool.run({ kind: 'samples', methodology, period, segments }, { signal });

  const counted = facts.some((fact) => fact.day >= period.start && fact.day < period.end);
  if (!counted && Object.keys(samples.samples).length === 0 && samples.channels.length === 0) {
    throw withoutData(period, accepted);
  }
  const method = scoringMethod(methodology);
  const seed = seedOf(request.city, period, method.digest);
  return { methodology, assessment: scoreCity(method, { period, facts, ...samples }, { seed }), imports };
}

/** Checks every file in the order of the names: a later file replaces what an earlier one said about the same key. */
async function importFiles(
  request: FolderRequest,
  folder: DataFolder,
  pool: RowPool,
  work: string,
): Promise<readonly FileImport[]> {
  // Nothing is stored, so nobody ever needs to find the same hash again.
  const hashKey = randomBytes(32).toString('hex');
  const uploadedAt = new Date().toISOString();
  const imports: FileImport[] = [];
  const segments: Segment[] = [];
  const layouts = datasetIds.flatMap((dataset): FileLayout[] => {
    const mapping = folder.mappings[dataset];
    return mapping ? [{ id: dataset, dataset, headers: null, mapping }] : [];
  });
  for (const [index, file] of folder.files.entries()) {
    request.reading?.(file);
    const outDir = join(work, `import-${index}`);
    await mkdir(outDir);
    const own = folder.mappings[file];
    try {
      const result = await pool.run(
        {
          kind: 'check',
          file: join(request.folder, file),
          fileName: file,
          hashKey,
          uploadedAt,
          outDir,
          segments,
          ...(own ? { mapping: own } : { layouts }),
        },
        { signal: request.signal },
      );
      imports.push({ file, result, refusal: null });
      segments.push(...result.months.map((month) => ({ dataset: result.dataset, ...month })));
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error;
      imports.push({ file, result: null, refusal: error.refusal });
    }
  }
  return imports;
}

async function mergeAll(
  accepted: readonly CheckResult[],
  pool: RowPool,
  work: string,
  signal: AbortSignal,
): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  for (const dataset of datasetIds) {
    const committed: readonly CommittedRows[] = accepted.filter((result) => result.dataset === dataset);
    const months = new Set(committed.flatMap((rows) => rows.months.map((month) => month.month)));
    for (const month of [...months].sort()) {
      const out = join(work, `${dataset}-${month}.parquet`);
      const { segment } = await pool.run({ kind: 'merge', dataset, month, committed, out }, { signal });
      if (segment) segments.push(segment);
    }
  }
  return segments;
}

async function countAll(
  methodology: Methodology,
  segments: readonly Segment[],
  pool: RowPool,
  signal: AbortSignal,
): Promise<readonly SegmentFact[]> {
  const facts: SegmentFact[] = [];
  for (const dataset of new Set<DatasetId>(segments.map((segment) => segment.dataset))) {
    const months = segments.filter((segment) => segment.dataset === dataset).map((segment) => segment.month);
    const found = await pool.run({ kind: 'facts', methodology, dataset, months, segments }, { signal });
    // Not push(...found): a year of facts is more than a call takes as arguments.
    for (const fact of found) facts.push(fact);
  }
  return facts;
}

function withoutData(period: Period, accepted: readonly CheckResult[]): AssessError {
  // A city profile is of a year; it says nothing about what can be assessed.
  const dated = accepted.filter((result) => result.dataset !== 'city_profile');
  const days = dated.flatMap(({ firstDay, lastDay }) => [firstDay, lastDay]).filter((day) => day !== null);
  days.sort();
  return new AssessError('period_without_data', { ...period, first: days[0] ?? '?', last: days.at(-1) ?? '?' });
}

/** The same files, period and method always draw the same replicates. */
function seedOf(city: string, period: Period, digest: string): number {
  return createHash('sha256').update(`${city} ${period.start} ${period.end} ${digest}`).digest().readUInt32LE(0);
}
