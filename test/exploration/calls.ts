/** What the code under exploration asks of the outside, and the ports that turn every question into one of these. */
import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CheckCommand, Measurement, Target } from '../../contract/messages';
import type { Person, PreparedChangeSet } from '../../contract/policy';
import { DigestStore } from '../../lambda/aws/digest-store';
import { IntakeStore } from '../../lambda/aws/intake-store';
import { InvitationStore } from '../../lambda/aws/invitation-store';
import type { Mail, Recipient } from '../../lambda/aws/mailer';
import { OverviewStore } from '../../lambda/aws/overview-store';
import { PipelineView } from '../../lambda/aws/pipeline';
import type { GateDocuments } from '../../lambda/aws/policy-store';
import { FieldsStore } from '../../lambda/aws/fields-store';
import { InForceStore } from '../../lambda/aws/in-force-store';
import { RecordStore } from '../../lambda/aws/record-store';
import { RequestStore } from '../../lambda/aws/request-store';
import { AbsenceStore } from '../../lambda/aws/absence-store';
import { SessionStore } from '../../lambda/aws/session-store';
import { Table } from '../../lambda/aws/table';
import type { Ports } from '../../lambda/decide/ports';
import type { Directory } from '../../lambda/domain/approver-list';
import type { ChangeSetView } from '../../lambda/domain/change-set';
import type { TableCommand } from './memory-table';

export type Call =
  | { readonly port: 'table'; readonly command: TableCommand }
  | { readonly port: 'codepipeline'; readonly command: { readonly input: unknown }; readonly session: string }
  | { readonly port: 'check'; readonly command: CheckCommand }
  | { readonly port: 'mail'; readonly recipient: Recipient; readonly mail: Mail }
  | { readonly port: 'event'; readonly type: string; readonly details: object }
  | { readonly port: 'timer'; readonly name: string; readonly target: Target; readonly at: string }
  | { readonly port: 'changeSet'; readonly of: PreparedChangeSet }
  | { readonly port: 'policy' }
  | { readonly port: 'people' }
  | { readonly port: 'directory' };

export type Ask = (call: Call) => Promise<unknown>;

/** The ports, and the store of `intake`; everything down to the AWS clients is the real code. */
export interface Outside {
  readonly ports: Ports;
  readonly intake: IntakeStore;
  readonly table: Table;
}

export function outsideOf(ask: Ask): Outside {
  const send = (command: unknown) => ask({ port: 'table', command: command as TableCommand });
  const table = new Table({ send } as unknown as DynamoDBDocumentClient, 'requests');
  const intake = new IntakeStore(table);
  const ports: Ports = {
    workflow: 'w',
    answers: { way: 'BY_LINK', reviewUrl: 'https://review.example.com' },
    dashboard: 'SIGN_IN_BY_EMAIL',
    region: 'eu-west-1',
    store: new RequestStore(table),
    invitations: new InvitationStore(table),
    digests: new DigestStore(table),
    absences: new AbsenceStore(table),
    sessions: new SessionStore(table),
    overviews: new OverviewStore(table),
    record: new RecordStore(table),
    inForce: new InForceStore(table),
    fields: new FieldsStore(table),
    intake,
    policies: {
      gate: () => ask({ port: 'policy' }) as Promise<GateDocuments>,
      people: () => ask({ port: 'people' }) as Promise<readonly Person[]>,
      directory: () => ask({ port: 'directory' }) as Promise<Directory>,
      // What serves where is looked up apart from every request: here there is nothing to look up.
      all: () => Promise.resolve([]),
    },
    checks: { measure: (command) => ask({ port: 'check', command }) as Promise<Measurement> },
    mailer: {
      mailbox: () => Promise.resolve('direct'),
      send: async (recipient, mail) => {
        await ask({ port: 'mail', recipient, mail });
      },
    },
    events: {
      put: async (type, _at, _request, details = {}) => {
        await ask({ port: 'event', type, details });
      },
    },
    // Which gates have calendars is explored nowhere: they hold an approval back as a window does.
    calendars: () => Promise.reject(new Error('no gate here has a calendar')),
    pipeline: (gate, _role, session) => {
      const client = {
        send: (command: { readonly input: unknown }) => ask({ port: 'codepipeline', command, session }),
      } as unknown as CodePipelineClient;
      return Promise.resolve(new PipelineView(client, gate));
    },
    changeSet: (_role, _session, of) => ask({ port: 'changeSet', of }) as Promise<ChangeSetView>,
    startTimer: async (name, target, at) => {
      await ask({ port: 'timer', name, target, at });
    },
    pause: () => Promise.resolve(),
    realTime: () => new Date(0).toISOString(),
  };
  return { ports, intake, table };
}
