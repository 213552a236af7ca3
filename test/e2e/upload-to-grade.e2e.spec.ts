import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadMethodology, scoringMethod } from '@hotline/methodology';
import type { Assessment, Observation } from '@hotline/scoring';
import { sessionCookieName, type ApiClient, type ImportView } from './api-client.js';
import { ApiServer, type City } from './api-server.js';
import {
  assess,
  assessmentFields,
  period,
  traceOf,
  type AssessmentView,
  type IndicatorView,
} from './assessment-view.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'examples', 'sample-city');
const files = readdirSync(folder).sort();
const bytesOf = (name: string): Buffer => readFileSync(join(folder, name));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const smallDatasets = ['mystery_calls', 'mystery_chats', 'survey_responses', 'channels', 'city_profile'];
const methods = scoringMethod(loadMethodology()).indicators.flatMap(({ measure }) =>
  (measure.kind === 'components' ? measure.components.map((part) => part.measure) : [measure]).flatMap(
    (leaf) => leaf.methods,
  ),
);
const methodOf = (id: string): (typeof methods)[number] => {
  const found = methods.find((method) => method.id === id);
  if (!found) throw new Error(`there is no method ${id}`);
  return found;
};

let server: ApiServer;
let city: City;
let client: ApiClient;
let imports: Map<string, ImportView>;
let first: AssessmentView;
beforeAll(async () => {
  server = await ApiServer.start();
  city = await server.city();
  client = city.client;
  imports = new Map();
  for (const name of files) imports.set(name, await client.upload(name, bytesOf(name)));
  first = await assess(client);
});
afterAll(() => server.close());

const indicatorsOf = (assessment: AssessmentView): IndicatorView[] =>
  assessment.dimensions.flatMap(({ elements }) => elements.flatMap(({ indicators }) => indicators));
const importOf = (name: string): ImportView => {
  const found = imports.get(name);
  if (!found) throw new Error(`${name} was not uploaded`);
  return found;
};

describe('signing in', () => {
  it('sets a session cookie that only this host, over HTTPS, and no script gets', async () => {
    await server.member(city.tenant, 'viewer');
    const visitor = server.anonymous();
    const answer = await visitor.signIn('viewer-2@centre.example', 'Yangtze-bridge-7');
    expect(answer.json).toMatchObject({
      data: { signIn: { viewer: { tenantId: city.tenant.tenantId, cityCode: '420100', roles: ['viewer'] } } },
    });
    const [cookie = '', ...others] = answer.headers.getSetCookie();
    expect(others).toEqual([]);
    expect(cookie.startsWith(`${sessionCookieName}=`)).toBe(true);
    const attributes = cookie
      .split('; ')
      .slice(1)
      .filter((attribute) => !attribute.startsWith('Expires='));
    // The prefix __Host- asks for Secure, Path=/ and no Domain.
    expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  it('ends at once when signing out', async () => {
    const visitor = await server.member(city.tenant, 'viewer');
    expect((await visitor.graphql('{ viewer { cityCode } }')).data).toEqual({ viewer: { cityCode: '420100' } });
    await visitor.ask('mutation { signOut }');
    expect((await visitor.graphql('{ viewer { cityCode } }')).errors[0]?.extensions?.['code']).toBe('unauthenticated');
  });

  it('tells a wrong password and an unknown address alike', async () => {
    const answers = await Promise.all([
      server.anonymous().signIn('viewer-2@centre.example', 'wrong'),
      server.anonymous().signIn('nobody@centre.example', 'wrong'),
    ]);
    for (const answer of answers) {
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(answer.json).toMatchObject({
        data: { signIn: { code: 'sign_in_failed', message: '邮箱或密码不正确。' } },
      });
    }
  });
});

describe('a folder of files as systems export them', () => {
  it('goes in file by file without a mapping, every row accounted for', () => {
    for (const name of files) {
      const { state, counts, dataset, sha256: hash } = importOf(name);
      expect([name, state, dataset]).toEqual([name, 'committed', name.replace(/\.\w+$/, '')]);
      expect([name, hash]).toEqual([name, sha256(bytesOf(name))]);
      expect([name, counts?.read]).toEqual([
        name,
        (counts?.accepted ?? NaN) + (counts?.refused ?? NaN) + (counts?.duplicates ?? NaN),
      ]);
    }
  });

  it('is listed by dataset', async () => {
    const list = (dataset: string) =>
      city.client.ask<{ edges: { node: { dataset: string } }[] }>(
        'query ($dataset: String) { imports(first: 100, dataset: $dataset) { edges { node { dataset } } } }',
        { dataset },
      );
    const { edges } = await list('calls');
    expect(new Set(edges.map(({ node }) => node.dataset))).toEqual(new Set(['calls']));
    expect((await list('no such dataset')).edges).toEqual([]);
  });

  it('gives a grade and every one of the 37 indicators', () => {
    const indicators = indicatorsOf(first);
    expect(indicators).toHaveLength(37);
    expect(indicators.filter(({ state }) => state !== 'observed').map(({ id }) => id)).toEqual([]);
    expect(first).toMatchObject({ selfAssessed: true, demo: false, ...period });
    expect(first.index).toMatchObject({ rated: true, coverage: 1 });
    expect(['A+', 'A', 'B+', 'B', 'C+', 'C', 'D+', 'D', 'E']).toContain(first.index.grade);
    expect(first.dimensions.map(({ id }) => id)).toHaveLength(3);
  });

  it('opens every figure down to the bytes that were uploaded', async () => {
    const uploaded = new Map(files.map((name) => [sha256(bytesOf(name)), name]));
    for (const indicator of indicatorsOf(first)) {
      const parts = [indicator, ...indicator.components].filter(({ method }) => method !== null);
      expect([indicator.id, parts.length > 0]).toEqual([indicator.id, true]);
      for (const part of parts) {
        const { kind, dataset } = methodOf(part.method ?? '');
        const days = await daysOf(part.method ?? '');
        // Rows of these few are kept as rows: an assessment reads them itself.
        expect([part.id, days.length > 0]).toEqual([part.id, !smallDatasets.includes(dataset)]);
        if (days.length === 0) continue;
        expect([part.id, days.every(({ day }) => day >= period.start && day < period.end)]).toEqual([part.id, true]);
        const rows = days.reduce((sum, { n }) => sum + n, 0);
        const total = days.reduce((sum, day) => sum + day.total, 0);
        // The ratio of calls to residents counts the days it stands on, all others the rows.
        expect([part.id, kind === 'annualised_ratio' ? days.length : rows]).toEqual([part.id, part.n]);
        if (kind === 'ratio') {
          expect([part.id, rows]).toEqual([part.id, part.denominator]);
          expect([part.id, close(total, part.numerator)]).toEqual([part.id, true]);
          expect([part.id, close((total / rows) * 100, part.value)]).toEqual([part.id, true]);
        }
      }
      expect([indicator.id, indicator.files.length > 0]).toEqual([indicator.id, true]);
      for (const { file, sha256: hash, importId } of indicator.files) {
        expect(uploaded.get(hash)).toBe(file);
        expect(importOf(file).id).toBe(importId);
      }
    }
  });

  const daysOf = (method: string) =>
    client
      .ask<{ days: { day: string; n: number; total: number }[] }>(
        `query ($id: ID!, $method: String!) { assessment(id: $id) { days(method: $method) { day n total } } }`,
        { id: first.id, method },
      )
      .then(({ days }) => days);

  it('opens the connect rate by days that add up to it', async () => {
    const rate = indicatorsOf(first).find(({ id }) => id === 'hotline_connect_rate');
    const days = await daysOf(rate?.method ?? '');
    expect(days.length).toBeGreaterThan(28);
    const requests = days.reduce((sum, { n }) => sum + n, 0);
    const answered = days.reduce((sum, { total }) => sum + total, 0);
    expect([answered, requests]).toEqual([rate?.numerator, rate?.denominator]);
    expect(rate?.value).toBeCloseTo((answered / requests) * 100, 9);
    expect(rate?.files.map(({ file }) => file)).toEqual(['calls.csv']);
  });

  it('gives what the command without a server gives', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        join(root, 'dist', 'apps', 'assess', 'src', 'main.js'),
        ...['--city', '420100', '--start', period.start, '--end', period.end, '--data', folder, '--json'],
      ],
      { maxBuffer: 64 * 1024 ** 2 },
    );
    const alone = JSON.parse(stdout) as Assessment;
    const served = traceOf(first);
    expect(served.index.grade).toBe(alone.index.grade);
    expect(served.methodology).toEqual(alone.methodology);
    expect(Object.keys(served.indicators).sort()).toEqual(Object.keys(alone.indicators).sort());
    const differences = Object.entries(alone.indicators).flatMap(([id, observation]) =>
      differing(id, observation, served.indicators[id]),
    );
    expect(differences).toEqual([]);
    for (const level of ['elements', 'dimensions'] as const) {
      for (const [id, node] of Object.entries(alone[level])) {
        expect([id, close(node.score, served[level][id]?.score ?? null)]).toEqual([id, true]);
      }
    }
    expect(close(alone.index.score, served.index.score)).toBe(true);
    expect(served.companions).toEqual(alone.companions);
  });

  it('gives the same assessment when nothing has changed', async () => {
    const again = await assess(client);
    expect(again).toMatchObject({ id: first.id, contentHash: first.contentHash });
    const listed = await client.ask<{ edges: { node: { id: string } }[] }>('{ assessments { edges { node { id } } } }');
    expect(listed.edges.map(({ node }) => node.id)).toEqual([first.id]);
  });

  it('takes the same bytes as the same import', async () => {
    const again = await client.upload('calls.csv', bytesOf('calls.csv'));
    expect(again.id).toBe(importOf('calls.csv').id);
  });
});

describe('an import that is taken back', () => {
  it('leaves what it fed unobserved with a reason, never 0; put back, the first result returns', async () => {
    const reverted = await client.revert(importOf('survey_responses.csv').id);
    expect(reverted.state).toBe('reverted');
    const without = await assess(client);
    expect(without.contentHash).not.toBe(first.contentHash);
    expect(without.index.coverage).toBeLessThan(first.index.coverage);
    const missing = indicatorsOf(without).filter(({ state }) => state !== 'observed');
    const fedBySurvey = indicatorsOf(first).filter(({ files: [file] }) => file?.dataset === 'survey_responses');
    expect(fedBySurvey.length).toBeGreaterThan(0);
    expect(missing.map(({ id }) => id).sort()).toEqual(expect.arrayContaining(fedBySurvey.map(({ id }) => id).sort()));
    for (const indicator of missing) {
      expect(indicator).toMatchObject({ state: 'not_observed', value: null, score: null, n: 0, files: [] });
    }
    expect(without.imports.map(({ file }) => file)).not.toContain('survey_responses.csv');

    const back = await client.upload('survey_responses.csv', bytesOf('survey_responses.csv'));
    expect(back.state).toBe('committed');
    expect(back.id).not.toBe(reverted.id);
    expect((await assess(client)).contentHash).toBe(first.contentHash);
  });
});

describe('a city with some of the datasets', () => {
  it('gets their indicators, its coverage, and a reason for each of the others', async () => {
    const small = await server.city('330100');
    expect((await small.client.upload('calls.csv', bytesOf('calls.csv'))).state).toBe('committed');
    expect((await small.client.upload('work_orders.csv', bytesOf('work_orders.csv'))).state).toBe('committed');
    const result = await assess(small.client);
    expect(result.index).toMatchObject({ rated: false, score: null, display: null, grade: null });
    expect(result.index.coverage).toBeGreaterThan(0);
    expect(result.index.coverage).toBeLessThan(1);
    const connect = (assessment: AssessmentView) =>
      indicatorsOf(assessment).find(({ id }) => id === 'hotline_connect_rate');
    expect(connect(result)?.value).toBe(connect(first)?.value);
    const unknown = indicatorsOf(result).filter(({ state }) => state !== 'observed');
    expect(unknown.length).toBeGreaterThan(0);
    for (const { id, state, value, score } of unknown) {
      expect(['not_observed', 'too_few']).toContain(state);
      expect([id, value, score]).toEqual([id, null, null]);
    }
    // Another city's result is nobody else's to see.
    const other = await client.graphql(`query ($id: ID!) { assessment(id: $id) { ${assessmentFields} } }`, {
      id: result.id,
    });
    expect(other).toMatchObject({ data: { assessment: null }, errors: [] });
  });
});

/** Relative to the size of the number: both sides add the same numbers up, perhaps in another order. */
function close(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}

function differing(id: string, a: Observation, b: Observation | undefined): string[] {
  if (!b) return [`${id}: missing`];
  const facts = (['value', 'score', 'n', 'numerator', 'denominator'] as const).flatMap((field) =>
    close(a[field], b[field]) ? [] : [`${id}.${field}: ${a[field]} and ${b[field]}`],
  );
  const states = a.state === b.state && a.method === b.method ? [] : [`${id}: ${a.state} and ${b.state}`];
  const parts = Object.entries(a.components ?? {}).flatMap(([part, observation]) =>
    differing(`${id}.${part}`, observation, b.components?.[part]),
  );
  return [...facts, ...states, ...parts];
}
