/** An AppSpec for servers, and the scripts behind its events, by their paths. */
import type { ServerAnswers } from './answers';

/** Of systemd, to stop a service by force, is 90 seconds. */
const STOP_SECONDS = 100;
const START_SECONDS = 100;
/** What a script does beside waiting. */
const SLACK_SECONDS = 20;
/** A try, and the pause behind it. */
const TRY_SECONDS = 3;
const PAUSE_SECONDS = 2;

export function serverFiles(answers: ServerAnswers): Readonly<Record<string, string>> {
  return {
    'appspec.yml': appSpec(answers),
    'scripts/application-stop.sh': applicationStop(answers),
    'scripts/before-install.sh': beforeInstall(answers),
    'scripts/after-install.sh': afterInstall(answers),
    'scripts/application-start.sh': applicationStart(answers),
    'scripts/validate-service.sh': validateService(answers),
  };
}

/** Names stand in quotes: without them, YAML reads `no` and others as no text. */
function appSpec({ destination, user, wait }: ServerAnswers): string {
  const hook = (script: string, timeout: number) =>
    `    - location: scripts/${script}.sh\n      timeout: ${timeout}\n      runas: root\n`;
  const permissions =
    user === 'root'
      ? ''
      : `permissions:
  - object: '${destination}'
    pattern: '**'
    owner: '${user}'
    type:
      - file
      - directory
`;
  return `# What CodeDeploy does with the artifact on each server. The scripts run in this order; one that fails, or takes longer than its
# timeout (seconds; those of an event have an hour together), fails the deployment on this server.
version: 0.0
os: linux
files:
  - source: /
    destination: '${destination}'
file_exists_behavior: OVERWRITE
${permissions}hooks:
  # The script of the version that is there, not of the new one. The very first deployment has none.
  ApplicationStop:
${hook('application-stop', STOP_SECONDS + SLACK_SECONDS)}  BeforeInstall:
${hook('before-install', STOP_SECONDS + SLACK_SECONDS)}  AfterInstall:
${hook('after-install', 60)}  ApplicationStart:
${hook('application-start', START_SECONDS + SLACK_SECONDS)}  # Whether the new version works is decided here: only then the server gets traffic again.
  ValidateService:
${hook('validate-service', wait + 3 * SLACK_SECONDS)}`;
}

function applicationStop({ service }: ServerAnswers): string {
  return `#!/bin/bash
# Stops the version that is there. It never fails: this script is that version's, so a newer one could not mend it, and would be kept
# away for ever. Whether it is stopped, before-install.sh of the new version finds out.
set -euo pipefail
service=${service}

if ! systemctl cat "$service.service" >/dev/null 2>&1; then
  echo "there is no service $service yet: nothing to stop"
  exit 0
fi
timeout ${STOP_SECONDS} systemctl stop "$service.service" || echo "service $service did not stop" >&2
`;
}

function beforeInstall({ service, destination, user }: ServerAnswers): string {
  return `#!/bin/bash
# Makes room for the new version: nothing runs that is about to be replaced, and its folder is there.
set -euo pipefail
service=${service}
destination=${destination}
user=${user}

if systemctl is-active --quiet "$service.service"; then
  timeout ${STOP_SECONDS} systemctl stop "$service.service"
fi
if ! id -u "$user" >/dev/null 2>&1; then
  useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$user"
fi
# A folder that is there may be somebody else's, too: it keeps its owner and its mode.
if [[ ! -d "$destination" ]]; then
  install -d -m 755 -o "$user" "$destination"
elif [[ "$(stat -c %U "$destination")" != "$user" ]]; then
  echo "$destination was there before and belongs to $(stat -c %U "$destination"), not to $user: what is installed in it belongs to $user" >&2
fi
`;
}

function afterInstall({ service }: ServerAnswers): string {
  return `#!/bin/bash
# Tells systemd of the new version: by the unit as it came with this script, which nobody but root can have changed since.
set -euo pipefail
service=${service}
unit="$(dirname "$0")/../$service.service"

if [[ ! -f "$unit" ]]; then
  echo "the artifact has no $service.service beside its appspec.yml: add it, systemd runs the service by it" >&2
  exit 1
fi
install -m 644 "$unit" "/etc/systemd/system/$service.service"
systemctl daemon-reload
`;
}

function applicationStart({ service }: ServerAnswers): string {
  return `#!/bin/bash
# Starts the new version, now and whenever the server starts.
set -euo pipefail
service=${service}

systemctl enable "$service.service"
timeout ${START_SECONDS} systemctl restart "$service.service"
`;
}

function validateService({ service, health, wait }: ServerAnswers): string {
  const tries = Math.floor(wait / (TRY_SECONDS + PAUSE_SECONDS));
  return `#!/bin/bash
# Waits until the new version says that it is well: by a status from 200 to 299, for a redirect says nothing of it.
set -euo pipefail
service=${service}
health='${health}'
tries=${tries}

for ((try = 1; try <= tries; try++)); do
  status=$(curl --silent --output /dev/null --noproxy '*' --max-time ${TRY_SECONDS} --write-out '%{http_code}' "$health" || true)
  if [[ $status == 2?? ]]; then
    echo "service $service is well: $health answered $status at try $try of $tries"
    exit 0
  fi
  sleep ${PAUSE_SECONDS}
done
echo "service $service is not well: $health answered $status at the last of $tries tries (000: not at all)" >&2
timeout ${SLACK_SECONDS} systemctl status --no-pager --lines=20 "$service.service" >&2 || true
exit 1
`;
}
