import { Token } from 'aws-cdk-lib';
import type { FindingResources } from '../../contract/checks';
import { GateError } from '../errors';
import { mustBeText } from '../private/types';

/** Whose security findings are judged. */
export class ScannedResources {
  /**
   * Every resource with a tag, as far as the Security Hub that is read has its findings: of products that tell the tags of their resources.
   *
   * @param key at most 128 characters
   * @param value at most 256 characters
   */
  public static tagged(key: string, value: string): ScannedResources {
    return new ScannedResources(
      { by: 'TAG', key: text('tagged key', key, 128), value: text('tagged value', value, 256) },
      `${key}=${value}`,
    );
  }

  /**
   * One resource. Its account and Region, where the ARN names them, have to be those of the Security Hub that is read, unless that is
   * `aggregated`.
   *
   * @param arn its ARN, as Security Hub names it
   */
  public static byArn(arn: string): ScannedResources {
    mustBeText('ScannedResources.byArn arn', arn);
    if (!Token.isUnresolved(arn) && !/^arn:[a-z-]+:[a-z0-9-]+:[^\s*?]+$/.test(arn)) {
      throw new GateError(
        'BadArn',
        `\`ScannedResources.byArn arn\` is '${arn}', but has to be the ARN of one resource: write it out`,
      );
    }
    return new ScannedResources({ by: 'ARN', arn }, Token.isUnresolved(arn) ? '' : (arn.split(':').at(-1) ?? ''));
  }

  private constructor(
    /**
     * What the check reads of it.
     *
     * @internal
     */
    public readonly _plan: FindingResources,
    /**
     * How people call them.
     *
     * @internal
     */
    public readonly _name: string,
  ) {}
}

function text(what: string, value: string, limit: number): string {
  mustBeText(`ScannedResources.${what}`, value);
  if (!Token.isUnresolved(value) && (value === '' || value.length > limit)) {
    throw new GateError(
      'BadTag',
      `\`ScannedResources.${what}\` is '${value}', but has to have 1 to ${limit} characters: change it`,
    );
  }
  return value;
}
