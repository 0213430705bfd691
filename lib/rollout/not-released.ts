import { Annotations, Aspects } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Says at synth, when all of the app is there, that no pipeline releases what is rolled out. */
export function findNotReleased(rollout: Construct, isReleased: () => boolean): void {
  Aspects.of(rollout).add({
    visit: (node) => {
      if (node === rollout && !isReleased()) {
        Annotations.of(rollout).addWarningV2(
          'cdk-approval-gates:StageRollout.notReleased',
          'no pipeline of this app releases the API, so its stage goes on serving the first definition that it had: put `release()` into a pipeline, ' +
            "behind the deployment of the API's stack",
        );
      }
    },
  });
}
