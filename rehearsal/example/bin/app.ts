import { App } from 'aws-cdk-lib';
import { ShopStack } from '../lib/shop-stack';

new ShopStack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
