import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestContext } from '@hotline/platform';
import { ApiKeysService, TenantsService, type NewApiKey } from '@hotline/tenancy';
import pg from 'pg';
import { testPlatform, type TestPlatform } from '../harness/test-platform.js';

let platform: TestPlatform;
let second: TestPlatform;
let superuser: pg.Client;
let keys: ApiKeysService;
let wuhan: RequestContext;
let hangzhou: RequestContext;
beforeAll(async () => {
  platform = await testPlatform();
  second = await testPlatform({ database: platform.database });
  superuser = new pg.Client(platform.database.superuserUrl);
  await superuser.connect();
  keys = platform.app.get(ApiKeysService);
  [wuhan, hangzhou] = [await administratorOf('420100'), await administratorOf('330100')];
});
afterAll(async () => {
  await superuser.end();
  await second.close();
  await platform.close();
});

async function administratorOf(cityCode: string): Promise<RequestContext> {
  const tenants = platform.app.get(TenantsService);
  const { tenantId } = await tenants.createTenant({ kind: 'city', name: cityCode, cityCode, isDemo: false });
  const member = await tenants.addMember(
    { tenantId },
    { email: `admin@${cityCode}.example`, name: '管理员', role: 'administrator', password: 'Yangtze-bridge-7' },
  );
  return {
    tenantId,
    tenantKind: 'city',
    memberId: member.id,
    accountId: member.accountId,
    roles: ['viewer', 'analyst', 'manager', 'approver', 'administrator'],
    apiKey: null,
    requestId: 'test',
  };
}

const make = (change: Partial<NewApiKey> = {}, ctx = wuhan) =>
  keys.createApiKey(ctx, { name: '工单系统', scopes: ['imports:write'], expiresAt: null, ...change });

describe('an API key', () => {
  it('acts for its tenant within its scopes', async () => {
    const { key, entity } = await make({ scopes: ['imports:write', 'assessments:read', 'imports:write'] });
    expect(key).toMatch(/^hk_live_[0-9A-Za-z]{49}$/);
    expect(key.startsWith(entity.prefix)).toBe(true);
    expect(await keys.resolveApiKey(key)).toEqual({
      tenantId: wuhan.tenantId,
      tenantKind: 'city',
      memberId: null,
      accountId: null,
      roles: [],
      apiKey: { id: entity.id, scopes: ['imports:write', 'assessments:read'] },
    });
  });

  it('is stored nowhere', async () => {
    const { key, entity } = await make();
    const { rows } = await superuser.query<{ line: string }>('select t::text as line from api_key t');
    const lines = rows.map(({ line }) => line).join('\n');
    expect(lines).toContain(entity.prefix);
    expect(lines).not.toContain(key.slice('hk_live_'.length + 6));
    expect(JSON.stringify(await keys.apiKeys(wuhan))).not.toContain(key.slice('hk_live_'.length + 6));
  });

  it('is refused at once everywhere when revoked, and stays on the list', async () => {
    const { key, entity } = await make();
    expect(await second.app.get(ApiKeysService).resolveApiKey(key)).not.toBeNull();
    const { revokedAt } = await keys.revokeApiKey(wuhan, entity.id);
    expect(await second.app.get(ApiKeysService).resolveApiKey(key)).toBeNull();
    expect((await keys.revokeApiKey(wuhan, entity.id)).revokedAt).toEqual(revokedAt);
    expect((await keys.apiKeys(wuhan)).find(({ id }) => id === entity.id)?.revokedAt).toEqual(revokedAt);
  });

  it('is no business of another tenant', async () => {
    const { key, entity } = await make();
    await expect(keys.revokeApiKey(hangzhou, entity.id)).rejects.toMatchObject({ code: 'api_key_not_found' });
    expect(await keys.apiKeys(hangzhou)).toEqual([]);
    expect(await keys.resolveApiKey(key)).not.toBeNull();
  });

  it('is refused once it has expired', async () => {
    const { key, entity } = await make({ expiresAt: new Date(Date.now() + 3_600_000) });
    expect(await keys.resolveApiKey(key)).not.toBeNull();
    await superuser.query('update api_key set expires_at = now() where id = $1', [entity.id]);
    expect(await keys.resolveApiKey(key)).toBeNull();
  });

  it('tells when it was last used', async () => {
    const { key, entity } = await make();
    expect(entity.lastUsedAt).toBeNull();
    await keys.resolveApiKey(key);
    expect((await keys.apiKeys(wuhan)).find(({ id }) => id === entity.id)?.lastUsedAt).toBeInstanceOf(Date);
  });

  it('is not made without a known scope, or with an end in the past', async () => {
    await expect(make({ scopes: [] })).rejects.toMatchObject({ code: 'scope_unknown' });
    await expect(make({ scopes: ['everything' as 'imports:read'] })).rejects.toMatchObject({ code: 'scope_unknown' });
    await expect(make({ expiresAt: new Date(0) })).rejects.toMatchObject({ code: 'expiry_in_past' });
  });

  it('is not looked for when it was mistyped', async () => {
    const { key } = await make();
    const closed = await testPlatform();
    const service = closed.app.get(ApiKeysService);
    await closed.close();
    const last = key.at(-1) === 'a' ? 'b' : 'a';
    for (const mistyped of [key.slice(0, -1) + last, key.slice(0, -1), `${key}a`, key.replace('live', 'test'), '']) {
      expect(await service.resolveApiKey(mistyped)).toBeNull();
    }
    // The right one is asked for, and there is nobody to answer.
    await expect(service.resolveApiKey(key)).rejects.toThrow();
  });
});
