import { App } from 'aws-cdk-lib';
import { referenceApp } from './reference-app';

referenceApp(new App());
