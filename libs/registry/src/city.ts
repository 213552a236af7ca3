export type RegionId = 'east' | 'north' | 'central' | 'south' | 'southwest' | 'northwest' | 'northeast';
export type TierId = 'tier_1' | 'new_tier_1' | 'tier_2' | 'tier_3' | 'tier_4' | 'tier_5' | 'unranked';
export type TierSource = 'report_2023' | 'ranking_2023' | 'bracket_2022_2025' | 'inferred_marginal' | 'not_ranked';
export type AdminLevelId = 'municipality' | 'sub_provincial' | 'capital' | 'prefecture_city' | 'prefecture_other';
export type Grade = 'A+' | 'A' | 'B+' | 'B' | 'C+' | 'C' | 'D+' | 'D' | 'E+' | 'E';

/** One of the 334 places the 2023 report rates. */
export interface City {
  /** GB/T 2260, six digits. The key: English names repeat. */
  readonly code: string;
  readonly name: string;
  readonly nameShort: string;
  /** The established form, else pinyin; not unique. */
  readonly nameEn: string;
  readonly provinceCode: string;
  readonly region: RegionId;
  readonly tier: TierId;
  /** How the tier is known, see `data/README.md`. */
  readonly tierSource: TierSource;
  /** As the method groups them. */
  readonly adminLevel: AdminLevelId;
  /** As the place calls itself: 地级市, 自治州, … */
  readonly adminLevelName: string;
  readonly provincialCapital: boolean;
  readonly subProvincial: boolean;
  readonly separatelyPlanned: boolean;
  readonly grade2023: Grade;
}

export interface Province {
  readonly code: string;
  readonly name: string;
  readonly nameShort: string;
  readonly nameEn: string;
  readonly region: RegionId;
}

export interface NamedClass<Id extends string> {
  readonly id: Id;
  readonly zh: string;
  readonly en: string;
}

/** A number or date the 2023 report prints. */
export interface PublishedFigure {
  readonly key: string;
  readonly value: number | string;
  readonly unit: string;
  readonly scope: Readonly<Record<string, string>>;
  /** Title of the page of the report. */
  readonly section: string;
}

export type RankingId = 'province27' | 'major32' | 'newtier15';

export interface RankingEntry {
  readonly ranking: RankingId;
  readonly rank: number;
  /** GB/T 2260 code of the city or province. */
  readonly code: string;
  readonly name: string;
}

/** A node of the tree the 2023 report prints: dimension (1), element (2) or indicator (3). */
export interface PublishedIndicator {
  readonly id: string;
  readonly level: 1 | 2 | 3;
  readonly name: string;
  readonly parent: string | null;
  /** Printed national mean, 0 to 100; null where none is printed. */
  readonly mean: number | null;
}

/** Weights of elements within a dimension, recovered from the printed means. */
export interface InferredWeights {
  readonly dimension: string;
  readonly weights: Readonly<Record<string, number>>;
}
