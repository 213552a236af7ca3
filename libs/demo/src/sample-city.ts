import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetId } from '@hotline/rows';
import type { Period } from './calendar.js';
import type { CityPlan } from './city-plan.js';
import { generateRows } from './generate-rows.js';
import { writeCsv } from './write-csv.js';
import { writeXlsx } from './write-xlsx.js';

/** The year of the printed index. */
export const samplePeriod: Period = { start: '2023-01-01', end: '2024-01-01' };

/** A small fictitious centre under the name of Wuhan: enough rows for every indicator, little enough for a repository. */
export const samplePlan: CityPlan = {
  code: '420100',
  name: '武汉市',
  seed: 2023,
  callsPerYear: 8_000,
  ordersPerYear: 3_000,
  residentPopulation: 20_800,
  quality: {
    staffing: 0.75,
    eveningCover: 0.45,
    menu: 0.7,
    onlineService: 0.6,
    channels: 0.6,
    training: 0.72,
    orderDiscipline: 0.7,
    satisfaction: 0.7,
    surveyMood: 0.7,
  },
  surveysPerYear: 460,
  testCallsPerPeriod: 2,
};

const asCsv: readonly DatasetId[] = [
  'calls',
  'work_orders',
  'callbacks',
  'online_sessions',
  'survey_responses',
  'mystery_chats',
  'city_profile',
];
const asWorkbook: readonly DatasetId[] = ['mystery_calls', 'channels'];

/** Writes the sample folder; the same bytes on every machine. */
export async function writeSampleCity(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const dataset of asCsv) {
    const rows = generateRows(dataset, samplePlan, samplePeriod);
    await writeCsv(join(folder, `${dataset}.csv`), dataset, rows, { headers: 'zh', encoding: 'gb18030' });
  }
  for (const dataset of asWorkbook) {
    const rows = generateRows(dataset, samplePlan, samplePeriod);
    // Uncompressed: versions of zlib pack the same text into different bytes.
    await writeXlsx(join(folder, `${dataset}.xlsx`), dataset, rows, { titleRow: true, compressionLevel: 0 });
  }
}
