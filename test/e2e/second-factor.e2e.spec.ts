import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '@hotline/platform';
import { Secret, TOTP } from 'otpauth';
import type { ApiClient, GraphQLAnswer } from './api-client.js';
import { ApiServer, type City } from './api-server.js';

const password = 'Yangtze-bridge-7';
let server: ApiServer;
let city: City;
let number = 0;
beforeAll(async () => {
  server = await ApiServer.start({ HOTLINE_SECOND_FACTOR: 'administrators' });
  city = await server.city('420100');
});
afterAll(() => server.close());

type Answer = Readonly<Record<string, unknown>>;

interface Person {
  readonly email: string;
  readonly client: ApiClient;
}

async function join(role: Role = 'analyst'): Promise<Person> {
  const client = await server.member(city.tenant, role);
  const { email } = await client.ask<{ email: string }>('{ viewer { email } }');
  return { email, client };
}

const codeOf = (answer: GraphQLAnswer): unknown => answer.errors[0]?.extensions?.['code'];

const begin = (client: ApiClient) =>
  client.ask<{ secret: string; address: string; code?: string }>(
    'mutation { beginSecondFactor { ... on SecondFactorBegun { secret address } ... on Failure { code } } }',
  );
const confirm = async (client: ApiClient, code: string): Promise<{ recoveryCodes?: string[]; code?: string }> =>
  (await client.signInBy(
    `mutation ($code: String!) { confirmSecondFactor(input: { code: $code }) {
      ... on SecondFactorConfirmed { recoveryCodes } ... on Failure { code } } }`,
    { code },
  )) as { recoveryCodes?: string[]; code?: string };
const signIn = (email: string, code?: string, client = server.anonymous()): Promise<unknown> =>
  client.signInBy(
    `mutation ($input: SignInInput!) { signIn(input: $input) {
      ... on SignedIn { viewer { secondFactor { enabled recoveryCodes shown } } }
      ... on Failure { code message messageEn } } }`,
    { input: { email, password, ...(code === undefined ? {} : { code }) } },
  );
const prove = (client: ApiClient, code: string): Promise<unknown> =>
  client.signInBy(
    `mutation ($code: String!) { proveSecondFactor(input: { code: $code }) {
      ... on SignedIn { viewer { secondFactor { shown } } } ... on Failure { code } } }`,
    { code },
  );
const remove = (client: ApiClient, code: string) =>
  client.ask<Answer>(
    `mutation ($code: String!) { removeSecondFactor(input: { code: $code }) {
      ... on Done { done } ... on Failure { code } } }`,
    { code },
  );
const state = '{ viewer { secondFactor { enabled recoveryCodes shown } } }';
const shown = (recoveryCodes: number) => ({
  viewer: { secondFactor: { enabled: true, recoveryCodes, shown: true } },
});

/** What an authenticator that was given the secret shows, so many steps of 30 seconds from now. */
function codeAt(secret: string, steps = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });
  return totp.generate({ timestamp: Date.now() + steps * 30_000 });
}

/** A code that none of the five nearest steps shows. */
function wrongCode(secret: string): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => codeAt(secret, steps));
  for (;;) {
    const code = String((number += 1)).padStart(6, '0');
    if (!near.includes(code)) return code;
  }
}

/** The next one counts from nought again, and no step was taken yet: as after a while. */
async function later(): Promise<void> {
  await server.sql('update second_factor set last_step = 0');
  await server.sql('delete from sign_in_attempt');
}

async function enrolled(role?: Role): Promise<Person & { secret: string; recoveryCodes: string[] }> {
  const person = await join(role);
  const { secret } = await begin(person.client);
  const { recoveryCodes = [] } = await confirm(person.client, codeAt(secret));
  expect(recoveryCodes).toHaveLength(10);
  await later();
  return { ...person, secret, recoveryCodes };
}

describe('a second factor', () => {
  it('is in force once a code of it was shown, under a new session', async () => {
    const { client, email } = await join();
    const { secret, address } = await begin(client);
    const told = new URL(address);
    expect([told.protocol, told.host, told.searchParams.get('secret')]).toEqual(['otpauth:', 'totp', secret]);
    expect(decodeURIComponent(told.pathname)).toContain(email);
    expect(await signIn(email)).toMatchObject({ viewer: { secondFactor: { enabled: false, shown: false } } });
    expect(await confirm(client, wrongCode(secret))).toEqual({ code: 'code_wrong' });
    expect((await client.graphql(state)).data).toEqual({
      viewer: { secondFactor: { enabled: false, recoveryCodes: 0, shown: false } },
    });
    const before = client.sent['cookie'] ?? '';
    const { recoveryCodes = [] } = await confirm(client, codeAt(secret));
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(codeOf(await server.anonymous().graphql(state, {}, { cookie: before }))).toBe('unauthenticated');
    expect((await client.graphql(state)).data).toEqual(shown(10));
    expect(await begin(client)).toEqual({ code: 'second_factor_exists' });
    expect(await confirm(client, codeAt(secret, 1))).toEqual({ code: 'second_factor_exists' });
  });

  it('is not confirmed before it was begun; begun anew it has another secret', async () => {
    const { client } = await join();
    expect(await confirm(client, '123456')).toEqual({ code: 'second_factor_not_begun' });
    const [first, second] = [await begin(client), await begin(client)];
    expect(first.secret).not.toBe(second.secret);
    expect(await confirm(client, codeAt(first.secret))).toEqual({ code: 'code_wrong' });
    expect((await confirm(client, codeAt(second.secret))).recoveryCodes).toHaveLength(10);
  });

  it('is asked for after the right password, and never before', async () => {
    const { email, secret } = await enrolled();
    expect(await signIn(email)).toMatchObject({
      code: 'code_needed',
      message: expect.stringMatching(/\p{Script=Han}/u),
    });
    const wrong = await server.anonymous().signIn(email, 'Not-the-password-1');
    expect(wrong.json).toMatchObject({ data: { signIn: { code: 'sign_in_failed' } } });
    expect(await signIn(email, wrongCode(secret))).toMatchObject({ code: 'code_wrong' });
    expect(await signIn(email, codeAt(secret))).toEqual(shown(10));
  });

  it('takes a code once, also when four try at the same time', async () => {
    const { email, secret } = await enrolled();
    const code = codeAt(secret);
    expect(await signIn(email, code)).toEqual(shown(10));
    expect(await signIn(email, code)).toMatchObject({ code: 'code_wrong' });
    await later();
    const answers = await Promise.all(Array.from({ length: 4 }, () => signIn(email, code)));
    expect(answers.filter((answer) => 'viewer' in (answer as Answer))).toHaveLength(1);
  });

  it('takes no code older than the last one it took', async () => {
    const { email, secret } = await enrolled();
    expect(await signIn(email, codeAt(secret, 1))).toEqual(shown(10));
    expect(await signIn(email, codeAt(secret, 0))).toMatchObject({ code: 'code_wrong' });
  });

  it('lets clocks differ by a step, not by more', async () => {
    const { email, secret } = await enrolled();
    // Three steps away: the test may run over the end of one.
    for (const steps of [-3, 3])
      expect(await signIn(email, codeAt(secret, steps))).toMatchObject({ code: 'code_wrong' });
    await later();
    expect(await signIn(email, codeAt(secret, 1))).toEqual(shown(10));
  });

  it('takes each recovery code once, however it is written', async () => {
    const { email, recoveryCodes } = await enrolled();
    const [first = '', second = ''] = recoveryCodes;
    expect(await signIn(email, first)).toEqual(shown(9));
    expect(await signIn(email, first)).toMatchObject({ code: 'code_wrong' });
    expect(await signIn(email, ` ${second.replace('-', ' ').toUpperCase()} `)).toEqual(shown(8));
    const other = await enrolled();
    expect(await signIn(other.email, recoveryCodes[2])).toMatchObject({ code: 'code_wrong' });
  });

  it('locks after five wrong codes, for this person alone and for the right code too', async () => {
    const { email, secret, recoveryCodes } = await enrolled();
    const other = await enrolled();
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await signIn(email, wrongCode(secret))).toMatchObject({ code: 'code_wrong' });
    }
    expect(await signIn(email, codeAt(secret))).toMatchObject({ code: 'sign_in_delayed' });
    expect(await signIn(email, recoveryCodes[0])).toMatchObject({ code: 'sign_in_delayed' });
    expect(await signIn(other.email, codeAt(other.secret))).toEqual(shown(10));
    await server.sql("update sign_in_attempt set locked_until = locked_until - interval '31 seconds'");
    expect(await signIn(email, codeAt(secret))).toEqual(shown(10));
  });

  it('is removed with a code of it only, and counts as shown no longer', async () => {
    const { client, email, secret } = await enrolled();
    expect(await remove(client, wrongCode(secret))).toEqual({ code: 'code_wrong' });
    expect(await remove(client, codeAt(secret))).toEqual({ done: true });
    const none = { viewer: { secondFactor: { enabled: false, recoveryCodes: 0, shown: false } } };
    expect((await client.graphql(state)).data).toEqual(none);
    expect(await signIn(email)).toEqual(none);
  });

  it('leaves neither its secret nor a recovery code in a row', async () => {
    const { secret, recoveryCodes } = await enrolled();
    const rows = JSON.stringify([
      ...(await server.rows('select f::text from second_factor f')),
      ...(await server.rows('select a::text from audit_event a')),
    ]);
    for (const hidden of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replace('-', ''))]) {
      expect(rows).not.toContain(hidden);
    }
  });
});

describe('an administrator, where it is required', () => {
  const work = '{ members(first: 1) { edges { node { id } } } }';

  it('does nothing but get one, until it was shown', async () => {
    const { client, email } = await join('administrator');
    expect(codeOf(await client.graphql(work))).toBe('second_factor_needed');
    expect(codeOf(await client.graphql('{ imports(first: 1) { edges { node { id } } } }'))).toBe(
      'second_factor_needed',
    );
    const upload = await client.send('POST', '/imports?filename=a.csv', {
      headers: { 'x-hotline-request': '1', 'content-type': 'application/octet-stream' },
      body: 'a',
    });
    expect([upload.status, upload.json]).toMatchObject([403, { error: { code: 'second_factor_needed' } }]);
    const { secret } = await begin(client);
    await confirm(client, codeAt(secret));
    expect((await client.graphql(work)).errors).toEqual([]);
    await later();
    const again = server.anonymous();
    await signIn(email, codeAt(secret), again);
    expect((await again.graphql(work)).errors).toEqual([]);
  });

  it('who signed in before they had one, shows it in that session', async () => {
    const { client, email } = await join('administrator');
    const early = server.anonymous();
    await signIn(email, undefined, early);
    const { secret } = await begin(client);
    await confirm(client, codeAt(secret));
    await later();
    expect(codeOf(await early.graphql(work))).toBe('second_factor_needed');
    expect(await prove(early, wrongCode(secret))).toEqual({ code: 'code_wrong' });
    expect(codeOf(await early.graphql(work))).toBe('second_factor_needed');
    expect(await prove(early, codeAt(secret))).toEqual({ viewer: { secondFactor: { shown: true } } });
    expect((await early.graphql(work)).errors).toEqual([]);
  });

  it('who removes it does no more work', async () => {
    const { client, secret } = await enrolled('administrator');
    expect((await client.graphql(work)).errors).toEqual([]);
    expect(await remove(client, codeAt(secret))).toEqual({ done: true });
    expect(codeOf(await client.graphql(work))).toBe('second_factor_needed');
  });

  it('is the only one it is required of', async () => {
    const { client } = await join('approver');
    expect((await client.graphql('{ imports(first: 1) { edges { node { id } } } }')).errors).toEqual([]);
  });
});
