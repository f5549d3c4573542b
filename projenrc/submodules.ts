import { JsonFile } from 'projen';
import type { awscdk } from 'projen';

/** How a jsii submodule is called in each language. */
export interface Submodule {
  /** Its folder below src/. */
  readonly folder: string;
  readonly dotnet: string;
  readonly java: string;
  readonly python: string;
  readonly go: string;
}

/** Gives every submodule the `.jsiirc.json` that names it in each language. */
export class Submodules {
  constructor(project: awscdk.AwsCdkConstructLibrary, submodules: Submodule[]) {
    for (const submodule of submodules) {
      new JsonFile(project, `src/${submodule.folder}/.jsiirc.json`, {
        obj: {
          targets: {
            java: { package: `io.github.cdkhpcclusters.${submodule.java}` },
            dotnet: { namespace: `CdkHpcClusters.${submodule.dotnet}` },
            python: { module: `cdk_hpc_clusters.${submodule.python}` },
            go: { packageName: submodule.go },
          },
        },
      });
    }
  }
}
