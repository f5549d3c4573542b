// A custom resource that does what its properties say, and writes down how CloudFormation called it.
const { appendFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');

function send(transport, url, options, body) {
  return new Promise((resolve, reject) => {
    const request = transport.request(url, options, response => {
      let text = '';
      response.on('data', chunk => { text += chunk; }).on('end', () => resolve(text));
    });
    request.on('error', reject).end(body);
  });
}

/** What CloudFormation says of the resource at this moment. */
async function ownStatus(event) {
  const query = new URLSearchParams({ Action: 'DescribeStackResource', StackName: event.StackId, LogicalResourceId: event.LogicalResourceId });
  const xml = await send(http, process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'authorization': 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=none',
    },
  }, query.toString());
  return /<ResourceStatus>(.*?)</.exec(xml)?.[1] ?? /<Message>(.*?)</.exec(xml)?.[1];
}

exports.handler = async event => {
  const { Log, Id, Value, Answer } = event.ResourceProperties;
  appendFileSync(Log, `${JSON.stringify({
    request: event.RequestType,
    resource: event.LogicalResourceId,
    id: event.PhysicalResourceId,
    value: Value,
    old: event.OldResourceProperties?.Value,
    status: await ownStatus(event),
  })}\n`);
  const answer = event.RequestType === 'Delete' ? 'SUCCESS' : Answer;
  if (answer === 'nothing') {
    return;
  }
  const body = JSON.stringify({
    Status: answer === 'FAILED' ? 'FAILED' : 'SUCCESS',
    Reason: 'asked to',
    PhysicalResourceId: answer === 'no id' ? undefined : Id ?? event.PhysicalResourceId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    Data: { Value: answer === 'too long' ? 'x'.repeat(4096) : Value },
  });
  await send(https, event.ResponseURL, { method: 'PUT', headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) } }, body);
};
