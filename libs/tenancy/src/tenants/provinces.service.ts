import { TenantDb, type RequestContext, type TenantKind } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { TenancyError } from '../tenancy-error.js';

/** A city that belongs to a province, from a moment on. */
export interface ProvinceCity {
  readonly cityId: string;
  /** GB/T 2260. */
  readonly cityCode: string;
  readonly provinceCode: string;
  readonly since: Date;
}

export interface ListedTenant {
  readonly tenantId: string;
  readonly kind: TenantKind;
  readonly name: string;
  readonly cityCode: string | null;
  readonly provinceCode: string | null;
  readonly isDemo: boolean;
  readonly createdAt: Date;
  readonly hasAdministrator: boolean;
  /** Of a city: its provinces, the one in force and those from a later moment on, in order. */
  readonly supervisors: readonly Supervisor[];
}

export interface Supervisor {
  readonly provinceTenantId: string;
  readonly from: Date;
  /** Null: until further notice. */
  readonly until: Date | null;
}

/** Moments as JSON holds them. */
interface SupervisorRow {
  readonly provinceTenantId: string;
  readonly from: string;
  readonly until: string | null;
}

const inForce = 'from_at <= now() and (until_at is null or until_at > now())';
const columns = 'city_id as "cityId", city_code as "cityCode", province_code as "provinceCode", from_at as since';

/** Which cities belong to which province, and since when. The operator says so; the database lets nobody else. */
@Injectable()
export class ProvincesService {
  constructor(private readonly db: TenantDb) {}

  /**
   * From now on, or from a later moment, the city belongs to this province and to no other; null: to none.
   * @throws TenancyError relation_refused: not the operator, no such city, no such province
   */
  async assignCity(ctx: RequestContext, cityId: string, provinceId: string | null, from: Date | null): Promise<void> {
    const valid = isUuid(cityId) && (provinceId === null || isUuid(provinceId));
    const assigned =
      valid &&
      (await this.db.run(ctx, async (manager) => {
        const [row] = await manager.query<{ assigned: boolean }[]>('select relate_city($1, $2, $3) as assigned', [
          cityId,
          provinceId,
          from,
        ]);
        return row?.assigned ?? false;
      }));
    if (!assigned) throw new TenancyError('relation_refused');
  }

  /** Of a province: its cities now, by code. */
  async cities(ctx: RequestContext): Promise<ProvinceCity[]> {
    return this.db.runReadOnly(ctx, (manager) =>
      manager.query<ProvinceCity[]>(
        `select ${columns} from province_city where tenant_id = $1 and ${inForce} order by city_code, city_id`,
        [ctx.tenantId],
      ),
    );
  }

  /** Of a city: the province that may read what it submits; null when there is none. */
  async supervisor(ctx: RequestContext): Promise<ProvinceCity | null> {
    const [found] = await this.db.runReadOnly(ctx, (manager) =>
      manager.query<ProvinceCity[]>(`select ${columns} from province_city where city_id = $1 and ${inForce}`, [
        ctx.tenantId,
      ]),
    );
    return found ?? null;
  }

  /** Every tenant, for the operator; for anybody else none. */
  async tenants(ctx: RequestContext): Promise<ListedTenant[]> {
    const found = await this.db.runReadOnly(ctx, (manager) =>
      manager.query<(Omit<ListedTenant, 'supervisors'> & { readonly supervisors: readonly SupervisorRow[] })[]>(
        `select tenant_id as "tenantId", kind, name, city_code as "cityCode", province_code as "provinceCode",
           is_demo as "isDemo", created_at as "createdAt", has_administrator as "hasAdministrator", supervisors
         from all_tenants()`,
      ),
    );
    return found.map((tenant) => ({
      ...tenant,
      supervisors: tenant.supervisors.map(({ provinceTenantId, from, until }) => ({
        provinceTenantId,
        from: new Date(from),
        until: until === null ? null : new Date(until),
      })),
    }));
  }
}
