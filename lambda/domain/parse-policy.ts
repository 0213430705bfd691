/** The documents in a workflow's parameters. What is not understood is refused: a gate never opens on a guess. */
import type { CheckPlan, ChecksDocument, GateChecks, GateName, GatePolicy, Person } from '../../contract/policy';
import {
  flag,
  json,
  list,
  Malformed,
  NAME,
  object,
  oneOf,
  optionalText,
  parsed,
  text,
  whole,
  type Fields,
  type Parsed,
} from './parsed';
import { APPROVER_ID } from './records';

const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/.{1,600}$/;

const INCONCLUSIVE = ['REJECT', 'ASK_APPROVERS', 'APPROVE_WITH_WARNING'] as const;

/** The policy of exactly this gate. */
export function parsePolicy(document: string, gate: GateName): Parsed<GatePolicy> {
  return parsed('policy', () => {
    const fields = object(json(document), 'policy');
    whole(fields, 'v', 1, 1);
    const names = object(fields['gate'], 'gate');
    const named = { pipeline: text(names, 'pipeline', NAME), stage: text(names, 'stage', NAME) };
    const action = text(names, 'action', NAME);
    if (named.pipeline !== gate.pipeline || named.stage !== gate.stage || action !== gate.action) {
      throw new Malformed('`gate` is another gate');
    }
    const approvers =
      fields['approvers'] === undefined ? undefined : approversOf(object(fields['approvers'], 'approvers'));
    const checks = fields['checks'] === undefined ? undefined : checksOf(object(fields['checks'], 'checks'));
    if (approvers === undefined && checks === undefined) {
      throw new Malformed('neither `approvers` nor `checks`: nobody could open this gate');
    }
    return {
      v: 1,
      gate: { ...named, action },
      answerRole: text(fields, 'answerRole', ROLE),
      timeoutMinutes: whole(fields, 'timeoutMinutes', 5, 86_400),
      excludeAuthor: flag(fields, 'excludeAuthor'),
      reason: oneOf(fields, 'reason', ['OPTIONAL', 'FOR_REJECTION', 'ALWAYS']),
      onReject: oneOf(fields, 'onReject', ['STOP', 'ROLLBACK']),
      ...(approvers === undefined ? {} : { approvers }),
      ...(checks === undefined ? {} : { checks }),
    };
  });
}

function approversOf(fields: Fields): NonNullable<GatePolicy['approvers']> {
  const ids = list(fields['ids'], 'ids').map((id) => text({ id }, 'id', APPROVER_ID));
  const distinct = [...new Set(ids)];
  return { quorum: whole(fields, 'quorum', 1, Math.max(1, distinct.length)), ids: distinct };
}

function checksOf(fields: Fields): GateChecks {
  const inconclusive = fields['onInconclusive'];
  return {
    parameter: text(fields, 'parameter', /^\/[A-Za-z0-9_./-]{1,1010}$/),
    role: text(fields, 'role', ROLE),
    bakeMinutes: whole(fields, 'bakeMinutes', 0, 86_400),
    ...(inconclusive === undefined ? {} : { onInconclusive: oneOf(fields, 'onInconclusive', INCONCLUSIVE) }),
  };
}

const KINDS = ['alarm', 'http', 'lambda'] as const;

/** The checks of a gate. Their own properties are read by the function that runs them; their timing matters here. */
export function parseChecks(document: string): Parsed<ChecksDocument> {
  return parsed('checks', () => {
    const fields = object(json(document), 'checks');
    whole(fields, 'v', 1, 1);
    const checks = list(fields['checks'], 'checks').map((check) => checkOf(object(check, 'check')));
    if (checks.length === 0 || new Set(checks.map(({ id }) => id)).size !== checks.length) {
      throw new Malformed('`checks` is empty or names a check twice');
    }
    return { v: 1, checks };
  });
}

function checkOf(fields: Fields): CheckPlan {
  text(fields, 'id', /^[a-z0-9-]{1,40}$/);
  text(fields, 'title');
  oneOf(fields, 'kind', KINDS);
  whole(fields, 'initialDelay', 0, 5_184_000);
  whole(fields, 'interval', 1, 5_184_000);
  whole(fields, 'failureLimit', 0, 1_000_000);
  whole(fields, 'consecutiveErrorLimit', 0, 1_000_000);
  whole(fields, 'minimumSamples', 1, 1_000_000);
  flag(fields, 'observeOnly');
  return fields as unknown as CheckPlan;
}

/** One parameter full of people. */
export function parsePeople(document: string): Parsed<readonly Person[]> {
  return parsed('people', () => {
    const fields = object(json(document), 'people');
    whole(fields, 'v', 1, 1);
    return list(fields['people'], 'people').map((person) => personOf(object(person, 'person')));
  });
}

function personOf(fields: Fields): Person {
  const name = optionalText(fields, 'name');
  return {
    id: text(fields, 'id', APPROVER_ID),
    mail: text(fields, 'mail', /^[^\s@]{1,64}@[^\s@]{1,255}$/),
    alsoKnownAs: list(fields['alsoKnownAs'] ?? [], 'alsoKnownAs').map((alias) => text({ alias }, 'alias')),
    shared: flag(fields, 'shared'),
    ...(name === undefined ? {} : { name }),
  };
}
