/** What people do to deployments of CodeDeploy past the pipeline. */
import { known } from './names';
import type { Rehearsal } from './rehearsal';

const WHY = 'stopped on request';

/** As `aws deploy stop-deployment --auto-rollback-enabled`. `of` is a function and its alias, as shop:live, or servers. */
export function stopDeployment({ codeDeploy, servers }: Rehearsal, of: string): void {
  const shifts = codeDeploy.active().map((one) => [`${one.functionName}:${one.alias}`, one.id] as const);
  const sets = servers.deployments.filter(({ status }) => status === 'InProgress').flatMap((one) => one.sets);
  known('deployment under way', of, [...shifts.map(([name]) => name), ...sets]);
  const shift = shifts.find(([name]) => name === of);
  if (shift === undefined) servers.stop(of, WHY);
  else codeDeploy.stop(shift[1], WHY);
}

/** As `aws deploy update-deployment-group --deployment-config-name`; without a name, the one of the template again. */
export function chooseConfig({ codeDeploy }: Rehearsal, of: string, config?: string): void {
  const groups = codeDeploy.groups();
  known('alias that CodeDeploy shifts', of, [...groups.keys()]);
  codeDeploy.choose(groups.get(of) ?? '', config);
}
