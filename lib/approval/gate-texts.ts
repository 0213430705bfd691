import { Token } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustFitConfiguration } from '../private/text';
import type { ApprovalGateOptions } from './gate-options';

/** One field of an action's configuration (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const CONFIGURATION = 1000;

/** The same, less the line that a workflow adds: the id of the run. */
export const ROOM_FOR_INFORMATION = 940;

/** What both kinds of gates show. */
export function checkTexts(options: ApprovalGateOptions): void {
  const { reviewUrl, additionalInformation } = options;
  if (options.workflow !== undefined && options.notificationTopic !== undefined) {
    throw new GateError(
      'TwoTopics',
      '`notificationTopic` and `workflow` are both given, but CodePipeline notifies one topic, the one of the workflow: ' +
        'remove `notificationTopic`, and listen to the events of the workflow instead',
    );
  }
  if (reviewUrl !== undefined) {
    mustFitConfiguration('reviewUrl', reviewUrl, CONFIGURATION);
    if (!Token.isUnresolved(reviewUrl) && !isReviewUrl(reviewUrl)) {
      throw new GateError(
        'InvalidReviewUrl',
        `\`reviewUrl\` is '${reviewUrl}', but must begin with 'https://' or 'http://' and hold no spaces: correct it`,
      );
    }
  }
  if (additionalInformation !== undefined) {
    mustFitConfiguration('additionalInformation', additionalInformation, roomForInformation(options));
  }
}

/** The same for texts that are known only when the app is complete, as far as they are known then. */
export function textProblems(options: ApprovalGateOptions, stack: Stack): string[] {
  const problems: string[] = [];
  const known = (text: string | undefined): string | undefined => {
    const resolved: unknown = Token.isUnresolved(text) ? stack.resolve(text) : undefined;
    return typeof resolved === 'string' ? resolved : undefined;
  };
  const [reviewUrl, information] = [known(options.reviewUrl), known(options.additionalInformation)];
  if (reviewUrl !== undefined && !isReviewUrl(reviewUrl)) {
    problems.push(
      `\`reviewUrl\` is '${reviewUrl.slice(0, 100)}', but must begin with 'https://' or 'http://' and hold no spaces: correct it`,
    );
  }
  if (reviewUrl !== undefined && reviewUrl.length > CONFIGURATION) {
    problems.push(`\`reviewUrl\` has ${reviewUrl.length} characters, but at most ${CONFIGURATION} fit: shorten it`);
  }
  const room = roomForInformation(options);
  if (information !== undefined && information.length > room) {
    problems.push(
      `\`additionalInformation\` has ${information.length} characters, but at most ${room} fit: shorten it`,
    );
  }
  return problems;
}

/** A variable of the pipeline may stand for the whole address. */
function isReviewUrl(text: string): boolean {
  return /^(https?:\/\/[^\s]+|#\{.+)$/.test(text);
}

function roomForInformation(options: ApprovalGateOptions): number {
  return options.workflow === undefined ? CONFIGURATION : ROOM_FOR_INFORMATION;
}
