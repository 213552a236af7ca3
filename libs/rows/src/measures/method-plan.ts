import type { Condition, Methodology } from '@hotline/methodology';
import { datasetIds } from '../tasks.js';
import { companionPlan } from './companion-plan.js';
import { ExpressionError } from './compile-expression.js';
import { factDatasets, methodById, methodsInUse, triedInUse } from './measure-rules.js';
import type { MethodInUse } from './measure-rules.js';
import { firstContactColumns, series } from './series-plan.js';
import type { FirstContact, SeriesPlan } from './series-plan.js';

/** Every fact series of a method: those of its measures, zero rules and companions. */
export function factPlan(methodology: Methodology): readonly SeriesPlan[] {
  const onTime = rowsOf(methodById(methodology, 'on_time.orders'));
  const calledBack = rowsOf(methodById(methodology, 'called_back.orders'));
  const plans = [
    ...methodsInUse(methodology).flatMap((use) => methodPlan(use)),
    ...triedInUse(methodology).flatMap(({ rule, dataset, tried }) =>
      (['tried', 'joined'] as const).map((part) =>
        series({ series: `${rule}:${dataset}:${part}`, dataset, place: tried.placeBy, rows: tried[part] }),
      ),
    ),
    ...companionPlan({ onTime, calledBack }, methodology.companions),
  ];
  return plans.filter((plan) => factDatasets.includes(plan.dataset));
}

function rowsOf({ method }: MethodInUse): { readonly place: string; readonly rows: Condition } {
  if (!('rows' in method)) throw new ExpressionError(`${method.id} has no rows`);
  return { place: method.placeBy, rows: method.rows };
}

function methodPlan(use: MethodInUse): readonly SeriesPlan[] {
  const { method, dataset, curve } = use;
  const base = { dataset, place: method.placeBy, curve };
  const { id } = method;
  switch (method.kind) {
    case 'ratio': {
      const neighbour = method.keepLast ? ({ side: 'until', ...method.keepLast } as const) : null;
      return [
        series({
          ...base,
          series: id,
          rows: method.rows,
          quantity: { kind: 'hit', condition: method.hit },
          neighbour,
        }),
        ...recorded(use, method.rows, method.recorded?.any),
        ...flagged(use, method.rows),
      ];
    }
    case 'ratio_of_sums':
      return [
        series({ ...base, series: id, rows: method.rows, quantity: { kind: 'amount', value: method.numerator } }),
        series({
          ...base,
          series: `${id}:denominator`,
          rows: method.rows,
          quantity: { kind: 'amount', value: method.denominator },
        }),
      ];
    case 'mean_of_stratum_means': {
      const strata = {
        ...base,
        rows: method.rows,
        stratum: { value: method.stratum, otherwise: null, fewValues: true },
      };
      const score = (squared: boolean) => ({ kind: 'score', value: method.rowScore, squared }) as const;
      return [
        series({ ...strata, series: id, quantity: score(false) }),
        series({ ...strata, series: `${id}:squares`, quantity: score(true) }),
        ...(method.usable
          ? [
              series({
                ...base,
                series: `${id}:usable`,
                rows: method.usable.rows,
                quantity: { kind: 'hit', condition: method.usable.hit },
              }),
            ]
          : []),
        ...recorded(use, method.rows, method.recorded?.any),
      ];
    }
    case 'first_contact': {
      const firstContact: FirstContact = {
        pool: method.pool,
        same: method.same,
        orderBy: method.orderBy,
        windowSeconds: method.windowSeconds.value,
      };
      const rows: Condition = ['and', method.rows, ['eq', firstContactColumns.first, true]];
      return [
        series({
          ...base,
          series: id,
          rows,
          quantity: { kind: 'hit', condition: ['and', method.hit, ['ne', firstContactColumns.repeated, true]] },
          firstContact,
        }),
        ...recorded(use, rows, method.recorded?.any).map((plan) => ({ ...plan, firstContact })),
      ];
    }
    case 'annualised_ratio':
    case 'mean':
      return [
        series({ ...base, series: id, rows: method.rows, quantity: { kind: 'amount', value: method.of } }),
        ...recorded(use, method.rows, method.recorded?.any),
      ];
    case 'mean_of_row_scores':
      return [
        series({
          ...base,
          series: id,
          rows: method.rows,
          quantity: { kind: 'score', value: method.rowScore, squared: false },
        }),
        ...recorded(use, method.rows, method.recorded?.any),
      ];
    // Neither a median nor counts per channel can be put together from daily sums: these read rows.
    case 'median':
    case 'mean_of_item_means':
    case 'count_channels':
      return [];
  }
}

function recorded(use: MethodInUse, rows: Condition, any: Condition | undefined): readonly SeriesPlan[] {
  if (!any) return [];
  const name = `${use.method.id}:recorded`;
  if (any[0] === 'any_row_in_period') {
    const dataset = datasetIds.find((id) => id === any[1]);
    if (!dataset) throw new ExpressionError(`no dataset ${any[1]}`);
    return [series({ series: name, dataset, place: any[2], rows: ['and'] })];
  }
  return [
    series({
      series: name,
      dataset: use.dataset,
      place: use.method.placeBy,
      curve: use.curve,
      rows: ['and', rows, any],
    }),
  ];
}

function flagged(use: MethodInUse, rows: Condition): readonly SeriesPlan[] {
  return (['calendar_missing', 'default_limits'] as const)
    .filter((flag) => use.flags.includes(flag))
    .map((flag) =>
      series({ series: `${use.method.id}:${flag}`, dataset: use.dataset, place: use.method.placeBy, rows, flag }),
    );
}
