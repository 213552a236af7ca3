import type { DatasetId } from '@hotline/rows';
import { dayOf } from './calendar.js';
import type { Day, Period } from './calendar.js';
import { callRows, dailyTotalsRow } from './call-rows.js';
import { channelRows } from './channels.js';
import { cityProfileRows } from './city-profile.js';
import type { CityPlan, Row } from './city-plan.js';
import { withFaults } from './faults.js';
import { hotlineDays } from './hotline-days.js';
import { sessionRows } from './online-sessions.js';
import { callbackRows, orderRows } from './order-rows.js';
import { surveyRows } from './survey.js';
import { testCallRows, testChatRows } from './test-calls.js';

const usualFaultShare = 0.003;

/**
 * Rows of a dataset whose period column lies in [start, end), in the order of an export. The same plan and period give
 * the same rows; memory does not grow with their number. A share of the rows (`plan.dirtyShare`) is faulty.
 *
 * @throws where start or end is no day.
 */
export function generateRows(dataset: DatasetId, plan: CityPlan, period: Period): Iterable<Row> {
  return withFaults(dataset, plan.seed, plan.dirtyShare ?? usualFaultShare, cleanRows(dataset, plan, period));
}

function cleanRows(dataset: DatasetId, plan: CityPlan, period: Period): Iterable<Row> {
  switch (dataset) {
    case 'calls':
      return callLog(plan, period);
    case 'call_metrics_daily':
      return dailyTotals(plan, period);
    case 'work_orders':
      return orderRows(plan, period);
    case 'callbacks':
      return callbackRows(plan, period);
    case 'online_sessions':
      return perDay(plan, period, sessionRows);
    case 'mystery_calls':
      return testCallRows(plan, period);
    case 'mystery_chats':
      return testChatRows(plan, period);
    case 'survey_responses':
      return perDay(plan, period, surveyRows);
    case 'channels':
      return channelRows(plan, period);
    case 'city_profile':
      return cityProfileRows(plan, period);
  }
}

function* callLog(plan: CityPlan, period: Period): Generator<Row> {
  for (const day of hotlineDays(plan, period)) yield* callRows(day);
}

function* dailyTotals(plan: CityPlan, period: Period): Generator<Row> {
  for (const day of hotlineDays(plan, period)) yield dailyTotalsRow(plan, day);
}

function* perDay(plan: CityPlan, period: Period, rowsOf: (plan: CityPlan, day: Day) => Iterable<Row>): Generator<Row> {
  for (let day = dayOf(period.start); day < dayOf(period.end); day++) yield* rowsOf(plan, day);
}
