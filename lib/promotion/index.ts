export * from './promotion-pipeline';
export * from './promotion-stage';
