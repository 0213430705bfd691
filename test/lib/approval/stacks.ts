import { App, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** An app with the flags that `cdk init` would set, as far as they matter here. */
export function newApp(context: Record<string, unknown> = {}): App {
  return new App({ context: { '@aws-cdk/aws-codepipeline:defaultPipelineTypeToV2': true, ...context } });
}

export function newStack(props: StackProps = {}, id = 'Release', app = newApp()): Stack {
  return new Stack(app, id, props);
}

/** A pipeline with a source stage, ready for the stage with the gate. */
export function newPipeline(
  scope: Construct,
  id = 'Pipeline',
  props: codepipeline.PipelineProps = {},
): codepipeline.Pipeline {
  const bucket = s3.Bucket.fromBucketName(scope, `${id}Source`, `source-${id.toLowerCase()}`);
  const pipeline = new codepipeline.Pipeline(scope, id, { crossAccountKeys: false, ...props });
  pipeline.addStage({ stageName: 'Source', actions: [source(bucket)] });
  return pipeline;
}

function source(bucket: s3.IBucket): codepipeline.IAction {
  return new actions.S3SourceAction({
    actionName: 'Fetch',
    bucket,
    bucketKey: 'app.zip',
    output: new codepipeline.Artifact('App'),
    trigger: actions.S3Trigger.NONE,
    variablesNamespace: 'Source',
  });
}

/** Something that deploys, so that there is something to roll back. */
export function deployAction(scope: Construct, id = 'Deploy', runOrder = 1): codepipeline.IAction {
  return new actions.S3DeployAction({
    actionName: id,
    bucket: s3.Bucket.fromBucketName(scope, `${id}Bucket`, `target-${id.toLowerCase()}`),
    input: new codepipeline.Artifact('App'),
    runOrder,
  });
}
