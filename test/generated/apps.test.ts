import { App, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { BREAKERS } from './breakers';
import { build, recipes, revised, type Recipe } from './recipe';
import { violations } from '../aws/constraints';
import { createRequest, JUDGED_TYPES } from '../aws/resource-types';
import { ServiceModel } from '../aws/service-models';
import { SUBMODULES } from '../rules/catalogue';
import { judge, speaksOf } from '../rules/harness';

/** How many apps: few per push, and as many as the nightly run asks for. */
const VALID = Number(process.env.GENERATED_APPS ?? 20);
const WRONG = Math.ceil(VALID / 20);

const MODELS = process.env.AWS_SERVICE_MODELS;

const RULES = new Map(SUBMODULES.flatMap(({ rules }) => Object.values(rules)).map(rule => [rule.id, rule]));

/** The ids of the rules that an error speaks of. */
function idsIn(error: string | undefined): string[] {
  return [...new Set([...error?.matchAll(/\[(\w+\.\w+)\]/g) ?? []].map(([, id]) => id).filter(id => RULES.has(id)))];
}

test('an app that no rule objects to synthesizes', () => {
  fc.assert(fc.property(recipes, recipe => {
    expect(judge(stack => build(stack, recipe), true)).toEqual({ error: undefined, warnings: expect.any(Array) });
  }), { numRuns: VALID });
});

function template(recipe: Recipe): string {
  const app = new App({ analyticsReporting: false });
  build(new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } }), recipe);
  return JSON.stringify(app.synth().getStackByName('Stack').template);
}

test('the same app has the same template', () => {
  fc.assert(fc.property(recipes, recipe => { expect(template(recipe)).toBe(template(recipe)); }), { numRuns: 5 });
});

test('an app with other values has the same resources', () => {
  const resources = (recipe: Recipe) => Object.keys((JSON.parse(template(recipe)) as { Resources?: object }).Resources ?? {});
  fc.assert(fc.property(recipes.filter(({ slurm }) => slurm !== undefined), recipe => {
    const changed = revised(recipe);
    expect(judge(stack => build(stack, changed), true)).toMatchObject({ error: undefined });
    expect(resources(changed)).toEqual(resources(recipe));
    expect(template(changed)).not.toBe(template(recipe));
  }), { numRuns: 5 });
});

(MODELS ? test : test.skip)('what an app deploys satisfies the service models', () => {
  const models = new Map<string, ServiceModel>();
  let judged = 0;
  fc.assert(fc.property(recipes, recipe => {
    const app = new App({ analyticsReporting: false });
    build(new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } }), recipe);
    const { Resources = {} } = app.synth().getStackByName('Stack').template as { Resources?: Record<string, { Type: string; Properties: Record<string, unknown> }> };
    for (const [logicalId, { Type, Properties }] of Object.entries(Resources)) {
      if (!JUDGED_TYPES.includes(Type)) { continue; }
      const service = Type.split('::')[1].toLowerCase();
      if (!models.has(service)) { models.set(service, ServiceModel.read(MODELS!, service)); }
      const { request, shape } = createRequest(Type, { Name: 'generated', ...Properties }, models.get(service)!);
      expect({ logicalId, ...violations(request, shape) }).toEqual({ logicalId, broken: [], unknown: [] });
      judged++;
    }
  }), { numRuns: VALID });
  expect(judged).toBeGreaterThan(VALID / 2);
});

describe('an app in which one value is wrong is refused, or warned of, by the rule for it', () => {
  test.each(Object.entries(BREAKERS))('%s', (id, breakers) => {
    const rule = RULES.get(id)!;
    for (const breaker of breakers) {
      const wrong = recipes.map(recipe => breaker(recipe)).filter(recipe => recipe !== undefined);
      fc.assert(fc.property(wrong, recipe => {
        const verdict = judge(stack => build(stack, recipe), true);
        expect({ spoken: speaksOf(verdict, rule), errors: idsIn(verdict.error), verdict })
          .toMatchObject({ spoken: true, errors: rule.severity === 'error' ? [id] : [] });
      }), { numRuns: WRONG });
    }
  });
});
