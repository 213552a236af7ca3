import type { SharedTexts } from '../texts.js';

export const shared: SharedTexts = {
  language: 'en',
  hotlineOf: (city) => `${city} 12345 hotline`,
  loading: 'Loading…',
  failed: 'Cannot be shown now',
  reason: {
    setup: 'Check the key and api settings.',
    not_public: 'Not public: this hotline has published no assessment.',
    refused: 'This embed key is not for this site.',
    later: 'It will be tried again later.',
  },
  stale: (day) => `Cannot be updated now, result as of ${day}`,
  demo: 'Demo data',
  presumed: 'presumed',
  presumedWhy:
    'The national assessment publishes neither grade cut-offs nor first-level weights; presumed values are used. This is a self-assessment by an open method, not an official rating.',
  bracketed: (words) => ` (${words})`,
  rangeUnknown: 'range not estimated',
  index: 'Hotline index',
  presumedGrade: 'presumed grade',
  outOf: 'out of 100',
  interval: '95% interval',
  notRated: 'Not rated',
  notRatedWhy: (coverage) => `Data coverage is ${coverage}, too little for an index and a grade.`,
  selfAssessed: 'Self-assessed',
  method: (version) => `method ${version}`,
  coverage: 'Data coverage',
  colon: ': ',
  clause: ', ',
};
