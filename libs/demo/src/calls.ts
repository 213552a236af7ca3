import type { Day, Instant } from './calendar.js';
import { secondsPerDay } from './calendar.js';
import type { CityPlan } from './city-plan.js';
import { drawAgent, drawCaller } from './citizens.js';
import type { Contact } from './contacts.js';
import { clamp, drawHour } from './demand.js';
import { Random, Weighted } from './random.js';

export type CallResult =
  'answered' | 'abandoned_queue' | 'abandoned_ring' | 'ivr_only' | 'overflow' | 'blocked' | 'phantom';

/** One telephone call. Null where the platform has nothing to record. */
export interface Call {
  readonly startedAt: Instant;
  readonly direction: 'inbound' | 'outbound';
  readonly requestedAt: Instant | null;
  readonly answeredAt: Instant | null;
  readonly endedAt: Instant;
  readonly queueSeconds: number | null;
  readonly ringSeconds: number | null;
  readonly talkSeconds: number | null;
  readonly result: CallResult;
  readonly ratingInvited: boolean | null;
  readonly satisfaction: string | null;
  readonly caller: string | null;
  readonly agent: string | null;
  readonly skillGroup: string | null;
  /** What it was about, where an order was written. */
  contact: Contact | null;
}

const nothing = {
  requestedAt: null,
  answeredAt: null,
  queueSeconds: null,
  ringSeconds: null,
  talkSeconds: null,
  ratingInvited: null,
  satisfaction: null,
  agent: null,
  skillGroup: null,
  contact: null,
} as const;

const satisfiedLevels = new Weighted([
  ['very_satisfied', 72],
  ['satisfied', 23],
  ['basically_satisfied', 5],
]);
const otherLevels = new Weighted([
  ['neutral', 45],
  ['dissatisfied', 38],
  ['very_dissatisfied', 17],
]);
const dayGroups = new Weighted([
  ['综合组', 62],
  ['社保公积金组', 24],
  ['企业服务组', 14],
]);

/**
 * How full the hour is: expected work ÷ what the seats on duty can do. Evenings keep only the share of the day's
 * staffing that the centre affords.
 */
export function utilisation(plan: CityPlan, hour: number, pressure: number): number {
  const { staffing, eveningCover } = plan.quality;
  const cover =
    hour >= 8 && hour < 17
      ? staffing
      : hour >= 17
        ? staffing * (0.1 + 0.9 * eveningCover)
        : staffing * (0.1 + 0.8 * eveningCover);
  return (1.02 - 0.44 * cover) * pressure;
}

/** Seconds in the queue; 0 where a seat was free. The fuller the hour, the more callers wait, and the longer. */
export function drawQueue(random: Random, load: number): number {
  if (!random.chance(clamp(load ** 4, 0.01, 0.97))) return 0;
  return random.exponential(11 + 190 * Math.max(0, load - 0.5) ** 1.5);
}

/** Calls that people make on `day` of their own accord, unsorted; those that follow an earlier order come from elsewhere. */
export function drawCalls(plan: CityPlan, day: Day, factor: number, pressure: number): Call[] {
  const random = Random.of(plan.seed, 'calls', day);
  const expected = (plan.callsPerYear / 365) * factor;
  const calls: Call[] = [];
  for (let left = random.poisson(expected); left > 0; left--) {
    calls.push(drawIncoming(plan, random, drawStart(random, day), pressure));
  }
  for (let left = random.poisson(expected * 0.015); left > 0; left--) {
    const startedAt = drawStart(random, day);
    const endedAt = startedAt + random.between(1, 6);
    calls.push({ ...nothing, startedAt, direction: 'inbound', endedAt, result: 'phantom', caller: null });
  }
  for (let left = random.poisson(expected * 0.06); left > 0; left--) calls.push(drawOutgoing(plan, random, day));
  return calls;
}

function drawStart(random: Random, day: Day): Instant {
  return day * secondsPerDay + drawHour(random) * 3600 + random.between(0, 3599);
}

function drawIncoming(plan: CityPlan, random: Random, startedAt: Instant, pressure: number): Call {
  const hour = Math.floor((startedAt % secondsPerDay) / 3600);
  const load = utilisation(plan, hour, pressure);
  const caller = random.chance(0.012) ? null : drawCaller(plan, random);
  const common = { startedAt, direction: 'inbound', caller } as const;
  if (load > 0.95 && random.chance(clamp((load - 0.95) * 0.12, 0, 0.12))) {
    return { ...nothing, ...common, endedAt: startedAt + random.between(1, 4), result: 'blocked' };
  }
  const menu = random.between(8, 20) + Math.round(random.exponential(6 + 14 * (1 - plan.quality.menu)));
  if (random.chance(0.12)) {
    return { ...nothing, ...common, endedAt: startedAt + menu + random.between(5, 90), result: 'ivr_only' };
  }
  const requestedAt = startedAt + menu;
  const queue = Math.round(drawQueue(random, load));
  // One in fifteen hangs up at once when told to wait; the others bear two or three minutes.
  const patience = random.chance(0.07) ? random.between(1, 5) : random.exponential(150);
  if (queue > patience) {
    const waited = Math.round(patience);
    const skillGroup = dayGroups.draw(random);
    if (load > 0.9 && random.chance(0.08)) {
      const endedAt = requestedAt + waited + random.between(10, 60);
      return { ...nothing, ...common, requestedAt, endedAt, queueSeconds: waited, result: 'overflow', skillGroup };
    }
    const endedAt = requestedAt + waited;
    return { ...nothing, ...common, requestedAt, endedAt, queueSeconds: waited, result: 'abandoned_queue', skillGroup };
  }
  if (random.chance(0.004 + 0.006 * (1 - plan.quality.staffing))) {
    const ringSeconds = random.between(12, 40);
    const endedAt = requestedAt + queue + ringSeconds;
    const result = 'abandoned_ring';
    return { ...nothing, ...common, requestedAt, endedAt, queueSeconds: queue, ringSeconds, result };
  }
  return answer(plan, random, startedAt, requestedAt, caller, queue, hour);
}

/** A call that reaches a human after `queue` seconds. */
export function answer(
  plan: CityPlan,
  random: Random,
  startedAt: Instant,
  requestedAt: Instant,
  caller: string | null,
  queue: number,
  hour: number,
): Call {
  const ringSeconds = random.between(1, 7);
  const answeredAt = requestedAt + queue + ringSeconds;
  const talkSeconds = Math.min(3600, Math.max(8, Math.round(random.logNormal(138, 0.7))));
  const ratingInvited = random.chance(0.93);
  return {
    startedAt,
    direction: 'inbound',
    requestedAt,
    answeredAt,
    endedAt: answeredAt + talkSeconds,
    queueSeconds: queue,
    ringSeconds,
    talkSeconds,
    result: 'answered',
    ratingInvited,
    satisfaction: ratingInvited ? drawRating(plan, random, queue) : null,
    caller,
    agent: drawAgent(plan, random),
    skillGroup: hour >= 20 || hour < 8 ? '夜班组' : dayGroups.draw(random),
    contact: null,
  };
}

/** Most callers hang up without pressing a key; who waited long is less content. */
function drawRating(plan: CityPlan, random: Random, queue: number): string | null {
  const { satisfaction } = plan.quality;
  if (!random.chance(0.2 + 0.25 * satisfaction)) return random.chance(0.05) ? 'no_opinion' : null;
  const content = 0.84 + 0.153 * satisfaction - (queue > 60 ? 0.08 : 0);
  return (random.chance(content) ? satisfiedLevels : otherLevels).draw(random);
}

function drawOutgoing(plan: CityPlan, random: Random, day: Day): Call {
  const startedAt = day * secondsPerDay + random.between(9 * 3600, 17 * 3600);
  const caller = drawCaller(plan, random);
  const agent = drawAgent(plan, random);
  const common = { ...nothing, startedAt, direction: 'outbound', caller, agent, skillGroup: '回访组' } as const;
  if (!random.chance(0.62)) return { ...common, endedAt: startedAt + random.between(15, 45), result: 'abandoned_ring' };
  const ringSeconds = random.between(4, 20);
  const talkSeconds = Math.max(10, Math.round(random.logNormal(70, 0.5)));
  const answeredAt = startedAt + ringSeconds;
  return {
    ...common,
    requestedAt: startedAt,
    answeredAt,
    endedAt: answeredAt + talkSeconds,
    ringSeconds,
    talkSeconds,
    result: 'answered',
  };
}
