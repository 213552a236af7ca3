import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('test/security.md', () => {
  it('names tests that are there', () => {
    const named = read('test/security.md')
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.includes('.spec.ts`'))
      .flatMap((line) => (line.split('|')[2] ?? '').split(' · '))
      .map((cell) => /^\s*`([^`]+)` (.+?)\s*$/.exec(cell)?.slice(1) ?? [cell, '']);
    expect(named.length).toBeGreaterThan(60);
    const missing = named.filter(([file = '', title = '']) => {
      const text = read(join('test', file));
      return title === '' || ![`'${title}'`, `\`${title}\``, `${title}'`].some((quoted) => text.includes(quoted));
    });
    expect(missing).toEqual([]);
  });
});

/** What a process keeps beyond one request, and what its keys are. What is about tenants has the tenant in its key. */
const remembered: Readonly<Record<string, string>> = {
  'apps/api/src/datasets/template.controller.ts workbooks': 'by dataset and language, of no tenant',
  'apps/api/src/request/error-formatter.ts statuses': 'by code, fixed',
  'libs/imports/src/switch-import.ts commitRefusals': 'by code of a failure, fixed',
  'libs/imports/src/upload-gate.ts receiving': 'by tenant',
  'libs/platform/src/jobs/job-announcements.ts listeners': 'by channel; what is told is the id of a job, a UUID',
  'libs/platform/src/jobs/job-handlers.ts handlers': 'by kind of job',
  'libs/platform/src/jobs/job-relay.ts told': 'by id of a job, a UUID',
  'libs/platform/src/jobs/job-runs.ts running': 'what is under way, without a key',
  'libs/platform/src/rates/rates.ts lots': 'by keyed hash of key, tenant or address',
};

it('whatever a process remembers of requests is on the list', () => {
  const found = [
    'apps/api/src',
    'apps/worker/src',
    'libs/platform/src',
    'libs/tenancy/src',
    'libs/imports/src',
    'libs/assessments/src',
  ]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .map(String)
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
        .map((name) => join(folder, name)),
    )
    .flatMap((file) =>
      // Fields of classes and constants of modules live on; what stands in a function goes with it.
      [
        ...read(file).matchAll(
          /^(?: {2}(?:private |protected |readonly |static )+|(?:export )?const )#?(\w+)(?:: [^=\n]+)? = new (?:Map|Set|WeakMap)\b/gm,
        ),
      ].map(([, name]) => `${file} ${name}`),
    );
  expect(found.sort()).toEqual(Object.keys(remembered).sort());
});
