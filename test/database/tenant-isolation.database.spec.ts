import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantContextMissing, TransactionAborted } from '@hotline/platform';
import { MemberEntity, TenantEntity, TenantsService } from '@hotline/tenancy';
import pg from 'pg';
import { testPlatform, type TestPlatform } from '../harness/test-platform.js';

let platform: TestPlatform;
let wuhan: TenantEntity;
let other: TenantEntity;
beforeAll(async () => {
  platform = await testPlatform({ poolSize: 1, jobKinds: ['count'] });
  const tenants = platform.app.get(TenantsService);
  // The same city twice: nothing natural tells the two apart.
  wuhan = await tenants.createTenant({ kind: 'city', name: '武汉', cityCode: '420100', isDemo: false });
  other = await tenants.createTenant({ kind: 'city', name: '武汉', cityCode: '420100', isDemo: true });
  for (const tenant of [wuhan, other]) {
    await tenants.addMember(tenant, {
      email: 'li@wuhan.example',
      name: '李',
      role: 'manager',
      password: 'Yangtze-bridge-7',
    });
  }
});
afterAll(() => platform.close());

const addJob = (tenant: TenantEntity, id: string) =>
  platform.db.run(tenant, (manager) =>
    manager.query(`insert into job (tenant_id, id, kind, subject, payload) values ($1, $2, 'count', '2026-10', $3)`, [
      tenant.tenantId,
      id,
      { of: tenant.tenantId },
    ]),
  );

describe('two tenants with the same natural keys', () => {
  it('each see, change and delete their own rows only', async () => {
    const id = '018f3a6e-0000-7000-8000-000000000001';
    await addJob(wuhan, id);
    await addJob(other, id);
    for (const tenant of [wuhan, other]) {
      const rows = await platform.db.run(tenant, (manager) =>
        manager.query<{ payload: { of: string } }[]>('select payload from job where id = $1', [id]),
      );
      expect(rows).toEqual([{ payload: { of: tenant.tenantId } }]);
    }
    const [, changed] = await platform.db.run(wuhan, (manager) =>
      manager.query<[unknown[], number]>(`update job set subject = 'mine'`),
    );
    expect(changed).toBe(1);
    const [, removed] = await platform.db.run(wuhan, (manager) =>
      manager.query<[unknown[], number]>('delete from member'),
    );
    expect(removed).toBe(1);
    expect(await platform.app.get(TenantsService).members(other)).toHaveLength(1);
  });

  it('cannot write a row for the other', async () => {
    await expect(
      platform.db.run(wuhan, (manager) =>
        manager.query(
          `insert into job (tenant_id, id, kind, subject, payload) values ($1, gen_random_uuid(), 'count', '', '{}')`,
          [other.tenantId],
        ),
      ),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      platform.db.run(wuhan, (manager) => manager.query(`update job set tenant_id = $1`, [other.tenantId])),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('cannot tell the other’s member from one that is not there', async () => {
    const [member] = await platform.app.get(TenantsService).members(other);
    const refer = async (memberId: string): Promise<unknown> =>
      platform.db
        .run(wuhan, (manager) =>
          manager.query(
            `insert into session (tenant_id, id, token_hash, account_id, member_id, expires_at)
             values ($1, gen_random_uuid(), '', $2, $3, now())`,
            [wuhan.tenantId, member?.accountId, memberId],
          ),
        )
        .catch((error: { code: string; message: string }) => ({ code: error.code, message: error.message }));
    expect(await refer(member?.id ?? '')).toEqual(await refer('018f3a6e-0000-7000-8000-00000000dead'));
  });

  it('are found again by entity, never the other’s', async () => {
    const found = await platform.db.runReadOnly(wuhan, (manager) => manager.find(TenantEntity));
    expect(found.map(({ tenantId }) => tenantId)).toEqual([wuhan.tenantId]);
    const members = await platform.db.runReadOnly(other, (manager) => manager.find(MemberEntity));
    expect(members.every(({ tenantId }) => tenantId === other.tenantId)).toBe(true);
  });
});

describe('outside a tenant’s transaction', () => {
  it.each([undefined, null, '', 'not a uuid', "' or true --", 42])(
    'nothing runs for the tenant %j',
    async (tenantId) => {
      let ran = false;
      const run = platform.db.run({ tenantId: tenantId as string }, async () => {
        ran = true;
      });
      await expect(run).rejects.toBeInstanceOf(TenantContextMissing);
      expect(ran).toBe(false);
      await expect(platform.db.runReadOnly(undefined as never, async () => undefined)).rejects.toBeInstanceOf(
        TenantContextMissing,
      );
    },
  );

  it('no row shows, and no error, on the connection the last tenant used', async () => {
    await platform.db.run(wuhan, (manager) => manager.query('select 1'));
    expect(await platform.shared.query('select * from tenant')).toEqual([]);
    expect(await platform.shared.query('select * from job')).toEqual([]);
  });

  it('is not remembered by whatever else runs meanwhile: a timer, an event, the next tick', async () => {
    const emitter = new EventEmitter();
    const errors: unknown[] = [];
    const lost = (): Promise<unknown> =>
      platform.db
        .run(undefined as never, (manager) => manager.query('select * from tenant'))
        .catch((error: unknown) => {
          errors.push(error);
        });
    emitter.on('told', () => void lost());
    await platform.db.run(wuhan, async (manager) => {
      // The one connection is taken: had any of these asked the database, it would have to wait for this to end.
      await Promise.all([
        lost(),
        new Promise<void>((resolve) => process.nextTick(() => void lost().then(() => resolve()))),
        new Promise<void>((resolve) => setTimeout(() => void lost().then(() => resolve()), 1)),
        new Promise<void>((resolve) => setImmediate(() => void lost().then(() => resolve()))),
      ]);
      emitter.emit('told');
      await new Promise((resolve) => setImmediate(resolve));
      expect(await manager.query('select 1 as one')).toEqual([{ one: 1 }]);
    });
    expect(errors).toHaveLength(5);
    for (const error of errors) expect(error).toBeInstanceOf(TenantContextMissing);
  });

  it('is set for a transaction only, wherever the program asks', () => {
    const root = new URL('../../', import.meta.url).pathname;
    const sources = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .map((name) => join(root, folder, String(name)))
        .filter((name) => name.endsWith('.ts') && !/\.spec\.ts$|\/data\//.test(name)),
    );
    expect(sources.length).toBeGreaterThan(200);
    const calls = sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/set_config\([^)]*\)|\bset (?:session )?app\.\w+/gi)].map(
        ([call]) => call,
      ),
    );
    expect(calls.length).toBeGreaterThan(4);
    expect(calls.filter((call) => !/, true\)$/.test(call))).toEqual([]);
  });

  it('a second connection is asked for and not given: the escape is noticed', async () => {
    const escape = platform.db.run(wuhan, async () => {
      await platform.shared.query('select * from tenant');
    });
    await expect(escape).rejects.toThrow('timeout');
  });
});

describe('a transaction of a tenant', () => {
  it('keeps nothing when it fails', async () => {
    const id = '018f3a6e-0000-7000-8000-000000000002';
    const failing = platform.db.run(wuhan, async (manager) => {
      await manager.query(
        `insert into job (tenant_id, id, kind, subject, payload) values ($1, $2, 'count', '', '{}')`,
        [wuhan.tenantId, id],
      );
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await platform.queue.find(wuhan, id)).toBeNull();
  });

  it('does not pass for done when the error of a statement was swallowed', async () => {
    const swallowing = platform.db.run(wuhan, async (manager) => {
      await manager.query('select 1 / 0').catch(() => undefined);
      return 'all is well';
    });
    await expect(swallowing).rejects.toBeInstanceOf(TransactionAborted);
  });

  it('sees one snapshot and writes nothing when it only reads', async () => {
    await expect(
      platform.db.runReadOnly(wuhan, (manager) => manager.query(`update job set subject = 'changed'`)),
    ).rejects.toMatchObject({ code: '25006' });
    const seen = await platform.db.runReadOnly(wuhan, async (manager) => {
      const before = await manager.query<{ count: string }[]>('select count(*) from job');
      const owner = new pg.Client(platform.database.superuserUrl);
      await owner.connect();
      await owner.query(
        `insert into job (tenant_id, id, kind, subject, payload) values ($1, gen_random_uuid(), 'count', '', '{}')`,
        [wuhan.tenantId],
      );
      await owner.end();
      return [before, await manager.query<{ count: string }[]>('select count(*) from job')];
    });
    expect(seen[1]).toEqual(seen[0]);
  });

  it('ends a statement that takes longer than it was given', async () => {
    await expect(
      platform.db.run(wuhan, (manager) => manager.query('select pg_sleep(30)'), { statementTimeoutMs: 50 }),
    ).rejects.toMatchObject({ code: '57014' });
  });
});

describe('many tenants on two connections', () => {
  it('never see each other, however their transactions interleave', async () => {
    const two = await testPlatform({ poolSize: 2, database: platform.database, env: { HOTLINE_DATABASE_POOL: '2' } });
    const wrong: string[] = [];
    let answered = 0;
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const tenant = index % 2 === 0 ? wuhan : other;
        const rows = await two.db
          .run(tenant, (manager) => manager.query<{ tenant_id: string }[]>('select tenant_id from tenant'))
          // The pool is small and the crowd large: to have waited too long is an answer, another's row is not.
          .catch(() => null);
        if (rows === null) return;
        answered += 1;
        if (rows.length !== 1 || rows[0]?.tenant_id !== tenant.tenantId) wrong.push(tenant.tenantId);
      }),
    );
    await two.close();
    expect(wrong).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  });
});

describe('the benchmark’s login', () => {
  it('reads across tenants what a snapshot needs, and nothing that names them', async () => {
    const rows = await platform.benchmark.run((manager) =>
      manager.query<{ tenant_id: string }[]>('select tenant_id, city_code, is_demo from tenant'),
    );
    expect(rows.map(({ tenant_id }) => tenant_id).sort()).toEqual([wuhan.tenantId, other.tenantId].sort());
    for (const sql of [
      'select name from tenant',
      'select * from member',
      'select * from account',
      'select * from job',
    ]) {
      await expect(platform.benchmark.run((manager) => manager.query(sql))).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('writes nothing, not even when it asks to', async () => {
    await expect(
      platform.benchmark.run((manager) => manager.query(`update tenant set name = 'mine'`)),
    ).rejects.toMatchObject({ code: expect.stringMatching(/42501|25006/) });
    await expect(
      platform.benchmark.run(async (manager) => {
        await manager.query('set transaction read write');
        await manager.query(`update tenant set is_demo = true`);
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/42501|25001/) });
  });
});
