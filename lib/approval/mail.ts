import { GateError } from '../errors';
import { mustBeLiteral } from '../private/text';
import { mustBeOptions, mustBeText } from '../private/types';

/** Options of `Mail.ses`. */
export interface SesMailOptions {
  /**
   * Sender, a literal address that SES has verified, or of a domain that it has verified, in the workflow's account and Region.
   */
  readonly from: string;
}

/** How a workflow writes to people. */
export abstract class Mail {
  /**
   * Amazon SNS: no set-up, plain text. Each person gets a topic of their own and confirms its subscription once, by the mail that AWS
   * sends at the first deployment; unconfirmed subscriptions end after 48 hours and are asked for again at the next request.
   */
  public static sns(): Mail {
    return new SnsMail();
  }

  /**
   * Amazon SES: your own sender, HTML beside the plain text, no subscriptions to confirm, no unsubscribe footer. The identity
   * has to be verified beforehand.
   */
  public static ses(options: SesMailOptions): Mail {
    mustBeOptions('Mail.ses', options, "{ from: 'releases@example.com' }");
    mustBeText('from', options.from);
    mustBeLiteral('from', options.from, 'the permission to send names the sender');
    if (!/^[^\s@<>"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(options.from) || options.from.length > 254) {
      throw new GateError(
        'InvalidSender',
        `\`from\` is '${options.from}', but must be an address like 'releases@example.com' without display name: change it`,
      );
    }
    return new SesMail(options.from);
  }

  /** @internal */
  public abstract readonly _from?: string;
}

class SnsMail extends Mail {
  public readonly _from = undefined;
}

class SesMail extends Mail {
  constructor(public readonly _from: string) {
    super();
  }
}
