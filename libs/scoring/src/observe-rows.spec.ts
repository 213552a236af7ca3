import { describe, expect, it } from '@jest/globals';
import {
  curve,
  fact,
  HOTLINE_PERIODS,
  indicator,
  measured,
  observed,
  ONLINE_PERIODS,
  sample,
  way,
} from './sample-method.spec-support.js';

describe('test calls', () => {
  const greeting = indicator(
    'greeting',
    measured([way({ kind: 'median', id: 'greeting.mystery_calls', dataset: 'mystery_calls' })], {
      adjustment: { factor: 0.8, shareBelow: 0.5, unknownFlag: 'interruptible_unknown' },
    }),
    curve([15, 100], [30, 70], [45, 30], [60, 0]),
  );
  const greetings = (interruptible: (number | null)[]) => ({
    samples: {
      mystery_calls: sample({
        'greeting.mystery_calls': [31, 12, 40, 14],
        'greeting.mystery_calls:adjustment': interruptible,
      }),
    },
  });

  it('take 0.8 of the score of the median greeting when fewer than half could be interrupted', () => {
    const observation = observed(greeting, greetings([1, 0, 0, null]));
    expect(observation).toMatchObject({ state: 'observed', value: 22.5, n: 4, numerator: null, flags: [] });
    expect(observation.score).toBeCloseTo(68, 9);
  });

  it('keep the score when exactly half could, or when nobody tried', () => {
    expect(observed(greeting, greetings([1, 0, null, null])).score).toBe(85);
    expect(observed(greeting, greetings([null, null, null, null]))).toMatchObject({
      score: 85,
      flags: ['interruptible_unknown'],
    });
  });

  it('score menu layers row by row: 0, 1, 2 layers and one call without a route', () => {
    const toAgent = indicator(
      'to_agent',
      measured([way({ kind: 'mean_of_row_scores', id: 'to_agent.mystery_calls', dataset: 'mystery_calls' })]),
      curve([0, 100], [1, 85], [2, 60], [3, 30], [4, 0]),
    );
    const data = { samples: { mystery_calls: sample({ 'to_agent.mystery_calls': [100, 85, 60, 0] }) } };
    expect(observed(toAgent, data)).toMatchObject({ value: 61.25, score: 61.25, n: 4 });
  });

  it('average the audio marks', () => {
    const audio = indicator(
      'audio',
      measured([way({ kind: 'mean', scale: 1, id: 'audio.mystery_calls', dataset: 'mystery_calls' })]),
      curve([1, 0], [3, 50], [4, 80], [5, 100]),
    );
    const data = { samples: { mystery_calls: sample({ 'audio.mystery_calls': [5, 4, null, 4.5, 3] }) } };
    expect(observed(audio, data)).toMatchObject({ value: 4.125, score: 82.5, n: 4 });
  });

  it('average half marks to per cent: correct, correct, partly, wrong', () => {
    const accuracy = indicator(
      'answer_accuracy',
      measured([way({ kind: 'mean', scale: 100, id: 'accuracy', dataset: 'mystery_calls' })]),
    );
    const data = { samples: { mystery_calls: sample({ accuracy: [1, 1, 0.5, 0] }) } };
    expect(observed(accuracy, data)).toMatchObject({ value: 62.5, score: 62.5, numerator: null });
  });
});

describe('day periods', () => {
  const spec = (minRowsPerStratum = 3) =>
    indicator(
      'hotline_period_connect',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'period_connect.calls',
          dataset: 'calls',
          usableShare: 0.9,
          minRowsPerStratum,
          minStrata: 4,
          strata: HOTLINE_PERIODS,
        }),
      ]),
    );
  const period = (stratum: string, scores: number[]) =>
    fact(
      'period_connect.calls',
      scores.length,
      scores.reduce((sum, score) => sum + score, 0),
      { stratum },
    );
  // 15 s → 100, 30 s → 80, 60 s → 60, 45 s → 70, 120 s → 30, 300 s → 0; 10 s → 100.
  const example = [
    period('p09', [100, 80, 0]),
    period('p11', [100, 100]),
    period('p13', [60, 60, 30]),
    period('p17', [100, 100, 0]),
    period('p19', [70, 70, 70]),
  ];

  it('count equally; one with too few rows is left out, not zero', () => {
    const observation = observed(spec(), { facts: example });
    expect(observation.value).toBeCloseTo(61.666667, 6);
    expect(observation.score).toBe(observation.value);
    expect(observation).toMatchObject({ n: 14, numerator: null, flags: ['partial_strata', 'days_missing'] });
    expect(observation.strata?.p11).toEqual({ n: 2, mean: null });
    expect(observation.strata?.p21).toEqual({ n: 0, mean: null });
    expect(observation.strata?.p09).toEqual({ n: 3, mean: 60 });
  });

  it('must hold an evening, or the hotline would gain by closing it', () => {
    const daytime = indicator(
      'online',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'period_connect.calls',
          dataset: 'calls',
          minRowsPerStratum: 3,
          minStrata: 2,
          strata: HOTLINE_PERIODS,
        }),
      ]),
    );
    expect(observed(daytime, { facts: [period('p09', [1, 1, 1]), period('p13', [1, 1, 1])] })).toMatchObject({
      state: 'too_few',
      n: 6,
      value: null,
    });
    const evening = [period('p09', [1, 1, 1]), period('p17', [1, 1, 1])];
    expect(observed(daytime, { facts: evening })).toMatchObject({ state: 'observed', value: 1 });
  });

  it('must be four of six', () => {
    expect(observed(spec(), { facts: example.slice(0, 4) })).toMatchObject({ state: 'too_few', n: 11 });
  });

  it('cannot be told when waits are unknown for more than a tenth of the answered calls', () => {
    const usable = (total: number) => [...example, fact('period_connect.calls:usable', 10, total)];
    expect(observed(spec(), { facts: usable(9) }).state).toBe('observed');
    expect(observed(spec(), { facts: usable(8) })).toMatchObject({ state: 'not_observed', n: 0, method: null });
  });

  it('are read from test chats the same way: 60, 43.3 and 90 points make 64.444444', () => {
    const online = indicator(
      'online_period_connect',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'online_connect.mystery_chats',
          dataset: 'mystery_chats',
          minRowsPerStratum: 3,
          minStrata: 2,
          strata: ONLINE_PERIODS,
        }),
      ]),
    );
    // Waits 60, 180 s, nobody; 240, 240, 600 s; 120 s three times; curve 60 → 100, 180 → 80, 300 → 50, 600 → 0.
    const data = {
      samples: {
        mystery_chats: sample(
          { 'online_connect.mystery_chats': [100, 80, 0, 65, 65, 0, 90, 90, 90] },
          { 'online_connect.mystery_chats': ['o09', 'o09', 'o09', 'o13', 'o13', 'o13', 'o17', 'o17', 'o17'] },
        ),
      },
    };
    const observation = observed(online, data);
    expect(observation.value).toBeCloseTo(64.444444, 6);
    expect(observation.flags).toEqual([]);
  });
});

describe('surveys', () => {
  const process = indicator(
    'process_experience',
    measured([
      way({
        kind: 'mean_of_item_means',
        id: 'process',
        dataset: 'survey_responses',
        items: ['access', 'attitude', 'professionalism', 'speed', 'result'],
        minAnswersPerItem: 2,
        minItems: 4,
      }),
    ]),
    curve([1, 0], [3, 50], [5, 100]),
  );
  const answers = (result: (number | null)[], speed: (number | null)[] = [3, 3, null]) => ({
    samples: {
      survey_responses: sample({
        'process:access': [4, 4, null],
        'process:attitude': [3, 4, null],
        'process:professionalism': [4, 5, null],
        'process:speed': speed,
        'process:result': result,
      }),
    },
  });

  it('average the means of the questions with answers enough: 4, 3.5, 4.5 and 3 make 3.75', () => {
    const observation = observed(process, answers([5, null, null]));
    expect(observation).toMatchObject({ value: 3.75, score: 68.75, n: 2, flags: ['partial_items'] });
    expect(observed(process, answers([3, 4, null]))).toMatchObject({ value: 3.7, flags: [] });
  });

  it('need four of the five questions', () => {
    expect(observed(process, answers([5, null, null], [1, null, null]))).toMatchObject({ state: 'too_few', n: 2 });
  });
});
