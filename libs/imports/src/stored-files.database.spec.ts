import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RequestContext } from '@hotline/platform';
import { TestImports } from '../../../test/harness/test-imports.js';
import type { ImportEntity } from './import.entity.js';
import { SegmentEntity } from './segment.entity.js';
import { SweepFiles } from './sweep-files.js';

let testing: TestImports;
let ctx: RequestContext;
let first: ImportEntity;
let second: ImportEntity;
beforeAll(async () => {
  testing = await TestImports.start();
}, 60_000);
afterAll(() => testing.close());
beforeEach(async () => {
  ctx = await testing.newCity();
  // Both hold order W2: the segment is neither's own file.
  first = await commit('W1,2023-05-01', 'W2,2023-05-02');
  second = await commit('W2,2023-05-03', 'W3,2023-05-04');
});

const orders = (rows: readonly string[]) => ({
  dataset: 'work_orders' as const,
  text: ['工单编号,受理时间,受理渠道,一级分类', ...rows.map((row) => `${row} 09:00:00,电话,市容`), ''].join('\n'),
});
async function commit(...rows: string[]): Promise<ImportEntity> {
  const entity = await testing.receive(ctx, orders(rows));
  expect(entity.state).toBe('committed');
  return entity;
}
const path = (name: string) => join(testing.platform.files.pathFor(ctx.tenantId), name);
const segments = () =>
  testing.platform.db.runReadOnly(ctx, (manager) => manager.findBy(SegmentEntity, { tenantId: ctx.tenantId }));
async function segment(): Promise<SegmentEntity> {
  const [found, ...more] = await segments();
  if (!found || more.length > 0) throw new Error('one month was expected');
  return found;
}
function flipByte(file: string): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(file, bytes);
}
const checked = async (...rows: string[]) => testing.receive(ctx, orders(rows), { commit: false });
const monthFile = ({ result }: ImportEntity) => result?.months[0]?.file ?? '';

describe('a merged segment', () => {
  it.each([
    ['is gone', (file: string) => rmSync(file)],
    ['has one other bit', flipByte],
    ['is cut short', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 100))],
  ])('that %s is written anew, byte for byte, before anything is worked out from it', async (_what, harm) => {
    const before = await segment();
    expect(before.file).not.toBe(monthFile(second));
    harm(path(before.file));
    const { id } = await checked('W9,2023-05-09');
    expect((await testing.service.preview(ctx, id)).changes).toEqual({ inserted: 1, changed: 0, unchanged: 0 });
    const after = await segment();
    expect(after).toEqual({ ...before, file: after.file });
    expect(after.file).not.toBe(before.file);
    expect(existsSync(path(after.file))).toBe(true);
  });

  it('does not stop the commit that needs it', async () => {
    flipByte(path((await segment()).file));
    const third = await commit('W2,2023-05-05', 'W4,2023-05-06');
    expect(third.changes?.rows).toEqual({ inserted: 1, changed: 1, unchanged: 0 });
    expect((await segment()).rows).toBe(4);
  });
});

describe('the month file of an import', () => {
  it('that was changed stops previews and commits with a reason, until that import is reverted', async () => {
    flipByte(path(monthFile(first)));
    const { id } = await checked('W2,2023-05-05', 'W5,2023-05-05');
    // The stored rows themselves are whole, so the preview tells; the merge would read the file.
    expect((await testing.service.preview(ctx, id)).changes).toEqual({ inserted: 1, changed: 1, unchanged: 0 });
    await testing.service.commit(ctx, id);
    const stopped = await testing.settled(ctx, id);
    expect([stopped.state, stopped.commitRefusal]).toEqual([
      'checked',
      { code: 'stored_file_damaged', params: { file: monthFile(first) } },
    ]);
    await testing.service.revert(ctx, first.id);
    expect((await testing.settled(ctx, first.id)).state).toBe('reverted');
    await testing.service.commit(ctx, id);
    expect((await testing.settled(ctx, id)).state).toBe('committed');
    expect((await segment()).rows).toBe(3);
  });

  it('that stands for a whole month and is lost cannot be worked out: previews say so', async () => {
    const alone = await commit('X1,2023-08-01');
    rmSync(path(monthFile(alone)));
    const { id } = await checked('X1,2023-08-02');
    await expect(testing.service.preview(ctx, id)).rejects.toMatchObject({ code: 'stored_file_damaged' });
  });
});

describe('an upload', () => {
  it('that is damaged behind its first rows ends its check, which reads it while it is decrypted', async () => {
    const { files } = testing.platform;
    const write = files.writeStream.bind(files);
    files.writeStream = async (tenantId, name, body) => {
      const stored = await write(tenantId, name, body);
      flipByte(files.pathFor(tenantId, name));
      return stored;
    };
    try {
      // Several pieces of a sealed file, of which the first ones are whole.
      const rows = Array.from({ length: 40_000 }, (_, index) => `D${index},2023-06-01`);
      const damaged = await testing.receive(ctx, orders(rows));
      expect([damaged.state, damaged.refusal?.code]).toEqual(['failed', 'check_failed']);
    } finally {
      files.writeStream = write;
    }
    expect((await segment()).rows).toBe(3);
    // The next one is none the worse for it.
    await commit('W4,2023-05-05');
    expect((await segment()).rows).toBe(4);
  }, 60_000);
});

describe('the sweep', () => {
  const yesterday = Date.now() / 1000 - 86_000;
  function plant(name: string, aged = true): string {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), 'left');
    if (aged) utimesSync(path(name), yesterday, yesterday);
    return name;
  }
  const sweep = () => testing.platform.app.get(SweepFiles).sweep();
  const orphans = () => [
    plant('segments/work_orders/7-1-gone/2023-05.parquet'),
    plant(`imports/${first.id}/check-9/issues.parquet`),
    plant('imports/01890000-0000-7000-8000-000000000000/check-1/rows/2023-05.parquet'),
    plant('sources/01890000-0000-7000-8000-000000000000'),
  ];

  it('removes what nothing points to, with its folders, and nothing else', async () => {
    const left = orphans();
    const young = plant('segments/work_orders/8-1-young/2023-05.parquet', false);
    const pending = await checked('W7,2023-05-07');
    const kept = [
      young,
      pending.sourceFile ?? '',
      (await segment()).file,
      ...[first, second, pending].flatMap(({ result }) => result?.files.map(({ file }) => file) ?? []),
    ];
    for (const name of kept.slice(1)) utimesSync(path(name), yesterday, yesterday);
    // As of a worker that was killed before it wrote anything.
    const empty = { old: 'segments/work_orders/9-1-empty', young: 'segments/work_orders/9-2-begun' };
    for (const name of Object.values(empty)) mkdirSync(path(name), { recursive: true });
    utimesSync(path(empty.old), yesterday, yesterday);
    await sweep();
    expect([existsSync(path(empty.old)), existsSync(path(empty.young))]).toEqual([false, true]);
    for (const name of left) expect([name, existsSync(path(name))]).toEqual([name, false]);
    expect(existsSync(path(`imports/${first.id}/check-9`))).toBe(false);
    expect(existsSync(path('segments/work_orders/7-1-gone'))).toBe(false);
    for (const name of kept) expect([name, existsSync(path(name))]).toEqual([name, true]);
    expect(await sweep()).toBe(0);
  });

  it('leaves alone what a running job may have written', async () => {
    const [segmentFile = ''] = orphans();
    const setJob = (state: string, lease: string, started: string) =>
      testing.platform.db.run(ctx, (manager) =>
        manager.query(
          `update job set state = '${state}', lease_until = ${lease}, started_at = now() - interval '${started}',
             finished_at = ${state === 'running' ? 'null' : 'now()'}
             where tenant_id = $1 and subject = $2 and kind = 'commit-import'`,
          [ctx.tenantId, second.id],
        ),
      );
    await setJob('running', `now() + interval '1 minute'`, '25 hours');
    await sweep();
    expect(existsSync(path(segmentFile))).toBe(true);
    await setJob('done', 'null', '0 hours');
    await sweep();
    expect(existsSync(path(segmentFile))).toBe(false);
  });

  it('finds a segment that is gone, and writes it anew', async () => {
    const before = await segment();
    rmSync(path(before.file));
    await sweep();
    const after = await segment();
    expect([after.sha256, existsSync(path(after.file))]).toEqual([before.sha256, true]);
  });
});
