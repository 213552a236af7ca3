import type {
  Component,
  Condition,
  DayPeriod,
  Method,
  Methodology,
  ScoreAdjustment,
  SimpleMeasure,
  TriedRule,
  Value,
} from '@hotline/methodology';
import { datasetIds } from '../tasks.js';
import type { DatasetId } from '../tasks.js';
import { ExpressionError } from './compile-expression.js';
import { nightPeriod } from './companion-plan.js';
import type { CurvePoint } from './series-plan.js';
import type { WorkingCalendar } from './working-days.js';

/** What the expressions of a method may refer to. */
export interface MeasureRules {
  readonly derived: Readonly<Record<string, Readonly<Record<string, Condition | Value>>>>;
  readonly dayPeriods: Readonly<Record<string, readonly Pick<DayPeriod, 'id' | 'start' | 'end'>[]>>;
  readonly calendar: WorkingCalendar;
}

/** A method of an indicator or of one of its components, with what of the measure concerns its rows. */
export interface MethodInUse {
  readonly method: Method;
  readonly dataset: DatasetId;
  readonly curve: readonly CurvePoint[] | null;
  readonly adjustment: ScoreAdjustment | null;
  /** Flags that the indicator foresees. */
  readonly flags: readonly string[];
}

/** One dataset of a zero rule such as `never_joined`. */
export interface TriedInUse {
  readonly rule: string;
  readonly dataset: DatasetId;
  readonly tried: TriedRule;
}

/** Few rows, read as they are when a period is assessed; the others are kept as daily facts. */
export const sampleDatasets: readonly DatasetId[] = ['mystery_calls', 'mystery_chats', 'survey_responses'];
const stateDatasets: readonly DatasetId[] = ['channels', 'city_profile'];
export const factDatasets: readonly DatasetId[] = datasetIds.filter(
  (id) => !sampleDatasets.includes(id) && !stateDatasets.includes(id),
);

export function measureRules(methodology: Methodology): MeasureRules {
  return {
    derived: methodology.derived,
    dayPeriods: { ...methodology.dayPeriods.lists, [nightPeriod.id]: [nightPeriod] },
    calendar: methodology.workingCalendar,
  };
}

export function methodsInUse(methodology: Methodology): readonly MethodInUse[] {
  return measures(methodology).flatMap(({ measure, curve, flags }) =>
    measure.methods.map((method) => ({
      method,
      dataset: datasetOf(method.dataset),
      curve,
      adjustment: measure.scoreAdjustment ?? null,
      flags,
    })),
  );
}

export function triedInUse(methodology: Methodology): readonly TriedInUse[] {
  return measures(methodology).flatMap(({ measure }) =>
    (measure.zeroRules ?? []).flatMap((rule) =>
      typeof rule.when === 'string'
        ? []
        : rule.when.map((tried) => ({ rule: rule.id, dataset: datasetOf(tried.dataset), tried })),
    ),
  );
}

export function methodById(methodology: Methodology, id: string): MethodInUse {
  const found = methodsInUse(methodology).find((each) => each.method.id === id);
  if (!found) throw new ExpressionError(`the method has no ${id}`);
  return found;
}

interface MeasureInUse {
  readonly measure: SimpleMeasure;
  readonly curve: readonly CurvePoint[] | null;
  readonly flags: readonly string[];
}

function measures(methodology: Methodology): readonly MeasureInUse[] {
  return methodology.indicators.flatMap((indicator): readonly MeasureInUse[] =>
    indicator.measure.kind === 'components'
      ? indicator.measure.components.map((component: Component) => ({
          measure: component.measure,
          curve: component.curve.points,
          flags: indicator.flags,
        }))
      : [{ measure: indicator.measure, curve: indicator.curve?.points ?? null, flags: indicator.flags }],
  );
}

function datasetOf(name: string): DatasetId {
  const dataset = datasetIds.find((id) => id === name);
  if (!dataset) throw new ExpressionError(`no dataset ${name}`);
  return dataset;
}
