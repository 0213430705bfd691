import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { Approvers } from '../../../lib/approval';
import { add, ana, fixture } from './gate-fixture';

const FOUND = Match.stringLikeRegexp('authorNotKnown');

/** A pipeline whose source is a repository by a connection. */
function byConnection() {
  const w = fixture('workflow first');
  w.release.node.tryRemoveChild('Pipeline');
  const pipeline = new codepipeline.Pipeline(w.release, 'Pipeline', { crossAccountKeys: false });
  const source = new actions.CodeStarConnectionsSourceAction({
    actionName: 'Repository',
    connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/0a1b',
    owner: 'example',
    repo: 'shop',
    output: new codepipeline.Artifact('App'),
  });
  pipeline.addStage({ stageName: 'Source', actions: [source] });
  return { ...w, pipeline };
}

test('authors that are excluded and never known are warned of, with the source that names none', () => {
  const w = fixture();
  add(w);

  Annotations.fromStack(w.release).hasWarning('*', FOUND);
  Annotations.fromStack(w.release).hasWarning('*', Match.stringLikeRegexp("source 'Fetch' \\(S3\\)"));
});

test('a gate on which authors may vote needs no author', () => {
  const w = fixture();
  add(w, { approvers: Approvers.anyOf(ana) });
  add(w, { actionName: 'Second', excludeAuthor: false });

  Annotations.fromStack(w.release).hasNoWarning('*', FOUND);
});

test('a source by a connection names authors', () => {
  const w = byConnection();
  add(w);

  Annotations.fromStack(w.release).hasNoWarning('*', FOUND);
});
