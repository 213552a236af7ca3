import type { DuckDBConnection } from '@duckdb/node-api';
import type { Sample } from '@hotline/scoring';
import { sampleDatasets } from '../measures/measure-rules.js';
import type { SamplesResult, SamplesTask } from '../tasks.js';
import { PeriodRows } from './period-rows.js';
import { readCompanions, repeatCallerShare, topTopics } from './read-companions.js';
import { readSample } from './read-samples.js';
import { readChannels, readProfile } from './read-state.js';

/**
 * Everything of a city that an assessment reads from rows, in a fixed order. What looks at every call or order runs on
 * connections of its own: each takes about as long as all the rest.
 */
export async function samples(connect: () => Promise<DuckDBConnection>, task: SamplesTask): Promise<SamplesResult> {
  const period = async () => new PeriodRows(await connect(), task);
  const [callers, topics, rest] = await Promise.allSettled([
    period().then(repeatCallerShare),
    period().then(topTopics),
    period().then(smallDatasets),
  ]);
  // A database must not be closed under a statement: all have ended before any fault is told.
  if (callers.status === 'rejected') throw callers.reason;
  if (topics.status === 'rejected') throw topics.reason;
  if (rest.status === 'rejected') throw rest.reason;
  const { companions, ...others } = rest.value;
  return { ...others, companions: { ...companions, top_topics: topics.value, repeat_caller_share: callers.value } };
}

async function smallDatasets(period: PeriodRows): Promise<SamplesResult> {
  const found: Record<string, Sample> = {};
  for (const dataset of sampleDatasets) {
    const sample = await readSample(period, dataset);
    if (sample) found[dataset] = sample;
  }
  const { channels, list } = await readChannels(period);
  return {
    samples: found,
    channels,
    profile: await readProfile(period),
    companions: { ...(await readCompanions(period)), channel_list: list.length === 0 ? null : list },
  };
}
