/** Reads the course of a check, as rows and the record hold it. */
import { STEP_VERDICTS } from '../../contract/check-course';
import { MOST_STEPS } from './check-course';
import { list, Malformed, oneOf, text, time, whole, type Fields } from './parsed';

/** @throws Malformed */
export function mustBeCourse(fields: Fields): void {
  time(fields, 'from');
  const steps = list(fields['steps'], 'steps');
  if (steps.length > MOST_STEPS) {
    throw new Malformed(`\`steps\` has more than ${MOST_STEPS} members`);
  }
  for (const step of steps) {
    const [end, verdict, ...values] = list(step, 'step');
    whole({ end }, 'end', 0, Number.MAX_SAFE_INTEGER);
    oneOf({ verdict }, 'verdict', STEP_VERDICTS);
    values.forEach((value) => mustBeNumber(value, 'step'));
  }
  if (fields['limit'] !== undefined) {
    mustBeNumber(fields['limit'], 'limit');
  }
  if (fields['unit'] !== undefined) {
    text(fields, 'unit');
  }
}

function mustBeNumber(value: unknown, name: string): void {
  if (!Number.isFinite(value)) {
    throw new Malformed(`\`${name}\` holds what is no number`);
  }
}
