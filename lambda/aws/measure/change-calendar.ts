/** A Change Calendar of Systems Manager: a closed one is no failure, the gate waits until it opens. */
import { SSMClient } from '@aws-sdk/client-ssm';
import type { ChangeCalendarCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { HOUR, millis, MINUTE, SECOND } from '../../domain/time';
import { Calendars } from '../calendars';
import type { MeasureClients } from './clients';
import { calendarsLink, linked } from './console-link';
import type { Finding } from './measure';

/** A calendar may be edited at any time: it is read again so often, however long it is to be closed. */
const LONGEST_PAUSE = HOUR;

export async function measureChangeCalendar(
  { calendar, region }: ChangeCalendarCheckPlan,
  { now }: Pick<CheckCommand, 'now'>,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const state = await new Calendars(clients.of(SSMClient, region)).at(calendar, now);
  const name = `Change calendar '${calendar}'`;
  const links = linked({ link: calendarsLink(region) });
  switch (state.kind) {
    case 'OPEN':
      return { verdict: 'PASS', reason: `${name} is open.`, value: 'OPEN', threshold: 'OPEN', ...links };
    case 'UNREADABLE':
      return { verdict: 'ERROR', reason: `${name} cannot be read.`, ...links };
    case 'CLOSED': {
      const closed = { verdict: 'IN_PROGRESS', value: 'CLOSED', threshold: 'OPEN', ...links } as const;
      const { opensAt } = state;
      if (opensAt === undefined) {
        return { ...closed, reason: `${name} is closed, and does not say until when.` };
      }
      const pause = Math.min(Math.max(millis(opensAt) - millis(now), MINUTE), LONGEST_PAUSE);
      return {
        ...closed,
        reason: `${name} is closed until ${opensAt.slice(0, 16).replace('T', ' ')} UTC.`,
        callBackDelay: Math.ceil(pause / SECOND),
        waitsUntil: opensAt,
      };
    }
  }
}
