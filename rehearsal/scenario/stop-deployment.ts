/** Somebody stops a deployment of CodeDeploy that is under way, as `aws deploy stop-deployment --auto-rollback-enabled` does. */
import { known } from './names';
import type { Rehearsal } from './rehearsal';

const WHY = 'stopped on request';

/** `of` is a function and its alias, as shop:live, or servers. */
export function stopDeployment({ codeDeploy, servers }: Rehearsal, of: string): void {
  const shifts = codeDeploy.active().map((one) => [`${one.functionName}:${one.alias}`, one.id] as const);
  const sets = servers.deployments.filter(({ status }) => status === 'InProgress').flatMap((one) => one.sets);
  known('deployment under way', of, [...shifts.map(([name]) => name), ...sets]);
  const shift = shifts.find(([name]) => name === of);
  const stopped = shift === undefined ? servers.stop(of, WHY) : codeDeploy.stop(shift[1], WHY);
  if (!stopped) throw new Error(`the deployment of ${of} cannot be stopped just now: it waits for a hook`);
}
