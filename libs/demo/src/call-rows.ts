import { dayText, instantText, isWorkingDay } from './calendar.js';
import type { CityPlan, Row } from './city-plan.js';
import { callIdOf, dayPrefix } from './hotline-days.js';
import type { HotlineDay } from './hotline-days.js';

const text = (at: number | null): string | null => (at === null ? null : instantText(at));

/** The call log of a day. */
export function* callRows({ day, calls }: HotlineDay): Generator<Row> {
  const prefix = dayPrefix(dayText(day));
  let index = 0;
  for (const call of calls) {
    yield {
      call_id: callIdOf(prefix, index++),
      started_at: instantText(call.startedAt),
      direction: call.direction,
      agent_requested_at: text(call.requestedAt),
      answered_at: text(call.answeredAt),
      ended_at: instantText(call.endedAt),
      queue_seconds: call.queueSeconds,
      ring_seconds: call.ringSeconds,
      talk_seconds: call.talkSeconds,
      result: call.result,
      rating_invited: call.ratingInvited,
      satisfaction: call.satisfaction,
      caller_hash: call.caller,
      agent_hash: call.agent,
      skill_group: call.skillGroup,
    };
  }
}

const satisfied = new Set(['very_satisfied', 'satisfied', 'basically_satisfied']);

/** Totals of the same day's calls. Overflow and blocked calls are requests, but neither answered nor given up. */
export function dailyTotalsRow(plan: CityPlan, { day, calls }: HotlineDay): Row {
  const totals = { calls: 0, offered: 0, answered: 0, abandoned: 0, selfService: 0 };
  const sums = { within15: 0, within30: 0, wait: 0, talk: 0, rated: 0, satisfied: 0 };
  for (const call of calls) {
    if (call.direction !== 'inbound' || call.result === 'phantom') continue;
    totals.calls++;
    if (call.result === 'ivr_only') {
      totals.selfService++;
      continue;
    }
    totals.offered++;
    if (call.result !== 'answered' || call.requestedAt === null || call.answeredAt === null) {
      if (call.result === 'abandoned_queue' || call.result === 'abandoned_ring') totals.abandoned++;
      continue;
    }
    totals.answered++;
    const wait = call.answeredAt - call.requestedAt;
    if (wait <= 15) sums.within15++;
    if (wait <= 30) sums.within30++;
    sums.wait += wait;
    if (call.talkSeconds !== null) sums.talk += call.talkSeconds;
    if (call.satisfaction === null || call.satisfaction === 'no_opinion') continue;
    sums.rated++;
    if (satisfied.has(call.satisfaction)) sums.satisfied++;
  }
  return {
    date: dayText(day),
    calls_total: totals.calls,
    offered: totals.offered,
    answered: totals.answered,
    abandoned: totals.abandoned,
    within_15s: sums.within15,
    within_30s: sums.within30,
    wait_seconds_sum: sums.wait,
    talk_seconds_sum: sums.talk,
    self_service: totals.selfService,
    ratings_valid: sums.rated,
    ratings_satisfied: sums.satisfied,
    // Typed in by hand on working days; the figure of a quiet centre on a quiet day may be missing.
    connect_rate_reported:
      totals.offered > 0 && isWorkingDay(day) && plan.quality.orderDiscipline > 0.3
        ? Math.round((totals.answered / totals.offered) * 10_000) / 100
        : null,
  };
}
