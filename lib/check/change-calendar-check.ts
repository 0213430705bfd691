import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeText, shown } from '../private/types';
import type { ChangeCalendarCheckOptions } from './change-calendar-options';
import type { CheckBinding } from './check-binding';
import { mustBePlace } from './place-of';
import { timingOf } from './timing';

const METHOD = 'Check.changeCalendar';

/** Names of Systems Manager documents (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html). */
const NAME = /^[a-zA-Z0-9_\-.]{3,128}$/;

/** Validates at once; place and permission follow when the gate's stack is known. */
export function bindChangeCalendar(
  calendar: string,
  options: ChangeCalendarCheckOptions,
): (scope: Construct) => CheckBinding {
  mustBeText(`${METHOD} calendar`, calendar);
  if (!Token.isUnresolved(calendar) && !NAME.test(calendar)) {
    throw new GateError(
      'InvalidCalendar',
      `\`${METHOD} calendar\` is ${shown(calendar)}, but the name of a Change Calendar is 3 to 128 characters of letters, digits, '.', '-' and '_': ` +
        'correct it; for a calendar elsewhere, give `account` and `region`',
    );
  }
  const { account, region } = options;
  mustBePlace(METHOD, options);
  const title = Token.isUnresolved(calendar) ? 'change calendar' : `change calendar ${calendar}`;
  const timing = timingOf(METHOD, options, title.slice(0, 80));
  return (scope) => {
    const stack = Stack.of(scope);
    const place = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
    const arn = stack.formatArn({ service: 'ssm', ...place, resource: 'document', resourceName: calendar });
    return {
      draft: { ...timing, kind: 'changeCalendar', calendar, region: region ?? stack.region },
      statements: [new iam.PolicyStatement({ actions: ['ssm:GetCalendarState'], resources: [arn] })],
      place,
    };
  };
}
