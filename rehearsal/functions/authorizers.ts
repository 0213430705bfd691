/** The authorizers of an API, each with what it keeps between calls. */
import type { Surroundings } from '../aws/surroundings';
import type { Guard } from '../iam/guard';
import type { Resource } from '../template/model';
import type { Asked, Authorizer, Ruling } from './authorizer';
import { JwtAuthorizer, type ReadJson } from './jwt-authorizer';
import { LambdaAuthorizer } from './lambda-authorizer';
import type { FunctionPool } from './pool';

export class Authorizers {
  /** A deployment that changes an authorizer makes another resource of it. */
  private readonly known = new Map<Resource, Authorizer>();

  constructor(
    private readonly around: Surroundings,
    private readonly pool: Pick<FunctionPool, 'invoke'>,
    private readonly guard: Pick<Guard, 'letsIn'>,
    private readonly readJson: ReadJson,
  ) {}

  /** @param route undefined for the URL of a function */
  async ask(route: Resource | undefined, asked: Asked): Promise<Ruling> {
    const type: unknown = route?.properties.AuthorizationType ?? 'NONE';
    if (route === undefined || type === 'NONE') {
      return { kind: 'LET_IN' };
    }
    const authorizer = type === 'JWT' || type === 'CUSTOM' ? this.authorizerOf(route) : undefined;
    if (authorizer === undefined) {
      this.around.tell('http', `a route has an authorizer of type ${String(type)}, which is not played here`, 'error');
      return { kind: 'REFUSED', status: 403 };
    }
    const ruling = await authorizer.ask(asked, route);
    if (ruling.kind === 'REFUSED' && ruling.why !== undefined) {
      this.around.tell('http', `${asked.event.routeKey} refused by its authorizer: ${ruling.why}`, 'warning');
    }
    return ruling;
  }

  private authorizerOf({ properties: { AuthorizerId, ApiId } }: Resource): Authorizer | undefined {
    const resource = this.around
      .resources('AWS::ApiGatewayV2::Authorizer')
      .find(({ physicalId, properties }) => physicalId === AuthorizerId && properties.ApiId === ApiId);
    if (resource === undefined) {
      return undefined;
    }
    const authorizer = this.known.get(resource) ?? this.make(resource);
    this.known.set(resource, authorizer);
    return authorizer;
  }

  private make(resource: Resource): Authorizer {
    return resource.properties.AuthorizerType === 'JWT'
      ? new JwtAuthorizer(resource, this.readJson, () => this.around.clock.now())
      : new LambdaAuthorizer(resource, this.around, this.pool, this.guard);
  }
}
