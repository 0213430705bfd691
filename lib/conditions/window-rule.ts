import type { WindowRule } from '../../contract/deployment-window';
import { DAY_MINUTES, minutesUntilOpen, WEEK_MINUTES } from '../../contract/deployment-window';
import { DeploymentWindow } from '../approval';
import { GateError } from '../errors';
import { shown } from '../private/types';
import { StageRule, type StageRuleOptions } from './stage-rule';

const METHOD = 'StageRules.deploymentWindow';
/** The week of cron expressions begins on Sunday; a range may not lead past its end. */
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** `UTC`, three to five letters, or `Region/City`: the formats of the rule's reference. */
const KNOWN_ZONE = /^(UTC|[A-Za-z]{3,5}|[A-Za-z]+\/[^/]+)$/;

export function windowRule(window: DeploymentWindow, { ruleName }: StageRuleOptions): StageRule {
  if (!((window as unknown) instanceof DeploymentWindow)) {
    throw new GateError(
      'WrongType',
      `\`${METHOD}\` is given ${shown(window)}: give a window, such as DeploymentWindow.weekly(TimeZone.EUROPE_BERLIN, { from: '09:00', to: '16:00' })`,
    );
  }
  const { timeZone } = window._rule;
  if (!KNOWN_ZONE.test(timeZone)) {
    throw new GateError(
      'WindowZone',
      `\`${METHOD}\` has the time zone '${timeZone}', but the rule takes names of the form Region/City and UTC only: take a zone with the same ` +
        'clock, or give the window to a gate',
    );
  }
  const configuration = { Cron: cronOf(window._rule), TimeZone: timeZone };
  return StageRule._of({
    method: METHOD,
    provider: 'DeploymentWindow',
    label: 'DeploymentWindow',
    ruleName,
    moments: ['beforeEntry', 'onSuccess'],
    bind: () => configuration,
  });
}

/**
 * One cron expression names days, hours and minutes independently of each other: every day has the same hours, and every hour the
 * same minutes. Other windows cannot be said by one, and a second rule would close what the first one opens.
 */
export function cronOf(rule: WindowRule): string {
  const open = Array.from({ length: WEEK_MINUTES }, (_, minute) => minute).filter(
    (minute) => minutesUntilOpen(rule, minute) === 0,
  );
  const parts = (of: (minute: number) => number) => [...new Set(open.map(of))].sort((a, b) => a - b);
  const days = parts((minute) => (Math.floor(minute / DAY_MINUTES) + 1) % DAYS.length);
  const hours = parts((minute) => Math.floor(minute / 60) % 24);
  const minutes = parts((minute) => minute % 60);
  if (open.length !== days.length * hours.length * minutes.length) {
    throw new GateError(
      'WindowNotOneCron',
      `\`${METHOD}\` has a window whose days have different hours, or whose hours begin or end within an hour, but the rule takes one cron ` +
        'expression, with the same hours every day: use whole hours that are the same on all days and do not pass midnight on some of them, ' +
        'or give the window to a gate',
    );
  }
  const field = (values: readonly number[], all: number, name?: (value: number) => string) =>
    values.length === all ? '*' : ranges(values, name);
  return `* ${field(minutes, 60)} ${field(hours, 24)} ? * ${field(days, DAYS.length, (day) => DAYS[day] ?? '')} *`;
}

/** `9-11,14` */
function ranges(values: readonly number[], name: (value: number) => string = String): string {
  const runs: [number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === value - 1) {
      last[1] = value;
    } else {
      runs.push([value, value]);
    }
  }
  return runs.map(([from, to]) => (from === to ? name(from) : `${name(from)}-${name(to)}`)).join(',');
}
