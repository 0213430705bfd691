/** What alarms are called here: by name where they are the rehearsal's own, else with account and Region in front. */

export interface AlarmPlace {
  readonly account: string;
  readonly region: string;
}

export interface PlacedAlarm extends AlarmPlace {
  readonly name: string;
}

/** `<account>/<region>/<name>`, with or without account and Region. */
const CALLED =
  /^(?:(\d{12})\/)?(?:([a-z]{2,4}(?:-[a-z]{2,4})?-(?:north|south|east|west|central)(?:east|west)?-\d)\/)?(.+)$/;

/** The alarm that a text means where no alarm has that very name. A first part that looks like an account or a Region is taken for one. */
export function readAlarm(called: string, own: AlarmPlace): PlacedAlarm {
  const [, account = own.account, region = own.region, name = called] = CALLED.exec(called) ?? [];
  return { account, region, name };
}

/**
 * What an alarm is called: without what is the rehearsal's own, unless that would mean another alarm. Names of alarms may hold slashes, so
 * that `us-east-1/errors` may be one here, or `errors` over there.
 */
export function alarmId({ account, region, name }: PlacedAlarm, own: AlarmPlace): string {
  const short = [account === own.account ? [] : account, region === own.region ? [] : region, name].flat().join('/');
  const read = readAlarm(short, own);
  const isMeant = read.account === account && read.region === region && read.name === name;
  return isMeant ? short : `${account}/${region}/${name}`;
}
