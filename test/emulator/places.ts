/** The two places where the story is told: the rehearsal alone, and an emulator with the rehearsal's CodePipeline beside it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ReviewClient } from '../../rehearsal/approval-gates/review-page';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { loadAssembly } from '../../rehearsal/template/assembly';
import { World } from '../../rehearsal/world';
import { CodePipelineBeside } from './beside';
import { deploy, publish, type Created } from './deploy';
import { Letterbox } from './letterbox';
import type { Ministack } from './ministack';
import type { Place, Row } from './story';

const HOUR = 3_600_000;
const PATIENCE = 90_000;

type Until = Place['until'];

export async function inRehearsal<T>(
  assembly: string,
  options: { readonly account: string; readonly region: string },
  happens: (place: Place) => Promise<T>,
): Promise<T> {
  const rehearsal = new Rehearsal(await World.create(assembly, options));
  const { world } = rehearsal;
  const client = new DynamoDBClient({
    endpoint: world.endpoint,
    region: world.region,
    credentials: world.credentials(),
  });
  const tables = world.resources('AWS::DynamoDB::Table').map(({ physicalId }) => physicalId);
  const until: Until = async (what, holds) => {
    for (const end = world.clock.now() + HOUR; !(await holds()); await world.clock.advanceBy(1000)) {
      if (world.clock.now() > end) throw new Error(`not within an hour: ${what}`);
    }
  };
  try {
    return await happens({
      rehearsal,
      review: new ReviewClient(world),
      inbox: () => world.inbox,
      rows: () => scan(client, tables),
      until,
    });
  } finally {
    client.destroy();
    await rehearsal.close();
  }
}

/** The assembly's only stack is created by the emulator's CloudFormation. */
export async function inEmulator<T>(
  at: Ministack,
  directory: string,
  happens: (place: Place, created: Created) => Promise<T>,
): Promise<T> {
  const beside = await CodePipelineBeside.open(at, directory);
  const box = await Letterbox.open(at);
  const client = new DynamoDBClient(at.client);
  const { world } = beside;
  try {
    const [stack] = world.stacks;
    if (stack === undefined) throw new Error(`no stack in ${directory}`);
    await publish(at, loadAssembly(directory, at));
    const created = await deploy(at, stack, {
      names: (id) => String(world.resource(`${stack.stackName}/${id}`)?.physicalId),
      variables: (id) => ({
        AWS_ENDPOINT_URL_CODEPIPELINE: beside.addressFor(id),
        // Sessions that answer CodePipeline are known to it.
        AWS_ENDPOINT_URL_STS: beside.addressFor(id),
      }),
    });
    beside.ids = created.ids;
    const made = (type: string) =>
      world.resources(type).map(({ logicalId, properties }) => ({ id: created.ids.get(logicalId) ?? '', properties }));
    for (const { id, properties } of made('AWS::SNS::Topic')) {
      const people = (properties.Subscription ?? []) as readonly { readonly Endpoint: string }[];
      for (const { Endpoint } of people) await box.subscribe(id, Endpoint);
    }
    const tables = made('AWS::DynamoDB::Table').map(({ id }) => id);
    const until: Until = async (what, holds) => {
      for (const end = Date.now() + PATIENCE; !(await holds()); await beside.goOn()) {
        if (Date.now() > end) throw new Error(`not within ${PATIENCE / 1000} s: ${what}\n${at.log.slice(-8000)}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    return await happens(
      {
        rehearsal: beside.rehearsal,
        review: new ReviewClient({ inbox: box.mails, localUrl, clock: world.clock }, (url, init) =>
          fetch(at.addressOfApi(new URL(String(url))), init),
        ),
        inbox: () => box.mails,
        rows: () => scan(client, tables),
        until,
      },
      created,
    );
  } finally {
    client.destroy();
    await box.close();
    await beside.close();
  }
}

/** AWS gives an API an address with TLS and without a port; browsers name that as the origin of a form. */
function localUrl(url: string): string {
  return url.replace(/^http:/, 'https:').replace(/:\d+(?=\/)/, '');
}

async function scan(client: DynamoDBClient, tables: readonly string[]): Promise<readonly Row[]> {
  const documents = DynamoDBDocumentClient.from(client);
  const found = await Promise.all(tables.map((TableName) => documents.send(new ScanCommand({ TableName }))));
  return found.flatMap(({ Items = [] }) => Items as Row[]);
}
