/** The app that `init` writes: the blueprint, which is the app for the usual answers, with what differs put in its place. */
import { devDependencies, peerDependencies, version } from '../../package.json';
import type { Answers } from './answers';
import { partitionOf } from './partition';

export type Files = Readonly<Record<string, string>>;

/** Names of the blueprint that stand in more files than settings.json. */
const USUAL = { service: 'shop', stage: 'Prod', repository: 'example/shop', approver: 'ana@example.com' };

export function appFiles(blueprint: Files, answers: Answers): Files {
  return Object.fromEntries(
    Object.entries(blueprint).map(([path, text]) => {
      switch (path) {
        case 'settings.json':
          return [path, json(settingsOf(text, answers))];
        case 'package.json':
          return [path, json(packageOf(text, answers))];
        case 'gitignore':
          return ['.gitignore', text];
        case 'README.md':
          return [path, bootstrapped(renamed(text, answers), answers)];
        default:
          return [path, path.startsWith('rehearsal/') ? renamed(text, answers) : text];
      }
    }),
  );
}

function settingsOf(text: string, { service, pipeline, stages, repository, approvers }: Answers): object {
  const connection = `arn:${partitionOf(pipeline)}:codeconnections:${pipeline.region}:${pipeline.account}:connection`;
  return {
    ...(JSON.parse(text) as object),
    service,
    pipeline,
    stages,
    repository,
    // Of no connection yet: the README says how to make one.
    connectionArn: `${connection}/00000000-0000-0000-0000-000000000000`,
    approvers,
  };
}

/** The versions that this version was built and tested with, or newer ones that are compatible. */
function packageOf(text: string, { service }: Answers): object {
  const own = `^${version}`;
  const { 'aws-cdk': cdk, tsx, typescript, '@types/node': types } = devDependencies;
  return {
    ...(JSON.parse(text) as object),
    name: `${service}-release`,
    dependencies: { ...peerDependencies, 'cdk-approval-gates': own },
    devDependencies: { '@types/node': types, 'aws-cdk': cdk, 'cdk-approval-gates-rehearsal': own, tsx, typescript },
  };
}

/** Longer names first: `shop` is part of others. */
function renamed(text: string, { service, stages, repository, approvers }: Answers): string {
  const last = stages[stages.length - 1]?.name ?? USUAL.stage;
  const names: Readonly<Record<string, string>> = {
    // In single quotes, where a quote is written twice: an address may hold what YAML would read otherwise.
    [USUAL.approver]: (approvers[0] ?? USUAL.approver).replaceAll("'", "''"),
    [USUAL.repository]: repository,
    [`${USUAL.service}-${USUAL.stage.toLowerCase()}`]: `${service}-${last.toLowerCase()}`,
    [USUAL.stage]: last,
    [USUAL.service]: service,
  };
  const usual = new RegExp(Object.keys(names).map(escaped).join('|'), 'g');
  return text.replace(usual, (name) => names[name] ?? name);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** One command for each account and Region; other accounts let the pipeline's deploy there. */
function bootstrapped(readme: string, { pipeline, stages }: Answers): string {
  const targets = new Map([pipeline, ...stages].map((place) => [`${place.account}/${place.region}`, place]));
  const commands = [...targets.values()].map((place) => {
    const trust =
      place.account === pipeline.account
        ? ''
        : ` --trust ${pipeline.account} --cloudformation-execution-policies arn:${partitionOf(place)}:iam::aws:policy/AdministratorAccess`;
    return `npx cdk bootstrap aws://${place.account}/${place.region}${trust}`;
  });
  return readme.replace(/^( *)npx cdk bootstrap .*$/m, (_line, indent: string) =>
    commands.map((command) => `${indent}${command}`).join('\n'),
  );
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
