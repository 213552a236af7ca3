import type { Companion, Condition, Value } from '@hotline/methodology';
import { ExpressionError } from './compile-expression.js';
import type { SeriesPlan } from './series-plan.js';
import { series } from './series-plan.js';

/** Placing instant and rows of two components, which some companions share. */
export interface SharedRows {
  readonly onTime: { readonly place: Value; readonly rows: Condition };
  readonly calledBack: { readonly place: Value; readonly rows: Condition };
}

const validRating: Condition = [
  'in',
  'satisfaction',
  ['very_satisfied', 'satisfied', 'basically_satisfied', 'neutral', 'dissatisfied', 'very_dissatisfied'],
];
const satisfied: Condition = ['in', 'satisfaction', ['very_satisfied', 'satisfied', 'basically_satisfied']];
const abandoned: Condition = ['in', 'result', ['abandoned_queue', 'abandoned_ring']];
const answered: Condition = ['eq', 'result', 'answered'];
const answeredRequest: Condition = ['and', ['is', 'is_request'], answered];
const answeredInbound: Condition = ['and', ['is', 'is_inbound'], answered];
const knownWait: Condition = [
  'and',
  ['is', 'is_request'],
  ['or', ['ne', 'result', 'answered'], ['filled', 'wait_seconds']],
];
const everyRow: Condition = ['and'];

/** Hours that the day periods of the report leave out. */
export const nightPeriod = { id: 'night', start: '00:00', end: '09:00' } as const;

/** Series of the companions, as `companion-series.ts` of the core lists them. */
export function companionPlan(shared: SharedRows, companions: readonly Companion[]): readonly SeriesPlan[] {
  const threshold = (id: string): number => {
    const found = companions.find((companion) => companion.id === id)?.threshold;
    if (!found) throw new ExpressionError(`the method states no threshold for ${id}`);
    return found.value;
  };
  return [...callSeries(threshold), ...dailySeries(), ...orderSeries(shared), ...callbackSeries()];
}

function callSeries(threshold: (id: string) => number): readonly SeriesPlan[] {
  const calls = (id: string, rows: Condition, more: Partial<SeriesPlan> = {}) =>
    series({ series: id, dataset: 'calls', place: 'started_at', rows, ...more });
  const within = (id: string): Condition => ['and', answered, ['le', 'wait_seconds', threshold(id)]];
  const answeredWithWait: Condition = ['and', answeredRequest, ['filled', 'wait_seconds']];
  return [
    calls('connect_15s', knownWait, hit(within('connect_15s'))),
    calls('connect_30s', knownWait, hit(within('connect_30s'))),
    calls('asa', answeredWithWait, { quantity: { kind: 'amount', value: 'wait_seconds' } }),
    calls('asa:usable', answeredRequest, hit(['filled', 'wait_seconds'])),
    calls('wait_p90', answeredWithWait, { stratum: { value: 'wait_seconds', otherwise: null, fewValues: false } }),
    calls('abandon_rate', ['is', 'is_request'], hit(abandoned)),
    calls(
      'short_abandon_rate',
      ['is', 'is_request'],
      hit(['and', abandoned, ['lt', 'abandon_wait_seconds', threshold('short_abandon_rate')]]),
    ),
    calls(
      'night_connect_rate',
      ['and', ['is', 'is_request'], ['filled', ['stratum', nightPeriod.id, 'started_at']]],
      hit(answered),
    ),
    calls('self_service_share', ['is', 'is_real_call'], hit(['eq', 'result', 'ivr_only'])),
    calls('talk_mean', ['and', answeredRequest, ['filled', 'talk_seconds']], {
      quantity: { kind: 'amount', value: 'talk_seconds' },
    }),
    calls('rating_participation:post_call.calls', answeredInbound, hit(validRating)),
    calls(
      'rating_invited_share',
      ['and', answeredInbound, ['filled', 'rating_invited']],
      hit(['eq', 'rating_invited', true]),
    ),
  ];
}

function dailySeries(): readonly SeriesPlan[] {
  const sums = (id: string, numerator: string, denominator: string) =>
    [
      [id, numerator],
      [`${id}:denominator`, denominator],
    ].map(([name, column]) =>
      series({
        series: name as string,
        dataset: 'call_metrics_daily',
        place: 'date',
        rows: ['and', ['filled', numerator], ['filled', denominator]],
        quantity: { kind: 'amount', value: column as string },
      }),
    );
  return [
    ...sums('connect_15s.daily', 'within_15s', 'offered'),
    ...sums('connect_30s.daily', 'within_30s', 'offered'),
    ...sums('asa.daily', 'wait_seconds_sum', 'answered'),
    ...sums('abandon_rate.daily', 'abandoned', 'offered'),
    ...sums('self_service_share.daily', 'self_service', 'calls_total'),
    ...sums('talk_mean.daily', 'talk_seconds_sum', 'answered'),
    ...sums('rating_participation:post_call.daily', 'ratings_valid', 'answered'),
  ];
}

function orderSeries(shared: SharedRows): readonly SeriesPlan[] {
  const orders = (id: string, rows: Condition, more: Partial<SeriesPlan> = {}) =>
    series({ series: id, dataset: 'work_orders', place: 'created_at', rows, ...more });
  const counted = (id: string, column: string) => [
    orders(id, ['is', 'is_dispatched'], hit(['ge', column, 1])),
    orders(`${id}:recorded`, ['and', ['is', 'is_dispatched'], ['filled', column]]),
  ];
  return [
    orders(
      'on_call_answer_rate',
      ['and', ['is', 'is_valid'], ['eq', 'channel', 'phone']],
      hit(['eq', 'is_resolved_on_call', true]),
    ),
    ...counted('return_rate', 'back_count'),
    ...counted('rehandle_rate', 'rehandle_count'),
    orders('orders_by_channel', ['is', 'is_valid'], {
      stratum: { value: 'channel', otherwise: null, fewValues: false },
    }),
    orders('extension_rate', shared.onTime.rows, {
      place: shared.onTime.place,
      ...hit(['or', ['ge', 'extension_count', 1], ['filled', 'extended_deadline_at']]),
    }),
    orders('working_days_by_type', ['is', 'is_dispatched'], {
      place: 'closed_at',
      quantity: { kind: 'working_days', from: 'created_at', to: 'closed_at' },
      stratum: { value: 'order_type', otherwise: 'other', fewValues: false },
    }),
    orders('callback_tried_rate', shared.calledBack.rows, {
      place: shared.calledBack.place,
      ...hit([
        'exists',
        'callbacks',
        { same: 'order_id', rows: everyRow, not_after: ['attempted_at', 'callback_due_at'] },
      ]),
    }),
  ];
}

function callbackSeries(): readonly SeriesPlan[] {
  const attempts = (id: string, side: 'after' | 'until', rows: Condition, more: Partial<SeriesPlan> = {}) =>
    series({
      series: id,
      dataset: 'callbacks',
      place: 'attempted_at',
      rows,
      neighbour: { side, per: 'order_id', by: 'attempted_at' },
      ...more,
    });
  const connected: Condition = ['eq', 'connected', true];
  return [
    attempts('callback_reach', 'after', connected),
    attempts('callback_reach:denominator', 'after', everyRow),
    attempts(
      'resolution_rate',
      'until',
      ['and', connected, ['filled', 'is_resolved']],
      hit(['eq', 'is_resolved', true]),
    ),
    attempts('callback_satisfaction_first', 'after', ['and', connected, validRating], hit(satisfied)),
  ];
}

function hit(condition: Condition): Partial<SeriesPlan> {
  return { quantity: { kind: 'hit', condition } };
}
