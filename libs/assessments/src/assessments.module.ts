import { Module } from '@nestjs/common';
import { AssessCity } from './assess-city.js';
import { AssessmentsService } from './assessments.service.js';

@Module({ providers: [AssessmentsService, AssessCity], exports: [AssessmentsService] })
export class AssessmentsModule {}
