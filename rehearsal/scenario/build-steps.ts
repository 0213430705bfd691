/** Steps that say what builds report and scanners find. */
import { knownAction, knownBucket, knownReportGroup, knownRepository } from './names';
import type { Rehearsal } from './rehearsal';
import type { SomeSteps, StepOf } from './schema';

export function buildSteps(rehearsal: Rehearsal) {
  const { world } = rehearsal;
  const report = ({ of: action, ...said }: StepOf<'testReport'> | StepOf<'coverageReport'>): void => {
    knownAction(rehearsal, action);
    knownReportGroup(world, said.group);
    rehearsal.testReports.say(action, said);
  };
  return {
    testReport: report,
    coverageReport: report,
    sbom: ({ of: action, ...sbom }) => {
      knownAction(rehearsal, action);
      knownBucket(world, sbom.bucket);
      rehearsal.sboms.say(action, sbom);
    },
    imageScan: (scan) => {
      knownRepository(world, scan.repository);
      rehearsal.imageScans.say(scan);
    },
    findings: ({ found }) => rehearsal.securityFindings.say(found),
  } satisfies SomeSteps;
}
