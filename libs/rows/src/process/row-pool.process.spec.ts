import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { loadMethodology } from '@hotline/methodology';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoredRows } from '../../../../test/rows/stored-rows.js';
import type { CheckTask, ReadTask, Segment } from '../tasks.js';
import { RowPool } from './row-pool.js';
import type { RowPoolOptions } from './row-pool.js';

let stored: StoredRows;
let segment: Segment;
beforeAll(async () => {
  stored = await StoredRows.open();
  const [found] = await stored.segments({
    mystery_calls: [
      { mystery_id: 'M1', rater_no: 1, placed_at: '2023-05-04 09:05:00', connected: true, greeting_seconds: 12.5 },
      { mystery_id: 'M2', rater_no: 1, placed_at: '2023-05-05 10:00:00', connected: false },
    ],
  });
  if (!found) throw new Error('no segment');
  segment = found;
});
afterAll(() => stored.close());

let scratchDir: string;
let pool: RowPool;
function open(options: Partial<RowPoolOptions> = {}): RowPool {
  pool = new RowPool({ size: 1, scratchDir, ...options });
  return pool;
}
beforeEach(async () => {
  scratchDir = await mkdtemp(join(tmpdir(), 'row-pool-'));
});
afterEach(async () => {
  await pool.close();
  await rm(scratchDir, { recursive: true, force: true });
});

function page(more: Partial<ReadTask> = {}): ReadTask {
  return { kind: 'read', file: segment.file, offset: 0, limit: 10, where: {}, ...more };
}

let uploads = 0;
async function upload(content: string | null): Promise<CheckTask> {
  uploads += 1;
  const outDir = join(scratchDir, `out-${uploads}`);
  await mkdir(outDir);
  const file = join(scratchDir, `upload-${uploads}`);
  // A pipe that nobody writes to: the check waits until somebody ends it.
  if (content === null) execFileSync('mkfifo', [file]);
  else await writeFile(file, content);
  const uploadedAt = '2026-11-01T00:00:00+08:00';
  return { kind: 'check', file, fileName: 'calls.csv', hashKey: 'ab'.repeat(32), uploadedAt, outDir, segments: [] };
}

const processFolders = async () => (await readdir(scratchDir)).filter((name) => name.startsWith('row-process-'));

describe('a row pool', () => {
  it('reads stored rows by their key, instants with their zone', async () => {
    const { total, rows } = await open().run(page({ where: { mystery_id: 'M1' } }));
    expect(total).toBe(1);
    expect(rows[0]).toMatchObject({
      mystery_id: 'M1',
      rater_no: 1,
      placed_at: '2023-05-04T09:05:00+08:00',
      connected: true,
      greeting_seconds: 12.5,
      audio_score: null,
    });
    const placed = await pool.run(page({ where: { placed_at: '2023-05-05T10:00:00+08:00' } }));
    expect(placed.rows.map((row) => row['mystery_id'])).toEqual(['M2']);
  });

  it('pages, orders and matches nothing where a value cannot be one of the column', async () => {
    const second = await open().run(page({ offset: 1, limit: 1, orderBy: 'mystery_id' }));
    expect([second.total, second.rows.map((row) => row['mystery_id'])]).toEqual([2, ['M2']]);
    expect(await pool.run(page({ where: { rater_no: 'one' } }))).toEqual({ total: 0, rows: [] });
  });

  it('brings unknown numbers across as NaN', async () => {
    const { samples } = await open().run({
      kind: 'samples',
      methodology: loadMethodology(),
      period: { start: '2023-05-01', end: '2023-06-01' },
      segments: [segment],
    });
    expect([...(samples['mystery_calls']?.values['greeting.mystery_calls'] ?? [])]).toEqual([12.5, NaN]);
  });

  it('keeps its process for the next task, and replaces it after as many as told', async () => {
    open({ tasksPerProcess: 2 });
    await pool.run(page());
    const first = await processFolders();
    await pool.run(page());
    await pool.run(page());
    expect(first).toHaveLength(1);
    expect(await processFolders()).not.toContain(first[0]);
  });

  it('says why a file is refused, and goes on', async () => {
    await expect(open().run(await upload(''))).rejects.toMatchObject({
      name: 'FileRefused',
      refusal: { code: 'file_empty' },
    });
    expect((await pool.run(page())).total).toBe(2);
  });

  it('reads the lines of large files in threads, one file after the other', async () => {
    const at = '2023-05-04 09:05:00';
    const count = 80_000;
    const odd = 997;
    const columns = 'call_id,started_at,result,主叫号码,other';
    /** Over 5 MB, with a row here and there that no short cut reads; or with none that one reads. */
    const text = (letter: string, slow: boolean) => {
      const rows = Array.from({ length: count }, (_, index) => {
        const time = slow ? '2023年5月4日 9时5分' : index % odd === odd - 1 ? '不知' : at;
        return `${letter}${index},${time},ivr_only,13812345678,${'x'.repeat(20)}`;
      });
      return `${columns}\n${rows.join('\n')}\n`;
    };
    const stored = async (task: CheckTask) => {
      const { counts, months, issueCounts } = await pool.run({ ...task, dataset: 'calls' });
      const file = months[0]?.file ?? '';
      const { rows } = await pool.run(page({ file, limit: 2, offset: counts.accepted - 2 }));
      return { counts, rules: issueCounts.map(({ rule }) => rule), rows };
    };
    open();
    const faulty = Math.floor(count / odd);
    for (const letter of ['A', 'B']) {
      const { counts, rules, rows } = await stored(await upload(text(letter, false)));
      expect(counts).toMatchObject({ read: count, accepted: count - faulty, refused: faulty });
      expect(rules).toEqual(['bad_datetime']);
      // Of one instant, so in the order of their ids.
      expect(rows.map((row) => row['call_id'])).toEqual([`${letter}9998`, `${letter}9999`]);
      expect(rows.map((row) => row['started_at'])).toEqual(['2023-05-04T09:05:00+08:00', '2023-05-04T09:05:00+08:00']);
    }
    expect((await stored(await upload(text('C', true)))).counts).toMatchObject({ read: count, accepted: count });
    const [again, other] = [await upload(text('D', false)), await upload(text('D', false))];
    const tokenOf = async (task: CheckTask) => (await stored(task)).rows[0]?.['caller_hash'];
    const token = await tokenOf(again);
    expect(token).toEqual(expect.any(String));
    // The same number of another tenant.
    expect(await tokenOf({ ...other, hashKey: 'cd'.repeat(32) })).not.toBe(token);
  }, 60_000);

  it('tells a fault of the task from a death of the process', async () => {
    await expect(open().run(page({ where: { secret: 'x' } }))).rejects.toMatchObject({
      code: 'ROW_TASK_FAILED',
      message: 'read: no column secret in the file',
    });
    expect((await pool.run(page())).total).toBe(2);
  });

  it('ends a task that takes too long', async () => {
    const task = await upload(null);
    await expect(open().run(task, { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'ROW_PROCESS_DIED',
      reason: 'timeout',
      task: 'check',
    });
    expect((await pool.run(page())).total).toBe(2);
  });

  it('ends a process that grows beyond its limit', async () => {
    const task = await upload(null);
    await expect(open({ residentMb: 8 }).run(task)).rejects.toMatchObject({ reason: 'memory' });
  });

  it('ends a task that is no longer wanted, at work or waiting', async () => {
    const task = await upload(null);
    const [work, wait] = [new AbortController(), new AbortController()];
    const working = open().run(task, { signal: work.signal });
    const waiting = pool.run(page(), { signal: wait.signal });
    wait.abort(new Error('not wanted'));
    await expect(waiting).rejects.toThrow('not wanted');
    setTimeout(() => work.abort(new Error('given up')), 200);
    await expect(working).rejects.toThrow('given up');
    expect((await pool.run(page())).total).toBe(2);
  });

  it('refuses more than may wait', async () => {
    const task = await upload(null);
    const working = open({ maxWaiting: 0 }).run(task, { timeoutMs: 1000 });
    await expect(pool.run(page())).rejects.toMatchObject({ code: 'ROW_POOL_UNAVAILABLE', reason: 'full' });
    await expect(working).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('leaves nothing behind when it closes, and nothing of a parent that was killed', async () => {
    const gone = spawnSync('true').pid;
    const left = `row-process-${hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')}-${gone}-0000`;
    await mkdir(join(scratchDir, left, 'task'), { recursive: true });
    await open().run(page());
    expect(await processFolders()).not.toContain(left);
    const task = await upload(null);
    const [working, waiting] = [pool.run(task), pool.run(page())];
    const ended = Promise.allSettled([working, waiting]);
    await pool.close();
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await processFolders()).toEqual([]);
    await expect(pool.run(page())).rejects.toMatchObject({ reason: 'closed' });
  });
});
