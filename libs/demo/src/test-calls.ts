import { dayOf, dayText, instantText, monthOf, secondsPerDay, workingDayAfter, yearOf } from './calendar.js';
import type { Day, Instant, Period } from './calendar.js';
import { drawQueue, utilisation } from './calls.js';
import { hasHumanChat, liveChannels } from './channels.js';
import type { CityPlan, Row } from './city-plan.js';
import { chatCare, drawChatWait, drawReplyGap, joinChance } from './online-sessions.js';
import { clamp } from './demand.js';
import { itemAt, Random } from './random.js';

/** Day periods of the 2023 report as hours [start, end). */
const hotlinePeriods = [
  [9, 11],
  [11, 13],
  [13, 17],
  [17, 19],
  [19, 21],
  [21, 24],
] as const;
const onlinePeriods = [
  [9, 11],
  [13, 17],
  [17, 21],
] as const;

/** In turn, so that even a small round holds enough of each. */
const scenarios = [
  'social_security',
  'business_environment',
  'general',
  'housing_fund',
  'business_environment',
  'social_security',
  'general',
];

interface Round {
  /** `2505` */
  readonly month: string;
  readonly days: readonly Day[];
}

/** A round of test contacts each quarter: on working days after the 8th of its second month, three days at least. */
function* rounds(period: Period): Generator<Round> {
  const [start, end] = [dayOf(period.start), dayOf(period.end)];
  for (let year = yearOf(start); year <= yearOf(end - 1); year++) {
    for (const month of ['02', '05', '08', '11']) {
      const opening = dayOf(`${year}-${month}-08`);
      yield {
        month: dayText(opening).slice(2, 7).replace('-', ''),
        days: [1, 2, 3, 4].map((k) => workingDayAfter(opening, k)),
      };
    }
  }
}

function within(period: Period, at: Instant): boolean {
  const day = Math.floor(at / secondsPerDay);
  return day >= dayOf(period.start) && day < dayOf(period.end);
}

const callChecks = [
  'script_opening',
  'script_self_intro',
  'script_polite',
  'script_closing',
  'ability_ownership',
  'ability_steps',
  'ability_lookup',
  'ability_transfer',
  'communication_listening',
  'communication_summary',
  'communication_clarity',
  'communication_no_interruption',
  'cognition_need',
  'cognition_question',
  'attitude_patience',
  'attitude_empathy',
  'attitude_initiative',
  'attitude_no_early_hangup',
  'fluency_no_hesitation',
  'fluency_hold',
  'fluency_unaided',
] as const;
/** Often there is nothing to look up or to transfer. */
const oftenNotApplicable = new Set<string>(['ability_lookup', 'ability_transfer', 'attitude_empathy']);

/** Test calls: each quarter the same number in each of the six day periods, one in five heard by a second rater. */
export function* testCallRows(plan: CityPlan, period: Period): Generator<Row> {
  const perPeriod = plan.testCallsPerPeriod ?? 1;
  for (const { month, days } of rounds(period)) {
    const random = Random.of(plan.seed, 'test-calls', month);
    for (let sequence = 0; sequence < perPeriod * hotlinePeriods.length; sequence++) {
      const [from, to] = itemAt(hotlinePeriods, sequence);
      const day = itemAt(days, Math.floor(sequence / 2));
      const placedAt = day * secondsPerDay + random.between(from * 3600, to * 3600 - 1);
      // One scenario further each quarter, so that no scenario sticks to one day period.
      const scenario = itemAt(scenarios, sequence + monthOf(day));
      const row = drawTestCall(plan, random, `B${month}${String(sequence + 1).padStart(3, '0')}`, placedAt, scenario);
      const second = random.chance(0.2) ? secondOpinion(row, random) : null;
      if (!within(period, placedAt)) continue;
      yield row;
      if (second) yield second;
    }
  }
}

function drawTestCall(plan: CityPlan, random: Random, id: string, placedAt: Instant, scenario: string): Row {
  const { menu, training, orderDiscipline } = plan.quality;
  const hour = Math.floor((placedAt % secondsPerDay) / 3600);
  const queue = drawQueue(random, utilisation(plan, hour, 1));
  // Testers hang up after three minutes without a voice.
  const connected = queue <= 180 && random.chance(0.985);
  const told = (chance: number): boolean | null => (connected && random.chance(0.75) ? random.chance(chance) : null);
  const checks = callChecks.map((check) => {
    const applies = !random.chance(oftenNotApplicable.has(check) ? 0.35 : 0.02);
    return [check, connected ? (applies ? drawCheck(random, 0.28 + 0.6 * training) : 'na') : null] as const;
  });
  return {
    mystery_id: id,
    rater_no: 1,
    placed_at: instantText(placedAt),
    scenario_tag: scenario,
    scenario_id: `Q${String(random.between(1, 40)).padStart(2, '0')}`,
    connected,
    seconds_to_human: connected ? Math.round(queue) + random.between(3, 9) : null,
    greeting_seconds: Math.round(10 + 26 * (1 - menu)) + random.between(-1, 1),
    greeting_interruptible: random.chance(0.35 + 0.7 * menu),
    ivr_layers_to_agent: Math.round(clamp(2.9 - 2.4 * menu + 0.4 * random.normal(), 0, 5)),
    agent_route_found: true,
    audio_score: clamp(Math.round(2 * (3.1 + 1.7 * menu + 0.35 * random.normal())) / 2, 1, 5),
    ...Object.fromEntries(checks),
    answer_verdict: connected ? drawVerdict(random, training, scenario) : null,
    promise_response_told: told(0.3 + 0.68 * orderDiscipline),
    promise_result_told: told(0.25 + 0.7 * orderDiscipline),
    promise_callback_told: told(0.15 + 0.7 * orderDiscipline),
  };
}

function drawCheck(random: Random, quality: number): string {
  if (random.chance(quality)) return 'yes';
  return random.chance(0.55) ? 'partly' : 'no';
}

/** Social insurance is the hardest to answer, business questions are best prepared (2023 report). */
function drawVerdict(random: Random, training: number, scenario: string): string {
  const easier = scenario === 'business_environment' ? 0.06 : scenario === 'general' ? 0.03 : -0.05;
  if (random.chance(clamp(0.26 + 0.6 * training + easier, 0, 1))) return 'correct';
  return random.chance(0.6) ? 'partly' : random.chance(0.7) ? 'wrong' : 'none';
}

/** The same call as a second person marks it: now and then one step apart. */
function secondOpinion(row: Row, random: Random): Row {
  const other: Row = { ...row, rater_no: 2 };
  for (const check of callChecks) {
    if (typeof row[check] === 'string' && row[check] !== 'na' && random.chance(0.12)) {
      other[check] = row[check] === 'partly' ? (random.chance(0.5) ? 'yes' : 'no') : 'partly';
    }
  }
  if (row.answer_verdict === 'correct' && random.chance(0.1)) other.answer_verdict = 'partly';
  return other;
}

const robotChecks = ['robot_script_opening', 'robot_script_wording', 'robot_ability_understood'] as const;
const humanChecks = [
  'human_script_opening',
  'human_script_polite',
  'human_script_closing',
  'human_ability_understood',
] as const;

/** Test chats: each quarter one to a few in each of the three online periods. */
export function* testChatRows(plan: CityPlan, period: Period): Generator<Row> {
  const perPeriod = plan.testCallsPerPeriod ?? 1;
  const channels = liveChannels(plan)
    .map(({ channel }) => channel)
    .filter((channel) => channel !== 'weibo' && channel !== 'sms' && channel !== 'mailbox' && channel !== 'other');
  for (const { month, days } of rounds(period)) {
    const random = Random.of(plan.seed, 'test-chats', month);
    for (let sequence = 0; sequence < perPeriod * onlinePeriods.length; sequence++) {
      const [from, to] = itemAt(onlinePeriods, sequence);
      const day = itemAt(days, sequence);
      const placedAt = day * secondsPerDay + random.between(from * 3600, to * 3600 - 1);
      const row = drawTestChat(plan, random, `Z${month}${String(sequence + 1).padStart(3, '0')}`, placedAt, channels);
      if (within(period, placedAt)) yield row;
    }
  }
}

function drawTestChat(plan: CityPlan, random: Random, id: string, placedAt: Instant, channels: readonly string[]): Row {
  const { onlineService, training } = plan.quality;
  const care = chatCare(plan, Math.floor((placedAt % secondsPerDay) / 3600));
  const joined = hasHumanChat(plan) && random.chance(joinChance(care));
  const robot = robotChecks.map((check) => [check, drawCheck(random, 0.25 + 0.6 * onlineService)] as const);
  const human = humanChecks.map(
    (check) => [check, joined ? drawCheck(random, 0.35 + 0.35 * training + 0.27 * onlineService) : null] as const,
  );
  return {
    chat_id: id,
    rater_no: 1,
    placed_at: instantText(placedAt),
    channel: random.pick(channels),
    human_joined: joined,
    seconds_to_human: joined ? drawChatWait(random, care) : null,
    median_reply_seconds: joined ? drawReplyGap(random, care) : null,
    ...Object.fromEntries([...robot, ...human]),
    ability_handover: joined ? drawCheck(random, 0.4 + 0.55 * onlineService) : 'no',
    ability_solved: drawCheck(random, joined ? 0.35 + 0.6 * training : 0.15),
  };
}
