import { App, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Course } from '../../pipeline/course';
import type { Template } from '../../template/model';
import { World } from '../../world';

const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'rehearsal-custom-'));
let world: World | undefined;
afterEach(() => world?.close());
afterAll(() => rmSync(folder, { recursive: true }));

/** Does as it is told, and logs what it was asked. */
const CODE = `
const { GetParameterCommand, SSMClient } = require('@aws-sdk/client-ssm');
const { ListTagsCommand, LambdaClient } = require('@aws-sdk/client-lambda');
exports.handler = async (request) => {
  const { How, Id = 'one', Data = {}, Parameter } = request.ResourceProperties;
  console.log(JSON.stringify(request));
  if (How === 'crashes') throw new Error('out of order');
  if (How === 'crashes once' && !globalThis.tried) { globalThis.tried = true; throw new Error('out of order'); }
  if (How === 'says nothing') return;
  if (How === 'asks elsewhere') await new LambdaClient().send(new ListTagsCommand({ Resource: 'arn' })).catch(() => undefined);
  const { StackId, RequestId, LogicalResourceId } = request;
  const isNo = How === 'says no' || (How === 'cannot be removed' && request.RequestType === 'Delete');
  let answer = isNo ? { Status: 'FAILED', Reason: 'no room' } : { Status: 'SUCCESS', Data };
  if (Parameter) {
    try { answer.Data = { Value: (await new SSMClient().send(new GetParameterCommand({ Name: Parameter }))).Parameter.Value }; }
    catch (error) { answer = { Status: 'FAILED', Reason: error.message }; }
  }
  const body = JSON.stringify({ ...answer, PhysicalResourceId: Id, StackId, RequestId, LogicalResourceId });
  const { status } = await fetch(request.ResponseURL, { method: 'PUT', body });
  if (How === 'looks') console.log('status ' + status, (await fetch(request.ResponseURL)).status);
};`;

interface Written {
  readonly [key: string]: unknown;
  readonly How?: string;
}

/** A stack with a custom resource `First`, another one that refers to it, and a function that has both of them in its variables. */
function synthesize(first: Written, second?: Written, granted = true): string {
  const app = new App({ outdir: mkdtempSync(join(folder, 'app-')), analyticsReporting: false });
  const stack = new Stack(app, 'Test');
  const code = { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline(CODE) };
  const answering = new lambda.Function(stack, 'Answering', { functionName: 'answering', ...code });
  const parameter = new StringParameter(stack, 'Parameter', { parameterName: '/value', stringValue: 'read' });
  if (granted) parameter.grantRead(answering);
  const common = {
    serviceToken: answering.functionArn,
    resourceType: 'Custom::Answer',
    serviceTimeout: Duration.minutes(9),
  };
  const one = new CustomResource(stack, 'First', { ...common, properties: { Number: 5, ...first } });
  const two =
    second &&
    new CustomResource(stack, 'Second', { ...common, properties: { Of: one.getAttString('Value'), ...second } });
  new lambda.Function(stack, 'Told', {
    functionName: 'told',
    ...code,
    code: lambda.Code.fromInline('exports.handler = async () => [process.env.VALUE, process.env.ID];'),
    environment: { VALUE: (two ?? one).getAttString('Value'), ID: one.ref },
  });
  return app.synth().directory;
}

const opened = async (directory: string, options = {}) => (world = await World.create(directory, options));

const asked = (): any[] =>
  world!.logs
    .filter(({ function: name, text }) => name === 'answering' && text.startsWith('{'))
    .map(({ text }) => JSON.parse(text));
const told = async () => (await world!.invoke('told', {})).payload;

/** The template of the stack with other properties of its custom resources. */
function changed(properties: Readonly<Record<'First' | 'Second', Written>> | { readonly First: Written }): Template {
  const template = structuredClone(world!.templateOf('Test')) as any;
  for (const [id, own] of Object.entries(properties)) Object.assign(template.Resources[id].Properties, own);
  return template as Template;
}

function without(id: string): Template {
  const template = structuredClone(world!.templateOf('Test')) as any;
  delete template.Resources[id];
  for (const [key, { Type, Properties }] of Object.entries<any>(template.Resources)) {
    if (Type === 'AWS::Lambda::Function' && Properties.FunctionName === 'told') delete template.Resources[key];
  }
  return template as Template;
}

/** As a deployment of a pipeline does it: in virtual time. */
async function deployed(template: Template): Promise<{ readonly how: string; readonly minutes: number }> {
  const { clock } = world!;
  const began = clock.now();
  let how: string | undefined;
  Course.run(clock, 'deployment', async (course) => {
    how = await world!.deploy('Test', template, undefined, course).then(
      () => 'deployed',
      (error: Error) => error.message,
    );
  });
  expect(await clock.runUntil(() => how !== undefined)).toBe(true);
  return { how: how!, minutes: (clock.now() - began) / MINUTE };
}

describe('a custom resource', () => {
  test('is made by its function, whose answer its attributes and its name are', async () => {
    await opened(synthesize({ Data: { Value: 'seven' } }));

    expect(await told()).toEqual(['seven', 'one']);
    expect(asked()).toEqual([
      {
        RequestType: 'Create',
        RequestId: expect.stringMatching(/^[\da-f-]{36}$/),
        ResponseURL: expect.stringMatching(
          /^https:\/\/cloudformation-custom-resource-response-euwest1\.s3\.eu-west-1\.amazonaws\.com\/arn/,
        ),
        StackId: expect.stringContaining(':stack/Test/'),
        ResourceType: 'Custom::Answer',
        LogicalResourceId: 'First',
        ResourceProperties: {
          ServiceToken: 'arn:aws:lambda:eu-west-1:111111111111:function:answering',
          ServiceTimeout: '540',
          Number: '5',
          Data: { Value: 'seven' },
        },
      },
    ]);
    expect(world!.unknownTypes).toEqual([]);
  });

  test('acts in the role of its function: a call that this does not allow is refused', async () => {
    await opened(synthesize({ Parameter: '/value' }));
    expect(await told()).toEqual(['read', 'one']);
    expect(world!.refusals).toEqual([]);
    await world!.close();

    const refused = World.create(synthesize({ Parameter: '/value' }, undefined, false));
    await expect(refused).rejects.toThrow(/First: .*FAILED.* is not authorized to perform: ssm:GetParameter/);
  });

  test('is asked after those that it refers to, and changed after them', async () => {
    await opened(synthesize({ Data: { Value: 'a' } }, { Data: { Value: 'b' } }));
    expect(asked().map(({ LogicalResourceId: id, ResourceProperties: { Of } }) => [id, Of])).toEqual([
      ['First', undefined],
      ['Second', 'a'],
    ]);

    await deployed(changed({ First: { Data: { Value: 'c' } } }));

    expect(asked().slice(2)).toMatchObject([
      { RequestType: 'Update', LogicalResourceId: 'First' },
      {
        RequestType: 'Update',
        LogicalResourceId: 'Second',
        PhysicalResourceId: 'one',
        ResourceProperties: { Of: 'c' },
        OldResourceProperties: { Of: 'a' },
      },
    ]);
  });

  test('that stays as it is is not asked again', async () => {
    await opened(synthesize({ Data: { Value: 'a' } }));
    await deployed(world!.templateOf('Test'));

    expect(asked()).toHaveLength(1);
    expect(await told()).toEqual(['a', 'one']);
  });

  test('with another id takes the place of the one before, which is removed in the end', async () => {
    await opened(synthesize({ Data: { Value: 'a' } }));

    expect(await deployed(changed({ First: { Id: 'two' } }))).toEqual({ how: 'deployed', minutes: 0 });

    expect(await told()).toEqual(['a', 'two']);
    expect(asked().slice(1)).toMatchObject([
      { RequestType: 'Update', PhysicalResourceId: 'one', ResourceProperties: { Id: 'two' } },
      { RequestType: 'Delete', PhysicalResourceId: 'one', ResourceProperties: { Number: '5' } },
    ]);
    expect(asked().at(-1).ResourceProperties).not.toHaveProperty('Id');
  });

  test('that leaves the template is removed; one that cannot be is left', async () => {
    await opened(synthesize({ Data: { Value: 'a' }, How: 'cannot be removed' }));

    expect((await deployed(without('First'))).how).toBe('deployed');

    expect(asked().slice(1)).toMatchObject([{ RequestType: 'Delete', PhysicalResourceId: 'one' }]);
    expect(world!.journal.entries).toContainEqual(
      expect.objectContaining({ level: 'error', text: expect.stringContaining('could not be removed: Received') }),
    );
    expect(world!.resource('Test/First')).toBeUndefined();
  });
});

describe('a deployment', () => {
  test.each([
    ['says no', 'First: Received response status [FAILED] from custom resource. Message returned: no room', 0],
    ['crashes', 'First: CloudFormation did not receive a response from the custom resource within 540 seconds', 9],
    ['says nothing', 'First: CloudFormation did not receive a response from the custom resource within 540 seconds', 9],
    ['crashes once', 'deployed', 1],
  ])('whose function %s', async (How, how, minutes) => {
    await opened(synthesize({ Data: { Value: 'a' } }));

    expect(await deployed(changed({ First: { How, Data: { Value: 'b' } } }))).toEqual({ how, minutes });
    expect(await told()).toEqual([how === 'deployed' ? 'b' : 'a', 'one']);
  });

  test('that failed is taken back by the properties before', async () => {
    await opened(synthesize({ Data: { Value: 'a' } }));
    const before = world!.templateOf('Test');
    await deployed(changed({ First: { How: 'says no' } }));

    expect((await deployed(before)).how).toBe('deployed');
    expect(asked().at(-1)).toMatchObject({ RequestType: 'Update', OldResourceProperties: { How: 'says no' } });
  });

  test('of what failed the first time takes it away again', async () => {
    await opened(synthesize({ How: 'says no' }), { deployed: () => false });

    expect((await deployed(world!.templateOf('Test'))).how).toContain('First: ');
    expect((await deployed({ Resources: {} })).how).toBe('deployed');

    expect(asked().map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([
      ['Create', undefined],
      ['Delete', 'one'],
    ]);
    expect(world!.resources()).toEqual([]);
  });

  test('fails with an attribute that the answer does not have', async () => {
    await opened(synthesize({ Data: { Value: 'a' } }));

    expect((await deployed(changed({ First: { Data: {} } }))).how).toBe(
      "CustomResource attribute error: Vendor response doesn't contain Value attribute in object First",
    );
  });

  test('fails when another function has to make what is there', async () => {
    await opened(synthesize({ Data: { Value: 'a' } }));
    const ServiceToken = 'arn:aws:lambda:eu-west-1:111111111111:function:told';

    expect((await deployed(changed({ First: { ServiceToken } }))).how).toBe(
      'First: Modifying service token is not allowed.',
    );
  });
});

describe('before any time passes', () => {
  test('a function that fails thrice, or says no, keeps the world from being', async () => {
    await expect(World.create(synthesize({ How: 'crashes' }))).rejects.toThrow(
      /Test does not deploy: First: .*customResources: assumed/s,
    );
    await expect(World.create(synthesize({ How: 'says no' }))).rejects.toThrow('no room');
  });

  test('a function that fails once is asked again', async () => {
    await opened(synthesize({ How: 'crashes once', Data: { Value: 'a' } }));

    expect(asked()).toHaveLength(2);
    expect(await told()).toEqual(['a', 'one']);
  });
});

describe('what cannot be played', () => {
  const PLAUSIBLE = /^Test-First-.*\.Value$/;

  test.each([
    ['asks elsewhere', "the rehearsal's lambda does not know"],
    ['says nothing', 'leaves the answer to somebody else'],
  ])('because its function %s is made up and named', async (How, why) => {
    await opened(synthesize({ How }));

    expect(await told()).toEqual([expect.stringMatching(PLAUSIBLE), expect.any(String)]);
    expect(world!.unknownTypes).toEqual(['Custom::Answer']);
    expect(world!.journal.entries).toContainEqual(
      expect.objectContaining({ level: 'warning', text: expect.stringContaining(why) }),
    );
    expect((await deployed(changed({ First: { Number: 6 } }))).how).toBe('deployed');
    expect(asked()).toHaveLength(1);
  });

  test.each(['arn:aws:lambda:eu-west-1:111111111111:function:other', 'arn:aws:sns:eu-west-1:111111111111:topic'])(
    'because %s is not in the assembly is made up',
    async (ServiceToken) => {
      await opened(synthesize({ ServiceToken }));

      expect(await told()).toEqual([expect.stringMatching(PLAUSIBLE), expect.any(String)]);
      expect(world!.unknownTypes).toEqual(['Custom::Answer']);
    },
  );

  test('because nobody wants it is made up', async () => {
    await opened(synthesize({ How: 'crashes' }), { customResources: 'assumed' });

    expect(asked()).toEqual([]);
    expect(world!.unknownTypes).toEqual(['Custom::Answer']);
  });
});

test('an address takes answers, and nothing else', async () => {
  await opened(synthesize({ How: 'looks', Data: { Value: 'a' } }));

  expect(world!.logs.map(({ text }) => text)).toContain('status 200 403');
});
