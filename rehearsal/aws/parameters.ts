import { AwsError, type Service } from '../service';
import type { Resource } from '../template/model';
import type { CalendarBoard } from './calendars';
import type { FaultInjector } from './faults';
import type { Surroundings } from './surroundings';

const PAGE = 10;

/** Systems Manager: the parameters that the deployed templates hold, and the change calendars. */
export function systemsManager(around: Surroundings, faults: FaultInjector, calendars: CalendarBoard): Service {
  const ofCalendars = calendars.operations();
  const arnOf = (name: string): string =>
    `arn:aws:ssm:${around.region}:${around.account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  const all = (): readonly Resource[] =>
    around.resources('AWS::SSM::Parameter').filter(({ physicalId }) => !faults.isHidden(physicalId));
  const find = (reference: string): Resource | undefined =>
    all().find((one) => one.physicalId === reference || one.arn === reference);
  const describe = (resource: Resource): object => ({
    Name: resource.physicalId,
    ARN: resource.arn,
    Type: resource.properties.Type,
    Value: faults.valueOf(resource.physicalId, String(resource.properties.Value)),
    Version: 1,
    DataType: 'text',
    LastModifiedDate: new Date(around.clock.now()),
  });
  return {
    name: 'ssm',
    operations: {
      ...ofCalendars.operations,
      GetParameter: ({ Name }) => {
        const found = find(Name);
        if (found === undefined) {
          throw new AwsError('ParameterNotFound', `parameter ${Name} not found`);
        }
        return { Parameter: describe(found) };
      },
      GetParameters: ({ Names }: { Names: string[] }) => ({
        Parameters: Names.flatMap((name) => find(name) ?? []).map(describe),
        InvalidParameters: Names.filter((name) => find(name) === undefined),
      }),
      GetParametersByPath: ({ Path, Recursive = false, MaxResults = PAGE, NextToken }) => {
        if (MaxResults > PAGE) {
          throw new AwsError('ValidationException', `MaxResults must be at most ${PAGE}`);
        }
        const prefix = String(Path).endsWith('/') ? String(Path) : `${Path}/`;
        const below = all()
          .filter(({ physicalId }) => physicalId.startsWith(prefix))
          .filter(({ physicalId }) => Recursive || !physicalId.slice(prefix.length).includes('/'))
          .sort((one, other) => one.physicalId.localeCompare(other.physicalId));
        const from = Number(NextToken ?? 0);
        const next = from + MaxResults;
        return {
          Parameters: below.slice(from, next).map(describe),
          ...(next < below.length ? { NextToken: String(next) } : {}),
        };
      },
    },
    authorize: {
      ...ofCalendars.authorize,
      GetParameter: ({ Name }) => ({ action: 'ssm:GetParameter', resources: [arnOf(Name)] }),
      GetParameters: ({ Names }) => ({ action: 'ssm:GetParameters', resources: Names.map(arnOf) }),
      GetParametersByPath: ({ Path, Recursive = false }) => ({
        action: 'ssm:GetParametersByPath',
        resources: [arnOf(Path)],
        context: { 'ssm:Recursive': [String(Recursive)] },
      }),
    },
  };
}
