/** The questions of `appspec`, and what an answer to each may be. */
import { matching, refuse, type Question } from '../ask';

export interface ServerAnswers {
  /** Name of the unit of systemd, without `.service`. */
  readonly service: string;
  /** Where the version is installed. */
  readonly destination: string;
  /** Asked on the server itself. */
  readonly health: string;
  /** Seconds that a new version has to become healthy. */
  readonly wait: number;
  /** Who owns what is installed. */
  readonly user: string;
}

export type Name = keyof ServerAnswers;

/** A script stands in quotes of a shell, and in YAML: only what means nothing to either. */
const SERVICE = /^[a-z][a-z0-9_-]{0,62}$/;
const FOLDER = /^(\/[A-Za-z0-9_][A-Za-z0-9._-]{0,62}){1,8}$/;
const URL_TEXT = /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~/?=&%-]*)?$/;
const USER = /^[a-z_][a-z0-9_-]{0,31}$/;

/**
 * Where software that is no part of the system has folders of its own. What is installed there belongs to `user`: elsewhere that could be
 * programs that root runs. https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html
 */
const FOR_SERVICES = ['/opt', '/srv', '/var/opt', '/var/www'];
/** Of these, what agents of AWS and of containers have, and run as root. */
const OF_AGENTS = ['amazon', 'aws', 'cni', 'codedeploy-agent', 'containerd'].map((name) => `/opt/${name}`);

/**
 * The scripts of one event have an hour together, in which the last try and what is said of it have to fit, too.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 */
const LONGEST_WAIT = 3000;

const SERVICE_QUESTION: Question<string> = {
  flag: 'service',
  asked: 'What is the service called in systemd, without .service?',
  usual: 'shop',
  read: (text) =>
    matching(text, SERVICE, SERVICE_QUESTION, '1 to 63 lower-case letters, digits, - and _, a letter first'),
};

const USER_QUESTION: Question<string> = {
  flag: 'user',
  asked: 'Who owns what is installed? (made on the server where there is no such user)',
  usual: 'root',
  read: (text) => matching(text, USER, USER_QUESTION, '1 to 32 lower-case letters, digits, - and _'),
};

const DESTINATION_QUESTION: Question<string> = {
  flag: 'destination',
  asked: 'In which folder of the server is it installed?',
  usual: '/opt/shop',
  usualAfter: (earlier) => `/opt/${SERVICE_QUESTION.read(earlier['service'] ?? '', earlier)}`,
  read: (text, earlier) => {
    const folder = matching(text, FOLDER, DESTINATION_QUESTION, 'an absolute path of letters, digits, ., - and _');
    const user = earlier['user']?.trim() ?? 'root';
    const homes = user === 'root' ? [] : [`/home/${user}`];
    const isBelow = (other: string) => folder.startsWith(`${other}/`);
    return [...FOR_SERVICES, ...homes].some(isBelow) && !OF_AGENTS.some((one) => folder === one || isBelow(one))
      ? folder
      : refuse(
          text,
          DESTINATION_QUESTION,
          `has to be a folder of the service alone, below ${FOR_SERVICES.join(', ')} or /home/<name of --user>, and none of ` +
            OF_AGENTS.join(', '),
        );
  },
};

const HEALTH_QUESTION: Question<string> = {
  flag: 'health',
  asked: 'At which address does the service say on the server itself that it is well?',
  usual: 'http://127.0.0.1:8080/health',
  read: (text) => {
    const address = matching(text, URL_TEXT, HEALTH_QUESTION, 'an address with http:// or https://');
    return URL.canParse(address) ? address : refuse(text, HEALTH_QUESTION, 'has to be an address that exists');
  },
};

const WAIT_QUESTION: Question<number> = {
  flag: 'wait',
  asked: 'How many seconds may it take to be well?',
  usual: '60',
  read: (text) => {
    const seconds = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
    return seconds >= 5 && seconds <= LONGEST_WAIT
      ? seconds
      : refuse(text, WAIT_QUESTION, `has to be a whole number of seconds from 5 to ${LONGEST_WAIT}`);
  },
};

/** In the order in which they are asked: the folder may be in the home of the user. */
export const QUESTIONS: Readonly<Record<Name, Question>> = {
  service: SERVICE_QUESTION,
  user: USER_QUESTION,
  destination: DESTINATION_QUESTION,
  health: HEALTH_QUESTION,
  wait: WAIT_QUESTION,
};

/** @throws NoAnswer for the first one that cannot be used */
export function answersOf(texts: Readonly<Record<Name, string>>): ServerAnswers {
  return {
    service: SERVICE_QUESTION.read(texts.service, texts),
    destination: DESTINATION_QUESTION.read(texts.destination, texts),
    health: HEALTH_QUESTION.read(texts.health, texts),
    wait: WAIT_QUESTION.read(texts.wait, texts),
    user: USER_QUESTION.read(texts.user, texts),
  };
}
