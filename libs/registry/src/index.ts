export type {
  AdminLevelId,
  City,
  Grade,
  NamedClass,
  Province,
  PublishedFigure,
  RankingEntry,
  RankingId,
  RegionId,
  TierId,
} from './city.js';
export {
  adminLevels,
  cities,
  findCity,
  findProvince,
  provinces,
  publishedFigure,
  publishedFigures,
  ranking,
  regions,
  tiers,
} from './registry-data.js';
export { RegistryModule } from './registry.module.js';
export { RegistryService } from './registry.service.js';
export { seedRegistry } from './seed-registry.js';
