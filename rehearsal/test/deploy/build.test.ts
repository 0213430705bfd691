import { buildOf } from '../../deploy/build';
import type { Template } from '../../template/model';

const TEMPLATE: Template = {
  Resources: {
    Fn: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'shop',
        Code: { ZipFile: 'exports.handler = async () => 1;' },
        Environment: { Variables: { RELEASE: '1', OTHER: 'x' } },
      },
    },
    FnVersion1: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionVersion: { 'Fn::GetAtt': ['FnVersion1', 'Version'] } },
      DependsOn: ['FnVersion1', 'Fn'],
    },
  },
  Outputs: { Version: { Value: { Ref: 'FnVersion1' } } },
};

describe('the build of another commit', () => {
  test('has a version of its own, and everything that named the old one names it', () => {
    const built = buildOf(TEMPLATE, 'abc123');

    expect(Object.keys(built.Resources ?? {})).toEqual(['Fn', 'FnVersion1abc123', 'Live']);
    expect(built.Resources?.Live).toMatchObject({
      Properties: { FunctionVersion: { 'Fn::GetAtt': ['FnVersion1abc123', 'Version'] } },
      DependsOn: ['FnVersion1abc123', 'Fn'],
    });
    expect(built.Outputs?.Version?.Value).toEqual({ Ref: 'FnVersion1abc123' });
    expect(built.Resources?.Fn?.Properties?.Environment).toEqual({ Variables: { RELEASE: 'abc123', OTHER: 'x' } });
  });

  test('has alarms of its own where they look at one version', () => {
    const dimension = { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': ['FnVersion1', 'Version'] } };
    const Type = 'AWS::CloudWatch::Alarm';
    const built = buildOf(
      {
        Resources: {
          ...TEMPLATE.Resources,
          OfVersion: { Type, Properties: { Dimensions: [dimension] } },
          Named: { Type, Properties: { AlarmName: 'errors', Dimensions: [dimension] } },
          OfAll: { Type, Properties: { Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Fn' } }] } },
          Group: { Type: 'AWS::CodeDeploy::DeploymentGroup', Properties: { Alarms: [{ Name: { Ref: 'OfVersion' } }] } },
        },
      },
      'abc123',
    );

    expect(Object.keys(built.Resources ?? {})).toEqual([
      'Fn',
      'FnVersion1abc123',
      'Live',
      'OfVersionabc123',
      'Named',
      'OfAll',
      'Group',
    ]);
    expect(built.Resources?.Group?.Properties).toEqual({ Alarms: [{ Name: { Ref: 'OfVersionabc123' } }] });
  });

  test('of the same commit is the same', () => {
    expect(buildOf(TEMPLATE, 'abc123')).toEqual(buildOf(TEMPLATE, 'abc123'));
  });

  test('that breaks a function has other code', async () => {
    const built = buildOf(TEMPLATE, 'abc123', { shop: 'unhealthy', other: 'errors' });

    const code = (built.Resources?.Fn?.Properties?.Code as { ZipFile: string }).ZipFile;
    const exports: any = {};
    new Function('exports', code)(exports);
    await expect(exports.handler({ kind: 'approval-gate-check' })).resolves.toMatchObject({ hookStatus: 'FAILED' });
    await expect(exports.handler({})).resolves.toMatchObject({ statusCode: 200 });
  });

  test('of a template without versions is the template', () => {
    expect(buildOf({ Resources: {} }, 'abc')).toEqual({ Resources: {} });
  });
});
