import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { shown } from '../private/types';
import { knownShift } from './lambda-config';
import type { RolloutStrategy } from './rollout-strategy';
import type { VersionAlarmOptions } from './version-alarms';
import { versionComparison } from './version-comparison';

/**
 * With fewer requests, AWS's own pipelines do not let a release go on
 * (https://aws.amazon.com/builders-library/automating-safe-hands-off-deployments/).
 */
const CALLS_THAT_TELL = 100;

/** A finding: the end of its id, and what to do. */
export type Finding = readonly [id: string, text: string];

/** What alarms on the new version cannot see, because it gets too few calls while traffic moves. */
export function fewCalls(
  strategy: RolloutStrategy,
  callsPerHour: number | undefined,
  watch: VersionAlarmOptions,
): readonly Finding[] {
  const shift = knownShift(strategy);
  if (shift === undefined) {
    return [];
  }
  const compared = watch.comparedWithOld === undefined ? undefined : versionComparison(watch.comparedWithOld);
  const findings: Finding[] = [];
  if (compared !== undefined && shift.minutes <= compared.minutes) {
    findings.push([
      'comparedTooLate',
      `all traffic has moved after ${shift.minutes} minutes, and \`watch.comparedWithOld.window\` is ${compared.minutes}, so the versions may never be ` +
        'compared: bake longer, or take a shorter window',
    ]);
  }
  if (callsPerHour === undefined || Token.isUnresolved(callsPerHour)) {
    return findings;
  }
  const calls = (callsPerHour / 60) * shift.minutesOfAllTraffic;
  if (calls < CALLS_THAT_TELL) {
    findings.push([
      'fewCalls',
      `of ${callsPerHour} calls an hour, the new version gets ${rounded(calls)} before it gets all of them, too few for alarms to tell anything: move more ` +
        'traffic, or more slowly, or put a gate with `Check.errorRatio` behind the deployment, which waits until it has seen enough',
    ]);
  }
  if (compared !== undefined && !Token.isUnresolved(compared.minCalls)) {
    const most = (callsPerHour / 60) * shift.mostWithin(compared.minutes);
    if (most < compared.minCalls) {
      findings.push([
        'neverCompared',
        `of ${callsPerHour} calls an hour, the new version gets at most ${rounded(most)} within \`watch.comparedWithOld.window\` while traffic moves, but ` +
          `nothing is compared below ${compared.minCalls}: take a longer window, or move more traffic`,
      ]);
    }
  }
  return findings;
}

/** Checks a number of calls. */
export function mustBeCalls(callsPerHour: number | undefined): void {
  if (
    callsPerHour !== undefined &&
    !Token.isUnresolved(callsPerHour) &&
    !(callsPerHour > 0 && Number.isFinite(callsPerHour))
  ) {
    throw new GateError(
      'NumberOutOfRange',
      `\`callsPerHour\` is ${shown(callsPerHour)}, but has to be more than 0: leave it out if you do not know it`,
    );
  }
}

function rounded(calls: number): string {
  return calls < 10 ? String(Math.round(calls * 10) / 10) : String(Math.floor(calls));
}
