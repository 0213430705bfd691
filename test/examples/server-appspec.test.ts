/** The AppSpec of examples/server is one that CodeDeploy takes, and its scripts are there. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './harness';

/** What scripts may stand behind (https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html). */
const EVENTS = [
  'BeforeBlockTraffic',
  'AfterBlockTraffic',
  'ApplicationStop',
  'BeforeInstall',
  'AfterInstall',
  'ApplicationStart',
  'ValidateService',
  'BeforeAllowTraffic',
  'AfterAllowTraffic',
];

interface AppSpec {
  readonly version: number;
  readonly os: string;
  readonly files: readonly { readonly source: string; readonly destination: string }[];
  readonly hooks: Readonly<Record<string, readonly { readonly location: string; readonly timeout: number }[]>>;
}

const FOLDER = join(ROOT, 'examples', 'server');
const spec = parse(readFileSync(join(FOLDER, 'appspec.yml'), 'utf8')) as AppSpec;

test('its scripts stand behind events that CodeDeploy knows, and have an hour together per event at most', () => {
  expect(spec).toMatchObject({ version: 0, os: 'linux' });
  for (const [event, scripts] of Object.entries(spec.hooks)) {
    expect(EVENTS).toContain(event);
    expect(scripts.reduce((sum, { timeout }) => sum + timeout, 0)).toBeLessThanOrEqual(3600);
  }
  expect(Object.keys(spec.hooks)).toContain('ValidateService');
});

test.each(Object.values(spec.hooks).flat())('$location can be run', ({ location }) => {
  expect(() => accessSync(join(FOLDER, location), constants.X_OK)).not.toThrow();
  expect(readFileSync(join(FOLDER, location), 'utf8')).toMatch(/^#!\/bin\/bash\n/);
});

test('the files that the scripts use are installed', () => {
  expect(spec.files).toEqual([{ source: '/', destination: '/opt/shop' }]);
  for (const used of ['shop.service', 'server.py']) {
    expect(() => accessSync(join(FOLDER, used), constants.R_OK)).not.toThrow();
  }
});
