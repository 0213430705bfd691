import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { MOST_FREEZES } from '../../contract/policy';
import { GateError } from '../errors';
import { mustBeText, shown } from '../private/types';

/** Names of Systems Manager documents (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html). */
const NAME = /^[a-zA-Z0-9_\-.]{3,128}$/;
const ARN = /^arn:[a-z-]+:ssm:([a-z0-9-]+):\d{12}:document\/[a-zA-Z0-9_\-.]{3,128}$/;

/**
 * A calendar of times in which nothing may go ahead. Nothing appears in the account, except a permission of the role that answers the gates
 * of the pipeline: `ssm:GetCalendarState` on exactly this calendar.
 */
export class FreezeCalendar {
  /**
   * A Change Calendar of Systems Manager, in the account and Region of the pipeline. It is read whenever an approval could go ahead. A calendar
   * that cannot be read counts as closed.
   *
   * @param name name of the calendar, such as `release-freeze`; may be a token, such as the `ref` of a `CfnDocument`
   */
  public static changeCalendar(name: string): FreezeCalendar {
    mustBeText('name', name);
    if (!Token.isUnresolved(name) && !NAME.test(name)) {
      throw new GateError(
        'InvalidCalendar',
        `\`freezes\` has the calendar '${name}', but the name of a Change Calendar is 3 to 128 characters of letters, digits, '.', '-' and '_': ` +
          'correct it, or use `FreezeCalendar.changeCalendarArn`',
      );
    }
    return new FreezeCalendar(name, false);
  }

  /**
   * A Change Calendar that another account shares, in the Region of the pipeline.
   *
   * @param arn `arn:aws:ssm:eu-west-1:222222222222:document/release-freeze`; may be a token
   */
  public static changeCalendarArn(arn: string): FreezeCalendar {
    mustBeText('arn', arn);
    if (!Token.isUnresolved(arn) && !ARN.test(arn)) {
      throw new GateError(
        'InvalidCalendar',
        `\`freezes\` has the calendar '${arn}', but the ARN of a Change Calendar is 'arn:aws:ssm:<region>:<account>:document/<name>': ` +
          'correct it, or use `FreezeCalendar.changeCalendar` with a name',
      );
    }
    return new FreezeCalendar(arn, true);
  }

  /** What Systems Manager calls it: its name, or its ARN. */
  public readonly calendar: string;
  private readonly isArn: boolean;

  private constructor(calendar: string, isArn: boolean) {
    this.calendar = calendar;
    this.isArn = isArn;
  }

  /**
   * What the role may read.
   *
   * @internal
   */
  public _arnIn(scope: IConstruct): string {
    const stack = Stack.of(scope);
    if (!this.isArn) {
      return stack.formatArn({ service: 'ssm', resource: 'document', resourceName: this.calendar });
    }
    const [, region] = ARN.exec(this.calendar) ?? [];
    if (region !== undefined && !Token.isUnresolved(stack.region) && region !== stack.region) {
      throw new GateError(
        'CalendarInOtherRegion',
        `\`freezes\` has a calendar in ${region}, but the pipeline is in ${stack.region}, where that calendar cannot be read: ` +
          'import it there',
      );
    }
    return this.calendar;
  }
}

/** Refuses lists that callers without a type checker may pass, and those that say nothing. */
export function mustBeFreezes(freezes: FreezeCalendar[] | undefined): void {
  if (freezes === undefined) {
    return;
  }
  const list: readonly unknown[] | undefined = Array.isArray(freezes) ? freezes : undefined;
  if (list === undefined || list.some((one) => !(one instanceof FreezeCalendar))) {
    throw new GateError(
      'WrongType',
      "`freezes` has to be a list of calendars: write `[FreezeCalendar.changeCalendar('release-freeze')]`",
    );
  }
  if (freezes.length === 0 || freezes.length > MOST_FREEZES) {
    throw new GateError(
      'InvalidCalendar',
      `\`freezes\` has ${freezes.length} calendars, but needs 1 to ${MOST_FREEZES}: change that, or leave the property out`,
    );
  }
  const twice = freezes.find(({ calendar }, index) =>
    freezes.slice(0, index).some((other) => other.calendar === calendar),
  );
  if (twice !== undefined) {
    throw new GateError('InvalidCalendar', `\`freezes\` has ${shown(twice.calendar)} twice: remove one`);
  }
}
