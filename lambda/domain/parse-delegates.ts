/** Who may stand in for whom, as policies and people say it. Throws `Malformed`. */
import { MOST_DELEGATES, type PeopleRule } from '../../contract/policy';
import { list, Malformed, text, type Fields } from './parsed';
import { APPROVER_ID } from './vote';

export function parseDelegates(fields: Fields): NonNullable<PeopleRule['delegates']> {
  return Object.fromEntries(
    Object.entries(fields).map(([id, value]) => {
      const person = text({ id }, 'id', APPROVER_ID);
      const delegates = delegatesOf(value);
      if (delegates.includes(person)) {
        throw new Malformed('`delegates` names somebody as their own delegate');
      }
      return [person, delegates];
    }),
  );
}

export function delegatesOf(value: unknown): readonly string[] {
  const ids = [...new Set(list(value, 'delegates').map((id) => text({ id }, 'id', APPROVER_ID)))];
  if (ids.length === 0 || ids.length > MOST_DELEGATES) {
    throw new Malformed(`\`delegates\` does not name 1 to ${MOST_DELEGATES} people`);
  }
  return ids;
}
