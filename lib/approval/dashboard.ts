import type * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type { DashboardAccess } from '../../contract/dashboard';
import type { Approver } from './approver';
import {
  mustBeAuthorizer,
  mustBeDashboardAddress,
  mustBeEmailClaim,
  mustBeSignOutUrl,
  mustBeViewers,
} from './dashboard-rules';
import { EmailClaim } from './email-claim';

/** Options of `Dashboard.signInByEmail`. */
export interface DashboardOptions {
  /**
   * People who may look beside the approvers of the workflow, such as developers whose changes wait. They are never asked to approve
   * anything. With `Mail.sns()` each gets an email topic, whose subscription they confirm once.
   *
   * @default - the approvers alone
   */
  readonly viewers?: Approver[];
}

/** Options of `Dashboard.behindAuthorizer`. */
export interface AuthorizedDashboardOptions {
  /**
   * People who may look beside the approvers of the workflow, such as developers whose changes wait. They are never asked to approve
   * anything, and get no email.
   *
   * @default - the approvers alone
   */
  readonly viewers?: Approver[];

  /**
   * What says the email address of whoever was let in.
   *
   * @default EmailClaim.verified()
   */
  readonly emailClaim?: EmailClaim;

  /**
   * Where people open the dashboard if something with a name of its own stands in front, such as a proxy: `https://` and a host,
   * without a path. Forms are taken from pages of that host alone. Personal links do not go that way.
   *
   * @default - the workflow's own address, which is that of `reviewDomain` where there is one
   */
  readonly address?: string;

  /**
   * Where "Sign out" leads: an `https://` address of what stands in front or of your provider, which ends the session there.
   *
   * @default - the page offers no way to sign out
   */
  readonly signOutUrl?: string;
}

/**
 * The team's dashboard, served beside the review page: what waits for whom, which revision serves in which stage, what was decided
 * and why. It decides nothing: an answer always takes the personal link of an email.
 */
export abstract class Dashboard {
  /**
   * Whoever is declared in the workflow signs in by a link that is emailed to them: it works once, for an hour, and signs them in
   * for eight hours. Somebody who is not declared any more sees nothing from then on.
   *
   * In the account appear six routes of the workflow's HTTP API, with limits of their own; nothing more is paid for while nobody looks.
   */
  public static signInByEmail(options: DashboardOptions = {}): Dashboard {
    const viewers = mustBeViewers(options.viewers);
    return new ServedDashboard(viewers, true, { kind: 'SIGN_IN_BY_EMAIL' });
  }

  /**
   * An authorizer of yours lets people in: a JWT authorizer for Cognito or another OpenID Connect provider, or a Lambda authorizer.
   * Whoever is let in sees the dashboard only if the email address in their claims is that of somebody who is declared in the
   * workflow; somebody who is not declared any more sees nothing from then on. Links to sign in are not mailed.
   *
   * A browser does not send a token by itself. Something in front has to add it to each request, or a Lambda authorizer has to
   * read it from a cookie: docs/single-sign-on.md has both, step by step.
   *
   * In the account appear four routes of the workflow's HTTP API behind the authorizer, and the authorizer. Personal links and the
   * review page are not behind it.
   *
   * @param authorizer of type JWT or REQUEST, and of this workflow alone: an authorizer belongs to one API. `HttpNoneAuthorizer` and
   * `HttpIamAuthorizer` are refused, because they say nobody's address.
   */
  public static behindAuthorizer(
    authorizer: apigatewayv2.IHttpRouteAuthorizer,
    options: AuthorizedDashboardOptions = {},
  ): Dashboard {
    mustBeAuthorizer(authorizer);
    const { emailClaim = EmailClaim.verified(), address, signOutUrl } = options;
    mustBeEmailClaim(emailClaim);
    mustBeDashboardAddress(address);
    mustBeSignOutUrl(signOutUrl);
    const access: DashboardAccess = {
      kind: 'BEHIND_AUTHORIZER',
      claim: emailClaim._name,
      mustBeVerified: emailClaim._mustBeVerified,
      ...(address === undefined ? {} : { address }),
      ...(signOutUrl === undefined ? {} : { signOutUrl }),
    };
    return new ServedDashboard(mustBeViewers(options.viewers), false, access, authorizer);
  }

  /** No dashboard: the workflow's address serves the pages of personal links alone. */
  public static none(): Dashboard {
    return new NoDashboard();
  }

  /**
   * How people get to it; undefined where there is none.
   *
   * @internal
   */
  public abstract readonly _access?: DashboardAccess;
  /** @internal */
  public abstract readonly _authorizer?: apigatewayv2.IHttpRouteAuthorizer;
  /** @internal */
  public abstract readonly _viewers: readonly Approver[];
  /**
   * Whether viewers are written to.
   *
   * @internal
   */
  public abstract readonly _mailsViewers: boolean;
}

class ServedDashboard extends Dashboard {
  constructor(
    public readonly _viewers: readonly Approver[],
    public readonly _mailsViewers: boolean,
    public readonly _access: DashboardAccess,
    public readonly _authorizer?: apigatewayv2.IHttpRouteAuthorizer,
  ) {
    super();
  }
}

class NoDashboard extends Dashboard {
  public readonly _access = undefined;
  public readonly _authorizer = undefined;
  public readonly _viewers = [];
  public readonly _mailsViewers = false;
}
