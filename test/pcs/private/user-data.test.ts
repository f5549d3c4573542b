import { CfnCondition, Fn, Stack, Token, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../../src/pcs';
import { clusterIn, concreteStack, nodes } from '../fixture';

const MIME = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/cloud-config\n\npackages: [jq]\n--x--\n';

/** The user data of a node group, as its launch template has it before it is encoded. */
function rendered(make: (stack: Stack) => string | ec2.UserData): any {
  const stack = concreteStack();
  const made = make(stack);
  const userData = typeof made === 'string' ? ec2.UserData.custom(made) : made;
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ launch: pcs.NodeLaunch.managed({ userData }) }));
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::EC2::LaunchTemplate'));
  return resource.Properties.LaunchTemplateData.UserData['Fn::Base64'];
}

/** The content type and the body of the only part of a text that is known. */
function partOf(text: string): { type: string; encoding: string; body: string } {
  const [, boundary] = /boundary="([^"]+)"/.exec(text)!;
  const [, part, end] = text.split(`--${boundary}`);
  expect(end).toBe('--\n');
  const [header, ...body] = part.trimStart().split('\n\n');
  return {
    type: /^Content-Type: (.*)$/m.exec(header)![1],
    encoding: /^Content-Transfer-Encoding: (.*)$/m.exec(header)![1],
    body: body.join('\n\n').replace(/\n$/, ''),
  };
}

describe('text that has parts is passed on as it is, without white space in front', () => {
  test.each<[string, string, unknown]>([
    ['a text', `\n  ${MIME}`, MIME],
    ['Fn::Sub', Fn.sub(`\n${MIME}\${AWS::Region}`), { 'Fn::Sub': `${MIME}\${AWS::Region}` }],
    ['Fn::Sub with variables', Fn.sub(`\n${MIME}\${Name}`, { Name: 'x' }), { 'Fn::Sub': [`${MIME}\${Name}`, { Name: 'x' }] }],
    ['a variable with the header', Fn.sub('${Header}\n\nx', { Header: 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"' }),
      { 'Fn::Sub': ['${Header}\n\nx', { Header: 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"' }] }],
    ['Fn::Join', Fn.join('', ['\n\n', MIME, Fn.ref('AWS::Region')]), { 'Fn::Join': ['', [MIME, { Ref: 'AWS::Region' }]] }],
    ['Fn::Select', Fn.select(1, ['x', MIME]), MIME],
    ['Fn::Sub in Fn::Join', Fn.join('', ['\n', Fn.sub(`\n${MIME}`), Fn.ref('AWS::Region')]), { 'Fn::Join': ['', [{ 'Fn::Sub': MIME }, { Ref: 'AWS::Region' }]] }],
  ])('%s', (_name, text, expected) => {
    expect(rendered(() => text)).toEqual(expected);
  });

  test('what is known at deployment', () => {
    expect(rendered(() => Fn.importValue('UserData'))).toEqual({ 'Fn::ImportValue': 'UserData' });
  });
});

describe('what has no parts becomes one', () => {
  test.each([
    ['a script', '#!/bin/bash\necho hi', 'text/x-shellscript; charset="utf-8"'],
    ['a script that speaks of parts', '#!/bin/bash\necho MIME-Version: 1.0', 'text/x-shellscript; charset="utf-8"'],
    ['commands', 'echo hi', 'text/x-shellscript; charset="utf-8"'],
    ['a configuration', '#cloud-config\npackages: [jq]', 'text/cloud-config; charset="utf-8"'],
    ['an archive of configurations', '#cloud-config-archive\n- type: text/cloud-config', 'text/cloud-config-archive; charset="utf-8"'],
    ['a hook', '#cloud-boothook\necho hi', 'text/cloud-boothook; charset="utf-8"'],
    ['a list of addresses', '#include\nhttps://example.com/a', 'text/x-include-url; charset="utf-8"'],
    ['a template of cloud-init', '## template: jinja\n#cloud-config\n', 'text/jinja2; charset="utf-8"'],
  ])('%s', (_name, text, type) => {
    expect(partOf(rendered(() => `\n${text}`))).toEqual({ type, encoding: '7bit', body: text });
  });

  test('a script with values of the deployment', () => {
    const { 'Fn::Join': [, parts] } = rendered(() => Fn.sub('\n#!/bin/bash\necho ${AWS::Region}'));
    expect(parts).toEqual([
      expect.stringContaining('Content-Type: text/x-shellscript; charset="utf-8"'),
      { 'Fn::Sub': '#!/bin/bash\necho ${AWS::Region}' },
      expect.stringMatching(/^\n--.*--\n$/),
    ]);
  });

  test('text beyond ASCII is encoded', () => {
    const { 'Fn::Join': [, parts] } = rendered(() => '#!/bin/bash\necho "für alle"');
    expect(parts[0]).toContain('Content-Transfer-Encoding: base64');
    expect(parts[1]).toEqual({ 'Fn::Base64': '#!/bin/bash\necho "für alle"' });
  });

  test('each side of a condition is what it is', () => {
    const { 'Fn::If': [condition, script, parts] } = rendered(stack => {
      const { logicalId } = new CfnCondition(stack, 'Condition');
      return Token.asString(Fn.conditionIf(logicalId, '#!/bin/bash\necho hi', MIME));
    });
    expect(condition).toBe('Condition');
    expect(partOf(script)).toMatchObject({ body: '#!/bin/bash\necho hi' });
    expect(parts).toBe(MIME);
  });
});

test('13 KB of ASCII take little more room than they have', () => {
  const text = `#!/bin/bash\n${'x'.repeat(13_000)}`;
  expect(rendered(() => text).length).toBeLessThan(text.length + 400);
});
