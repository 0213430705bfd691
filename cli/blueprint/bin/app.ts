import { App } from 'aws-cdk-lib';
import { ReleaseStack } from '../lib/release-stack';
import { settings } from '../lib/settings';

const app = new App();
new ReleaseStack(app, 'Release', {
  stackName: `${settings.service}-release`,
  description: `Releases ${settings.service}, with approval gates`,
  env: settings.pipeline,
});
