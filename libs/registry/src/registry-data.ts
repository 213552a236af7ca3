import type {
  AdminLevelId,
  City,
  NamedClass,
  Province,
  PublishedFigure,
  RankingEntry,
  RankingId,
  RegionId,
  TierId,
} from './city.js';

export function cities(): readonly City[] {
  throw new Error('not there yet');
}
export function findCity(_code: string): City | null {
  throw new Error('not there yet');
}
export function provinces(): readonly Province[] {
  throw new Error('not there yet');
}
export function findProvince(_code: string): Province | null {
  throw new Error('not there yet');
}
export function regions(): readonly NamedClass<RegionId>[] {
  throw new Error('not there yet');
}
export function tiers(): readonly NamedClass<TierId>[] {
  throw new Error('not there yet');
}
export function adminLevels(): readonly NamedClass<AdminLevelId>[] {
  throw new Error('not there yet');
}
export function publishedFigures(): readonly PublishedFigure[] {
  throw new Error('not there yet');
}
export function publishedFigure(_key: string): PublishedFigure | null {
  throw new Error('not there yet');
}
export function ranking(_id: RankingId): readonly RankingEntry[] {
  throw new Error('not there yet');
}
