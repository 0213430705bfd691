// The constructs in the languages that jsii packs them for: builds the same apps in each, synthesizes them, and compares their
// templates with those of the examples in TypeScript, all with the floor of the peers.
// node scripts/check-languages.mjs [python] [go] [java]
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { emptyApp, exampleInJavaScript, floor, manifest, pack, root, run } from './packed.mjs';

const LANGUAGES = {
  python: { title: 'Python', needs: ['python3'], synthesize: python },
  go: { title: 'Go', needs: ['go'], synthesize: go },
  java: { title: 'Java', needs: ['javac', 'mvn'], synthesize: java },
};

/** Examples that are written in each language; its file, package or class is named as usual there. */
const APPS = ['workflow-gate', 'checked-release'];
const snake = (app) => app.replaceAll('-', '_');
const pascal = (app) => app.replace(/(?:^|-)(.)/g, (_, letter) => letter.toUpperCase());

const work = mkdtempSync(join(tmpdir(), 'languages-'));
const packed = join(work, 'packed');
const CDK = floor('aws-cdk-lib');
const CONSTRUCTS = floor('constructs');
const ENV = {
  ...process.env,
  // Where Go installs itself is not always on the path.
  PATH: [process.env.PATH, '/usr/local/go/bin'].join(delimiter),
  CDK_VALIDATION: 'false',
  CDK_DISABLE_VERSION_CHECK: 'true',
  // The second app need not compile all of the CDK again.
  PYTHONDONTWRITEBYTECODE: '',
};

/** Where an app in a language writes its templates. */
const outOf = (app, language) => join(work, `out.${language}`, app);

/** Runs each app, which writes its templates where CDK_OUTDIR says. */
function runEach(language, command, argsOf, cwd = work) {
  for (const app of APPS) {
    run(command(app), argsOf(app), { cwd, env: { ...ENV, CDK_OUTDIR: outOf(app, language) } });
  }
}

function typescript() {
  const folder = join(work, 'typescript');
  const { file } = pack(root, work);
  emptyApp(folder, '--ignore-scripts', file, `aws-cdk-lib@${CDK}`, `constructs@${CONSTRUCTS}`);
  APPS.forEach((app) => writeFileSync(join(folder, `${app}.js`), exampleInJavaScript(app)));
  runEach(
    'typescript',
    () => process.execPath,
    (app) => [`${app}.js`],
    folder,
  );
}

function python() {
  const venv = join(work, 'venv');
  run('python3', ['-m', 'venv', venv]);
  // Python compiles what an app imports by itself; all of the CDK would take longer than the rest.
  const options = ['--quiet', '--disable-pip-version-check', '--no-compile'];
  const pip = (...args) => run(join(venv, 'bin/pip'), ['install', ...options, ...args]);
  pip(`aws-cdk-lib==${CDK}`, 'publication', 'setuptools', 'wheel');
  // The build of the generated package pins a version of setuptools; what is installed does as well.
  pip('--no-build-isolation', '--no-deps', join(packed, 'python'));
  runEach(
    'python',
    () => join(venv, 'bin/python'),
    (app) => [join(root, 'examples/python', `${snake(app)}.py`)],
  );
}

function go() {
  const folder = join(work, 'go');
  cpSync(join(root, 'examples/go'), folder, { recursive: true });
  // A Go that is older than the modules want may fetch a newer one. Programs that run once need no C, no optimization and
  // nothing for debuggers: that halves what the compiler has to do.
  const tool = (...args) => run('go', args, { cwd: folder, env: { ...ENV, GOTOOLCHAIN: 'auto', CGO_ENABLED: '0' } });
  const { moduleName, packageName } = manifest.jsii.targets.go;
  const replacements = {
    [`${moduleName}/${packageName}`]: join(packed, 'go', packageName),
    // The generated module wants what it was built with; only a replacement makes it take something older.
    'github.com/aws/aws-cdk-go/awscdk/v2': `github.com/aws/aws-cdk-go/awscdk/v2@v${CDK}`,
    'github.com/aws/constructs-go/constructs/v10': `github.com/aws/constructs-go/constructs/v10@v${CONSTRUCTS}`,
  };
  tool('mod', 'edit', ...Object.entries(replacements).map(([module, other]) => `-replace=${module}=${other}`));
  tool('build', '-mod=mod', '-gcflags=all=-N -l -dwarf=false', '-ldflags=-s -w', '-o', 'bin/', './...');
  runEach(
    'go',
    (app) => join(folder, 'bin', snake(app)),
    () => [],
  );
}

/** Builds app and constructs as modules of one project, so that nothing of ours stays in the user's Maven repository. */
function java() {
  const project = join(work, 'java');
  cpSync(join(root, 'examples/java'), join(project, 'app'), { recursive: true });
  renameSync(join(packed, 'java'), join(project, 'constructs'));
  const pom = join(project, 'constructs/pom.xml');
  // Ranges would take the newest CDK: compile with the oldest.
  writeFileSync(pom, readFileSync(pom, 'utf8').replace(/<version>\[([\d.]+),[\d.]+\)/g, '<version>$1'));
  writeFileSync(
    join(project, 'pom.xml'),
    `<project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>project</groupId><artifactId>project</artifactId><version>0</version><packaging>pom</packaging>
      <modules><module>constructs</module><module>app</module></modules>
    </project>`,
  );
  const versions = [`-Dgates.version=${manifest.version}`, `-Dcdk.version=${CDK}`];
  const classpath = ['dependency:build-classpath', '-Dmdep.outputFile=classpath'];
  // A virtual machine that lives for seconds does not earn back its optimizations.
  const env = { MAVEN_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC', ...ENV };
  run('mvn', ['--quiet', '--batch-mode', 'compile', ...classpath, ...versions], { cwd: project, env });
  const classes = ['target/classes', readFileSync(join(project, 'app/classpath'), 'utf8')].join(delimiter);
  runEach(
    'java',
    () => 'java',
    (app) => ['-cp', classes, `example.${pascal(app)}`],
    join(project, 'app'),
  );
}

/** The template of each stack of an app, without what the CDK says of itself: its own versions and languages. */
function templatesOf(app, language) {
  const out = outOf(app, language);
  const files = readdirSync(out).filter((file) => file.endsWith('.template.json'));
  return new Map(
    files.map((file) => {
      const template = JSON.parse(readFileSync(join(out, file), 'utf8'));
      delete template.Resources.CDKMetadata;
      delete template.Conditions;
      return [file.replace('.template.json', ''), template];
    }),
  );
}

/** Whether the stacks of an app are those of TypeScript. */
function compareApp(title, language, app) {
  const [wanted, found] = ['typescript', language].map((one) => templatesOf(app, one));
  const stacks = [...new Set([...wanted.keys(), ...found.keys()])];
  return stacks.map((stack) => compare(`${title}, ${stack}:`, wanted.get(stack), found.get(stack))).every(Boolean);
}

/** Whether the template is that of TypeScript; says so, or where it is not. */
function compare(title, wanted = { Resources: {} }, found = { Resources: {} }) {
  const names = [...new Set([...Object.keys(wanted.Resources), ...Object.keys(found.Resources)])];
  if (isDeepStrictEqual(wanted, found)) {
    console.log(`${title} the template of TypeScript, ${names.length} resources, aws-cdk-lib ${CDK}`);
    return true;
  }
  const different = names.filter((name) => !isDeepStrictEqual(wanted.Resources[name], found.Resources[name]));
  for (const name of different) {
    const [one, other] = [wanted, found].map(({ Resources }) => JSON.stringify(Resources[name]));
    console.error(`${name}:\n  TypeScript ${one}\n  here       ${other}`);
  }
  console.error(`${title} another template, ${different.length} of ${names.length} resources differ`);
  return false;
}

function check(name) {
  const { title, synthesize } = LANGUAGES[name];
  try {
    synthesize();
    return APPS.map((app) => compareApp(title, name, app)).every(Boolean);
  } catch (error) {
    console.error(`${title} does not synthesize: ${error.message}`);
    return false;
  }
}

function isThere({ title, needs }) {
  const missing = needs.filter((tool) => !ENV.PATH.split(delimiter).some((folder) => existsSync(join(folder, tool))));
  if (missing.length > 0) console.error(`${title} was skipped: ${missing.join(' and ')} not installed`);
  return missing.length === 0;
}

function checkAll(asked) {
  const unknown = asked.filter((name) => !Object.hasOwn(LANGUAGES, name));
  if (unknown.length > 0) {
    console.error(`not one of ${Object.keys(LANGUAGES).join(', ')}: ${unknown.join(', ')}`);
    return false;
  }
  const names = asked.length > 0 ? asked : Object.keys(LANGUAGES);
  const present = names.filter((name) => isThere(LANGUAGES[name]));
  // In CI a language that was not tried must not look like one that passed.
  const isEnough = present.length === names.length || !process.env.CI;
  if (present.length === 0) {
    console.error('nothing was compared: no language that was asked for is installed here');
    return false;
  }
  run('npx', ['jsii-pacmak', '--code-only', '--outdir', packed, '--target', ...present], {
    cwd: root,
    // It runs npm pack, too, which would build again.
    env: { ...ENV, npm_config_ignore_scripts: 'true' },
  });
  typescript();
  const same = present.map((name) => check(name));
  if (present.length < names.length) {
    console.error(`compared ${present.length} of ${names.length} languages; what was skipped may be broken`);
  }
  return isEnough && same.every(Boolean);
}

try {
  process.exitCode = checkAll(process.argv.slice(2)) ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
