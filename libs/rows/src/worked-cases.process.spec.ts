import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { expandCase, loadMethodology, relaxedMethod, scoringMethod, workedCases } from '@hotline/methodology';
import type { WorkedCase } from '@hotline/methodology';
import { datasetIds, datasetSpec, dictionary, RowPool } from '@hotline/rows';
import type { CheckResult, DatasetId, Segment, SegmentFact } from '@hotline/rows';
import { scoreCity } from '@hotline/scoring';
import type { Assessment } from '@hotline/scoring';

type Cells = Readonly<Record<string, string>>;

/** How a centre writes its files. */
interface Writing {
  readonly name: string;
  readonly header: (dataset: DatasetId, column: string) => string;
  readonly cell: (dataset: DatasetId, column: string, cell: string) => string;
  readonly encode: (lines: readonly (readonly string[])[]) => Buffer;
}

const canonical: Writing = {
  name: 'canonical CSV',
  header: (_, column) => column,
  cell: (_, __, cell) => cell,
  encode: (lines) => Buffer.from(lines.map((line) => `${line.join(',')}\n`).join(''), 'utf8'),
};

const chinese: Writing = {
  name: 'GB18030 with Chinese headers and words',
  header: (dataset, column) => spec(dataset, column).zh,
  cell: (dataset, column, cell) => {
    const codes = dictionary().enums[spec(dataset, column).enum ?? '']?.codes ?? [];
    const word = codes.find(({ code }) => code === cell)?.zh;
    if (word !== undefined) return word;
    return spec(dataset, column).type === 'boolean' ? ({ true: '是', false: '否' }[cell] ?? cell) : cell;
  },
  encode: (lines) =>
    iconv.encode(lines.map((line) => line.map((cell) => `"${cell}"`).join(';')).join('\r\n'), 'gb18030'),
};

function spec(dataset: DatasetId, column: string) {
  const found = datasetSpec(dataset).columns.find((each) => each.id === column);
  if (!found) throw new Error(`no column ${dataset}.${column}`);
  return found;
}

let work: string;
let pool: RowPool;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'worked-cases-'));
  pool = new RowPool({ size: 1, scratchDir: work, tasksPerProcess: 1000 });
});
afterAll(async () => {
  await pool.close();
  await rm(work, { recursive: true, force: true });
});

let files = 0;
async function check(dataset: DatasetId, rows: readonly Cells[], writing: Writing): Promise<CheckResult> {
  files += 1;
  const outDir = join(work, `check-${files}`);
  await mkdir(outDir);
  const columns = datasetSpec(dataset)
    .columns.map((column) => column.id)
    .filter((id) => rows.some((row) => id in row));
  const lines = [
    columns.map((column) => writing.header(dataset, column)),
    ...rows.map((row) => columns.map((column) => writing.cell(dataset, column, row[column] ?? ''))),
  ];
  const file = join(work, `upload-${files}`);
  await writeFile(file, writing.encode(lines));
  const result = await pool.run({
    kind: 'check',
    file,
    fileName: `${dataset}.csv`,
    dataset,
    hashKey: '5a'.repeat(32),
    uploadedAt: '2026-11-01T00:00:00+08:00',
    outDir,
    segments: [],
  });
  expect(result.counts).toMatchObject({ accepted: rows.length, refused: 0, duplicates: 0 });
  return result;
}

/** The whole way of an upload: check, merge, facts, samples, score. */
async function assess(example: WorkedCase, writing: Writing): Promise<Assessment> {
  const rows = expandCase(example);
  const segments: Segment[] = [];
  for (const dataset of datasetIds) {
    const committed = rows[dataset] ? [await check(dataset, rows[dataset], writing)] : [];
    for (const { month } of committed.flatMap((result) => result.months)) {
      const out = join(work, `segment-${files}-${month}.parquet`);
      const { segment } = await pool.run({ kind: 'merge', dataset, month, committed, out });
      if (segment) segments.push(segment);
    }
  }
  const methodology = loadMethodology();
  const facts: SegmentFact[] = [];
  for (const dataset of datasetIds) {
    const months = segments.filter((segment) => segment.dataset === dataset).map((segment) => segment.month);
    facts.push(...(await pool.run({ kind: 'facts', methodology, dataset, months, segments })));
  }
  const { period } = example;
  const samples = await pool.run({ kind: 'samples', methodology, period, segments });
  const method = relaxedMethod(scoringMethod(methodology), example);
  return scoreCity(method, { period, facts, ...samples }, { seed: 1, replicates: 0 });
}

/** Numbers agree to 1e-6; everything else must be the same. Only what the example names is compared. */
function expectToAgree(found: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number') {
    expect({ path, value: found }).toEqual({ path, value: expect.any(Number) });
    expect(Math.abs((found as number) - expected)).toBeLessThan(1e-6);
  } else if (Array.isArray(expected)) {
    expect({ path, value: [...(found as readonly string[])].sort() }).toEqual({
      path,
      value: (expected as readonly string[]).toSorted(),
    });
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [name, value] of Object.entries(expected)) {
      expectToAgree((found as Readonly<Record<string, unknown>> | undefined)?.[name], value, `${path}.${name}`);
    }
  } else {
    expect({ path, value: found ?? null }).toEqual({ path, value: expected ?? null });
  }
}

describe.each([canonical, chinese])('a worked example as $name', (writing) => {
  it.each(workedCases().map((example) => [example.id, example] as const))('%s', async (_, example) => {
    const assessment = await assess(example, writing);
    const { companions, ...expected } = example.expect;
    expectToAgree(assessment.indicators[example.indicator], expected, example.indicator);
    expectToAgree(assessment.companions, companions ?? {}, 'companions');
  });
});
