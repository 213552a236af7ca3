import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetIds, datasetSpec } from '@hotline/rows';
import type { DatasetId } from '@hotline/rows';
import type { Period } from './calendar.js';
import type { CityPlan } from './city-plan.js';
import type { DemoCity } from './demo-cities.js';
import { generateRows } from './generate-rows.js';
import { writeCsv } from './write-csv.js';
import type { WrittenFile } from './write-csv.js';
import { writeXlsx } from './write-xlsx.js';

/** Typed by hand into a spreadsheet rather than exported from a system. */
const handMade: ReadonlySet<DatasetId> = new Set(['mystery_calls', 'mystery_chats', 'channels', 'city_profile']);

export interface DemoFile extends WrittenFile {
  readonly dataset: DatasetId;
}

/** Datasets that the centre hands in, in the order of the dictionary. */
export function datasetsOf(plan: CityPlan): readonly DatasetId[] {
  return datasetIds.filter(
    (dataset) => !plan.missing?.includes(dataset) && !(plan.dailyTotalsOnly === true && dataset === 'calls'),
  );
}

/**
 * Writes what the centre would export for a period: a file per dataset, in the formats its systems write. Datasets
 * without any row in the period get no file.
 */
export async function writeDemoCity(folder: string, city: DemoCity, period: Period): Promise<readonly DemoFile[]> {
  await mkdir(folder, { recursive: true });
  const files: DemoFile[] = [];
  for (const dataset of datasetsOf(city.plan)) {
    const rows = generateRows(dataset, city.plan, period);
    if (isEmpty(rows)) continue;
    files.push({ dataset, ...(await writeDataset(folder, city, dataset, period)) });
  }
  return files;
}

function isEmpty(rows: Iterable<unknown>): boolean {
  for (const _ of rows) return false;
  return true;
}

async function writeDataset(
  folder: string,
  { plan, habits }: DemoCity,
  dataset: DatasetId,
  period: Period,
): Promise<WrittenFile> {
  const rows = generateRows(dataset, plan, period);
  const name = habits.headers === 'id' ? dataset : `${plan.name}12345${datasetSpec(dataset).zh}`;
  if (habits.workbooks === 'all' || (habits.workbooks === 'small' && handMade.has(dataset))) {
    const options = { headers: habits.headers, titleRow: habits.headers === 'zh', blankTail: 20 };
    return writeXlsx(join(folder, `${name}.xlsx`), dataset, rows, options);
  }
  return writeCsv(join(folder, `${name}.csv`), dataset, rows, habits);
}
