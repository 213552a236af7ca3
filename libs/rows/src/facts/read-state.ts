import type { ChannelState, CityProfile, CompanionValue } from '@hotline/scoring';
import { datasetSpec } from '../datasets/dictionary.js';
import { sqlId, sqlText } from '../sql.js';
import type { PeriodRows } from './period-rows.js';

/** The counted row of each channel: the latest check that is not older than the method allows and before the end. */
export async function readChannels(
  period: PeriodRows,
): Promise<{ readonly channels: readonly ChannelState[]; readonly list: readonly CompanionValue[] }> {
  const { end } = period.task.period;
  const since = daysBefore(end, period.task.methodology.channels.maxAgeDays.value);
  const rows = period.relation('channels', [], since);
  if (!rows) return { channels: [], list: [] };
  const states = datasetSpec('channels')
    .columns.filter((column) => column.type === 'boolean')
    .map((column) => column.id);
  const [names = [], days = [], evidence = [], ...columns] = await period.read(
    rows,
    ['r.channel', 'CAST(r.checked_at AS VARCHAR)', 'r.evidence_url', ...states.map((state) => `r.${sqlId(state)}`)],
    `WHERE r.checked_at >= ${sqlText(since)}::DATE AND r.checked_at < ${sqlText(end)}::DATE
     QUALIFY row_number() OVER (PARTITION BY r.channel ORDER BY r.checked_at DESC) = 1 ORDER BY r.channel`,
  );
  const channels = names.map((name, row) => ({
    channel: String(name),
    checkedAt: String(days[row]).slice(0, 10),
    columns: Object.fromEntries(
      states.map((state, column) => {
        const cell = columns[column]?.[row];
        return [state, typeof cell === 'boolean' ? cell : null];
      }),
    ),
  }));
  const list = channels.map(({ channel, checkedAt, columns: shown }, row) => ({
    channel,
    checked_at: checkedAt,
    ...shown,
    evidence_url: typeof evidence[row] === 'string' ? evidence[row] : null,
  }));
  return { channels, list };
}

/** The city_profile row with the greatest year not after the year of the last day of the period. */
export async function readProfile(period: PeriodRows): Promise<CityProfile | null> {
  const rows = period.relation('city_profile', [], null);
  if (!rows) return null;
  const lastYear = Number(daysBefore(period.task.period.end, 1).slice(0, 4));
  const [years, residents, agents] = await period.read(
    rows,
    ['r.year', 'r.resident_population', 'r.agent_count'],
    `WHERE r.year <= ${lastYear} ORDER BY r.year DESC LIMIT 1`,
  );
  const [year, population, agentCount] = [years?.[0], residents?.[0], agents?.[0]];
  if (year === undefined || population === undefined || population === null) return null;
  return {
    year: Number(year),
    residentPopulation: Number(population),
    agentCount: agentCount === null || agentCount === undefined ? null : Number(agentCount),
  };
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}
