/** The five questions of `init`, and what an answer to each may be. */
import { isAddress, mailboxOf } from '../../contract/address';
import { matching, refuse, type Earlier, type Question } from '../ask';
import { partitionOf } from './partition';

export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Answers {
  readonly service: string;
  /** Where pipeline and approvals will live. */
  readonly pipeline: Place;
  /** In the order in which a change meets them. */
  readonly stages: readonly (Place & { readonly name: string })[];
  /** `owner/name` */
  readonly repository: string;
  readonly approvers: readonly string[];
}

/** With `-approvals` behind it, it has to fit into the 32 characters of a workflow's name. */
const SERVICE = /^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/;
const PLACE = /^(\d{12})\/([a-z]{2,}(?:-[a-z]+)+-\d)$/;
/** It names the reader of a stage in another account, too. */
const STAGE = /^[A-Z][A-Za-z0-9]{0,14}$/;
/** GitLab has groups in groups. */
const REPOSITORY = /^[A-Za-z0-9][\w.-]{0,99}(\/[A-Za-z0-9_][\w.-]{0,99}){1,10}$/;
/**
 * Stages that CDK Pipelines makes itself, what the pipeline's stack and the pipeline of the CDK have already, names that mean something to the CDK, and the
 * end of the name of the pipeline's stack.
 */
const TAKEN = [
  'source',
  'build',
  'updatepipeline',
  'assets',
  'approvals',
  'pipeline',
  'promotion',
  'role',
  'artifactsbucket',
  'default',
  'resource',
  'release',
];
const MOST_STAGES = 10;
const MOST_APPROVERS = 20;

interface Stage {
  readonly name: string;
  /** Absent = where the pipeline is. */
  readonly place?: Place;
}

const SERVICE_QUESTION: Question<string> = {
  flag: 'service',
  asked: 'What is your service called?',
  usual: 'shop',
  read: serviceOf,
};

const PIPELINE_QUESTION: Question<Place> = {
  flag: 'pipeline',
  asked: 'In which account and Region will the pipeline live? (any account will do for a rehearsal)',
  usual: '111111111111/eu-west-1',
  read: (text) => placeOf(text, PIPELINE_QUESTION),
};

/** A stage in another account. */
const ELSEWHERE = 'Prod@222222222222/eu-west-1';

const STAGES_QUESTION: Question<readonly Stage[]> = {
  flag: 'stages',
  asked: `Which stages, in order? (${ELSEWHERE} is one in another account)`,
  usual: 'Dev, Prod',
  read: stagesWithin,
};

const REPOSITORY_QUESTION: Question<string> = {
  flag: 'repository',
  asked: 'In which repository will this app be? (of GitHub, GitLab or Bitbucket)',
  usual: 'example/shop',
  read: repositoryOf,
};

const APPROVERS_QUESTION: Question<readonly string[]> = {
  flag: 'approvers',
  asked: 'Who approves before the last stage?',
  usual: 'ana@example.com, bo@example.com',
  read: approversOf,
};

/** In the order in which they are asked. */
export const QUESTIONS: Readonly<Record<keyof Answers, Question>> = {
  service: SERVICE_QUESTION,
  pipeline: PIPELINE_QUESTION,
  stages: STAGES_QUESTION,
  repository: REPOSITORY_QUESTION,
  approvers: APPROVERS_QUESTION,
};

/** @throws NoAnswer for the first one that cannot be used */
export function answersOf(texts: Readonly<Record<keyof Answers, string>>): Answers {
  const pipeline = placeOf(texts.pipeline, PIPELINE_QUESTION);
  return {
    service: serviceOf(texts.service),
    pipeline,
    stages: stagesWithin(texts.stages, texts).map(({ name, place = pipeline }) => ({ name, ...place })),
    repository: repositoryOf(texts.repository),
    approvers: approversOf(texts.approvers),
  };
}

function serviceOf(text: string): string {
  return matching(
    text,
    SERVICE,
    SERVICE_QUESTION,
    '1 to 22 lower-case letters, digits and -, a letter first and no - last',
  );
}

function placeOf(text: string, question: Pick<Question, 'usual'>): Place {
  const place = matching(text, PLACE, question, 'an account of 12 digits, / and a Region');
  const [account = '', region = ''] = place.split('/');
  return { account, region };
}

/** No role of one partition trusts an account of another, so the pipeline's could not deploy there. */
function stagesWithin(text: string, { pipeline = '' }: Earlier): readonly Stage[] {
  const stages = stagesOf(text);
  const here = partitionOf(placeOf(pipeline, PIPELINE_QUESTION));
  for (const { name, place } of stages) {
    if (place === undefined || partitionOf(place) === here) continue;
    refuse(
      `${name}@${place.account}/${place.region}`,
      STAGES_QUESTION,
      `must not be in ${partitionOf(place)}, as a pipeline deploys within its own partition (${here})`,
      'make a second app, whose pipeline is there',
    );
  }
  return stages;
}

function stagesOf(text: string): readonly Stage[] {
  const stages = listOf(text, MOST_STAGES, STAGES_QUESTION, 'stages').map((part) => {
    const [called = '', ...rest] = part.split('@');
    const place = rest.length === 0 ? undefined : rest.join('@');
    const name = matching(called, STAGE, STAGES_QUESTION, 'a name of 1 to 15 letters and digits, a capital first');
    if (TAKEN.includes(name.toLowerCase())) {
      refuse(name, STAGES_QUESTION, 'must not be the name of a stage, as it is taken already');
    }
    return { name, ...(place === undefined ? {} : { place: placeOf(place, { usual: ELSEWHERE }) }) };
  });
  mustDiffer(
    stages.map(({ name }) => name.toLowerCase()),
    text,
    STAGES_QUESTION,
    'a stage',
  );
  return stages;
}

function repositoryOf(text: string): string {
  return matching(text, REPOSITORY, REPOSITORY_QUESTION, 'its owner, / and its name');
}

function approversOf(text: string): readonly string[] {
  const approvers = listOf(text, MOST_APPROVERS, APPROVERS_QUESTION, 'addresses');
  const wrong = approvers.find((address) => !isAddress(address));
  if (wrong !== undefined) {
    refuse(wrong, APPROVERS_QUESTION, 'has to be an email address');
  }
  mustDiffer(approvers.map(mailboxOf), text, APPROVERS_QUESTION, 'a mailbox');
  return approvers;
}

function listOf(text: string, most: number, question: Question, what: string): readonly string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0 || parts.length > most) {
    refuse(text, question, `has to be 1 to ${most} ${what}, with commas between them`);
  }
  return parts;
}

function mustDiffer(keys: readonly string[], text: string, question: Question, what: string): void {
  if (new Set(keys).size < keys.length) {
    refuse(text, question, `must not name ${what} twice`);
  }
}
