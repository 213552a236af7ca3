import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { Query, Resolver } from '@nestjs/graphql';
import { DeclaredOperations } from '../../apps/api/src/request/declared-operations.js';
import { ApiServer, type City } from './api-server.js';
import { assessmentFields } from './assessment-view.js';

let server: ApiServer;
let city: City;
beforeAll(async () => {
  server = await ApiServer.start();
  city = await server.city();
});
afterAll(() => server.close());

const send = (query: string, variables: object = {}) =>
  city.client.send('POST', '/graphql', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });

describe('one operation', () => {
  const viewers = (n: number): string => Array.from({ length: n }, (_, i) => `a${i}: viewer { tenantId }`).join(' ');
  const pages = 'edges { node { id report(first: 100) { edges { node { row } } } } }';
  const refused: Readonly<Record<string, readonly [string, object?]>> = {
    'more than 15 aliases': [`{ ${viewers(16)} }`],
    'aliases in a fragment': [`{ ...f } fragment f on Query { ${viewers(16)} }`],
    'more than 1000 tokens': [`{ ${'viewer { tenantId } '.repeat(300)} }`],
    // One a field: twice on the same field is refused anyway.
    'more than 50 directives': [`{ ${'viewer { tenantId @skip(if: false) } '.repeat(51)} }`],
    'fragments in a circle': ['{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }'],
    'pages of pages': [`{ imports(first: 100) { ${pages} } }`],
    'pages of pages by a variable': [`query ($n: Int!) { imports(first: $n) { ${pages} } }`, { n: 100 }],
    'pages of pages by default': [`{ imports { ${pages} } }`],
    'a page without end': ['{ imports(first: 1000000) { edges { cursor } } }'],
    'parts that come later': ['{ viewer { ... @defer { tenantId } } }'],
    'several operations without a name': ['query a { viewer { tenantId } } query b { viewer { tenantId } }'],
  };
  for (const [name, [query, variables]] of Object.entries(refused)) {
    it(`is refused with ${name}`, async () => {
      const answer = await send(query, variables);
      expect([answer.status, (answer.json as { data?: unknown }).data ?? null]).toEqual([400, null]);
    });
  }

  it('is refused when it goes deeper than 8', async () => {
    const deep = `{ imports(first: 1) { edges { node { report(first: 1) { edges { node { row { a { b } } } } } } } } }`;
    const { errors } = (await send(deep)).json as { errors: { message: string; extensions: { messageEn: string } }[] };
    expect(errors).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining('最多 8 层'),
        extensions: expect.objectContaining({ messageEn: expect.stringContaining('at most 8 levels') }),
      }),
    );
  });

  it('may be as long as the console’s and the documents’ own, and is told what it cost', async () => {
    const longest = await send(`{ assessments(first: 20) { edges { node { ${assessmentFields} } } } }`);
    expect(longest.text).not.toContain('errors');
    expect((longest.json as { extensions: unknown }).extensions).toEqual({
      cost: { requested: expect.any(Number), limit: 5000 },
    });
    // viewer counts 2, its one value 1.
    expect(((await send('{ viewer { tenantId } }')).json as { extensions: unknown }).extensions).toEqual({
      cost: { requested: 3, limit: 5000 },
    });
    // A page of 100 edges (2 + 1) in a list (2): 100 × 5.
    const page = await send('query ($n: Int!) { imports(first: $n) { edges { cursor } } }', { n: 100 });
    expect((page.json as { extensions: unknown }).extensions).toEqual({ cost: { requested: 500, limit: 5000 } });
  });
});

describe('values in a query', () => {
  it('are never repeated in an error', async () => {
    const phone = '13812345678';
    for (const [query, variables] of [
      [`{ imports(first: "${phone}") { edges { cursor } } }`, {}],
      ['query ($n: Int!) { imports(first: $n) { edges { cursor } } }', { n: phone }],
      [`query ($n: Int = "${phone}") { imports(first: $n) { edges { cursor } } }`, {}],
      [`mutation { commitImport(id: "x", mode: P${phone}) { __typename } }`, {}],
      ['mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }', { input: { email: [phone] } }],
      ['mutation ($i: AssessInput!) { assess(input: $i) { __typename } }', { i: { [`p${phone}`]: 1 } }],
    ] as const) {
      const answer = await send(query, variables);
      expect([query, answer.status, answer.text.includes(phone)]).toEqual([query, 400, false]);
    }
  });

  it('of any size or kind are refused in words, never by a failure inside', async () => {
    const hostile = ['\u0000', '\ud800', 'x'.repeat(200_000), '__proto__', '999999-01-01', "' or true --"];
    for (const value of hostile) {
      for (const [query, variables] of [
        ['query ($v: ID!) { import(id: $v) { id } }', { v: value }],
        ['query ($v: String) { imports(after: $v) { edges { cursor } } }', { v: value }],
        ['query ($v: String) { imports(dataset: $v) { edges { cursor } } }', { v: value }],
        ['mutation ($v: ID!) { commitImport(id: $v) { __typename } }', { v: value }],
        ['mutation ($v: String!) { assess(input: { start: $v, end: $v }) { __typename } }', { v: value }],
      ] as const) {
        const answer = await send(query, variables);
        expect([query, value.slice(0, 20), answer.text.includes('"internal"')]).toEqual([
          query,
          value.slice(0, 20),
          false,
        ]);
      }
    }
    await send(
      'query ($v: ID!) { import(id: $v) { id } }',
      JSON.parse('{"v":"x","__proto__":{"polluted":1}}') as object,
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

@Resolver()
class Forgetful {
  @Query(() => Boolean)
  forgotten(): boolean {
    return true;
  }
}
@Module({ imports: [DiscoveryModule], providers: [Forgetful, DeclaredOperations] })
class ForgetfulModule {}

it('a server with an operation that nobody declared does not start', async () => {
  const app = await NestFactory.createApplicationContext(ForgetfulModule, { logger: false, abortOnError: false }).catch(
    (error: unknown) => error,
  );
  expect(String(app)).toContain('none of @Needs, @Public and @ForPortals on Forgetful.forgotten');
});

it('every answer tells browsers what they must not do with it', async () => {
  const data = "default-src 'none'; frame-ancestors 'none'";
  for (const [path, resources, policy] of [
    ['/', 'same-origin', /frame-ancestors 'none'$/],
    ['/graphql', 'same-origin', data],
    ['/nothing-here', 'same-origin', data],
    ['/imports/x/report.csv', 'same-origin', data],
    ['/widgets/v1/nothing.js', 'cross-origin', data],
    ['/embed/v1/x/summary.json', 'cross-origin', data],
  ] as const) {
    const { headers } = await server.anonymous().send('GET', path);
    expect([path, Object.fromEntries(headers)]).toEqual([
      path,
      expect.objectContaining({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'strict-transport-security': 'max-age=31536000',
        'permissions-policy': expect.stringContaining('camera=()'),
        'cross-origin-resource-policy': resources,
        'content-security-policy': typeof policy === 'string' ? policy : expect.stringMatching(policy),
      }),
    ]);
    for (const name of ['server', 'x-powered-by']) expect(headers.get(name)).toBeNull();
  }
});
