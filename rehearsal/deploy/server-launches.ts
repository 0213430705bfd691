/**
 * New servers of an Auto Scaling group: each waits outside of the traffic until it has the version that was deployed last
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html).
 */
import { Course } from '../pipeline/course';
import type { Resource } from '../template/model';
import type { DeployHost } from './host';
import { ServerCalls } from './server-calls';
import { isWell, scriptsOf, type Revision, type Server } from './server-fleet';

export class ServerLaunches {
  constructor(
    private readonly host: DeployHost,
    private readonly lastGood: (group: Resource) => Revision | undefined,
    private readonly changed: () => void,
  ) {}

  join(group: Resource, autoScalingGroup: string, server: Server): void {
    server.serves = false;
    Course.run(this.host.clock, `${server.name} joins`, async (course) => {
      const failure = await this.launch(group, autoScalingGroup, server, course);
      server.serves = failure === undefined;
      const what = failure ?? (server.revision === undefined ? 'serves, there is no version yet' : 'serves');
      this.note(`${server.name}: ${what}`, failure === undefined ? 'info' : 'error');
    });
  }

  /** Undefined when the server may serve. */
  private async launch(group: Resource, name: string, server: Server, course: Course): Promise<string | undefined> {
    const calls = new ServerCalls(this.host, group);
    // What is deployed last may change while a server waits.
    for (let next = this.lastGood(group); next?.id !== server.revision?.id; next = this.lastGood(group)) {
      const refused = (await calls.findServers()) ?? (await calls.holdLaunch(name, server));
      if (refused !== undefined) return `waits for CodeDeploy until Auto Scaling gives it up: ${refused}`;
      server.revision = next;
      this.note(`${server.name}: new, gets ${next?.id.slice(0, 8)}`);
      const { milliseconds, how } = scriptsOf(server);
      await course.sleep(milliseconds, `${server.name} gets its version`);
      if (!isWell(server)) {
        const unsaid = await calls.endLaunch(name, server, 'ABANDON');
        return `${how}, so Auto Scaling ends it, and begins another one${unsaid === undefined ? '' : `; ${unsaid}`}`;
      }
    }
    const refused = await calls.endLaunch(name, server, 'CONTINUE');
    return refused === undefined ? undefined : `waits for CodeDeploy until Auto Scaling gives it up: ${refused}`;
  }

  private note(text: string, level: 'info' | 'error' = 'info'): void {
    this.host.journal.add('deploy', text, level);
    this.changed();
  }
}
