import { Duration, Stack, Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeOneOf, mustHave } from '../private/types';
import type { CheckBinding } from './check-binding';
import { nameInStack } from './construct-name';
import { limitsOf, waiversOf } from './findings-rule';
import { reachableRepositoryArn } from './other-stage';
import { ImageScanning, type ImageScanCheckOptions } from './image-scan-options';
import { ScannedImage } from './scanned-image';
import { placeOfResource } from './place-of';
import { secondsOf, timingOf } from './timing';
import { warnOfEndedWaivers } from './waiver-warning';

const METHOD = 'Check.imageScan';
const HOUR = 60 * 60;
const YEAR = 365 * 24 * HOUR;

/** Validates at once; who reads is known with the gate's stack. */
export function bindImageScan(
  repository: ecr.IRepository,
  options: ImageScanCheckOptions,
): (scope: Construct) => CheckBinding {
  mustHave(METHOD, repository, ['repositoryArn', 'repositoryName'], 'give a repository, or import one by its name');
  const { image = ScannedImage.taggedByRevision(), scanning = ImageScanning.BASIC, waivers = [] } = options;
  mustBeOneOf(`${METHOD} scanning`, scanning, Object.values(ImageScanning), 'take it from `ImageScanning`');
  if (!((image as unknown) instanceof ScannedImage)) {
    throw new GateError(
      'WrongType',
      `\`${METHOD} image\` has to be an image of the run: take it from \`ScannedImage\``,
    );
  }
  const rule = { limits: limitsOf(METHOD, options.limits), waivers: waiversOf(METHOD, waivers) };
  const maxAge = secondsOf(`${METHOD} maxAge`, options.maxAge ?? Duration.days(30), HOUR, YEAR);
  const timing = timingOf(METHOD, options, `image scan ${nameOf(repository)}`.slice(0, 80));
  return (scope) => {
    const repositoryArn = reachableRepositoryArn(repository, scope);
    warnOfEndedWaivers(scope, timing.title, waivers);
    return {
      draft: { ...timing, kind: 'imageScan', repositoryArn, image: image._plan, scanning, maxAge, ...rule },
      statements: statementsFor(repositoryArn, scanning),
      place: placeOfResource(repository, Stack.of(scope)),
    };
  };
}

function statementsFor(repositoryArn: string, scanning: ImageScanning): iam.PolicyStatement[] {
  const scans = new iam.PolicyStatement({ actions: ['ecr:DescribeImageScanFindings'], resources: [repositoryArn] });
  // Amazon Inspector judges its findings by no resource.
  const inspector = new iam.PolicyStatement({
    actions: ['inspector2:ListCoverage', 'inspector2:ListFindings'],
    resources: ['*'],
  });
  return scanning === ImageScanning.ENHANCED ? [scans, inspector] : [scans];
}

function nameOf(repository: ecr.IRepository): string {
  return Token.isUnresolved(repository.repositoryName) ? nameInStack(repository) : repository.repositoryName;
}
