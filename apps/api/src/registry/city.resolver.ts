import { RegistryService, type City } from '@hotline/registry';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { Needs } from '../request/context.decorators.js';
import { CityModel } from './city.model.js';

@Resolver(() => CityModel)
export class CityResolver {
  constructor(private readonly registry: RegistryService) {}

  @Query(() => [CityModel], { description: '全国受评城市，按代码排序 The rated cities, by code' })
  @Needs('viewer', 'any')
  cities(
    @Args('province', { type: () => String, nullable: true, description: '只看某省（代码） Of one province (code)' })
    province?: string | null,
  ): CityModel[] {
    const all = this.registry.cities();
    const wanted = province ? all.filter((city) => city.provinceCode === province) : all;
    return wanted.map((city) => this.toModel(city));
  }

  private toModel(city: City): CityModel {
    const province = this.registry.provinces().find(({ code }) => code === city.provinceCode);
    if (!province) throw new Error(`no province ${city.provinceCode}`);
    return {
      code: city.code,
      name: city.name,
      nameEn: city.nameEn,
      province: province.name,
      provinceEn: province.nameEn,
      provinceCode: province.code,
      region: city.region,
      tier: city.tier,
      adminLevel: city.adminLevel,
      grade2023: city.grade2023,
    };
  }
}
