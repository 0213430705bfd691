import { AlarmBoard } from './aws/alarms';
import { CalendarBoard } from './aws/calendars';
import { callerOf, Callers, type AccessKey } from './aws/callers';
import { Dispatcher } from './aws/dispatcher';
import { Endpoint } from './aws/endpoint';
import { EventBus } from './aws/event-bus';
import { FaultInjector } from './aws/faults';
import { Inbox } from './aws/mail';
import { systemsManager } from './aws/parameters';
import { Queues } from './aws/queues';
import { RestApis } from './aws/rest-apis';
import { RoleHistory, roleRecord } from './aws/roles';
import { StateMachines, type Execution } from './aws/state-machines';
import type { Emitted, Surroundings } from './aws/surroundings';
import { Tables } from './aws/tables';
import { tokenService } from './aws/tokens';
import { Topics, type Published, type SubscriptionState } from './aws/topics';
import { Watched } from './aws/watched';
import { deliverTo } from './deliveries';
import { CustomResources, type Patience } from './deploy/custom-resources';
import { deployStack, type Deployment } from './deployer';
import { CodeStore } from './functions/code';
import type { Front } from './functions/front';
import { Internet, VIA } from './functions/internet';
import { openFront } from './functions/open-front';
import { lambdaService } from './functions/lambda-service';
import { functionNamed } from './functions/named';
import { FunctionPool, type InvokeResult } from './functions/pool';
import { mustBeReadable } from './functions/event-sources';
import { connectQueues } from './functions/queue-source';
import { connectStreams } from './functions/stream-source';
import type { Versions } from './functions/versions';
import { Tally, type Counts } from './counts';
import { Journal } from './journal';
import { Guard } from './iam/guard';
import { unknownAmong } from './known-types';
import type { EventRecord, LogLine, Mail, RecordedCall, RoleRecord } from './record';
import type { Caller, Service } from './service';
import { loadAssembly, type Assembly } from './template/assembly';
import { notDeployed } from './template/deployment-failed';
import type { Resource, StackArtifact, Template } from './template/model';
import { Stacks } from './template/stacks';
import { VirtualClock } from './virtual-clock';

export type { AlarmBoard, AlarmState } from './aws/alarms';
export type { AliasUpdate, Deployment } from './deployer';
export type { Counts } from './counts';
export type { InvokeResult } from './functions/pool';
export type { AliasState } from './functions/versions';
export type { Journal } from './journal';

export interface WorldOptions {
  /** Virtual time at the beginning; 2030-01-07T09:00:00Z when absent. */
  readonly start?: string | Date;
  readonly account?: string;
  readonly region?: string;
  /** Whether calls need the permissions of their roles, as on AWS; they do when absent. */
  readonly permissions?: 'enforced' | 'ignored';
  /** Whether the functions of custom resources are invoked, as by CloudFormation; they are when absent. Otherwise their attributes are made up. */
  readonly customResources?: 'played' | 'assumed';
  /** Which stacks are there from the beginning; all when absent. */
  readonly deployed?: (stack: StackArtifact) => boolean;
}

/** A cloud assembly, deployed on this machine: its functions, local AWS services, virtual time, and a record of it all. */
export class World {
  readonly account: string;
  readonly region: string;
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly faults: FaultInjector;
  readonly alarms: AlarmBoard;
  readonly calendars: CalendarBoard;
  readonly watched: Watched;
  readonly restApis: RestApis;
  /** Versions and aliases of the functions. */
  readonly functions: Versions;
  private readonly templates: Stacks;
  private readonly guard: Guard;
  private readonly callers = new Callers();
  private readonly dispatcher: Dispatcher;
  private readonly tally = new Tally();
  private readonly mail: Inbox;
  private readonly queues: Queues;
  private readonly topics: Topics;
  private readonly bus: EventBus;
  private readonly tables: Tables;
  private readonly machines: StateMachines;
  private readonly pool: FunctionPool;
  private readonly customResources: CustomResources;
  private readonly around: Surroundings;
  private readonly apis: Front[] = [];
  private readonly roles = new RoleHistory();
  private door?: Endpoint;
  private internet?: Internet;

  private constructor(assembly: Assembly, options: Required<Pick<WorldOptions, 'account' | 'region'>> & WorldOptions) {
    this.account = options.account;
    this.region = options.region;
    this.clock = new VirtualClock(options.start);
    this.journal = new Journal(() => this.clock.iso());
    this.faults = new FaultInjector(() => this.clock.now());
    this.templates = new Stacks(assembly, (stack, id) => this.customResources.answerOf(stack, id));
    this.guard = new Guard(
      {
        account: this.account,
        region: this.region,
        resources: (type) => this.resources(type),
        resource: (id) => this.resource(id),
        tell: (source, text, level) => this.journal.add(source, text, level),
      },
      options.permissions !== 'ignored',
    );
    this.dispatcher = new Dispatcher(this.clock, this.faults, this.tally, this.guard);
    this.around = this.surroundings();
    this.mail = new Inbox(this.around);
    this.alarms = new AlarmBoard(this.around);
    this.calendars = new CalendarBoard(this.around);
    this.watched = new Watched(this.around, this.alarms);
    this.restApis = new RestApis(this.around);
    this.queues = new Queues(this.around);
    this.topics = new Topics(this.around, this.mail);
    this.bus = new EventBus(this.around);
    this.tables = new Tables(this.around);
    this.machines = new StateMachines(this.around);
    this.pool = new FunctionPool(this.around, this.callers, new CodeStore(assembly.assets), {
      faults: this.faults,
      addresses: () => ({ AWS_ENDPOINT_URL: this.endpoint, [VIA]: this.web.url }),
      localize: (text) => this.localize(text),
      aws: () => this.awsDoor,
    });
    this.functions = this.pool.versions;
    this.customResources = new CustomResources(this.around, this.pool, options.customResources !== 'assumed');
    connectQueues(this.around, this.queues, this.pool);
    connectStreams(this.around, this.tables, this.pool);
    [
      systemsManager(this.around, this.faults, this.calendars),
      tokenService(this.around, this.callers, this.guard),
      lambdaService(this.around, this.pool),
      ...this.watched.services(),
      this.restApis.service(),
      ...[this.mail, this.queues, this.topics, this.bus, this.tables, this.machines].map((one) => one.service()),
    ].forEach((service) => this.register(service));
  }

  /** Deploys the stacks of an assembly on this machine. */
  static async create(assemblyDirectory: string, options: WorldOptions = {}): Promise<World> {
    const { account = '111111111111', region = 'eu-west-1', deployed = () => true } = options;
    const world = new World(loadAssembly(assemblyDirectory, { account, region }), { ...options, account, region });
    try {
      world.internet = await Internet.listen(() => [...world.apis, world.customResources]);
      world.door = await Endpoint.listen(world.dispatcher, world.callers);
      for (const { stackName } of world.stacks.filter(deployed)) {
        await world.deploy(stackName).catch((error: unknown) => {
          throw notDeployed(stackName, error);
        });
      }
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  /** Where every AWS client goes: `http://127.0.0.1:<port>`. */
  get endpoint(): string {
    return this.awsDoor.url;
  }

  private get awsDoor(): Endpoint {
    if (this.door === undefined) {
      throw new Error('the world is not open yet');
    }
    return this.door;
  }

  /** Every web address outside of the assembly, as functions reach it. */
  get web(): Internet {
    if (this.internet === undefined) {
      throw new Error('the world is not open yet');
    }
    return this.internet;
  }

  get stacks(): readonly StackArtifact[] {
    return this.templates.artifacts;
  }

  get inbox(): readonly Mail[] {
    return this.mail.mails;
  }

  get calls(): readonly RecordedCall[] {
    return this.dispatcher.calls;
  }

  /** What a fault may name: `sns:Publish`, `sns:*`. */
  get operations(): readonly string[] {
    return this.dispatcher.operations;
  }

  /** Calls that AWS would have refused, for want of a permission. */
  get refusals(): readonly string[] {
    return this.guard.refusals;
  }

  get logs(): readonly LogLine[] {
    return this.pool.logs;
  }

  /** Events that came by the default bus. */
  get events(): readonly EventRecord[] {
    return this.bus.events;
  }

  /** Runs of the state machines, with their histories. */
  get executions(): readonly Execution[] {
    return this.machines.executions;
  }

  /** How often each thing that AWS bills has happened. */
  counts(): Counts {
    return this.tally.counts({ transitions: this.machines.transitions, mails: this.mail.mails.length });
  }

  /** Types of deployed resources that nothing here runs. */
  get unknownTypes(): readonly string[] {
    const others = this.resources().filter((resource) => !this.customResources.isPlayed(resource));
    return unknownAmong(others.map(({ type }) => type));
  }

  /** Base URL of the first HTTP API, on this machine, without a trailing slash. */
  get reviewUrl(): string {
    const first = this.apis.find(({ isApi }) => isApi);
    if (first === undefined) {
      throw new Error('no stack of the assembly has an HTTP API');
    }
    return first.url;
  }

  /** The address on this machine of anything that an HTTP API or a function URL of the assembly serves. */
  localUrl(publicUrl: string): string {
    return this.localize(publicUrl);
  }

  register(service: Service): void {
    this.dispatcher.register(service);
  }

  /** Deployed resources of a type, or all. */
  resources(type?: string): readonly Resource[] {
    return this.templates.resources(type);
  }

  /** By ARN, physical id, or `<stack>/<logical id>`. */
  resource(idOrArn: string): Resource | undefined {
    return this.templates.resource(idOrArn);
  }

  /**
   * Deploys a stack of the assembly, or updates it; `template` in place of the assembly's, if given. With `patience`, CloudFormation waits in
   * virtual time for what takes time, and the caller holds the clock.
   *
   * @throws DeploymentFailed when CloudFormation gives it up
   */
  deploy(
    stack: string,
    template?: Template,
    parameters?: Readonly<Record<string, string>>,
    patience?: Patience,
  ): Promise<Deployment> {
    const { alarms, around, customResources, guard, pool, restApis, tables, watched } = this;
    const readJson = (url: string): Promise<unknown> => this.web.json(url);
    const openApi = async (api: Resource): Promise<void> =>
      void this.apis.push(await openFront({ around, pool, guard, restApis }, api, readJson));
    const live = { stacks: this.templates, tables, pool, alarms, restApis, openApi, customResources, watched };
    const work = deployStack(live, { stack, template, parameters, patience }).then((deployment) => {
      mustBeReadable(guard, deployment.created, (name) => this.callerOfFunction(name));
      return deployment;
    });
    const held = patience === undefined ? this.clock.track(work) : work;
    return held.finally(() => this.roles.remember(this.resources()));
  }

  /** The template that a stack was deployed with last, or that the assembly has for it. */
  templateOf(stack: string): Template {
    return this.templates.templateOf(stack);
  }

  isDeployed(stack: string): boolean {
    return this.templates.isDeployed(stack);
  }

  /** An operation as `caller`, past the wire but through faults and records. */
  call(service: string, operation: string, input: object, caller: Caller = this.operator): Promise<any> {
    return this.dispatcher.call(service, operation, input, caller);
  }

  /** Invokes a function synchronously: a name or an ARN, either with a qualifier. */
  async invoke(functionArnOrName: string, payload: unknown, caller: Caller = this.operator): Promise<InvokeResult> {
    const input = { FunctionName: functionArnOrName, Payload: payload };
    return (await this.call('lambda', 'Invoke', input, caller)) as InvokeResult;
  }

  async publish(
    topicArn: string,
    { subject: Subject, message: Message, structure: MessageStructure }: Published,
    caller: Caller = this.operator,
  ): Promise<string> {
    const input = { TopicArn: topicArn, Message, Subject, MessageStructure };
    return (await this.call('sns', 'Publish', input, caller)).MessageId;
  }

  /** An event of an AWS service on the default bus; its time is now unless given. */
  emit(event: Emitted): EventRecord {
    return this.bus.emit(event);
  }

  /** Whoever holds a role, or a session of it. */
  caller(roleArn: string, session?: string): Caller {
    return callerOf(roleArn, session);
  }

  /** The identity that a function calls AWS with. */
  callerOfFunction(functionArnOrName: string): Caller {
    return this.pool.callerOf(this.functions.target(functionArnOrName).resource);
  }

  /** Credentials for an SDK client that acts as `caller`. */
  credentials(caller: Caller = this.operator): AccessKey {
    return this.callers.keyOf(caller);
  }

  roleOf(functionArnOrName: string): RoleRecord {
    return this.policies(String(this.functions.target(functionArnOrName).resource.properties.Role));
  }

  /** A role's trust and its identity policies, resolved. */
  policies(roleArn: string): RoleRecord {
    const record = roleRecord(roleArn, this.resources());
    if (record === undefined) {
      throw new Error(`no deployed stack has a role ${roleArn}`);
    }
    return record;
  }

  /** What a role was allowed with each deployment that changed it, the present last. */
  policiesSoFar(roleArn: string): readonly RoleRecord[] {
    return this.roles.of(roleArn);
  }

  /** A function by what people call it: its name, or a part of its path in the app (`decide`). */
  functionNamed(part: string): Resource {
    return functionNamed(part, this.resources('AWS::Lambda::Function'));
  }

  /** How a mail subscription stands: `confirmed` unless set. */
  setSubscription(endpoint: string, state: SubscriptionState): void {
    this.topics.setState(endpoint, state);
  }

  async close(): Promise<void> {
    this.clock.close();
    await Promise.all(this.apis.map((api) => api.close()));
    await this.door?.close();
    await this.internet?.close();
    await this.pool.close();
  }

  private get operator(): Caller {
    return callerOf(`arn:aws:iam::${this.account}:role/operator`);
  }

  private surroundings(): Surroundings {
    return {
      account: this.account,
      region: this.region,
      clock: this.clock,
      dispatcher: this.dispatcher,
      tally: this.tally,
      resources: (type) => this.resources(type),
      resource: (id) => this.resource(id),
      caller: (roleArn, session) => callerOf(roleArn, session),
      tell: (source, text, level) => this.journal.add(source, text, level),
      deliver: (target, payload, options = {}) => {
        const receivers = { queues: this.queues, topics: this.topics, pool: this.pool, guard: this.guard };
        deliverTo(this.around, receivers, target, payload, options);
      },
      emit: (event) => this.bus.emit(event),
    };
  }

  /** Puts addresses of this machine in the place of those that AWS would give. */
  private localize(text: string): string {
    return this.apis.reduce(
      (result, api) => api.publicUrls.reduce((one, url) => one.replaceAll(url, api.url), result),
      text,
    );
  }
}
