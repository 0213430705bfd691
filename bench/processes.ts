/** Programs that run in fresh processes: what they cost there is what a user's `cdk synth`, or a cold Lambda function, pays. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const start = promisify(execFile);

/** Runs Node with these arguments; answers the JSON that the program prints. */
export async function runNode<T>(parameters: readonly string[], cwd: string): Promise<T> {
  const env = { ...process.env, CDK_VALIDATION: 'false', AWS_REGION: 'eu-west-1', NODE_NO_WARNINGS: '1' };
  const { stdout } = await start(process.execPath, [...parameters], { cwd, env, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as T;
}
