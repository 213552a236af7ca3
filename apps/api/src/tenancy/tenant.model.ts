import { tenantKinds, type TenantKind } from '@hotline/platform';
import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsDate, IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { connectionOf } from '../request/connection.js';
import { resultOf } from '../request/failure.model.js';
import { Invited } from './member.model.js';

export const TenantKindEnum = Object.fromEntries(tenantKinds.map((kind) => [kind, kind])) as {
  readonly [K in TenantKind]: K;
};
registerEnumType(TenantKindEnum, {
  name: 'TenantKind',
  description: '租户类别 Kind of tenant',
  valuesMap: {
    city: { description: '城市热线中心 A city centre' },
    province: { description: '省级主管 A provincial office' },
    operator: { description: '运营 Who runs the service' },
  },
});

@ObjectType('Supervisor', { description: '城市所归属的省级 A province that a city belongs to' })
export class SupervisorModel {
  @Field(() => ID, { description: '省级租户的编号 Id of the province’s tenant' })
  provinceTenantId!: string;
  @Field(() => Date, { description: '自何时起，可在将来 From when on; it may lie ahead' })
  from!: Date;
  @Field(() => Date, { nullable: true, description: '到何时止；null 为未定 Until when; null: until further notice' })
  until!: Date | null;
}

@ObjectType('Tenant', { description: '租户 A tenant' })
export class TenantModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => TenantKindEnum, { description: '类别 Kind' })
  kind!: TenantKind;
  @Field(() => String, { description: '名称 Name' })
  name!: string;
  @Field(() => String, { nullable: true, description: '城市代码 City code' })
  cityCode!: string | null;
  @Field(() => String, { nullable: true, description: '省份代码 Province code' })
  provinceCode!: string | null;
  @Field(() => Boolean, { description: '是否演示数据 Whether its data is demo data' })
  demo!: boolean;
  @Field(() => Date, { description: '建立时间 Made at' })
  createdAt!: Date;
  @Field(() => Boolean, { description: '是否已有管理员 Whether it has an administrator' })
  hasAdministrator!: boolean;
  @Field(() => [SupervisorModel], {
    description: '城市现在和以后的归属，按时间 Of a city: where it belongs now and later, in order',
  })
  supervisors!: readonly SupervisorModel[];
}

@ObjectType({
  description: '新租户，及对其首位管理员的邀请 A new tenant, and the invitation of its first administrator',
})
export class CreatedTenant {
  @Field(() => TenantModel, { description: '租户 The tenant' })
  tenant!: TenantModel;
  @Field(() => Invited, { description: '对首位管理员的邀请 Invitation of the first administrator' })
  invited!: Invited;
}

@InputType()
export class AdministratorInput {
  @Field(() => String, { description: '邮箱 E-mail address' })
  @IsString()
  @MaxLength(320)
  email!: string;

  @Field(() => String, { description: '姓名 Name' })
  @IsString()
  @MaxLength(100)
  name!: string;
}

@InputType()
export class CreateTenantInput extends AdministratorInput {
  @Field(() => TenantKindEnum, { description: '类别 Kind' })
  @IsIn(tenantKinds)
  kind!: TenantKind;

  @Field(() => String, { description: '租户名称 Name of the tenant' })
  @IsString()
  @MaxLength(200)
  tenantName!: string;

  @Field(() => String, { nullable: true, description: '城市代码，仅用于城市 City code, of a city' })
  @IsOptional()
  @Matches(/^\d{6}$/)
  cityCode?: string | null;

  @Field(() => String, { nullable: true, description: '省份代码，仅用于省级 Province code, of a provincial office' })
  @IsOptional()
  @Matches(/^\d{6}$/)
  provinceCode?: string | null;
}

@InputType()
export class InviteAdministratorInput extends AdministratorInput {
  @Field(() => ID, { description: '租户编号 Id of the tenant' })
  @IsUUID()
  tenantId!: string;
}

@InputType()
export class AssignCityInput {
  @Field(() => ID, { description: '城市租户的编号 Id of the city’s tenant' })
  @IsUUID()
  cityTenantId!: string;

  @Field(() => ID, {
    nullable: true,
    description: '省级租户的编号；null 为不属于任何省级 Id of the province’s tenant; null: none',
  })
  @IsOptional()
  @IsUUID()
  provinceTenantId?: string | null;

  @Field(() => Date, { nullable: true, description: '自何时起，默认为现在 From when on; by default now' })
  @IsOptional()
  @IsDate()
  from?: Date | null;
}

export const TenantConnection = connectionOf(TenantModel, 'Tenant');
export const CreateTenantResult = resultOf(
  CreatedTenant,
  'CreateTenantResult',
  '新租户，或失败原因 The new tenant, or why not',
);
