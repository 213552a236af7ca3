import { Module } from '@nestjs/common';
import { ApiKeysService } from './api-keys.service.js';
import { SessionsService } from './sessions.service.js';
import { TenantsService } from './tenants.service.js';

const services = [TenantsService, SessionsService, ApiKeysService];

@Module({ providers: services, exports: services })
export class TenancyModule {}
