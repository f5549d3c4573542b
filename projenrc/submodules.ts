import { JsonFile } from 'projen';
import type { awscdk } from 'projen';
import LIST from './submodule-list.json';

/** A jsii submodule, and how it is called in each language. */
export interface Submodule {
  /** Its folder below src/. */
  readonly folder: string;
  /** The name by which src/index.ts exports it, which is that of the Python module. */
  readonly namespace: string;
  /** What the codes of its rules begin with. */
  readonly rules: string;
  readonly dotnet: string;
  readonly java: string;
  readonly go: string;
}

/** All submodules. Exports, lint, docs and tests read the same list. */
export const SUBMODULES: readonly Submodule[] = LIST;

/** Gives every submodule the `.jsiirc.json` that names it in each language, and its way into the package. */
export class Submodules {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    for (const submodule of SUBMODULES) {
      new JsonFile(project, `src/${submodule.folder}/.jsiirc.json`, {
        obj: {
          targets: {
            java: { package: `io.github.cdkhpcclusters.${submodule.java}` },
            dotnet: { namespace: `CdkHpcClusters.${submodule.dotnet}` },
            python: { module: `cdk_hpc_clusters.${submodule.namespace}` },
            go: { packageName: submodule.go },
          },
        },
      });
    }
    /* Same package name from inside the repository and from outside, and no way into our private files. */
    project.package.addField('exports', {
      '.': './lib/index.js',
      ...Object.fromEntries(SUBMODULES.map(({ folder }) => [`./${folder}`, `./lib/${folder}/index.js`])),
      './package.json': './package.json',
      './.jsii': './.jsii',
      './.warnings.jsii.js': './.warnings.jsii.js',
    });
    project.eslint?.addRules({ 'import/no-restricted-paths': ['error', { zones: [...SHARED, ...SUBMODULES.flatMap(layersOf)] }] });
  }
}

const FOLDERS = SUBMODULES.map(({ folder }) => `./src/${folder}`);

/** What holds for all code: lambda/ sees the contracts only, src/ never sees lambda/, and what is shared knows no submodule. */
const SHARED = [
  { target: './src', from: './lambda', message: 'src/ never imports lambda/' },
  { target: './lambda', from: './src', except: ['./private/contracts'], message: 'lambda/ imports src/private/contracts and nothing else of src/' },
  { target: ['./src/private', ...FOLDERS], from: './src/index.ts', message: 'the index comes last' },
  { target: './src/private', from: FOLDERS, message: 'shared code knows no submodule' },
  {
    target: ['./src/*.ts', ...FOLDERS, './src/private/*.ts', './src/private/!(handlers)/**/*'],
    from: './src/private/handlers/runtime.ts',
    message: 'a handler is a row of src/private/handlers/table.ts',
  },
  { target: './src/private/contracts', from: './src', except: ['./private/contracts'], message: 'contracts import nothing' },
  { target: './lambda/clients', from: './lambda', except: ['./clients', './shared'], message: 'a port stands with its adapter, in lambda/clients' },
  { target: './lambda/shared', from: './lambda', except: ['./shared'], message: 'what handlers share knows none of them' },
  { target: './lambda/spending', from: './lambda', except: ['./spending', './clients', './shared'], message: 'spending knows no kind of it' },
];

/** The layers of a submodule: vocabulary, of which workings are made, of which constructs are made. Facts are tables that all may read. */
function layersOf({ folder }: Submodule) {
  const own = `./src/${folder}`;
  const others = FOLDERS.filter(other => other !== own).map(other => `${other}/**/*`);
  return [
    { target: own, from: others, except: ['**/vocabulary/*'], message: 'submodules meet in vocabulary only' },
    { target: `${own}/**/vocabulary/*`, from: `${own}/**/*`, except: ['**/vocabulary/*', '**/private/facts/*'], message: 'vocabulary imports vocabulary and facts only' },
    { target: `${own}/**/vocabulary/*`, from: './src/private/handlers', message: 'vocabulary creates nothing' },
    { target: `${own}/private/**/*`, from: `${own}/**/*`, except: ['**/vocabulary/*', `**/${folder}/private/**/*`], message: 'workings never import constructs' },
    { target: `${own}/private/facts/*`, from: `${own}/**/*`, except: ['**/private/facts/*'], message: 'facts import facts only' },
    {
      target: `./lambda/${folder}`,
      from: './lambda',
      except: [`./${folder}`, './spending', './clients', './shared'],
      message: 'handlers meet in what they share',
    },
  ];
}
