/**
 * What CloudFormation and the function of a custom resource say to each other
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html).
 */
import type { Properties } from '../template/model';

export interface CustomResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  readonly OldResourceProperties?: Properties;
}

/** What a function has said. */
export type CustomResourceAnswer =
  | { readonly physicalId: string; readonly data: Properties }
  | { readonly physicalId?: string; readonly failure: string };

/** In bytes (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html). */
const LONGEST_ANSWER = 4096;
const LONGEST_ID = 1024;

/** The longest time that CloudFormation waits for an answer, which is what it waits where the template does not say. */
const LONGEST_WAIT_SECONDS = 3600;

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Seconds within which CloudFormation wants an answer. */
export function patienceOf({ ServiceTimeout = LONGEST_WAIT_SECONDS }: Properties): number {
  return Number(ServiceTimeout);
}

/** CloudFormation sends numbers and booleans as texts. */
export function asSent(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties), (_, value: unknown) =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
  ) as Properties;
}

/** Reads what was put to the address of a request. */
export function answerTo(request: CustomResourceRequest, body: string): CustomResourceAnswer {
  if (Buffer.byteLength(body) > LONGEST_ANSWER) return { failure: 'Response object is too long.' };
  let said: any;
  try {
    said = JSON.parse(body);
  } catch {
    return { failure: 'Invalid Response object: it is not JSON' };
  }
  const { Status, PhysicalResourceId: physicalId, Reason, Data = {} } = said ?? {};
  const other = (['StackId', 'RequestId', 'LogicalResourceId'] as const).find((key) => said?.[key] !== request[key]);
  if (other !== undefined) return { failure: `Invalid Response object: ${other} is not that of the request` };
  if (typeof physicalId !== 'string' || physicalId === '' || Buffer.byteLength(physicalId) > LONGEST_ID) {
    return { failure: 'Invalid PhysicalResourceId' };
  }
  if (Status === 'SUCCESS') return { physicalId, data: Data };
  return Status === 'FAILED'
    ? { physicalId, failure: `Received response status [FAILED] from custom resource. Message returned: ${Reason}` }
    : { failure: `Invalid Response object: Status is ${JSON.stringify(Status)}` };
}
