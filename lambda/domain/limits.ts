/** Every number that decides how a gate behaves. Limits that AWS sets stand beside the code that meets them. */
import { REMINDED_FROM_MINUTES } from '../../contract/policy';
import { DAY, HOUR, MINUTE, SECOND } from './time';

/** How long what is missing may still appear, counted from when it was first missed. */
export const Patience = {
  /** A policy or checks parameter may be written after its pipeline has started. */
  PARAMETER: 15 * MINUTE,
  /** A new role is not usable at once. */
  ROLE: 10 * MINUTE,
  /** CodePipeline shows an action later than it notifies. */
  RUN: 5 * MINUTE,
  /** CodePipeline shows the token of an approval later than its state. */
  TOKEN: 5 * MINUTE,
  /** CodePipeline names who answered later than the answer. */
  ANSWERER: 2 * MINUTE,
  /** CodePipeline says how an approval ended some time after its deadline; later it never will. */
  AFTER_DEADLINE: DAY,
  /** A digest is this late at most: a question that it should have asked is asked by a mail of its own then. */
  DIGEST: 15 * MINUTE,
  /** Whoever wants a link by email asks for another one, if none has come by then. */
  EMAILED_LINK: 5 * MINUTE,
  /** Those who were asked are told how it ended, as far as mail works by then. */
  TELLING: DAY,
} as const;

/** When a request is looked at again. */
export const Pace = {
  /** However quiet a request is, CodePipeline is asked this often. */
  LONGEST_SLEEP: 6 * HOUR,
  SHORTEST_SLEEP: 5 * SECOND,
  /** Something is expected to appear within moments. */
  SOON: 30 * SECOND,
  /** The deadline is over, and CodePipeline should say so any moment. */
  AFTER_DEADLINE: 5 * MINUTE,
  /** Somebody has to act: confirm a mailbox, write a parameter. The longer it takes, the less often it is looked at. */
  SOMEBODY_ACTS: 15 * MINUTE,
  /** A request that makes way for a newer run looks out for one. */
  NEWER_RUN: 5 * MINUTE,
  /** No event tells that somebody edited a list of approvers. */
  APPROVER_LIST: 15 * MINUTE,
  /** No event tells a request that one of its approvers goes away, or comes back. */
  ABSENCE: 5 * MINUTE,
  /** Longest time between two measurements of a guarded gate that only waits for people. */
  RESTING_CHECK: HOUR,
  /** An approver who repeats an answer within that time adds nothing. */
  REPEATED_VOTE: MINUTE,
  /** A health that decides a delivery is not older than that. */
  FRESH_HEALTH: MINUTE,
} as const;

/** No approval waits longer than 60 days (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
export const LONGEST_APPROVAL = 61 * DAY;

/** Slack of a check's interval: functions start late, and throttled ones later. */
export const CHECK_SLACK = 2 * MINUTE;
/** A check that answers "in progress" for so long after the bake, or after the time that it was to wait for, cannot tell. */
export const PROGRESS_LIMIT = HOUR;
/** What goes ahead sooner is not worth an email. */
export const HELD_MAIL_FROM = HOUR;
export const REMINDER_FROM = REMINDED_FROM_MINUTES * MINUTE;
/** Shares of the time to answer at which people are reminded, where the policy names none. */
export const DEFAULT_REMINDERS = [0.5] as const;

/** Reminders of an emergency that waits for its follow-up: daily for so long, and then weekly. */
export const FOLLOW_UP_DAILY = DAY;
export const FOLLOW_UP_REMINDED = 7 * DAY;
export const FOLLOW_UP_WEEKLY = 7 * DAY;

/** So many states of the evidence are kept, and so many characters of them: a row holds 400 KB. */
export const EVIDENCE_HISTORY = 20;
export const EVIDENCE_HISTORY_SIZE = 100_000;
/** The evidence may change while a form is on its way, or while a look that changes it is under way: two minutes at most. */
export const FORM_IN_FLIGHT = 3 * MINUTE;
/** The stream tells times in whole seconds, rounded down. */
export const STREAM_ROUNDING = 2 * SECOND;

/** Longest reason that an approver may give. */
export const COMMENT_LIMIT = 400;
/** Bytes in UTF-8 of all that a decision says beside its reason: an entry of the record holds that of a hundred people. */
export const DETAILS_LIMIT = 1_000;
/** An approval starts so long before the deadline at the latest: to judge and to deliver it takes a moment, and another try. */
export const START_BEFORE_DEADLINE = 5 * MINUTE;
/** CodePipeline keeps at most this much of an answer's summary. */
export const SUMMARY_LIMIT = 512;
/** Longest reason of a measurement. */
export const REASON_LIMIT = 300;

/** So many changes of a change set are listed; its counts are of all of them. */
export const LISTED_CHANGES = 40;
/** So many of all change sets of a gate: they stand in one row. */
export const LISTED_IN_ALL = 200;
/** So many names stand beside a count. */
export const NAMED_CHANGES = 2;

/** Longest message of a commit in the record. */
export const RECORDED_MESSAGE_LIMIT = 300;

/** Records are kept for so long, decisions and everything else alike: the longest approval, and a year. */
export const RECORD_DAYS = 430;
/** How long after the end of a request its links still show how it ended. */
export const ENDING_SHOWN = 7 * DAY;

/** SNS suspends a subscription above ten mails a second. */
export const MAILS_PER_SECOND = 5;
/** A mail is claimed for so long by whoever sends it: another look sends it again only afterwards. No look takes two minutes. */
export const MAIL_CLAIM = 5 * MINUTE;

/** So many requests are in one digest: SNS carries 256 KB, and nobody reads more. What is left follows in another one. */
export const MOST_IN_DIGEST = 40;
/** A mail that is held back is kept for so long, and for so long again once it was sent. */
export const DIGEST_KEPT = 7 * DAY;

/** How long a mailed link signs in at the dashboard, and how long somebody stays signed in. */
export const SIGN_IN_LINK = HOUR;
export const SESSION = 8 * HOUR;
/**
 * So many links to sign in are mailed to one person in half an hour. A link lives longer than that, so whenever no further one is
 * mailed, some earlier one works: a flood keeps nobody out.
 */
export const SIGN_IN_MAILS = 4;
export const SIGN_IN_SLOT = 30 * MINUTE;
/** Rows by which `review` asks `decide` for something are kept for so long. */
export const ERRAND_KEPT = DAY;
/** An address that an authorizer lets in, and that nobody declared, is refused by a list of people that is at most this old. */
export const STRANGERS_AGE = 10 * SECOND;
/** How far ahead an absence may begin, and how long it may last: what is longer belongs into the list of approvers. */
export const ABSENCE_AHEAD = 90 * DAY;
export const LONGEST_ABSENCE = 90 * DAY;
/** So often in an hour somebody may set or end their absence: each time two people get an email. */
export const ABSENCE_CHANGES = 10;
export const ABSENCE_SLOT = HOUR;
/** What serves where is read anew when somebody looks, and not more often than that. */
export const OVERVIEW_AGE = MINUTE;
/** How long reading it may take. After that it is given up, and the next look at the dashboard asks again. */
export const OVERVIEW_PATIENCE = 10 * MINUTE;

/** From this many on, wrong numbers are no longer counted: junk must not fill a table. Their approver is told so. */
export const WRONG_NUMBERS_KEPT = 50;
/** Links grow longer numbers after so many wrong ones: a junk typist falls behind, a person never is locked out. */
export const NUMBER_DIGITS = [
  { after: 0, digits: 4 },
  { after: 5, digits: 6 },
  { after: 25, digits: 8 },
] as const;

/** How a canary is judged; docs/judge.md has the simulations that chose these. */
export const Judging = {
  /** A healthy bake is rejected with this probability at most, over all looks and all metrics. */
  ERROR_BUDGET: 0.02,
  /** By how much the data have grown until it is worth looking again. */
  GROWTH: 1.5,
  /** A look is left out if the data grow by less than this until the last one. */
  LEAST_GROWTH: 1.25,
  /** Of the data points that a look should have, so many may be missing. */
  MISSING: 0.1,
  /** The interval of a shift is wrong for so many single looks: Kayenta's confidence of 0.98. */
  INTERVAL: 0.02,
  /** Kayenta's tolerance: the interval has to keep so much of the shift away from 0. */
  DISTANCE: 0.25,
} as const;
