import type { WaiverPlan } from '../../contract/checks';
import { GateError } from '../errors';
import { CONTROL, mustBeLiteral } from '../private/text';
import { mustBeOptions, mustBeText } from '../private/types';

/** Which finding is accepted, by whom, why, and until when. */
export interface WaiverProps {
  /**
   * Id of the finding, as the check names it: `CVE-2026-1234`. One finding, never a pattern.
   *
   * 1 to 100 characters.
   */
  readonly finding: string;

  /** Who answers for it: a person or a team. 1 to 60 characters. */
  readonly owner: string;

  /** Why the change may go on all the same. 1 to 200 characters; people read the first 60 of them. */
  readonly reason: string;

  /** The last day on which the waiver counts, in UTC: `2026-12-31`. At most a year from the synth. */
  readonly until: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LONGEST_DAYS = 366;

/**
 * A finding that is accepted until a day, with an owner and a reason.
 *
 * It counts for one finding, and stands in what the check tells for as long as the finding is there. After its last day it counts for
 * nothing, without a deployment. A new or longer waiver makes the gate less strict: the run that brings it needs the approvers of the
 * gate as it was before.
 */
export class Waiver {
  /**
   * Accepts one finding.
   *
   * @throws a `GateError` where the finding, the owner or the reason is missing, where the day is none, or is more than a year away
   */
  public static of(props: WaiverProps): Waiver {
    mustBeOptions(
      'Waiver.of',
      props,
      "{ finding: 'CVE-2026-1234', owner: 'ana', reason: 'no fix yet', until: '2026-12-31' }",
    );
    return new Waiver({
      finding: line('finding', props.finding, 100),
      owner: line('owner', props.owner, 60),
      reason: line('reason', props.reason, 200),
      until: dayOf(props.until),
    });
  }

  private constructor(
    /**
     * What the check reads of it.
     *
     * @internal
     */
    public readonly _plan: WaiverPlan,
  ) {}

  /**
   * Whether it counts for nothing any more, at the time of the synth.
   *
   * @internal
   */
  public get _isOver(): boolean {
    return daysFromNow(this._plan.until) < -1;
  }
}

function line(prop: string, value: string, limit: number): string {
  mustBeText(prop, value);
  mustBeLiteral(prop, value, 'a waiver has to be readable where it is written');
  const text = value.trim();
  if (text === '' || text.length > limit || CONTROL.test(text) || (prop === 'finding' && /[*?\s]/.test(text))) {
    const what = prop === 'finding' ? 'the id of one finding, without spaces, `*` or `?`' : 'one line';
    throw new GateError(
      'InvalidWaiver',
      `\`Waiver.of ${prop}\` is ${JSON.stringify(value)}, but has to be ${what} of 1 to ${limit} characters: write it out`,
    );
  }
  return text;
}

function dayOf(until: string): string {
  mustBeText('until', until);
  mustBeLiteral('until', until, 'a waiver has to be readable where it is written');
  const time = Date.parse(`${until}T00:00:00.000Z`);
  // Date.parse takes 30 February for a day of March.
  if (!DAY.test(until) || Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== until) {
    throw new GateError(
      'InvalidWaiver',
      `\`Waiver.of until\` is '${until}', but has to be a day: write it like '2026-12-31'`,
    );
  }
  if (daysFromNow(until) > LONGEST_DAYS) {
    throw new GateError(
      'WaiverTooLong',
      `\`Waiver.of until\` is '${until}', which is more than a year away: choose an earlier day, and look at the finding again then`,
    );
  }
  return until;
}

function daysFromNow(day: string): number {
  return (Date.parse(`${day}T00:00:00.000Z`) - Date.now()) / 86_400_000;
}
