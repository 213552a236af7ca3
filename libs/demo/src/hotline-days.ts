import { dayOf, secondsPerDay } from './calendar.js';
import type { Day, Instant, Period } from './calendar.js';
import { answer, drawCalls } from './calls.js';
import type { Call } from './calls.js';
import type { CityPlan } from './city-plan.js';
import { drawContact, onlineShare, orderIdOf, orderKinds } from './contacts.js';
import type { Contact } from './contacts.js';
import { demandOf, drawHour } from './demand.js';
import { Random } from './random.js';

/** What happened at a hotline on one day; calls in order of time. */
export interface HotlineDay {
  readonly day: Day;
  /** How busy the day is, 1 = average. */
  readonly factor: number;
  readonly calls: readonly Call[];
}

interface Repeat {
  readonly caller: string;
  readonly of: Contact;
}

/** People call again up to this many days later. */
const repeatDays = 6;

/**
 * The days of a period, one at a time; memory holds one day. A day is the same in every period that contains it: the days
 * before `start` from which people call again are run through first.
 */
export function* hotlineDays(plan: CityPlan, period: Period): Generator<HotlineDay> {
  const start = dayOf(period.start);
  const end = dayOf(period.end);
  const since = plan.since === undefined ? start : dayOf(plan.since);
  const repeats = new Map<Day, Repeat[]>();
  for (let day = Math.max(since, start - repeatDays); day < end; day++) {
    const { factor, pressure } = demandOf(plan, day);
    const calls = drawCalls(plan, day, factor, pressure).sort(byStart);
    attachContacts(plan, day, calls, repeats);
    const due = repeats.get(day) ?? [];
    repeats.delete(day);
    if (day < start) continue;
    calls.push(...drawRepeatCalls(plan, day, due));
    calls.sort(byStart);
    yield { day, factor, calls };
  }
}

const byStart = (a: Call, b: Call): number => a.startedAt - b.startedAt;

/** Writes orders for some of the answered calls and remembers who will call again. */
function attachContacts(plan: CityPlan, day: Day, calls: readonly Call[], repeats: Map<Day, Repeat[]>): void {
  const random = Random.of(plan.seed, 'contacts', day);
  // Of 100 incoming calls about 80 are answered by a human.
  const share = Math.min(0.97, (plan.ordersPerYear * (1 - onlineShare(plan))) / (plan.callsPerYear * 0.8));
  let sequence = 0;
  for (const call of calls) {
    if (call.direction !== 'inbound' || call.result !== 'answered' || !random.chance(share)) continue;
    const contact = drawContact(plan, random, orderIdOf(day, orderKinds.phone, ++sequence));
    call.contact = contact;
    if (contact.repeatInDays === null || call.caller === null) continue;
    const on = day + contact.repeatInDays;
    const list = repeats.get(on);
    const repeat = { caller: call.caller, of: contact };
    if (list) list.push(repeat);
    else repeats.set(on, [repeat]);
  }
}

function drawRepeatCalls(plan: CityPlan, day: Day, due: readonly Repeat[]): Call[] {
  const random = Random.of(plan.seed, 'repeats', day);
  return due.map(({ caller, of }, index) => {
    const hour = drawHour(random);
    const startedAt: Instant = day * secondsPerDay + hour * 3600 + random.between(0, 3599);
    const call = answer(plan, random, startedAt, startedAt + random.between(10, 30), caller, 0, hour);
    call.contact = {
      orderId: orderIdOf(day, orderKinds.repeat, index + 1),
      topic: of.topic,
      settled: random.chance(0.3),
      repeatInDays: null,
      parentOrderId: random.chance(0.5) ? of.orderId : null,
      isRepeat: true,
    };
    return call;
  });
}

const idBlocks = 1_000_000;

/** `C250504000123`: day and number within the day, in order of time. */
export function callIdOf(dayPrefix: string, index: number): string {
  return `C${dayPrefix}${String(idBlocks + index + 1).slice(1)}`;
}

/** `250504` */
export function dayPrefix(dayText: string): string {
  return dayText.slice(2, 4) + dayText.slice(5, 7) + dayText.slice(8, 10);
}
