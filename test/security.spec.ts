import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A spec, with the contracts that it holds something to: tests that are written once for several specs. */
function readSpec(spec: string): string {
  const text = read(spec);
  const contracts = [...text.matchAll(/from '([./\w-]+-contract)\.js'/g)].map(([, path]) => `${path ?? ''}.ts`);
  return [text, ...contracts.map((path) => read(join(dirname(spec), path)))].join('\n');
}

interface Proof {
  readonly spec: string;
  readonly title: string;
}

interface Protection {
  /** First word of its row in the table. */
  readonly row: string;
  readonly protection: string;
  /** Where its edits are, unless they say otherwise. */
  readonly file: string;
  readonly edits: readonly { readonly file?: string; readonly take: string; readonly put: string }[];
  readonly fails: readonly Proof[];
}

/** The tests of each row of test/security.md, by the first word of its requirement. */
const proofs = new Map(
  read('test/security.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('.spec.ts`'))
    .map((line) => {
      const [, requirement = '', tests = ''] = line.split('|').map((cell) => cell.trim());
      const named = tests.split(' · ').map((test): Proof => {
        const [, file = '', title = ''] = /^`([^`]+)` (.+)$/.exec(test) ?? [];
        return { spec: join('test', file), title };
      });
      return [/^[^\s,;:]+/.exec(requirement)?.[0] ?? '', named];
    }),
);
const protections = readdirSync(join(root, 'test/protections')).flatMap(
  (name) => JSON.parse(read(join('test/protections', name))) as readonly Protection[],
);

describe('test/security.md', () => {
  it('names tests that are there', () => {
    const named = [...proofs.values()].flat();
    expect(named.length).toBeGreaterThan(60);
    const missing = named.filter(({ spec, title }) => {
      const text = readSpec(spec);
      return title === '' || ![`'${title}'`, `\`${title}\``, `${title}'`].some((quoted) => text.includes(quoted));
    });
    expect(missing).toEqual([]);
  });
});

describe('test/protections', () => {
  it('has something to take away for every row of the table', () => {
    expect([...new Set(protections.map(({ row }) => row))].sort()).toEqual([...proofs.keys()].sort());
  });

  it.each(protections)('$row finds "$protection" where it says, and names tests of its row', (protection) => {
    const { file: usual, edits } = protection;
    const found = edits.map(({ file = usual, take }) => read(file).split(take).length - 1);
    expect(found).toEqual(edits.map(() => 1));
    expect(protection.fails).not.toEqual([]);
    for (const proof of protection.fails) expect(proofs.get(protection.row)).toContainEqual(proof);
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
