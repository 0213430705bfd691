export * from './promoted-stage';
export * from './promotion-gates';
export * from './promotion-pipeline';
export * from './promotion-placement';
export * from './promotion-props';
export * from './promotion-stage';
export * from './promotion-target';
export * from './promotion-wave';
