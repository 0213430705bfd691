import { Annotations, Duration, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeDuration, mustBeText, shown } from '../private/types';
import type { CheckBinding } from './check-binding';
import { hostOf } from './http-address';
import { secretHeaders } from './http-headers';
import type { HttpProbe } from './http-probe';
import type { HttpCheckOptions } from './http-options';
import { secondsOf, timingOf, wholeNumber } from './timing';

const METHOD = 'Check.http';

export function bindHttp(url: string, options: HttpCheckOptions): (scope: Construct) => CheckBinding {
  mustBeText(`${METHOD} url`, url);
  if (options.contains !== undefined) {
    mustBeText(`${METHOD} contains`, options.contains);
  }
  const insecure = options.allowPlainHttp ?? false;
  const host = hostOf(url, insecure, options.probe !== undefined);
  const minStatus = wholeNumber(`${METHOD} minStatus`, options.minStatus ?? 200, 100, 599);
  const maxStatus = wholeNumber(`${METHOD} maxStatus`, options.maxStatus ?? 299, 100, 599);
  if (!Token.isUnresolved(minStatus) && !Token.isUnresolved(maxStatus) && minStatus > maxStatus) {
    throw new GateError(
      'StatusRange',
      `\`${METHOD} minStatus\` is ${minStatus}, but has to be at most \`maxStatus\`, which is ${maxStatus}`,
    );
  }
  const { contains } = options;
  if (contains !== undefined && !Token.isUnresolved(contains) && (contains === '' || contains.length > 200)) {
    throw new GateError(
      'BadContains',
      `\`${METHOD} contains\` has ${contains.length} characters, but has to have 1 to 200: leave it out if the body does not matter`,
    );
  }
  const timing = timingOf(METHOD, options, host === undefined ? 'http' : `http ${host}`.slice(0, 80));
  const timeout = options.timeout ?? Duration.seconds(5);
  const timeoutSeconds = secondsOf(`${METHOD} timeout`, timeout, 1, 20);
  const { jsonCondition, maxLatency, probe } = options;
  mustBeCondition(jsonCondition);
  const maxMilliseconds = maxLatency === undefined ? undefined : millisecondsOf(maxLatency, timeout);
  const secrets = secretHeaders(METHOD, options.secretHeaders ?? [], insecure);
  if (probe !== undefined) {
    mustBeProbe(probe);
  }
  const draft = {
    ...timing,
    kind: 'http' as const,
    url,
    minStatus,
    maxStatus,
    timeoutSeconds,
    ...(contains === undefined ? {} : { contains }),
    ...(jsonCondition === undefined ? {} : { condition: jsonCondition }),
    ...(maxMilliseconds === undefined ? {} : { maxMilliseconds }),
    ...(insecure ? { insecure } : {}),
  };
  return (scope) => {
    warnOfWideRange(scope, timing.title, minStatus, maxStatus);
    const bound = secrets(scope);
    return {
      draft: {
        ...draft,
        ...(bound.headers.length === 0 ? {} : { secretHeaders: bound.headers }),
        ...(probe === undefined ? {} : { probe: probe.functionArn }),
      },
      statements: [
        ...bound.statements,
        ...(probe === undefined
          ? []
          : [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [probe.functionArn] })]),
      ],
    };
  };
}

/** Its syntax is judged when it is evaluated. */
function mustBeCondition(condition: string | undefined): void {
  if (condition === undefined) {
    return;
  }
  mustBeText(`${METHOD} jsonCondition`, condition);
  if (!Token.isUnresolved(condition) && (condition.trim() === '' || condition.length > 500)) {
    throw new GateError(
      'BadCondition',
      `\`${METHOD} jsonCondition\` has ${condition.length} characters, but has to have 1 to 500: leave it out if the body does not matter`,
    );
  }
}

function millisecondsOf(maxLatency: Duration, timeout: Duration): number {
  mustBeDuration(`${METHOD} maxLatency`, maxLatency);
  if (maxLatency.isUnresolved()) {
    throw new GateError(
      'TokenDuration',
      `\`${METHOD} maxLatency\` is known only at deployment: give a duration that is known at synth`,
    );
  }
  const milliseconds = maxLatency.toMilliseconds();
  const limit = timeout.isUnresolved() ? 20_000 : timeout.toMilliseconds();
  if (milliseconds < 1 || milliseconds > limit) {
    throw new GateError(
      'DurationOutOfRange',
      `\`${METHOD} maxLatency\` is ${maxLatency.toHumanString()}, but has to be 1 millisecond to the \`timeout\` of ${limit} milliseconds`,
    );
  }
  return milliseconds;
}

/** A range from success to errors of the server fails for nothing but silence. */
function warnOfWideRange(scope: Construct, title: string, minStatus: number, maxStatus: number): void {
  if (!Token.isUnresolved(minStatus) && !Token.isUnresolved(maxStatus) && minStatus < 400 && maxStatus >= 500) {
    Annotations.of(scope).addWarningV2(
      'cdk-approval-gates:Check.serverErrorsHealthy',
      `check '${title}' takes every status from ${minStatus} to ${maxStatus} for healthy, errors of the server included: ` +
        'narrow `minStatus` and `maxStatus`, or acknowledge this with the reason',
    );
  }
}

/** Any function has an ARN, and none but a probe answers as a check needs it. */
function mustBeProbe(probe: unknown): void {
  if ((probe as Partial<HttpProbe> | null)?._probes !== true) {
    throw new GateError(
      'WrongType',
      `\`${METHOD} probe\` is ${shown(probe)}, but has to be a \`HttpProbe\`: make it by \`new HttpProbe(…)\``,
    );
  }
}
