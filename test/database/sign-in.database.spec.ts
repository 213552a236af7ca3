import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SessionsService, SignInService, TenantsService, type SignedIn, type TenantEntity } from '@hotline/tenancy';
import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { testPlatform, type TestPlatform } from '../harness/test-platform.js';

const password = 'Yangtze-bridge-7';
let platform: TestPlatform;
/** A second process on the same database. */
let second: TestPlatform;
let superuser: pg.Client;
let wuhan: TenantEntity;
let hangzhou: TenantEntity;
let sessions: SessionsService;
let signIns: SignInService;
let email: string;
let number = 0;

beforeAll(async () => {
  platform = await testPlatform();
  second = await testPlatform({ database: platform.database });
  superuser = new pg.Client(platform.database.superuserUrl);
  await superuser.connect();
  sessions = platform.app.get(SessionsService);
  signIns = platform.app.get(SignInService);
  const tenants = platform.app.get(TenantsService);
  wuhan = await tenants.createTenant({ kind: 'city', name: '武汉', cityCode: '420100', isDemo: false });
  hangzhou = await tenants.createTenant({ kind: 'city', name: '杭州', cityCode: '330100', isDemo: true });
});
afterAll(async () => {
  await superuser.end();
  await second.close();
  await platform.close();
});

beforeEach(async () => {
  number += 1;
  email = `li.${number}@wuhan.example`;
  await join(wuhan, email, 'manager');
});

const join = (tenant: TenantEntity, address: string, role: 'viewer' | 'manager') =>
  platform.app.get(TenantsService).addMember(tenant, { email: address, name: '李', role, password });
const signIn = (secret = password, address = email, where = '10.0.0.1'): Promise<SignedIn> =>
  signIns.signIn({ email: address, password: secret }, { ip: where, client: '' });
const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => ({ code: 'accepted' }),
    (error: { code: string; message: string; params: unknown }) => ({
      code: error.code,
      message: error.message,
      params: error.params,
    }),
  );

describe('signing in', () => {
  it('opens a session that acts for the member’s tenant', async () => {
    const before = Date.now();
    const { token, expiresAt, current, contexts, accountId } = await signIn();
    expect(current).toMatchObject({
      tenantId: wuhan.tenantId,
      tenantKind: 'city',
      tenantName: '武汉',
      role: 'manager',
    });
    expect(contexts).toEqual([current]);
    expect(Math.round((expiresAt.getTime() - before) / 3_600_000)).toBe(12);
    expect(await sessions.resolveSession(token)).toMatchObject({
      secondFactor: false,
      context: {
        tenantId: wuhan.tenantId,
        tenantKind: 'city',
        memberId: current.memberId,
        accountId,
        roles: ['viewer', 'analyst', 'manager'],
        apiKey: null,
      },
    });
  });

  it('takes the address however it is written', async () => {
    expect((await signIn(password, `  ${email.toUpperCase()} `)).current.tenantId).toBe(wuhan.tenantId);
  });

  it('acts for the tenant chosen, of those the account is a member of', async () => {
    await join(hangzhou, email, 'viewer');
    const { contexts } = await signIn();
    expect(contexts.map(({ tenantName, role, isDemo }) => [tenantName, role, isDemo])).toEqual([
      ['武汉', 'manager', false],
      ['杭州', 'viewer', true],
    ]);
    const chosen = await signIns.signIn({ email, password }, { ip: '10.0.0.1', client: '' }, hangzhou.tenantId);
    expect(await sessions.resolveSession(chosen.token)).toMatchObject({
      context: { tenantId: hangzhou.tenantId, roles: ['viewer'] },
    });
    await join(hangzhou, 'only@hangzhou.example', 'viewer');
    const elsewhere = signIns.signIn(
      { email: 'only@hangzhou.example', password },
      { ip: '10.0.0.1', client: '' },
      wuhan.tenantId,
    );
    expect(await refusal(elsewhere)).toMatchObject({ code: 'sign_in_failed' });
  });

  it('answers the same whatever was wrong', async () => {
    await superuser.query(`insert into account (id, email, password_hash) values (gen_random_uuid(), $1, $2)`, [
      `nowhere.${number}@wuhan.example`,
      await hash(password),
    ]);
    const wrong = await refusal(signIn('Not-the-password-1'));
    expect(wrong).toEqual({ code: 'sign_in_failed', message: 'sign_in_failed', params: {} });
    expect(await refusal(signIn(password, `nobody.${number}@wuhan.example`))).toEqual(wrong);
    expect(await refusal(signIn(password, `nowhere.${number}@wuhan.example`))).toEqual(wrong);
    expect(await refusal(signIn(password, 'not an address'))).toEqual(wrong);
    expect(await refusal(signIn('x'.repeat(100_000)))).toEqual(wrong);
    await superuser.query('update account set disabled_at = now() where email = $1', [email]);
    expect(await refusal(signIn())).toEqual(wrong);
  });

  it('asks the database the same whatever was wrong', async () => {
    const nobody = `nobody.${number}@wuhan.example`;
    await join(wuhan, `disabled.${number}@wuhan.example`, 'viewer');
    await superuser.query('update account set disabled_at = now() where email = $1', [
      `disabled.${number}@wuhan.example`,
    ]);
    const asked: string[] = [];
    const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
    const plain = prototype.query;
    prototype.query = function (this: pg.Client, ...args: unknown[]) {
      asked.push(String(args[0]));
      return plain.apply(this, args);
    };
    const work = async (attempt: () => Promise<unknown>): Promise<string[]> => {
      asked.length = 0;
      expect(await refusal(attempt())).toMatchObject({ code: 'sign_in_failed' });
      return [...asked];
    };
    try {
      const wrong = await work(() => signIn('Not-the-password-1'));
      expect(wrong.length).toBeGreaterThan(3);
      expect(await work(() => signIn(password, nobody))).toEqual(wrong);
      expect(await work(() => signIn(password, `disabled.${number}@wuhan.example`))).toEqual(wrong);
      expect(await work(() => signIn(password, 'not an address'))).toEqual(wrong);
    } finally {
      prototype.query = plain;
    }
  });

  it('stores no token and no password', async () => {
    const { token } = await signIn();
    for (const table of ['session', 'account', 'sign_in_attempt', 'member']) {
      const { rows } = await superuser.query<{ line: string }>(`select t::text as line from ${table} t`);
      const lines = rows.map(({ line }) => line).join('\n');
      expect(lines).not.toContain(token);
      expect(lines).not.toContain(Buffer.from(token).toString('hex'));
      expect(lines).not.toContain(password);
      if (table === 'sign_in_attempt') expect(lines).not.toMatch(/10\.0\.0|wuhan/);
    }
    const { rows } = await superuser.query<{ password_hash: string }>('select password_hash from account');
    expect(rows.every((row) => row.password_hash.startsWith('$argon2id$v=19$m='))).toBe(true);
  });

  it('renews a hash made at less cost', async () => {
    const weak = await hash(password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await superuser.query('update account set password_hash = $2 where email = $1', [email, weak]);
    await signIn();
    const { rows } = await superuser.query<{ password_hash: string }>(
      'select password_hash from account where email = $1',
      [email],
    );
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await signIn();
  });

  it('keeps the password of an account that joins another tenant', async () => {
    await platform.app
      .get(TenantsService)
      .addMember(hangzhou, { email, name: '李', role: 'viewer', password: 'Somebody-else-99' });
    expect(await refusal(signIn('Somebody-else-99'))).toMatchObject({ code: 'sign_in_failed' });
    expect((await signIn()).contexts).toHaveLength(2);
  });
});

describe('guessing passwords', () => {
  const guess = (times: number, address = email) =>
    Promise.all(Array.from({ length: times }, () => refusal(signIn('Not-the-password-1', address))));

  it('is slowed down after ten, even for who then knows the password, in every process', async () => {
    expect((await guess(10)).map(({ code }) => code)).toEqual(Array<string>(10).fill('sign_in_failed'));
    expect(await refusal(signIn())).toMatchObject({ code: 'sign_in_delayed', params: { retryAfterSeconds: 30 } });
    const elsewhere = second.app.get(SignInService).signIn({ email, password }, { ip: '10.9.9.9', client: '' });
    expect(await refusal(elsewhere)).toMatchObject({ code: 'sign_in_delayed' });
  });

  it('counts those at once as well', async () => {
    const codes = (await guess(25)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'sign_in_failed')).toHaveLength(10);
    expect(codes.filter((code) => code === 'sign_in_delayed')).toHaveLength(15);
  });

  it('leaves other accounts alone', async () => {
    await guess(10, `victim.${number}@wuhan.example`);
    expect((await signIn()).current.tenantId).toBe(wuhan.tenantId);
  });

  it('waits twice as long with each further failure, a quarter of an hour at most, and time ends it', async () => {
    await guess(10);
    const waits: number[] = [];
    for (let failure = 0; failure < 8; failure += 1) {
      const { rows } = await superuser.query<{ wait: number }>(
        `with waiting as (select key, round(extract(epoch from locked_until - last_at))::int as wait from sign_in_attempt
           where locked_until > clock_timestamp() order by last_at desc limit 1),
         over as (update sign_in_attempt set locked_until = clock_timestamp() where key in (select key from waiting))
         select wait from waiting`,
      );
      waits.push(rows[0]?.wait ?? Number.NaN);
      expect(await guess(1)).toMatchObject([{ code: 'sign_in_failed' }]);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
    await superuser.query('update sign_in_attempt set locked_until = clock_timestamp()');
    expect((await signIn()).current.tenantId).toBe(wuhan.tenantId);
    // The account starts afresh.
    expect((await guess(9)).every(({ code }) => code === 'sign_in_failed')).toBe(true);
    expect((await signIn()).current.tenantId).toBe(wuhan.tenantId);
  });

  it('is slowed down from one network address over many accounts, while others go on', async () => {
    const spray = async (index: number) =>
      refusal(signIn('Not-the-password-1', `spray.${number}.${index}@wuhan.example`, '10.6.6.6'));
    for (let index = 0; index < 100; index += 1) expect(await spray(index)).toMatchObject({ code: 'sign_in_failed' });
    expect(await spray(100)).toMatchObject({ code: 'sign_in_delayed' });
    expect(await refusal(signIn(password, email, '10.6.6.6'))).toMatchObject({ code: 'sign_in_delayed' });
    expect((await signIn(password, email, '10.7.7.7')).current.tenantId).toBe(wuhan.tenantId);
  });
});

describe('a session', () => {
  it('ends with signing out, at once and everywhere; others of the account go on', async () => {
    const [one, other] = [await signIn(), await signIn()];
    expect(one.token).not.toBe(other.token);
    await sessions.signOut(one.token);
    await sessions.signOut(one.token);
    expect(await second.app.get(SessionsService).resolveSession(one.token)).toBeNull();
    expect(await second.app.get(SessionsService).resolveSession(other.token)).not.toBeNull();
  });

  it.each([
    ['30 minutes without use', `update session set used_at = now() - interval '30 minutes'`],
    ['12 hours', `update session set expires_at = now()`],
    ['the account', 'update account set disabled_at = now()'],
    ['the membership', 'delete from member'],
  ])('ends with %s', async (_, sql) => {
    const { token, accountId } = await signIn();
    await superuser.query(`${sql} where ${sql.includes('account set') ? 'id' : 'account_id'} = $1`, [accountId]);
    expect(await sessions.resolveSession(token)).toBeNull();
  });

  it('is kept alive by use', async () => {
    const { token, accountId } = await signIn();
    await superuser.query(`update session set used_at = now() - interval '29 minutes' where account_id = $1`, [
      accountId,
    ]);
    await sessions.resolveSession(token);
    const { rows } = await superuser.query(
      `select used_at > now() - interval '1 minute' as fresh from session where account_id = $1`,
      [accountId],
    );
    expect(rows).toEqual([{ fresh: true }]);
  });

  it('has the role the member has now', async () => {
    const { token, current } = await signIn();
    await superuser.query(`update member set role = 'viewer' where id = $1`, [current.memberId]);
    expect((await sessions.resolveSession(token))?.context.roles).toEqual(['viewer']);
  });

  it.each(['', 'short', 'ä'.repeat(43), `${'a'.repeat(42)}'`, 'a'.repeat(44)])('is not found by %j', async (token) => {
    expect(await sessions.resolveSession(token)).toBeNull();
  });
});

describe('adding a member', () => {
  const add = (change: object) =>
    platform.app
      .get(TenantsService)
      .addMember(wuhan, { email: `new.${number}@wuhan.example`, name: '王', role: 'viewer', password, ...change });

  it.each([
    ['short', 'too_short'],
    ['x'.repeat(129), 'too_long'],
    ['Password123', 'common'],
  ])('refuses the password %s', async (weak, reason) => {
    await expect(add({ password: weak })).rejects.toMatchObject({ code: 'password_rejected', params: { reason } });
  });

  it('takes a password of 128 characters, whole', async () => {
    const long = '长'.repeat(127) + 'a';
    await add({ password: long });
    const address = `new.${number}@wuhan.example`;
    expect((await signIn(long, address)).current.role).toBe('viewer');
    expect(await refusal(signIn('长'.repeat(127) + 'b', address))).toMatchObject({ code: 'sign_in_failed' });
  });

  it('refuses what is no address', async () => {
    await expect(add({ email: 'wang at wuhan' })).rejects.toMatchObject({ code: 'email_invalid' });
  });

  it('adds nobody twice', async () => {
    const first = await add({});
    expect(await add({ role: 'administrator' })).toEqual(first);
  });
});

describe('making a tenant', () => {
  const make = (change: object) =>
    platform.app
      .get(TenantsService)
      .createTenant({ kind: 'city', name: '宁波', cityCode: '330200', isDemo: false, ...change });

  it('leaves one that is there as it is', async () => {
    const made = await make({});
    expect(await make({ tenantId: made.tenantId, name: 'renamed' })).toEqual(made);
  });

  it.each([
    [{ name: ' ' }],
    [{ cityCode: '999999' }],
    [{ cityCode: undefined }],
    [{ kind: 'province' }],
    [{ kind: 'province', cityCode: undefined, provinceCode: '330200' }],
    [{ kind: 'operator' }],
  ])('refuses %j', async (change) => {
    await expect(make(change)).rejects.toMatchObject({ code: 'tenant_invalid' });
  });

  it('knows provinces and the operator', async () => {
    const province = await make({ kind: 'province', cityCode: undefined, provinceCode: '330000', name: '浙江' });
    expect(province).toMatchObject({ kind: 'province', cityCode: null, provinceCode: '330000' });
    expect(await make({ kind: 'operator', cityCode: undefined, name: '运营' })).toMatchObject({ kind: 'operator' });
  });
});
