/** SciPy, in the virtual environment of the checks: what stands beside the judge. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');

/** A Python that has SciPy, or undefined where none is installed. */
export const PYTHON = [process.env.SCIPY_PYTHON, join(ROOT, '.venv/bin/python')].find(
  (path) => path !== undefined && existsSync(path) && hasScipy(path),
);

function hasScipy(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import scipy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a program that reads JSON from its standard input and writes JSON to its standard output. */
export function runPython<T>(program: string, input: unknown): T {
  if (PYTHON === undefined) throw new Error('SciPy is not installed');
  const output = execFileSync(PYTHON, ['-c', program], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(output) as T;
}
