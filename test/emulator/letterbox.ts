/** Takes what the emulator's topics send to people: an HTTP subscription beside their addresses. */
import { ConfirmSubscriptionCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../../rehearsal/local-server';
import type { Mail } from '../../rehearsal/record';
import type { Ministack } from './ministack';

interface Delivery {
  readonly Type: string;
  readonly TopicArn: string;
  readonly Token?: string;
  readonly Subject?: string;
  readonly Message: string;
}

export class Letterbox {
  readonly mails: Mail[] = [];
  private readonly people = new Map<string, string>();
  private readonly client: SNSClient;

  private constructor(
    at: Ministack,
    private readonly server: Server,
  ) {
    this.client = new SNSClient(at.client);
  }

  static async open(at: Ministack): Promise<Letterbox> {
    const server = createServer();
    const box = new Letterbox(at, server);
    server.on('request', (request, response) => {
      void readBody(request).then(async (body) => {
        response.end();
        await box.take(JSON.parse(body.toString('utf8')) as Delivery);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return box;
  }

  /** The emulator takes a subscription by email, too, and sends nothing to it. */
  async subscribe(TopicArn: string, person: string): Promise<void> {
    this.people.set(TopicArn, person);
    const Endpoint = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
    await this.client.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take({ Type, TopicArn, Token, Subject = '', Message }: Delivery): Promise<void> {
    if (Type === 'SubscriptionConfirmation') {
      await this.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
    } else {
      const at = new Date().toISOString();
      const to = this.people.get(TopicArn) ?? TopicArn;
      this.mails.push({ at, from: TopicArn, to, subject: Subject, text: Message });
    }
  }
}
