import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiServer, type City } from './api-server.js';

let server: ApiServer;
let city: City;
beforeAll(async () => {
  server = await ApiServer.start();
  city = await server.city('420100', 'administrator');
});
afterAll(() => server.close());

const create = `mutation { createEmbedKey(input: { name: "门户", origins: ["https://portal.example"] }) {
  ... on EmbedKey { id } ... on Failure { code } } }`;
const upload = () =>
  city.client.send('POST', '/imports?filename=a.csv', {
    headers: { 'x-hotline-request': '1', 'content-type': 'text/csv' },
    body: '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n',
  });
interface Answer {
  readonly errors: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

/** Makes the database fail at every new embed key and import. */
async function plant(body: string): Promise<void> {
  await server.sql(`
    create or replace function planted() returns trigger language plpgsql as $$ begin ${body} return new; end $$;
    drop trigger if exists planted on embed_key; drop trigger if exists planted on "import";
    create trigger planted before insert on embed_key for each row execute function planted();
    create trigger planted before insert on "import" for each row execute function planted();`);
}

describe('an error of the database', () => {
  it.each([
    ['23505', 'duplicate key value violates unique constraint "embed_key_pkey"'],
    ['23503', 'insert or update on table "embed_key" violates foreign key constraint "embed_key_tenant_id_fkey"'],
    ['22P02', 'invalid input syntax for type uuid: "13800138000"'],
    ['42501', 'new row violates row-level security policy for table "embed_key"'],
    ['XX000', 'cache lookup failed for relation embed_key'],
  ])('%s is told by a number alone: no table, no rule, no value', async (sqlState, message) => {
    await plant(`raise exception using errcode = '${sqlState}', message = '${message}',
      detail = 'Key (email)=(li@wuhan.example, 13800138000) already exists.', hint = 'see table embed_key',
      table = 'embed_key', constraint = 'embed_key_pkey', schema = 'public';`);
    const answer = await city.client.send('POST', '/graphql', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: create }),
    });
    const [error] = (answer.json as Answer).errors;
    expect(error?.extensions).toEqual({
      code: 'internal',
      messageEn: expect.any(String),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(error?.message).toContain(String(error?.extensions['requestId']));
    const refused = await upload();
    expect([refused.status, refused.json]).toMatchObject([500, { error: { code: 'internal' } }]);
    for (const text of [answer.text, refused.text, JSON.stringify([...refused.headers])]) {
      expect(text).not.toMatch(
        /embed_key|constraint|violates|already exists|13800138000|li@wuhan|row-level|relation|insert into|\.[jt]s:|23505|22P02/i,
      );
    }
  });
});

describe('a statement that takes too long', () => {
  it('is cancelled in the database and told so, and keeps nothing', async () => {
    await plant('perform pg_sleep(60);');
    const [row] = await server.rows<{ name: string }>('select current_database() as name');
    await server.sql(`alter role hotline_app in database ${row?.name} set statement_timeout = '300ms'`);
    // Connections that are open already have the limit they began with.
    await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = 'hotline_app'`);
    const before = await server.rows('select from embed_key');
    let answer = await city.client.send('POST', '/graphql', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: create }),
    });
    // The pool may hand out one that was ended a moment ago.
    if (answer.text.includes('internal')) {
      answer = await city.client.send('POST', '/graphql', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: create }),
      });
    }
    expect(answer.status).toBe(504);
    expect((answer.json as Answer).errors[0]).toMatchObject({
      message: expect.stringContaining('超时'),
      extensions: { code: 'timed_out', messageEn: expect.stringContaining('too long') },
    });
    const refused = await upload();
    expect([refused.status, refused.json]).toMatchObject([504, { error: { code: 'timed_out' } }]);
    // The server looks for jobs all the time: only the planted sleep tells that a cancelled statement goes on.
    expect(
      await server.rows(`select query from pg_stat_activity
        where datname = current_database() and usename = 'hotline_app' and wait_event = 'PgSleep'`),
    ).toEqual([]);
    expect(await server.rows('select from embed_key')).toHaveLength(before.length);
  });
});
