import { Injectable } from '@nestjs/common';
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
import {
  adminLevels,
  cities,
  findCity,
  findProvince,
  provinces,
  publishedFigures,
  ranking,
  regions,
  tiers,
} from './registry-data.js';

/** Reference data, the same for every tenant. */
@Injectable()
export class RegistryService {
  /** Sorted by code. */
  cities(): readonly City[] {
    return cities();
  }

  city(code: string): City | null {
    return findCity(code);
  }

  province(code: string): Province | null {
    return findProvince(code);
  }

  provinces(): readonly Province[] {
    return provinces();
  }

  regions(): readonly NamedClass<RegionId>[] {
    return regions();
  }

  tiers(): readonly NamedClass<TierId>[] {
    return tiers();
  }

  adminLevels(): readonly NamedClass<AdminLevelId>[] {
    return adminLevels();
  }

  publishedFigures(): readonly PublishedFigure[] {
    return publishedFigures();
  }

  /** From the first rank on. */
  ranking(id: RankingId): readonly RankingEntry[] {
    return ranking(id);
  }
}
