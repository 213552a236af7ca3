export type {
  AdminLevelId,
  City,
  Grade,
  InferredWeights,
  NamedClass,
  Province,
  PublishedFigure,
  PublishedIndicator,
  RankingEntry,
  RankingId,
  RegionId,
  TierId,
  TierSource,
} from './city.js';
export {
  adminLevels,
  cities,
  findCity,
  findProvince,
  inferredWeights,
  provinces,
  publishedFigure,
  publishedFigures,
  publishedIndicators,
  ranking,
  regions,
  tiers,
} from './registry-data.js';
export { RegistryModule } from './registry.module.js';
export { RegistryService } from './registry.service.js';
export { seedRegistry } from './seed-registry.js';
