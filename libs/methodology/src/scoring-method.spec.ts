import { describe, expect, it } from '@jest/globals';
import { loadMethodology, scoringMethod } from './index.js';

const method = scoringMethod(loadMethodology());
const spec = (id: string) => method.indicators.find((each) => each.id === id);

describe('the method as the core takes it', () => {
  it('keeps identity and digest, so that a result names what scored it', () => {
    const { id, version, digest } = loadMethodology();
    expect(method).toMatchObject({ id, version, digest });
  });

  it('holds plain numbers', () => {
    expect(method.ratedShare).toBe(2 / 3);
    expect(method.grades.map(({ minScore }) => minScore)).toEqual([80, 75, 72, 69, 65, 60, 56, 52, 46, 0]);
    expect(method.bootstrap).toEqual({ replicates: 1000, quantiles: [0.025, 0.975], minDays: 14 });
    expect(method.wilsonZ).toBeCloseTo(1.959964, 6);
    expect(method.lowParticipationBelow).toBe(10);
    expect(method.channels.maxAgeDays).toBe(365);
  });

  it('gives curves of x and score, and the greeting its adjustment', () => {
    expect(spec('greeting')).toMatchObject({
      parent: 'affinity',
      weight: 0.3,
      direction: 'lower',
      valueUnit: 's',
      curve: [
        { x: 15, score: 100 },
        { x: 30, score: 70 },
        { x: 45, score: 30 },
        { x: 60, score: 0 },
      ],
      measure: { adjustment: { factor: 0.8, shareBelow: 0.5, unknownFlag: 'interruptible_unknown' } },
    });
  });

  it('counts the day periods that begin at 17:00 or later as the evening', () => {
    expect(spec('hotline_period_connect')?.measure).toMatchObject({
      methods: [
        {
          id: 'period_connect.calls',
          minN: 400,
          minRowsPerStratum: 30,
          minStrata: 4,
          usableShare: 0.9,
          strata: [
            { id: 'p09', evening: false },
            { id: 'p11', evening: false },
            { id: 'p13', evening: false },
            { id: 'p17', evening: true },
            { id: 'p19', evening: true },
            { id: 'p21', evening: true },
          ],
        },
        { id: 'period_connect.mystery_calls', minN: 18, minRowsPerStratum: 3, usableShare: null },
      ],
    });
  });

  it('reads the columns a counted channel needs from its condition', () => {
    expect(spec('channel_count')?.measure).toMatchObject({ methods: [{ count: ['is_live'], functionColumns: [] }] });
    expect(spec('order_progress')?.measure).toMatchObject({
      methods: [
        {
          count: ['is_live', 'can_see_progress', 'cross_channel_synced'],
          functionColumns: ['can_see_progress', 'cross_channel_synced'],
        },
      ],
    });
  });

  it('names the fact series of a zero rule after the rule and the dataset', () => {
    expect(spec('online_response')?.measure).toMatchObject({
      zeroRules: [
        {
          id: 'never_joined',
          when: [
            { series: 'never_joined:online_sessions', minTried: 100 },
            { series: 'never_joined:mystery_chats', minTried: 9 },
          ],
        },
        { id: 'no_such_channel', when: 'no_online_human_service' },
      ],
    });
  });

  it('marks the method in which requests stand in for calls', () => {
    expect(spec('call_ratio')?.measure).toMatchObject({
      methods: [
        { requestsOnly: false },
        { requestsOnly: false },
        { id: 'call_ratio.daily_offered', requestsOnly: true },
      ],
    });
  });

  it('gives promises their components with curves of their own', () => {
    expect(spec('callback_commitment')).toMatchObject({
      curve: null,
      interval: { kind: 'joint' },
      measure: {
        kind: 'components',
        valueOf: 'called_back_rate',
        components: [
          { id: 'promise_callback_told_rate', weight: 0.3, measure: { methods: [{ minN: 12, recorded: false }] } },
          { id: 'called_back_rate', weight: 0.7, measure: { methods: [{ minN: 100, recorded: true, scale: 100 }] } },
        ],
      },
    });
  });
});
