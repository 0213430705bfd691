import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whoever answers web requests to some addresses. */
export interface WebHost {
  /** Addresses by which the outside knows it. */
  readonly publicUrls: readonly string[];
  handle(request: IncomingMessage, response: ServerResponse): void;
}

/** Something of a template that answers web requests on this machine. */
export interface Front extends WebHost {
  /** Whether it is an HTTP API. */
  readonly isApi: boolean;
  /** Where it is on this machine. */
  readonly url: string;
  close(): Promise<void>;
}
