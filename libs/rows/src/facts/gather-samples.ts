import type { DuckDBConnection } from '@duckdb/node-api';
import type { Methodology } from '@hotline/methodology';
import type { Sample } from '@hotline/scoring';
import { sampleDatasets } from '../measures/measure-rules.js';
import type { SamplesResult, SamplesTask } from '../tasks.js';
import { PeriodRows } from './period-rows.js';
import { readCompanions } from './read-companions.js';
import { readSample } from './read-samples.js';
import { readChannels, readProfile } from './read-state.js';

/** Everything of a city that an assessment reads from rows, in a fixed order. */
export async function samples(
  connection: DuckDBConnection,
  methodology: Methodology,
  task: SamplesTask,
): Promise<SamplesResult> {
  const period = new PeriodRows(connection, methodology, task);
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
