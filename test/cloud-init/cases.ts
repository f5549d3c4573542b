import { Fn, Stack, aws_ec2 as ec2, App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../src/pcs';
import { clusterIn, nodes } from '../pcs/fixture';

/* Writes user data as launch templates of node groups have it, and the parts that cloud-init has to find in it. */

type Part = readonly [type: string, body: string];

const SCRIPT = '#!/bin/bash\necho us-east-1\n';
const MIME = [
  'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="x"', '', '--x', 'Content-Type: text/cloud-config', '', 'packages: [jq]', '--x',
  'Content-Type: text/x-shellscript', '', '#!/bin/bash', 'echo ${AWS::Region}', '--x--', '',
].join('\n');
const PARTS: Part[] = [['text/cloud-config', 'packages: [jq]'], ['text/x-shellscript', SCRIPT.trim()]];
const SHELL = 'text/x-shellscript';

function own(): ec2.UserData {
  const parts = new ec2.MultipartUserData();
  const script = ec2.UserData.forLinux();
  script.addCommands('echo us-east-1');
  parts.addUserDataPart(script);
  return parts;
}

function commands(): ec2.UserData {
  const script = ec2.UserData.forLinux();
  script.addCommands('echo us-east-1');
  return script;
}

const CASES: Record<string, [ec2.UserData, Part[]]> = {
  'parts': [ec2.UserData.custom(MIME.replace('${AWS::Region}', 'us-east-1')), PARTS],
  'parts by Fn::Sub, indented': [ec2.UserData.custom(Fn.sub(`\n  ${MIME}`)), PARTS],
  'parts by Fn::Join': [ec2.UserData.custom(Fn.join('', ['\n', MIME.split('${AWS::Region}')[0], Fn.ref('AWS::Region'), MIME.split('${AWS::Region}')[1]])), PARTS],
  'a script': [ec2.UserData.custom(SCRIPT), [[SHELL, SCRIPT.trim()]]],
  'a script by Fn::Sub': [ec2.UserData.custom(Fn.sub('\n#!/bin/bash\necho ${AWS::Region}')), [[SHELL, SCRIPT.trim()]]],
  'a script beyond ASCII': [ec2.UserData.custom('#!/bin/bash\necho für 研究'), [[SHELL, '#!/bin/bash\necho für 研究']]],
  'a script with the boundary in it': [ec2.UserData.custom('#!/bin/bash\necho --+AWS+CDK+User+Data+Separator=='), [[SHELL, '#!/bin/bash\necho --+AWS+CDK+User+Data+Separator==']]],
  'a script with a line of 1,200 characters': [ec2.UserData.custom(`#!/bin/bash\necho ${'x'.repeat(1200)}`), [[SHELL, `#!/bin/bash\necho ${'x'.repeat(1200)}`]]],
  'commands of the EC2 module': [commands(), [[SHELL, SCRIPT.trim()]]],
  'a configuration': [ec2.UserData.custom('#cloud-config\npackages: [jq]'), [['text/cloud-config', '#cloud-config\npackages: [jq]']]],
  'a hook': [ec2.UserData.custom('#cloud-boothook\necho hi'), [['text/cloud-boothook', '#cloud-boothook\necho hi']]],
  'a template of cloud-init': [ec2.UserData.custom('## template: jinja\n#cloud-config\nx: 1'), [['text/jinja2', '## template: jinja\n#cloud-config\nx: 1']]],
  'parts of the EC2 module': [own(), [[SHELL, SCRIPT.trim()]]],
};

/** What CloudFormation makes of a value. */
function played(value: any): string {
  if (typeof value === 'string') { return value; }
  const [[name, given]] = Object.entries<any>(value);
  switch (name) {
    case 'Ref': return 'us-east-1';
    case 'Fn::Base64': return Buffer.from(played(given)).toString('base64');
    case 'Fn::Join': return given[1].map(played).join(given[0]);
    case 'Fn::Sub': return played(given).replaceAll('${AWS::Region}', 'us-east-1');
    default: throw new Error(`nothing plays ${name}`);
  }
}

function rendered(userData: ec2.UserData): string {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ launch: pcs.NodeLaunch.managed({ userData }) }));
  const [template] = Object.values(Template.fromStack(stack).findResources('AWS::EC2::LaunchTemplate'));
  return played(template.Properties.LaunchTemplateData.UserData['Fn::Base64']);
}

const rendering = Object.entries(CASES).map(([name, [userData, parts]]) => [name, { text: rendered(userData), parts }]);
process.stdout.write(JSON.stringify(Object.fromEntries(rendering)));
