import type { Condition } from '@hotline/methodology';
import type { CompanionValue } from '@hotline/scoring';
import { datasetSpec } from '../datasets/dictionary.js';
import { methodById } from '../measures/measure-rules.js';
import type { DatasetId } from '../tasks.js';
import type { PeriodRows } from './period-rows.js';
import { placedIn } from './read-samples.js';

/**
 * Callers can only be told apart row by row: beyond so many calls the share is left out, because no other part of an
 * assessment takes longer for more rows.
 */
export const repeatCallerLimit = 2_000_000;

const firstRater: Condition = ['eq', 'rater_no', 1];
const reached: Condition = ['and', firstRater, ['eq', 'connected', true]];
const joined: Condition = ['and', firstRater, ['eq', 'human_joined', true]];

/** Companion figures that need rows of small datasets, not daily sums. null: nothing to say it from. */
export async function readCompanions(period: PeriodRows): Promise<Readonly<Record<string, CompanionValue>>> {
  return {
    ...(await testCallFigures(period)),
    ...(await testChatFigures(period)),
    rater_agreement: await raterAgreement(period),
    survey_counts: await surveyCounts(period),
  };
}

async function testCallFigures(period: PeriodRows): Promise<Readonly<Record<string, CompanionValue>>> {
  const greeting = methodRows(period, 'greeting.mystery_calls');
  const route = methodRows(period, 'to_agent.mystery_calls');
  const periods = period.task.methodology.dayPeriods.lists['hotline_periods'] ?? [];
  const tested: Condition = ['and', greeting, ['filled', 'greeting_interruptible']];
  const counted: Condition = ['and', route, ['ne', 'agent_route_found', false]];
  const inPeriod = (id: string): Condition => ['and', firstRater, ['eq', 'hotline_period', id]];
  const [interruptible = null, layers = null, wait = null, ...byPeriod] = await figures(
    period,
    'mystery_calls',
    [tested, counted, reached, inPeriod('')],
    (condition) => [
      share(condition(['and', tested, ['eq', 'greeting_interruptible', true]]), condition(tested)),
      `avg(r.ivr_layers_to_agent) FILTER (WHERE ${condition(counted)})`,
      `median(r.seconds_to_human) FILTER (WHERE ${condition(reached)})`,
      ...periods.map(({ id }) =>
        share(condition(['and', inPeriod(id), ['eq', 'connected', true]]), condition(inPeriod(id))),
      ),
    ],
  );
  return {
    interruptible_share: interruptible,
    menu_layers_mean: layers,
    mystery_wait_median: wait,
    mystery_connect_by_period: byPeriod.some((value) => value !== null)
      ? Object.fromEntries(periods.map(({ id }, index) => [id, byPeriod[index] ?? null]))
      : null,
  };
}

async function testChatFigures(period: PeriodRows): Promise<Readonly<Record<string, CompanionValue>>> {
  const checks = (part: string) =>
    datasetSpec('mystery_chats')
      .columns.filter((column) => column.enum === 'check' && column.id.startsWith(part))
      .map((column) => column.id);
  const [wait = null, reply = null, robot = null, human = null] = await figures(
    period,
    'mystery_chats',
    [joined],
    (condition, value) => [
      `median(r.seconds_to_human) FILTER (WHERE ${condition(joined)})`,
      `median(r.median_reply_seconds) FILTER (WHERE ${condition(joined)})`,
      `100 * ${mean(value(['mean_of_checks', checks('robot_')]))} FILTER (WHERE ${condition(firstRater)})`,
      `100 * ${mean(value(['mean_of_checks', checks('human_')]))} FILTER (WHERE ${condition(firstRater)})`,
    ],
  );
  return {
    chat_wait_median: wait,
    chat_reply_median: reply,
    online_parts: robot === null && human === null ? null : { robot, human },
  };
}

/** One row of aggregates over the rows of a small dataset in the period; all null where there is no segment. */
async function figures(
  period: PeriodRows,
  dataset: DatasetId,
  uses: readonly Condition[],
  columns: (
    condition: (condition: Condition) => string,
    value: (value: readonly ['mean_of_checks', readonly string[]]) => string,
  ) => readonly string[],
): Promise<readonly (number | null)[]> {
  const rows = period.relation(dataset, uses, period.task.period.start);
  if (!rows) return [];
  const compiled = columns(
    (condition) => rows.condition(condition, null),
    (value) => rows.value(value, null),
  );
  const read = await period.read(
    rows,
    compiled.map((column) => `CAST(${column} AS DOUBLE)`),
    `WHERE ${placedIn(period.task.period, 'r.placed_at')}`,
  );
  return read.map(([value]) => (typeof value === 'number' ? value : null));
}

/** Cohen's kappa of the verdicts of two raters: agreement beyond what their habits alone would give. */
async function raterAgreement(period: PeriodRows): Promise<number | null> {
  const rows = period.relation('mystery_calls', [], period.task.period.start);
  const least = period.task.methodology.companions.find((companion) => companion.id === 'rater_agreement')?.minPairs
    ?.value;
  if (!rows || least === undefined) return null;
  const judged = (rater: number) => `max(r.answer_verdict) FILTER (WHERE r.rater_no = ${rater})`;
  const [first = [], second = []] = await period.read(
    rows,
    [`${judged(1)} AS first`, `${judged(2)} AS second`],
    `WHERE ${placedIn(period.task.period, 'r.placed_at')}
     GROUP BY r.mystery_id HAVING first IS NOT NULL AND second IS NOT NULL ORDER BY r.mystery_id`,
  );
  if (first.length < least) return null;
  const verdicts = [...new Set([...first, ...second])];
  const portion = (verdict: unknown, marks: readonly unknown[]) =>
    marks.filter((mark) => mark === verdict).length / marks.length;
  const observed = first.filter((mark, row) => mark === second[row]).length / first.length;
  const expected = verdicts.reduce<number>(
    (sum, verdict) => sum + portion(verdict, first) * portion(verdict, second),
    0,
  );
  return verdicts.length === 1 ? null : (observed - expected) / (1 - expected);
}

async function surveyCounts(period: PeriodRows): Promise<CompanionValue> {
  const rows = period.relation('survey_responses', [], period.task.period.start);
  if (!rows) return null;
  const [modes = [], audiences = [], counts = []] = await period.read(
    rows,
    ['r.mode', 'r.audience', 'count(*)'],
    `WHERE ${placedIn(period.task.period, 'r.collected_at')} GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2 NULLS LAST`,
  );
  if (counts.length === 0) return null;
  const sums = (names: readonly unknown[]): Record<string, number> => {
    const found: Record<string, number> = {};
    for (const [row, name] of names.entries()) {
      const key = typeof name === 'string' ? name : 'unknown';
      found[key] = (found[key] ?? 0) + Number(counts[row]);
    }
    return found;
  };
  const total = counts.reduce<number>((sum, count) => sum + Number(count), 0);
  return { total, by_mode: sums(modes), by_audience: sums(audiences) };
}

/** The ten topics with most valid orders of the period. */
export async function topTopics(period: PeriodRows): Promise<CompanionValue> {
  const valid: Condition = ['and', ['is', 'is_valid'], ['filled', 'topic_l1']];
  const rows = period.relation('work_orders', [valid], period.task.period.start);
  if (!rows) return null;
  const [first = [], second = [], counts = []] = await period.read(
    rows,
    ['r.topic_l1', 'r.topic_l2', 'count(*) AS orders'],
    `WHERE ${placedIn(period.task.period, 'r.created_at')} AND ${rows.condition(valid, null)}
     GROUP BY 1, 2 ORDER BY orders DESC, 1, 2 NULLS FIRST LIMIT 10`,
  );
  if (counts.length === 0) return null;
  return counts.map((count, row) => ({
    topic_l1: text(first[row]),
    topic_l2: text(second[row]),
    count: Number(count),
  }));
}

/** Percentage of the callers of the period who called more than once; null: no callers known, or too many calls. */
export async function repeatCallerShare(period: PeriodRows): Promise<number | null> {
  const real: Condition = ['and', ['is', 'is_real_call'], ['filled', 'caller_hash']];
  const rows = period.relation('calls', [real], period.task.period.start);
  if (!rows || period.rowsIn('calls') > repeatCallerLimit) return null;
  // Callers are told apart by 64 bits of their token: as good as certain for some million, and faster by a third.
  const calls = `SELECT count(*) AS calls FROM ${await period.from(rows)}
    WHERE ${placedIn(period.task.period, 'r.started_at')} AND ${rows.condition(real, null)} GROUP BY hash(r.caller_hash)`;
  const [[repeated] = [], [callers] = []] = await period.select(
    `SELECT count(*) FILTER (WHERE calls >= 2), count(*) FROM (${calls})`,
  );
  return Number(callers) === 0 ? null : (100 * Number(repeated)) / Number(callers);
}

function methodRows(period: PeriodRows, id: string): Condition {
  const { method } = methodById(period.task.methodology, id);
  if (!('rows' in method)) throw new Error(`${id} has no rows`);
  return method.rows;
}

function share(part: string, whole: string): string {
  return `100 * count(*) FILTER (WHERE ${part}) / nullif(count(*) FILTER (WHERE ${whole}), 0)`;
}

/** Fractions added in any order would differ in the last digit from run to run, and so would the hash of the result. */
function mean(fraction: string): string {
  return `avg(${fraction} ORDER BY ${fraction})`;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
