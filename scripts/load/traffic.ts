import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramOfCity } from '../cluster/city-cluster.js';

const pageQuery = `{ imports(first: 20) { edges { node { id state fileName counts { read accepted } } } }
  assessments(first: 1) { edges { node { id contentHash index { grade display coverage } } } }
  jobs(first: 10) { edges { node { id state kind } } } }`;

/** As often as a program asks that takes "come back later" at its word. */
const attempts = 5;

function retryAfterSeconds(answer: string): number | null {
  const seconds = /"retryAfterSeconds":(\d+)/.exec(answer)?.[1];
  return seconds === undefined ? null : Number(seconds);
}

/** What a month of a small centre is: enough to be decoded, checked, merged and counted. */
function orders(round: number): string {
  const lines = Array.from({ length: 2_000 }, (_, index) => {
    const day = String(1 + (index % 28)).padStart(2, '0');
    const month = String(1 + (index % 12)).padStart(2, '0');
    return `W${index},2023-${month}-${day} 09:00:00,电话,事项${(index + round) % 13},2023-${month}-28 18:00:00,2023-${month}-${day} 17:00:00`;
  });
  return ['工单编号,受理时间,受理渠道,一级分类,办理期限,办结时间', ...lines, ''].join('\n');
}

/** Reads all the time and an import once in a while, over all cities, as their programs would send them. */
export class Traffic {
  reads = 0;
  imports = 0;
  /** Reads that were asked to come back later, and did. */
  turnedAway = 0;
  readonly faults: string[] = [];
  private readonly times: number[] = [];
  private turn = 0;

  constructor(
    private readonly url: string,
    private readonly cities: readonly ProgramOfCity[],
  ) {}

  /** 95th percentile of the reads since the start, in milliseconds. */
  get readMs(): number {
    const sorted = [...this.times].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  }

  /** So many reads a second until the signal ends it. */
  async read(perSecond: number, signal: AbortSignal): Promise<void> {
    const open = new Set<Promise<void>>();
    while (!signal.aborted) {
      const city = this.next();
      const asked = this.readOnce(city).finally(() => open.delete(asked));
      open.add(asked);
      await sleep(1000 / perSecond, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(open);
  }

  /** An import and the assessment of what it changed. @throws Error when it does not come into force */
  async importOnce(city: ProgramOfCity): Promise<void> {
    this.imports += 1;
    const answer = await fetch(`${this.url}/imports?dataset=work_orders&filename=orders.csv&commit=1&wait=60`, {
      method: 'POST',
      headers: { authorization: `Bearer ${city.key}`, 'content-type': 'text/csv' },
      body: orders(this.imports),
    });
    const text = await answer.text();
    const { state } = JSON.parse(text) as { state?: string };
    if (state !== 'committed') throw new Error(`${answer.status} ${text.slice(0, 300)}`);
    const assessed = await this.ask(
      city,
      `mutation { assess(input: { start: "2023-01-01", end: "2024-01-01" }) {
         ... on Assessment { contentHash } ... on AssessmentStarted { jobId } ... on Failure { code } } }`,
    );
    if (!assessed.includes('contentHash') && !assessed.includes('jobId')) throw new Error(assessed.slice(0, 300));
  }

  /** The cities take turns. */
  next(): ProgramOfCity {
    const city = this.cities[this.turn % this.cities.length];
    this.turn += 1;
    if (!city) throw new Error('there is no city');
    return city;
  }

  private async readOnce(city: ProgramOfCity): Promise<void> {
    this.reads += 1;
    const started = performance.now();
    try {
      let text = await this.ask(city, pageQuery);
      for (let attempt = 1; attempt < attempts; attempt += 1) {
        const pause = retryAfterSeconds(text);
        if (pause === null) break;
        this.turnedAway += 1;
        await sleep(pause * 1000);
        text = await this.ask(city, pageQuery);
      }
      if (text.includes('"errors"')) this.faults.push(text.slice(0, 300));
    } catch (error) {
      this.faults.push(String(error));
    }
    this.times.push(performance.now() - started);
  }

  private async ask({ key }: ProgramOfCity, query: string): Promise<string> {
    const answer = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return answer.text();
  }
}
