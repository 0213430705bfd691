/** Whether a mail goes out at once or waits for a digest, where a workflow gathers mails. */
import type { Person } from '../../contract/policy';
import { log } from '../aws/log';
import { mayWait, type OwedMail } from '../domain/digest';
import type { Request } from '../domain/request';
import { plus } from '../domain/time';
import type { Ports } from './ports';

/**
 * Answers when the digest is due that tells this mail's matter; undefined when the mail goes out at once. Once this has answered a
 * time, the mail is put down and there is a timer run for its digest.
 */
export async function holdBack(
  ports: Ports,
  request: Request,
  person: Pick<Person, 'id' | 'until'>,
  about: Omit<OwedMail, 'request'>,
  now: string,
): Promise<string | undefined> {
  const { digestEvery } = ports;
  const mail = { ...about, request: request.id };
  if (digestEvery === undefined || !mayWait(request, person, digestEvery, now)) {
    return undefined;
  }
  if (await ports.digests.begin(person.id, mail, now, plus(now, digestEvery))) {
    return undefined;
  }
  const due = await ports.digests.hold(person.id, mail, now);
  await ports.startTimer(`digest-${person.id}-${due.replace(/[^0-9]/g, '')}`, { digestOf: person.id }, due);
  log('INFO', 'a mail waits for a digest', { requestId: request.id, approver: person.id, reason: about.kind });
  return due;
}
