export * from './promotion-pipeline';
export * from './promotion-props';
export * from './promotion-stage';
