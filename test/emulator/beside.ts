/**
 * The rehearsal's CodePipeline beside the emulator: it notifies the emulator's topic, its events go to the emulator's queue, and
 * the emulator's functions ask it over the wire.
 */
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../../rehearsal/local-server';
import { matchesPattern } from '../../rehearsal/aws/event-pattern';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { World } from '../../rehearsal/world';
import type { Ministack } from './ministack';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

interface Notification {
  readonly TopicArn: string;
  readonly Subject?: string;
  readonly Message: string;
}

export class CodePipelineBeside {
  /** By logical id, once the emulator has created the stack. */
  ids: ReadonlyMap<string, string> = new Map();
  private told = 0;
  /** Keys of sessions that the rehearsal has given out. */
  private readonly issued = new Set<string>();
  private readonly topics: SNSClient;
  private readonly queues: SQSClient;

  private constructor(
    at: Ministack,
    readonly rehearsal: Rehearsal,
    private readonly server: Server,
  ) {
    this.topics = new SNSClient(at.client);
    this.queues = new SQSClient(at.client);
  }

  static async open(at: Ministack, assembly: string): Promise<CodePipelineBeside> {
    // It starts a day ago, so that nothing it tells lies in the future of the emulator.
    const start = new Date(Date.now() - DAY);
    const world = await World.create(assembly, { account: at.account, region: at.region, start });
    const server = createServer();
    const beside = new CodePipelineBeside(at, new Rehearsal(world), server);
    world.register({
      name: 'sns',
      operations: { Publish: (input: Notification) => beside.publish(input) },
      authorize: { Publish: ({ TopicArn }: Notification) => ({ action: 'sns:Publish', resources: [TopicArn] }) },
    });
    server.on('request', (request, response) => {
      beside.pass(request).then(
        ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return beside;
  }

  get world(): World {
    return this.rehearsal.world;
  }

  /** Where a function finds CodePipeline. Its address says which function asks: the emulator's keys are not ours. */
  addressFor(logicalId: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${logicalId}`;
  }

  /** Lets the pipeline go on for a second of its own, and tells the emulator what happened. */
  async goOn(): Promise<void> {
    await this.tell();
    await this.world.clock.advanceBy(SECOND);
    await this.tell();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.rehearsal.close();
  }

  private async publish(input: Notification): Promise<object> {
    const TopicArn = this.theirs(input.TopicArn);
    const { MessageId } = await this.topics.send(new PublishCommand({ ...input, TopicArn }));
    return { MessageId };
  }

  /** Only AWS may put events of CodePipeline on a bus, on the emulator too. So they go directly to the queues of the rules. */
  private async tell(): Promise<void> {
    const rules = this.world.resources('AWS::Events::Rule').map(({ properties }) => properties);
    for (; this.told < this.world.events.length; this.told += 1) {
      const event = this.world.events[this.told];
      const targets = rules
        .filter(({ EventPattern }) => event?.source === 'aws.codepipeline' && matchesPattern(EventPattern, event))
        .flatMap(({ Targets }) => Targets as readonly { readonly Arn: string }[]);
      for (const { Arn } of targets) {
        const QueueUrl = this.theirs(Arn);
        await this.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
      }
    }
  }

  private theirs(ours: string): string | undefined {
    return this.ids.get(this.world.resource(ours)?.logicalId ?? '');
  }

  /** Hands a call of a function on to the rehearsal, which knows its own keys and names of resources. */
  private async pass(request: IncomingMessage): Promise<Answer> {
    const [, logicalId = ''] = (request.url ?? '').split('/');
    const headers = Object.fromEntries(
      ['content-type', 'x-amz-target', 'authorization'].flatMap((name) => {
        const value = request.headers[name];
        return typeof value === 'string' ? [[name, value]] : [];
      }),
    );
    headers.authorization = headers.authorization?.replace(/Credential=([^/]+)/, (scope, key: string) =>
      this.issued.has(key) ? scope : `Credential=${this.keyOf(logicalId)}`,
    ) as string;
    const body = this.ours((await readBody(request)).toString('utf8'));
    const answer = await fetch(this.world.endpoint, { method: 'POST', headers, body });
    const text = await answer.text();
    for (const [, key = ''] of text.matchAll(/<AccessKeyId>([^<]+)/g)) this.issued.add(key);
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', body: text };
  }

  /** The emulator's roles have other names. */
  private ours(body: string): string {
    return this.world
      .resources('AWS::IAM::Role')
      .reduce((text, { logicalId, physicalId }) => text.replaceAll(this.ids.get(logicalId) ?? '\0', physicalId), body);
  }

  private keyOf(functionId: string): string {
    const found = this.world.resources('AWS::Lambda::Function').find(({ logicalId }) => logicalId === functionId);
    return this.world.credentials(this.world.callerOfFunction(String(found?.physicalId))).accessKeyId;
  }
}
