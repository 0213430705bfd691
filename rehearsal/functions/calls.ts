import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { WireRequest } from '../aws/endpoint';
import type { RestResponse } from '../service';

/** Where AWS answers on this machine. */
export interface AwsDoor {
  readonly url: string;
  answer(request: WireRequest): Promise<RestResponse>;
}

interface Asked {
  readonly id: number;
  readonly request: Omit<WireRequest, 'body'> & { readonly body: Uint8Array };
}

/** Answers the calls of one function's thread; the other end is worker-calls.mjs. */
export class Calls {
  /** What the thread needs to be given. */
  readonly forWorker: { readonly endpoint: string; readonly port: MessagePort };

  constructor(private readonly aws: AwsDoor) {
    const { port1, port2 } = new MessageChannel();
    this.forWorker = { endpoint: aws.url, port: port2 };
    port1.on('message', (asked: Asked) => void this.answer(port1, asked));
    // A thread that waits for nothing must not keep the rehearsal's process alive.
    port1.unref();
  }

  private async answer(port: MessagePort, { id, request }: Asked): Promise<void> {
    const { buffer, byteOffset, byteLength } = request.body;
    const body = Buffer.from(buffer, byteOffset, byteLength);
    port.postMessage({ id, answer: await this.aws.answer({ ...request, body }) });
  }
}
