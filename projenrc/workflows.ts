import { github } from 'projen';
import type { awscdk } from 'projen';

/** Actions by commit: a tag can be moved. */
const PINS: Record<string, string> = {
  [github.ActionRefs.ACTIONS_SETUP_DOTNET]: 'actions/setup-dotnet@a98b56852c35b8e3190ac28c8c2271da59106c68', // v6.0.0
  [github.ActionRefs.ACTIONS_SETUP_GO]: 'actions/setup-go@b7ad1dad31e06c5925ef5d2fc7ad053ef454303e', // v7.0.0
  [github.ActionRefs.ACTIONS_SETUP_JAVA]: 'actions/setup-java@b6effb05e454b25005698d916606bdc6ffcbf961', // v5.7.0
  [github.ActionRefs.ACTIONS_SETUP_NODE]: 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020', // v7.0.0
  [github.ActionRefs.ACTIONS_SETUP_PYTHON]: 'actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97', // v7.0.0
  [github.ActionRefs.PETER_EVANS_CREATE_PULL_REQUEST]: 'peter-evans/create-pull-request@5f6978faf089d4d20b00c7766989d076bb2fc7f1', // v8.1.1
};

/** `npm run slurm` fetches Slurm from Debian's archive, and runs it by sudo in namespaces of its own; `npm run drift` asks for versions. */
const DEBIAN_KEY: github.workflows.JobStep = {
  name: 'the key of Debian\'s archive',
  run: 'sudo apt-get update && sudo apt-get install --yes --no-install-recommends debian-archive-keyring',
};
const DEBIAN = { DEBIAN_MIRROR: 'http://deb.debian.org/debian', DEBIAN_KEYRING: '/usr/share/keyrings/debian-archive-keyring.gpg' };

/** The workflows that projen has no better idea of than ours: what CI and the nightly run do stands in the repository itself. */
export class Workflows {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    const hub = project.github!;
    for (const [action, pinned] of Object.entries(PINS)) { hub.actions.set(action, pinned); }

    const build = hub.addWorkflow('build');
    build.on({ pullRequest: {}, push: { branches: ['main'] }, workflowDispatch: {} });
    build.addJobs({ build: this.job(hub, 40, 'bash .ci/run', ['20.x', '22.x']) });

    const nightly = hub.addWorkflow('nightly');
    nightly.on({ schedule: [{ cron: '17 2 * * *' }], workflowDispatch: {} });
    nightly.addJobs({ nightly: this.job(hub, 180, 'npm run nightly', ['22.x'], true) });

    const drift = hub.addWorkflow('drift');
    drift.on({ schedule: [{ cron: '41 4 * * *' }], workflowDispatch: {} });
    drift.addJobs({ compare: this.comparison(hub), issue: this.issue(hub) });
  }

  /** Compares what AWS offers with what we know. It runs what the registries serve, and so may read only. */
  private comparison(hub: github.GitHub): github.workflows.Job {
    const { ActionRefs } = github;
    return {
      runsOn: ['ubuntu-latest'],
      permissions: { contents: github.workflows.JobPermission.READ },
      timeoutMinutes: 30,
      outputs: { count: { stepId: 'drift', outputName: 'count' } },
      steps: [
        { uses: hub.actions.get(ActionRefs.ACTIONS_CHECKOUT), with: { 'persist-credentials': false } },
        { uses: hub.actions.get(ActionRefs.ACTIONS_SETUP_NODE), with: { 'node-version': '22.x', 'package-manager-cache': false } },
        { uses: hub.actions.get(ActionRefs.ACTIONS_SETUP_PYTHON), with: { 'python-version': '3.11' } },
        DEBIAN_KEY,
        { run: 'npm ci' },
        {
          id: 'drift',
          run: 'npm run drift -- --json drift.json --markdown drift.md && node -p "\'count=\' + require(\'./drift.json\').items.length" >> "$GITHUB_OUTPUT"',
          env: DEBIAN,
        },
        { uses: hub.actions.get(ActionRefs.ACTIONS_UPLOAD_ARTIFACT), with: { name: 'drift', path: 'drift.md' } },
      ],
    };
  }

  /** Opens one issue with the list, or updates it, and closes it when the list is empty. It runs nothing but GitHub's own client. */
  private issue(hub: github.GitHub): github.workflows.Job {
    const { JobPermission } = github.workflows;
    return {
      needs: ['compare'],
      runsOn: ['ubuntu-latest'],
      permissions: { contents: JobPermission.NONE, issues: JobPermission.WRITE },
      timeoutMinutes: 5,
      steps: [
        { uses: hub.actions.get(github.ActionRefs.ACTIONS_DOWNLOAD_ARTIFACT), with: { name: 'drift' } },
        {
          env: { GH_TOKEN: '${{ github.token }}', GH_REPO: '${{ github.repository }}', COUNT: '${{ needs.compare.outputs.count }}' },
          run: [
            'set -eu',
            'gh label create drift --force --description "What AWS offers and this library doesn\'t know"',
            'number="$(gh issue list --label drift --state open --limit 1 --json number --jq \'.[].number\')"',
            'if [ "$COUNT" -gt 0 ] && [ -z "$number" ]; then',
            '  gh issue create --title "AWS offers what this library doesn\'t know" --label drift --body-file drift.md',
            'elif [ "$COUNT" -gt 0 ]; then',
            '  gh issue edit "$number" --body-file drift.md',
            'elif [ -n "$number" ]; then',
            '  gh issue close "$number" --comment "The list is empty."',
            'fi',
          ].join('\n'),
        },
      ],
    };
  }

  private job(hub: github.GitHub, minutes: number, run: string, nodes: string[], languages = false): github.workflows.Job {
    const { ActionRefs } = github;
    const languageSteps: github.workflows.JobStep[] = [
      { uses: hub.actions.get(ActionRefs.ACTIONS_SETUP_JAVA), with: { 'distribution': 'temurin', 'java-version': '17' } },
      { uses: hub.actions.get(ActionRefs.ACTIONS_SETUP_GO), with: { 'go-version': '1.25', 'cache': false } },
      { uses: hub.actions.get(ActionRefs.ACTIONS_SETUP_DOTNET), with: { 'dotnet-version': '8.x' } },
    ];
    return {
      runsOn: ['ubuntu-latest'],
      permissions: { contents: github.workflows.JobPermission.READ },
      timeoutMinutes: minutes,
      strategy: { matrix: { domain: { node: nodes } }, failFast: false },
      steps: [
        { uses: hub.actions.get(ActionRefs.ACTIONS_CHECKOUT), with: { 'fetch-depth': 0, 'persist-credentials': false } },
        { uses: hub.actions.get(ActionRefs.ACTIONS_SETUP_NODE), with: { 'node-version': '${{ matrix.node }}', 'package-manager-cache': false } },
        { uses: hub.actions.get(ActionRefs.ACTIONS_SETUP_PYTHON), with: { 'python-version': '3.11' } },
        ...languages ? languageSteps : [],
        DEBIAN_KEY,
        { run, env: DEBIAN },
      ],
    };
  }
}
