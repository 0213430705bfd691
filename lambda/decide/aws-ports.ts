/**
 * What `decide` needs from AWS. A client that only some looks need is loaded by the first one that does, by way of its adapter: a
 * bundler keeps all of a module that is imported like this, and the adapters hold little.
 */
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ANSWER_WAYS, Env } from '../../contract/names';
import { DigestStore } from '../aws/digest-store';
import { AbsenceStore } from '../aws/absence-store';
import { env, optionalEnv } from '../aws/env';
import { FieldsStore } from '../aws/fields-store';
import { InForceStore } from '../aws/in-force-store';
import { IntakeStore } from '../aws/intake-store';
import { InvitationStore } from '../aws/invitation-store';
import type { Mailer } from '../aws/mailer';
import { OverviewStore } from '../aws/overview-store';
import { PipelineView } from '../aws/pipeline';
import { PolicyStore } from '../aws/policy-store';
import { RecordStore } from '../aws/record-store';
import { RequestStore } from '../aws/request-store';
import { SessionStore } from '../aws/session-store';
import { Sessions } from '../aws/sessions';
import { Table } from '../aws/table';
import { parseDashboardAccess } from '../domain/parse-dashboard';
import { mustRead } from '../domain/rows';
import { iso, MINUTE } from '../domain/time';
import type { Answers, DashboardKind, Ports } from './ports';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});
const ssm = new SSMClient({});
const sessions = new Sessions(new STSClient({}));

const checks = once(async () => {
  const { checkClient, Checks } = await import('../aws/checks');
  return new Checks(checkClient(), env(Env.CHECK_FUNCTION));
});

const events = once(async () => {
  const { eventBridge, Events } = await import('../aws/events');
  return new Events(eventBridge(), env(Env.WORKFLOW));
});

const timer = once(async () => {
  const { startTimer, stepFunctions } = await import('../aws/timer');
  return { client: stepFunctions(), startTimer };
});

const changeSets = once(() => import('../aws/change-sets'));

const mailBySns = once(async () => {
  const { sns, SnsMailer } = await import('../aws/sns-mailer');
  return new SnsMailer(sns(), env(Env.MAIL_TOPIC_PREFIX));
});

const mailBySes = once(async () => {
  const { ses, SesMailer } = await import('../aws/ses-mailer');
  return new SesMailer(ses(), env(Env.MAIL_FROM));
});

function mailer(): Promise<Mailer> {
  return optionalEnv(Env.MAIL_FROM) === undefined ? mailBySns() : mailBySes();
}

function answers(): Answers {
  const way = ANSWER_WAYS.find((one) => one === env(Env.ANSWERS));
  switch (way) {
    case 'BY_LINK':
      return { way, reviewUrl: env(Env.REVIEW_URL) };
    case 'IN_CONSOLE':
      return { way };
    case undefined:
      throw new Error(`the environment variable ${Env.ANSWERS} is not ${ANSWER_WAYS.join(' or ')}`);
  }
}

function dashboard(): DashboardKind {
  const written = optionalEnv(Env.DASHBOARD);
  return written === undefined ? 'NONE' : mustRead(parseDashboardAccess(written)).kind;
}

export function awsPorts(): Ports {
  const workflow = env(Env.WORKFLOW);
  const timeZone = optionalEnv(Env.TIME_ZONE);
  const digestMinutes = optionalEnv(Env.DIGEST_MINUTES);
  const requests = new Table(documents, env(Env.REQUESTS_TABLE));
  return {
    workflow,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(digestMinutes === undefined ? {} : { digestEvery: Number(digestMinutes) * MINUTE }),
    answers: answers(),
    dashboard: dashboard(),
    region: env('AWS_REGION'),
    store: new RequestStore(requests),
    invitations: new InvitationStore(requests),
    digests: new DigestStore(requests),
    absences: new AbsenceStore(requests),
    sessions: new SessionStore(requests),
    overviews: new OverviewStore(requests),
    record: new RecordStore(requests),
    intake: new IntakeStore(requests),
    policies: new PolicyStore(ssm, workflow),
    inForce: new InForceStore(requests),
    fields: new FieldsStore(requests),
    checks: { measure: async (command) => (await checks()).measure(command) },
    mailer: {
      mailbox: async (recipient) => (await mailer()).mailbox(recipient),
      send: async (recipient, mail) => (await mailer()).send(recipient, mail),
    },
    events: { put: async (type, at, request, details) => (await events()).put(type, at, request, details) },
    pipeline: async (gate, answerRole, session) => {
      // Here, so that a role that cannot be assumed is told apart from a call that is refused.
      await sessions.credentials(answerRole, session);
      const client = sessions.client(
        answerRole,
        session,
        'codepipeline',
        (credentials) => new CodePipelineClient({ credentials }),
      );
      return new PipelineView(client, gate);
    },
    changeSet: async (answerRole, session, changeSet) => {
      const { cloudFormation, readChangeSet } = await changeSets();
      const client = sessions.client(answerRole, session, 'cloudformation', cloudFormation);
      return readChangeSet(client, changeSet);
    },
    calendars: async (answerRole, session) => {
      const { Calendars } = await import('../aws/calendars');
      return new Calendars(
        sessions.client(answerRole, session, 'ssm', (credentials) => new SSMClient({ credentials })),
      );
    },
    startTimer: async (name, target, at) => {
      const { client, startTimer } = await timer();
      await startTimer(client, env(Env.STATE_MACHINE), name, { at, target, events: 0 });
    },
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    realTime: () => iso(Date.now()),
  };
}

/** Made by the first who asks, for everybody after. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
