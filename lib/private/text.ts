import { createHash } from 'node:crypto';
import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeText } from './types';

/** Names of pipelines, stages and actions (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const CODEPIPELINE_NAME = /^[A-Za-z0-9.@_-]{1,100}$/;

/** `RunOrder` → `runOrder`: the CDK and the APIs of AWS begin the names of members in lower case, templates in upper case. */
export function uncapitalize(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A stable short id: 12 hexadecimal digits. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 12);
}

/** Refuses a token: the value has to be known at synth. */
export function mustBeLiteral(prop: string, value: string, why: string): void {
  if (Token.isUnresolved(value)) {
    throw new GateError('LiteralNeeded', `\`${prop}\` is a token, but ${why}: give a literal text`);
  }
}

/** Names go into mail subjects, summaries and logs: no control character may be in them. */
export const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Refuses what people cannot read as the name of a person or a group. */
export function mustBeName(name: string, code: string, whose: string): void {
  mustBeText('name', name);
  mustBeLiteral('name', name, `the name of ${whose} has to be known at synth`);
  if (name.trim() === '' || name.length > 64 || CONTROL.test(name)) {
    throw new GateError(
      code,
      `\`name\` is '${name}', but must be 1 to 64 characters without control characters: change it`,
    );
  }
}

/** Refuses what CodePipeline would refuse as the name of a pipeline, stage or action. Tokens pass. */
export function mustBePipelineName(prop: string, value: string): void {
  mustBeText(prop, value);
  if (!Token.isUnresolved(value) && !CODEPIPELINE_NAME.test(value)) {
    throw new GateError(
      'InvalidName',
      `\`${prop}\` is '${value}', but must be 1 to 100 characters of letters, digits, '.', '@', '-' and '_': rename it`,
    );
  }
}

/** Characters that are sure to be there: each token counts nothing. */
export function literalLength(value: string): number {
  return value.replace(/\$\{Token\[[^\]]*\]\}/g, '').length;
}

const TOKEN = /(\$\{Token\[[^\]]*\]\})/;

/** The beginning of a text. Tokens stay whole and count nothing: their own length is another one with each change of the app. */
export function beginningOf(text: string, length: number): string {
  let left = length;
  const kept = text.split(TOKEN).map((part, index) => {
    const isToken = index % 2 === 1;
    if (isToken) {
      return left > 0 ? part : '';
    }
    const literal = part.slice(0, left);
    left -= literal.length;
    return literal;
  });
  return kept.join('').trimEnd();
}

/** Refuses text that is longer than CodePipeline takes in one field of an action's configuration. */
export function mustFitConfiguration(prop: string, value: string, limit: number): void {
  const length = literalLength(value);
  if (length > limit) {
    throw new GateError('TextTooLong', `\`${prop}\` has ${length} characters, but at most ${limit} fit: shorten it`);
  }
}
