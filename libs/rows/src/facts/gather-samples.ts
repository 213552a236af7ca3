import type { DuckDBConnection } from '@duckdb/node-api';
import type { Methodology } from '@hotline/methodology';
import type { Sample } from '@hotline/scoring';
import { sampleDatasets } from '../measures/measure-rules.js';
import type { SamplesResult, SamplesTask } from '../tasks.js';
import { PeriodRows } from './period-rows.js';
import { readCompanions, repeatCallerShare } from './read-companions.js';
import { readSample } from './read-samples.js';
import { readChannels, readProfile } from './read-state.js';

/**
 * Everything of a city that an assessment reads from rows, in a fixed order. The callers of the period are counted on
 * the second connection meanwhile: that takes about as long as all the rest.
 */
export async function samples(
  connection: DuckDBConnection,
  beside: DuckDBConnection,
  methodology: Methodology,
  task: SamplesTask,
): Promise<SamplesResult> {
  const [callers, rest] = await Promise.allSettled([
    repeatCallerShare(new PeriodRows(beside, methodology, task)),
    smallDatasets(new PeriodRows(connection, methodology, task)),
  ]);
  // A database must not be closed under a statement: both have ended before either fault is told.
  if (callers.status === 'rejected') throw callers.reason;
  if (rest.status === 'rejected') throw rest.reason;
  return { ...rest.value, companions: { ...rest.value.companions, repeat_caller_share: callers.value } };
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
