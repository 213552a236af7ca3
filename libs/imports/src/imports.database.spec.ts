import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestContext } from '@hotline/platform';
import { RowPool, type DatasetId } from '@hotline/rows';
import fc from 'fast-check';
import pg from 'pg';
import { TestImports, type UploadedFile } from '../../../test/harness/test-imports.js';
import type { TestPlatform } from '../../../test/harness/test-platform.js';
import type { ImportEntity } from './import.entity.js';
import { segmentFile } from './import-files.js';
import type { ImportsService } from './imports.service.js';
import { SegmentEntity } from './segment.entity.js';

let testing: TestImports;
let platform: TestPlatform;
let imports: ImportsService;
beforeAll(async () => {
  testing = await TestImports.start();
  ({ platform, service: imports } = testing);
}, 60_000);
afterAll(() => testing.close());

async function commit(ctx: RequestContext, file: UploadedFile): Promise<ImportEntity> {
  const entity = await testing.receive(ctx, file);
  expect([entity.state, entity.refusal]).toEqual(['committed', null]);
  return entity;
}

/** Whatever is stored about a tenant's rows, free of what differs between tenants by design: ids, paths, keyed hashes. */
async function stored(ctx: RequestContext): Promise<{ rows: unknown; facts: unknown; months: unknown }> {
  const { tenantId } = ctx;
  const [segments, facts, months] = await platform.db.runReadOnly(ctx, async (manager) => [
    await manager.find(SegmentEntity, { where: { tenantId }, order: { dataset: 'ASC', month: 'ASC' } }),
    await manager.query<unknown[]>(
      `select methodology, dataset, month, series, day::text, stratum, after_day::text, until_day::text, n, total
         from daily_fact where tenant_id = $1 order by 2, 3, 4, 5, 6, 7, 8`,
      [tenantId],
    ),
    await manager.query<unknown[]>(
      `select methodology, dataset, month, series, first_day::text, stratum, after_day::text, until_day::text, n, total
         from month_fact where tenant_id = $1 order by 2, 3, 4, 5, 6, 7, 8`,
      [tenantId],
    ),
  ]);
  const rows: unknown[] = [];
  for (const segment of segments) {
    const { file } = segmentFile(segment, platform.files.pathFor(tenantId));
    const read = await platform.app.get(RowPool).run({ kind: 'read', file, offset: 0, limit: 10_000, where: {} });
    expect([segment.dataset, segment.month, read.total]).toEqual([segment.dataset, segment.month, segment.rows]);
    const plain = read.rows.map((row) =>
      JSON.stringify(
        Object.entries(row).map(([column, value]) => [column, /_hash$/.test(column) ? value !== null : value]),
      ),
    );
    rows.push([segment.dataset, segment.month, plain.sort()]);
  }
  return { rows, facts, months };
}

const days = ['2023-01-31', '2023-02-01', '2023-02-27', '2023-03-01'] as const;
const day = fc.constantFrom(...days);
const orderId = fc.constantFrom('W1', 'W2', 'W3');

const table = (dataset: DatasetId, header: string, row: fc.Arbitrary<string>): fc.Arbitrary<UploadedFile> =>
  fc
    .uniqueArray(row, { minLength: 1, maxLength: 3 })
    .map((rows) => ({ dataset, text: `${[header, ...rows].join('\n')}\n` }));

/** Few keys over few months, so that most files move, replace or answer rows of the ones before. */
const orders = table(
  'work_orders',
  '工单编号,受理时间,受理渠道,诉求类型,一级分类,来电人电话,办理期限,办结时间,工单状态',
  fc
    .tuple(orderId, day, fc.constantFrom('电话', '微信'), fc.constantFrom('13800000001', '13800000002'), fc.boolean())
    .map(([id, created, channel, phone, closed]) => {
      const ends = closed ? `${created} 18:00:00,办结` : ',办理中';
      return `${id},${created} 10:00:00,${channel},求助,道路,${phone},2023-03-10 10:00:00,${ends}`;
    }),
);
const callbacks = table(
  'callbacks',
  '工单编号,回访时间,是否接通,是否解决,满意程度',
  fc
    .tuple(orderId, day, fc.constantFrom('是,是,满意', '是,否,不满意', '否,,'))
    .map(([id, at, answer]) => `${id},${at} 19:30:00,${answer}`),
);
const calls = table(
  'calls',
  '通话编号,来电时间,请求人工时间,人工接通时间,呼叫结果,主叫号码',
  fc
    .tuple(fc.constantFrom('C1', 'C2', 'C3'), day, fc.boolean())
    .map(([id, at, answered]) =>
      answered
        ? `${id},${at} 09:00:00,${at} 09:00:10,${at} 09:00:20,接通,13800000001`
        : `${id},${at} 09:00:00,${at} 09:00:10,,排队放弃,13800000002`,
    ),
);

type Step = { readonly upload: UploadedFile } | { readonly revert: number } | { readonly again: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(orders, callbacks, calls).map((upload) => ({ upload })) },
  { weight: 2, arbitrary: fc.nat(9).map((revert) => ({ revert })) },
  { weight: 1, arbitrary: fc.nat(9).map((again) => ({ again })) },
);

/** The same rows in other bytes. */
const windows = ({ dataset, text }: UploadedFile): UploadedFile => ({ dataset, text: text.replaceAll('\n', '\r\n') });

/** One file for each dataset with the last row of each key, in the order in which the datasets first occur. */
function lastRows(files: readonly UploadedFile[]): readonly UploadedFile[] {
  return [...new Set(files.map(({ dataset }) => dataset))].map((dataset) => {
    const ofDataset = files.filter((file) => file.dataset === dataset).map(({ text }) => text.trim().split(/\r?\n/u));
    const rows = new Map<string, string>();
    for (const [, ...lines] of ofDataset)
      for (const line of lines) {
        const [id = '', time = ''] = line.split(',');
        rows.set(dataset === 'callbacks' ? `${id} ${time}` : id, line);
      }
    return { dataset, text: `${[ofDataset[0]?.[0], ...rows.values()].join('\n')}\n` };
  });
}

describe('segments and daily facts', () => {
  it('are what the last row of each key gives, however the imports came to survive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 9 }), async (steps) => {
        const ctx = await testing.newCity();
        let surviving: { id: string; file: UploadedFile }[] = [];
        for (const now of steps) {
          const upload =
            'upload' in now
              ? now.upload
              : 'again' in now && surviving.length > 0
                ? windows((surviving[now.again % surviving.length] as (typeof surviving)[number]).file)
                : null;
          if (upload) {
            const { id } = await commit(ctx, upload);
            // The same bytes while they are in force change nothing.
            if (!surviving.some((each) => each.id === id)) surviving.push({ id, file: upload });
          } else if ('revert' in now && surviving.length > 0) {
            const { id } = surviving[now.revert % surviving.length] ?? { id: '' };
            await imports.revert(ctx, id);
            expect((await imports.waitFor(ctx, id, 60_000)).state).toBe('reverted');
            surviving = surviving.filter((each) => each.id !== id);
          }
        }
        const fresh = await testing.newCity();
        for (const file of lastRows(surviving.map((each) => each.file))) await commit(fresh, file);
        expect(await stored(ctx)).toEqual(await stored(fresh));
      }),
      { seed: 12345, numRuns: 8 },
    );
  }, 180_000);

  it('are those of one file where two hold the same rows, whichever of them is reverted', async () => {
    const lines = (closedAt: string) =>
      '工单编号,受理时间,受理渠道,诉求类型,一级分类,来电人电话,办理期限,办结时间,工单状态\n' +
      `W1,2023-01-31 10:00:00,电话,求助,道路,13800000001,2023-03-10 10:00:00,${closedAt},办结\n` +
      'W2,2023-02-01 10:00:00,微信,求助,道路,13800000001,2023-03-10 10:00:00,,办理中\n';
    const file: UploadedFile = { dataset: 'work_orders', text: lines('2023-01-31 18:00:00') };
    const corrected: UploadedFile = { dataset: 'work_orders', text: lines('2023-03-11 18:00:00') };
    const [once, other] = [await testing.newCity(), await testing.newCity()];
    await commit(once, file);
    await commit(other, corrected);
    const [expected, others] = [await stored(once), await stored(other)];
    expect(others.facts).not.toEqual(expected.facts);

    const ctx = await testing.newCity();
    const first = await commit(ctx, file);
    const again = await commit(ctx, windows(file));
    expect(again.id).not.toBe(first.id);
    expect(again.changes?.rows).toEqual({ inserted: 0, changed: 0, unchanged: 2 });
    expect(await stored(ctx)).toEqual(expected);
    const correction = await commit(ctx, corrected);
    expect(await stored(ctx)).toEqual(others);
    // The rows of the month that was corrected come back from the second file, those of the other were never gone.
    for (const [{ id }, left] of [
      [correction, expected],
      [first, expected],
    ] as const) {
      await imports.revert(ctx, id);
      expect((await imports.waitFor(ctx, id, 60_000)).state).toBe('reverted');
      expect(await stored(ctx)).toEqual(left);
    }
    await imports.revert(ctx, again.id);
    expect((await imports.waitFor(ctx, again.id, 60_000)).state).toBe('reverted');
    expect(await stored(ctx)).toEqual({ rows: [], facts: [], months: [] });
  });

  it('are gone when every import is reverted, and return with the same files', async () => {
    const ctx = await testing.newCity();
    const file = { dataset: 'call_metrics_daily', text: '日期,人工请求量,人工接通量\n2023-05-04,10,9\n' } as const;
    const empty = await stored(ctx);
    const first = await commit(ctx, file);
    const filled = await stored(ctx);
    expect(filled.facts).toContainEqual(
      expect.objectContaining({ series: 'connect_rate.daily', day: '2023-05-04', total: '9' }),
    );
    await imports.revert(ctx, first.id);
    await imports.waitFor(ctx, first.id, 60_000);
    expect(await stored(ctx)).toEqual(empty);
    const second = await commit(ctx, file);
    expect(second.id).not.toBe(first.id);
    expect(await stored(ctx)).toEqual(filled);
  });

  it('stay as they were when a commit cannot be carried out', async () => {
    const ctx = await testing.newCity();
    await commit(ctx, { dataset: 'call_metrics_daily', text: '日期,人工请求量,人工接通量\n2023-05-04,10,9\n' });
    const before = await stored(ctx);
    const waiting = await testing.receive(
      ctx,
      { dataset: 'call_metrics_daily', text: '日期,人工请求量,人工接通量\n2023-05-04,20,1\n' },
      { commit: false },
    );
    expect(waiting.state).toBe('checked');
    // The disk lost what the check had written.
    await rm(join(platform.files.pathFor(ctx.tenantId), 'imports', waiting.id), { recursive: true });
    await imports.commit(ctx, waiting.id);
    expect((await imports.waitFor(ctx, waiting.id, 60_000)).state).toBe('checked');
    expect(await stored(ctx)).toEqual(before);
  });

  it('hold nothing of a file that waits', async () => {
    const [ctx, fresh] = [await testing.newCity(), await testing.newCity()];
    const [first, waits, last] = ['10,9', '20,1', '30,3'].map((counts, index) => ({
      dataset: 'call_metrics_daily' as const,
      text: `日期,人工请求量,人工接通量\n2023-05-04,${counts}\n2023-05-1${index},${counts}\n`,
    })) as [UploadedFile, UploadedFile, UploadedFile];
    await commit(ctx, first);
    expect((await testing.receive(ctx, waits, { commit: false })).state).toBe('checked');
    await commit(ctx, last);
    for (const file of [first, last]) await commit(fresh, file);
    expect(await stored(ctx)).toEqual(await stored(fresh));
  });

  it('stay as they were when a commit fails at its last word', async () => {
    const ctx = await testing.newCity();
    const days = (...rows: string[]) =>
      ({ dataset: 'call_metrics_daily', text: ['日期,人工请求量,人工接通量', ...rows, ''].join('\n') }) as const;
    // Of two imports: the file of the month is neither's own, and goes when another takes its place.
    await commit(ctx, days('2023-05-04,10,9', '2023-05-05,10,9'));
    await commit(ctx, days('2023-05-05,10,8', '2023-05-06,10,9'));
    const before = await stored(ctx);
    const next = days('2023-05-04,20,1');
    const waiting = await testing.receive(ctx, next, { commit: false });
    const owner = new pg.Client(platform.database.superuserUrl);
    await owner.connect();
    try {
      await owner.query(
        `create function refuse() returns trigger language plpgsql as 'begin raise exception ''not this one''; end';
         create trigger last_word before update on "import" for each row when (new.state = 'committed') execute function refuse()`,
      );
      await imports.commit(ctx, waiting.id);
      const found = await imports.waitFor(ctx, waiting.id, 60_000);
      expect([found.state, found.commitRefusal?.code]).toEqual(['checked', 'commit_failed']);
      expect(await stored(ctx)).toEqual(before);
    } finally {
      await owner.query('drop trigger if exists last_word on "import"; drop function if exists refuse');
      await owner.end();
    }
    expect((await commit(ctx, next)).changes?.rows).toEqual({ inserted: 0, changed: 1, unchanged: 0 });
  });
});

describe('an upload', () => {
  const file = {
    dataset: 'calls',
    text: '通话编号,来电时间,呼叫结果,主叫号码\nC1,2023-05-04 09:00:00,排队放弃,13800000001\n',
  } as const;

  it('sent ten times at once is one import, kept once', async () => {
    const ctx = await testing.newCity();
    const received = await Promise.all(Array.from({ length: 10 }, () => testing.receive(ctx, file)));
    expect(new Set(received.map(({ id }) => id)).size).toBe(1);
    expect(await imports.list(ctx, { first: 20, before: null, dataset: null })).toHaveLength(1);
    expect(received[0]).toMatchObject({ state: 'committed', sourceFile: null });
    expect(await readdir(join(platform.files.pathFor(ctx.tenantId), 'sources'))).toEqual([]);
  });

  it('of two tenants with the same keys is two, which never meet', async () => {
    const [one, other] = [await testing.newCity(), await testing.newCity()];
    const [mine, theirs] = [await commit(one, file), await commit(other, file)];
    expect(mine.id).not.toBe(theirs.id);
    expect(mine.sha256).toBe(theirs.sha256);
    await expect(imports.get(one, theirs.id)).rejects.toMatchObject({ code: 'import_not_found' });
    await expect(imports.revert(one, theirs.id)).rejects.toMatchObject({ code: 'import_not_found' });
    expect((await imports.list(one, { first: 9, before: null, dataset: null })).map(({ id }) => id)).toEqual([mine.id]);

    // The same telephone number is another hash with another tenant.
    const callers = await Promise.all([callerHashes(one), callerHashes(other)]);
    expect(callers.map((hashes) => hashes.length)).toEqual([1, 1]);
    expect(callers[0]).not.toEqual(callers[1]);
    for (const [hash] of callers) expect(hash).not.toContain('13800000001');

    const before = await stored(other);
    await imports.revert(one, mine.id);
    expect((await imports.waitFor(one, mine.id, 60_000)).state).toBe('reverted');
    expect(await stored(other)).toEqual(before);
    expect(await stored(one)).toEqual({ rows: [], facts: [], months: [] });
  });

  async function callerHashes({ tenantId }: RequestContext): Promise<string[]> {
    const segments = await platform.db.runReadOnly({ tenantId }, (manager) =>
      manager.findBy(SegmentEntity, { tenantId, dataset: 'calls' }),
    );
    const found: string[] = [];
    for (const segment of segments) {
      const { file: path } = segmentFile(segment, platform.files.pathFor(tenantId));
      const read = await platform.app.get(RowPool).run({ kind: 'read', file: path, offset: 0, limit: 10, where: {} });
      found.push(...read.rows.map((row) => String(row['caller_hash'])));
    }
    return found;
  }
});
