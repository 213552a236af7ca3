import { dayOf, instantText, secondsPerDay } from './calendar.js';
import type { Period } from './calendar.js';
import { callbacksOf } from './callbacks.js';
import type { Callback } from './callbacks.js';
import type { CityPlan, Row } from './city-plan.js';
import { hotlineDays } from './hotline-days.js';
import { ordersOf } from './orders.js';
import type { Order } from './orders.js';

const text = (at: number | null): string | null => (at === null ? null : instantText(at));

/** Orders of a period, day by day in order of creation. */
export function* orderRows(plan: CityPlan, period: Period): Generator<Row> {
  for (const hotlineDay of hotlineDays(plan, period)) {
    const orders = [...ordersOf(plan, hotlineDay)].sort((a, b) => a.createdAt - b.createdAt);
    for (const order of orders) yield orderRow(order);
  }
}

function orderRow(order: Order): Row {
  return {
    order_id: order.orderId,
    created_at: instantText(order.createdAt),
    channel: order.channel,
    order_type: order.orderType,
    topic_l1: order.topic.l1,
    topic_l2: order.topic.l2,
    topic_l3: order.topic.l3,
    unit: order.settled ? null : order.topic.unit,
    first_contact_at: text(order.firstContactAt),
    deadline_at: text(order.deadlineAt),
    extended_deadline_at: text(order.extendedDeadlineAt),
    extension_count: order.extendedDeadlineAt === null ? 0 : 1,
    closed_at: text(order.closedAt),
    status: order.status,
    back_count: order.backCount,
    rehandle_count: order.rehandleCount,
    is_resolved_on_call: order.settled,
    is_service_complaint: order.isServiceComplaint,
    is_invalid: order.isInvalid,
    callback_required: order.callbackRequired,
    parent_order_id: order.parentOrderId,
    caller_hash: order.caller,
    agent_hash: order.agent,
    call_id: order.callId,
  };
}

/** An order is closed at most 23 working days after its creation; call-backs follow within a fortnight. */
const lookBackDays = 75;

/** Attempts made in the period, in order of time; orders before it are run through first. */
export function* callbackRows(plan: CityPlan, period: Period): Generator<Row> {
  const start = dayOf(period.start);
  const end = dayOf(period.end);
  const since = plan.since === undefined ? start : dayOf(plan.since);
  const from = Math.max(since, start - lookBackDays);
  const waiting = new Map<number, Callback[]>();
  const lookBack = { start: instantText(from * secondsPerDay).slice(0, 10), end: period.end };
  for (const hotlineDay of hotlineDays({ ...plan, since: instantText(since * secondsPerDay).slice(0, 10) }, lookBack)) {
    for (const order of ordersOf(plan, hotlineDay)) {
      for (const callback of callbacksOf(plan, order)) {
        const day = Math.floor(callback.attemptedAt / secondsPerDay);
        if (day < start || day >= end) continue;
        const list = waiting.get(day);
        if (list) list.push(callback);
        else waiting.set(day, [callback]);
      }
    }
    yield* attemptsOn(waiting, hotlineDay.day);
  }
}

function* attemptsOn(waiting: Map<number, Callback[]>, day: number): Generator<Row> {
  const attempts = (waiting.get(day) ?? []).sort((a, b) => a.attemptedAt - b.attemptedAt);
  waiting.delete(day);
  for (const attempt of attempts) {
    yield {
      order_id: attempt.orderId,
      attempted_at: instantText(attempt.attemptedAt),
      connected: attempt.connected,
      channel: attempt.channel,
      is_resolved: attempt.isResolved,
      satisfaction: attempt.satisfaction,
    };
  }
}
