import { Token } from 'aws-cdk-lib';
import type { ImageOfRun } from '../../contract/checks';
import { GateError } from '../errors';
import { mustBePipelineName } from '../private/text';
import { mustBeText } from '../private/types';
import { wholeNumber } from './timing';

/** How a tag is made of a revision. */
export interface RevisionTagOptions {
  /**
   * Name of the source artifact whose revision is in the tag.
   *
   * @default - the pipeline has one source; where a run has several, the check cannot tell
   */
  readonly artifactName?: string;

  /**
   * What stands before the revision: `release-`.
   *
   * @default - nothing
   */
  readonly prefix?: string;

  /**
   * So many characters of the revision are in the tag. From 7 to 64.
   *
   * @default - all
   */
  readonly length?: number;
}

/** Which image of a repository belongs to a run of the pipeline. */
export class ScannedImage {
  /**
   * The image that has the revision of the run as its tag, as `docker push $REPOSITORY:$CODEBUILD_RESOLVED_SOURCE_VERSION` makes it.
   *
   * Let tags of the repository be immutable: whoever may move the tag chooses which image is judged.
   */
  public static taggedByRevision(options: RevisionTagOptions = {}): ScannedImage {
    const { artifactName: artifact, prefix = '', length } = options;
    if (!Token.isUnresolved(prefix) && !/^([a-zA-Z0-9_][a-zA-Z0-9._-]{0,60})?$/.test(prefix)) {
      throw new GateError(
        'BadTagPrefix',
        `\`ScannedImage.taggedByRevision prefix\` is '${prefix}', but has to be up to 61 letters, digits, '.', '_' and '-': change it`,
      );
    }
    return new ScannedImage({
      by: 'REVISION',
      prefix,
      ...(artifact === undefined ? {} : { artifact }),
      ...(length === undefined ? {} : { length: wholeNumber('ScannedImage.taggedByRevision length', length, 7, 64) }),
    });
  }

  /**
   * The image whose digest or tag an action of the run gave out: a variable that a CodeBuild action exports, or `ImageDigest` of an ECR
   * source. A digest names one image for good.
   *
   * @param stageName stage of the action
   * @param actionName the action
   * @param variableName the variable: `IMAGE_DIGEST`. It holds the digest or the tag alone, without the repository
   */
  public static fromVariable(stageName: string, actionName: string, variableName: string): ScannedImage {
    mustBePipelineName('ScannedImage.fromVariable stageName', stageName);
    mustBePipelineName('ScannedImage.fromVariable actionName', actionName);
    mustBeText('ScannedImage.fromVariable variableName', variableName);
    if (!Token.isUnresolved(variableName) && !/^[A-Za-z0-9@_-]{1,128}$/.test(variableName)) {
      throw new GateError(
        'BadVariable',
        `\`ScannedImage.fromVariable variableName\` is '${variableName}', but has to be the name of a variable alone: write it like 'IMAGE_DIGEST'`,
      );
    }
    return new ScannedImage({ by: 'VARIABLE', stage: stageName, action: actionName, variable: variableName });
  }

  private constructor(
    /**
     * What the check reads of it.
     *
     * @internal
     */
    public readonly _plan: ImageOfRun,
  ) {}
}
