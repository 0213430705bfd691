import type { IncomingMessage, ServerResponse } from 'node:http';

/** Something of a template that answers web requests on this machine. */
export interface Front {
  /** Whether it is an HTTP API. */
  readonly isApi: boolean;
  /** Where it is on this machine. */
  readonly url: string;
  /** Addresses by which the outside knows it. */
  readonly publicUrls: readonly string[];
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}
