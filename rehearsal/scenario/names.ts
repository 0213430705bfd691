/** Names that a scenario may use: those of the deployed app. A wrong one must fail, with the right ones beside it. */
import { readAlarm } from '../aws/alarm-names';
import type { MetricName } from '../aws/metrics';
import type { Resource } from '../template/model';
import { actionPathsOf } from '../pipeline/structure';
import type { World } from '../world';
import type { Rehearsal } from './rehearsal';

/** Throws, with all that is known, unless `name` is among it. */
export function known(kind: string, name: string, all: readonly string[]): void {
  if (!all.includes(name)) {
    throw new Error(`the app has no ${kind} ${name}; it has ${all.length === 0 ? 'none' : all.join(', ')}`);
  }
}

/** An alarm that is deployed, or that something deployed names: checks may watch alarms that no stack here makes. */
export function knownAlarm(world: World, name: string): void {
  const { name: named } = readAlarm(name, world);
  if (!mentioned(world, name) && !mentioned(world, named)) known('alarm', name, world.alarms.names);
}

/** A change calendar that something deployed makes or names. */
export function knownCalendar(world: World, name: string): void {
  const declared = world.resources('AWS::SSM::Document').map(({ physicalId }) => physicalId);
  if (!mentioned(world, name)) known('change calendar', name, declared);
}

/** A service of ECS that something deployed makes or names. */
export function knownEcsService(world: World, name: string): void {
  const declared = world.resources('AWS::ECS::Service').map(({ attributes }) => String(attributes.Name));
  if (!declared.includes(name) && !mentioned(world, name)) known('ECS service', name, declared);
}

/** A canary of CloudWatch Synthetics that something deployed makes or names. */
export function knownSyntheticsCanary(world: World, name: string): void {
  const declared = world.resources('AWS::Synthetics::Canary').map(({ physicalId }) => physicalId);
  if (!mentioned(world, name)) known('synthetics canary', name, declared);
}

/** A metric whose name, namespace and dimensions something deployed names. */
export function knownMetric(world: World, { namespace, name, dimensions }: MetricName): void {
  const said = Object.entries(dimensions).flat();
  const unknown = [name, namespace, ...said].find((word) => !mentioned(world, word));
  if (unknown !== undefined) throw new Error(`nothing in the app names a metric with ${unknown}`);
}

/** A log group that something deployed makes or names. */
export function knownLogGroup(world: World, name: string): void {
  const declared = world.resources('AWS::Logs::LogGroup').map(({ physicalId }) => physicalId);
  if (!mentioned(world, name)) known('log group', name, declared);
}

/** A target group that something deployed makes, or names by its ARN. */
export function knownTargetGroup(world: World, name: string): void {
  const declared = world
    .resources('AWS::ElasticLoadBalancingV2::TargetGroup')
    .map(({ attributes }) => String(attributes.TargetGroupName));
  if (!mentioned(world, name)) known('target group', name, declared);
}

/** An address that something deployed names, or a parameter as the scenario has edited it. */
export function knownAddress(world: World, address: string): void {
  if (!mentioned(world, address) && !holdsWord(editedText(world), address)) {
    known('mail address', address, addressesOf(world));
  }
}

export function addressesOf(world: World): readonly string[] {
  const all = textOf(world).matchAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g);
  return [...new Set([...all].map(([found]) => found))];
}

/** A stage of the pipeline that the latest push went to. */
export function knownStage(rehearsal: Rehearsal, name: string): void {
  const { model } = rehearsal.engine(rehearsal.latest?.pipeline);
  known(
    'stage',
    name,
    model.stages.map((stage) => stage.name),
  );
}

/** An action of the pipeline that the latest push went to: `Stage/Action`. */
export function knownAction(rehearsal: Rehearsal, path: string): void {
  known('action', path, actionPathsOf(rehearsal.engine(rehearsal.latest?.pipeline).model));
}

/** A rule of a stage condition, as `Stage/Rule`. */
export function knownRule(rehearsal: Rehearsal, path: string): void {
  const { stages } = rehearsal.engine(rehearsal.latest?.pipeline).model;
  const all = stages.flatMap(({ name, conditions }) =>
    Object.values(conditions).flatMap((condition) => (condition?.rules ?? []).map((rule) => `${name}/${rule.name}`)),
  );
  known('rule', path, all);
}

/** A report group of CodeBuild that something deployed names: builds make groups that no template has. */
export function knownReportGroup(world: World, name: string): void {
  if (!mentioned(world, name)) known('report group', name, []);
}

/** A bucket that something deployed names. */
export function knownBucket(world: World, name: string): void {
  if (!mentioned(world, name)) known('bucket', name, []);
}

/** A repository of ECR that something deployed names. */
export function knownRepository(world: World, name: string): void {
  if (!mentioned(world, name)) known('repository', name, []);
}

/** A server, or servers that belong together, of a deployment group of CodeDeploy. */
export function knownServers({ servers: { fleet } }: Rehearsal, name: string): void {
  if (fleet.named(name).length === 0) known('servers', name, fleet.names);
}

/** What a change may break: a function, a service of ECS, servers, or a REST API. */
export function knownBreakable(rehearsal: Rehearsal, name: string, how: string): void {
  if (rehearsal.servers.fleet.named(name).length > 0) return;
  const isApi = rehearsal.world
    .resources('AWS::ApiGateway::RestApi')
    .some(({ properties }) => properties.Name === name);
  if (!isApi && !rehearsal.revisions().has(name)) return knownFunction(rehearsal.world, name);
  if (how !== 'errors')
    throw new Error(`${isApi ? 'the API' : 'the tasks of'} ${name} can be broken by errors only, not ${how}`);
}

function knownFunction(world: World, name: string): void {
  known(
    'function',
    name,
    world.resources('AWS::Lambda::Function').map(({ physicalId }) => physicalId),
  );
}

/** Every parameter whose name holds `part`: names of gates' parameters are made by the constructs. */
export function parametersNamed(world: World, part: string): readonly string[] {
  const all = world.resources('AWS::SSM::Parameter').map(({ physicalId }) => physicalId);
  const found = all.filter((name) => name.includes(part));
  if (found.length === 0) known('parameter', part, all);
  return found;
}

/** As a whole word: `ana@example.com` does not stand in `joana@example.com`. */
function mentioned(world: World, name: string): boolean {
  return holdsWord(textOf(world), name);
}

function holdsWord(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w-])`).test(text);
}

/** By the list of resources, which is another one after each deployment: a wait asks for the text at every step of time. */
const texts = new WeakMap<readonly Resource[], string>();

function textOf(world: Pick<World, 'resources'>): string {
  const resources = world.resources();
  const text = texts.get(resources) ?? linesOf(JSON.stringify(resources.map(({ properties }) => properties)));
  texts.set(resources, text);
  return text;
}

/** The end of a line is written as two characters, and must not be taken for the beginning of a word. */
function linesOf(json: string): string {
  return json.replace(/\\n/g, ' ');
}

function editedText(world: World): string {
  const parameters = world.resources('AWS::SSM::Parameter');
  return parameters
    .map(({ physicalId, properties }) => world.faults.valueOf(physicalId, String(properties.Value)))
    .join(' ');
}
