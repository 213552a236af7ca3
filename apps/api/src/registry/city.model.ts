import { Field, ID, ObjectType } from '@nestjs/graphql';

@ObjectType('City', { description: '全国 334 个受评城市之一 One of the 334 rated cities' })
export class CityModel {
  @Field(() => ID, { description: '行政区划代码 GB/T 2260 code' })
  code!: string;
  @Field(() => String, { description: '名称 Name' })
  name!: string;
  @Field(() => String, { description: '英文名称 Name in English' })
  nameEn!: string;
  @Field(() => String, { description: '省份 Province' })
  province!: string;
  @Field(() => String, { description: '省份英文名称 Its name in English' })
  provinceEn!: string;
  @Field(() => String, { description: '省份代码 Code of the province' })
  provinceCode!: string;
  @Field(() => String, { description: '大区代码 Id of the region' })
  region!: string;
  @Field(() => String, { description: '城市分级代码 Id of the tier' })
  tier!: string;
  @Field(() => String, { description: '行政级别代码 Id of the administrative level' })
  adminLevel!: string;
  @Field(() => String, { description: '2023 年公布的等级 Grade published for 2023' })
  grade2023!: string;
}
