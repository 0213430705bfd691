/**
 * Custom resources of CloudFormation whose functions stand in the assembly: each is invoked when its resource is made, changed or removed, and
 * puts its answer to an address of the web.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../local-server';
import type { Surroundings } from '../aws/surroundings';
import type { WebHost } from '../functions/front';
import { invokeLater } from '../functions/lambda-service';
import type { FunctionPool } from '../functions/pool';
import type { Course } from '../pipeline/course';
import { DeploymentFailed } from '../template/deployment-failed';
import type { Properties, Resource } from '../template/model';
import { answerTo, asSent, isCustom, patienceOf, type CustomResourceAnswer } from './custom-resource';
import type { CustomResourceRequest } from './custom-resource';

/** A custom resource as CloudFormation knows it. */
interface Made {
  /** What was sent last, whatever came of it. */
  readonly properties: Properties;
  readonly physicalId?: string;
  /** Undefined as long as its function has not made it. */
  readonly data?: Properties;
  readonly hasFailed?: boolean;
}

/** Waits in virtual time; without one, nothing but the invocation itself is waited for. */
export type Patience = Pick<Course, 'wait'>;

type Said = CustomResourceAnswer | { readonly lack: string };

interface Asked {
  readonly request: CustomResourceRequest;
  readonly principal: string;
  readonly answer: (said: Said) => void;
}

/** Lambda invokes a function that fails twice more. */
const ATTEMPTS = 3;

export class CustomResources implements WebHost {
  private readonly made = new Map<string, Made>();
  private readonly asked = new Map<string, Asked>();
  private readonly hosts = new Set<string>();
  /** Those whose functions need what the rehearsal does not have, or another function that answers later. */
  private readonly assumed = new Set<string>();

  constructor(
    private readonly around: Surroundings,
    private readonly pool: FunctionPool,
    private readonly isOn: boolean,
  ) {
    around.dispatcher.onLack((caller, lack) => {
      for (const { principal, answer } of this.asked.values()) {
        if (principal === caller.principal) answer({ lack });
      }
    });
  }

  /** Where functions put their answers. */
  get publicUrls(): readonly string[] {
    return [...this.hosts];
  }

  handle(incoming: IncomingMessage, response: ServerResponse): void {
    void readBody(incoming).then((body) => {
      const id = new URL(incoming.url ?? '/', 'http://local').pathname.split('%7C').at(-1) ?? '';
      const asked = incoming.method === 'PUT' ? this.asked.get(id) : undefined;
      asked?.answer(answerTo(asked.request, body.toString('utf8')));
      response.writeHead(asked === undefined ? 403 : 200).end();
    });
  }

  /** What `Ref` and `Fn::GetAtt` give. */
  answerOf(stack: string, logicalId: string): { readonly physicalId: string; readonly data: Properties } | undefined {
    const { physicalId, data } = this.made.get(`${stack}/${logicalId}`) ?? {};
    return physicalId === undefined || data === undefined ? undefined : { physicalId, data };
  }

  isPlayed(resource: Resource): boolean {
    return this.made.has(keyOf(resource));
  }

  /** Those among `resources` that CloudFormation has to ask, as they are new or other than before. */
  due(resources: readonly Resource[]): readonly Resource[] {
    return resources.filter((one) => {
      const before = this.made.get(keyOf(one));
      const isOther = JSON.stringify(before?.properties) !== JSON.stringify(asSent(one.properties));
      const mayBe =
        this.isOn && isCustom(one.type) && !this.assumed.has(keyOf(one)) && this.functionOf(one) !== undefined;
      return mayBe && (isOther || before?.hasFailed === true);
    });
  }

  /**
   * Makes a custom resource, or changes it. Answers what it has left to remove: the resource before, if the new one has another id.
   *
   * @throws DeploymentFailed with what the function said
   */
  async put(resource: Resource, patience?: Patience): Promise<(() => Promise<void>) | undefined> {
    const key = keyOf(resource);
    const before = this.made.get(key);
    const properties = asSent(resource.properties);
    if (before !== undefined && before.properties.ServiceToken !== properties.ServiceToken) {
      throw new DeploymentFailed(`${resource.logicalId}: Modifying service token is not allowed.`);
    }
    const isThere = before?.data !== undefined;
    const said = await this.ask(
      resource,
      isThere
        ? { RequestType: 'Update', PhysicalResourceId: before.physicalId, OldResourceProperties: before.properties }
        : { RequestType: 'Create' },
      patience,
    );
    if ('lack' in said) {
      this.assume(resource, said.lack);
      return undefined;
    }
    if ('failure' in said) {
      this.made.set(key, { physicalId: said.physicalId, ...before, properties, hasFailed: true });
      throw new DeploymentFailed(`${resource.logicalId}: ${said.failure}`);
    }
    this.made.set(key, { properties, ...said });
    this.around.tell('cloudformation', `${key}: its function has ${isThere ? 'changed' : 'made'} it`);
    return isThere && before.physicalId !== said.physicalId
      ? () => this.sendDelete(resource, before, patience)
      : undefined;
  }

  /** Removes what is no longer in the template. What cannot be removed is left, as by CloudFormation. */
  async remove(resource: Resource, patience?: Patience): Promise<void> {
    const made = this.made.get(keyOf(resource));
    this.made.delete(keyOf(resource));
    if (made !== undefined) await this.sendDelete(resource, made, patience);
  }

  private async sendDelete(resource: Resource, made: Made, patience?: Patience): Promise<void> {
    const { physicalId: PhysicalResourceId = resource.physicalId, properties } = made;
    const as = { ...resource, properties };
    const said = await this.ask(as, { RequestType: 'Delete', PhysicalResourceId }, patience);
    const why = 'failure' in said ? said.failure : 'lack' in said ? said.lack : undefined;
    if (why !== undefined) {
      this.around.tell('cloudformation', `${keyOf(resource)} could not be removed: ${why}`, 'error');
    }
  }

  private async ask(
    resource: Resource,
    what: Pick<CustomResourceRequest, 'RequestType' | 'PhysicalResourceId' | 'OldResourceProperties'>,
    patience: Patience | undefined,
  ): Promise<Said> {
    const { stack, account, region, logicalId, type } = resource;
    const ResourceProperties = asSent(resource.properties);
    const RequestId = randomUUID();
    const StackId = `arn:aws:cloudformation:${region}:${account}:stack/${stack}/00000000-0000-0000-0000-000000000000`;
    const host = `https://cloudformation-custom-resource-response-${region.replaceAll('-', '')}.s3.${region}.amazonaws.com`;
    this.hosts.add(host);
    const object = encodeURIComponent([StackId, logicalId, RequestId].join('|'));
    const request: CustomResourceRequest = {
      ...what,
      RequestId,
      ResponseURL: `${host}/${object}?X-Amz-Signature=rehearsed`,
      StackId,
      ResourceType: type,
      LogicalResourceId: logicalId,
      ResourceProperties,
    };
    const seconds = patienceOf(ResourceProperties);
    const failure = `CloudFormation did not receive a response from the custom resource within ${seconds} seconds`;
    const said =
      patience === undefined
        ? await this.askAtOnce(resource, request)
        : await patience.wait<Said>(seconds * 1000, `${logicalId} of ${stack} has to be answered`, (answer) => {
            this.begin(resource, request, answer);
            invokeLater(this.around, this.pool, String(ResourceProperties.ServiceToken), request);
          });
    return said ?? { failure };
  }

  /** No time passes: what is not answered when the function has ended never will be. */
  private async askAtOnce(resource: Resource, request: CustomResourceRequest): Promise<Said | undefined> {
    let said: Said | undefined;
    this.begin(resource, request, (answer) => (said ??= answer));
    for (let attempt = 0; attempt < ATTEMPTS && said === undefined; attempt += 1) {
      const { functionError } = await this.pool.invoke(String(request.ResourceProperties.ServiceToken), request);
      if (functionError === undefined) said ??= { lack: 'its function leaves the answer to somebody else' };
    }
    return said;
  }

  private begin(resource: Resource, request: CustomResourceRequest, answer: Asked['answer']): void {
    const of = this.functionOf(resource);
    const principal = of === undefined ? '' : this.pool.callerOf(of).principal;
    this.asked.set(request.RequestId, { request, principal, answer });
  }

  /** Undefined where nothing here can run it. */
  private functionOf({ properties }: Resource): Resource | undefined {
    const [arn] = /^arn:[^:]+:lambda:[^:]+:\d+:function:[^:]+/.exec(String(properties.ServiceToken)) ?? [];
    const found = arn === undefined ? undefined : this.around.resource(arn);
    return found !== undefined && this.pool.canRun(found) ? found : undefined;
  }

  private assume(resource: Resource, lack: string): void {
    this.assumed.add(keyOf(resource));
    this.made.delete(keyOf(resource));
    this.around.tell(
      'cloudformation',
      `${keyOf(resource)} is not played, its attributes are made up: ${lack}`,
      'warning',
    );
  }
}

function keyOf({ stack, logicalId }: Resource): string {
  return `${stack}/${logicalId}`;
}
