import type { IncomingHttpHeaders } from 'node:http';
import * as fc from 'fast-check';
import { MARKS } from './marks';
import type { Fault } from '../../aws/faults';
import { LAMBDA_CREDENTIALS } from '../../driver/secrets';

/** A megabyte, and a little more. */
const HUGE = 1_100_000;

/** What is said in errors, by services, proxies and libraries that don't keep to themselves what they were told. */
const TEXTS: Readonly<Record<string, (headers: IncomingHttpHeaders) => string>> = {
  'a few words': () => 'no',
  'the canonical request': headers => `The request signature does not match.\n\nThe Canonical String should have been\n'POST\n/\n\n${lines(headers)}'`,
  'the canonical request after a carriage return': headers => `does not match\r${lines(headers)}`,
  'the authorization': headers => `Authorization header requires 'Signature' parameter. Authorization=${headers.authorization}`,
  'the token': headers => `The security token ${headers['x-amz-security-token']} is not valid`,
  'the token, escaped': headers => `not valid: X-Amz-Security-Token=${encodeURIComponent(String(headers['x-amz-security-token']))}&Action=X`,
  'the token of Slurm': headers => `Authentication failure: ${headers['x-slurm-user-token']} isn't valid`,
  'all headers': headers => `refused: ${JSON.stringify(headers)}`,
  'the credentials': () => `can't sign with ${JSON.stringify(LAMBDA_CREDENTIALS)}`,
  'very much, and the token': headers => `${'x'.repeat(HUGE)} ${headers['x-amz-security-token']}`,
  'the token where it is cut': headers => `${'x'.repeat(1_900)} ${headers['x-amz-security-token']} ${'y'.repeat(HUGE)}`,
};

function lines(headers: IncomingHttpHeaders): string {
  return Object.entries(headers).map(([name, value]) => `${name}:${String(value)}`).join('\n');
}

const CODES: readonly (readonly [status: number, code: string])[] = [
  [400, 'ValidationException'], [403, 'InvalidSignatureException'], [400, 'AccessDeniedException'], [400, 'ResourceNotFound'],
  [400, 'ConflictException'], [400, 'ThrottlingException'], [500, 'InternalFailure'], [503, 'ServiceUnavailable'],
];

/** What becomes of an answer. */
const ANSWERS: Readonly<Record<string, (answer: string) => string>> = {
  'the page of a proxy': () => '<html>Bad Gateway</html>',
  'nothing': () => '',
  'null': () => 'null',
  'a number': () => '42',
  'a list': () => `["${MARKS.nextToken}"]`,
  'half of it': answer => withMore(answer).slice(0, Math.ceil(withMore(answer).length / 2)),
  'it, with a hole': answer => withMore(answer).replace(MARKS.nextToken.slice(0, 16), '$&\n'),
  'it, with more in it': withMore,
  'it, with very much in it': answer => withMore(answer).replace(MARKS.nextToken, `${MARKS.nextToken}${'z'.repeat(HUGE)}`),
  'it, with long texts': answer => answer.replace(/":"([^"]{1,60})"/g, (_whole, text: string) => `":"${text.repeat(500)}"`),
  'it, with objects for texts': answer => answer.replace(/":"(?!arn:)[^"]*"/g, `":{"hidden":"${MARKS.property}"}`),
  'it, with texts for numbers': answer => answer.replace(/":-?[\d.]+/g, '":"some"'),
};

/** The answer with the token of a next page, and with members of which nobody knows. */
function withMore(answer: string): string {
  return answer.startsWith('{')
    ? answer.replace('{', `{"NextToken":"${MARKS.nextToken}","nextToken":"${MARKS.nextToken}","Internal":{"Key":"${MARKS.property}"},`)
    : answer.replace(/(<\/\w+Result>|<\/DescribeInstancesResponse>)/, `<nextToken>${MARKS.nextToken}</nextToken><internal>${MARKS.property}</internal>$1`);
}

type MakeFault = (headers: IncomingHttpHeaders) => Fault | undefined;

const OF_CONNECTIONS: Readonly<Record<string, MakeFault>> = {
  'nothing': () => undefined,
  'a throttle': () => ({ kind: 'throttle' }),
  'a reset': () => ({ kind: 'reset' }),
  'a reset after its effect': () => ({ kind: 'reset', accepted: true }),
  'silence': () => ({ kind: 'silence' }),
};

const ERRORS = Object.fromEntries(CODES.flatMap(([status, code]) => Object.entries(TEXTS).map(([said, text]) => {
  const make: MakeFault = headers => ({ kind: 'error', status, code, message: text(headers), members: { request: { headers } } });
  return [`${code} with ${said}`, make];
})));

const WRONG_ANSWERS = Object.fromEntries(Object.entries(ANSWERS).map(([what, body]) => {
  const make: MakeFault = () => ({ kind: 'garbage', body });
  return [`an answer that is ${what}`, make];
}));

/** What a request can meet, by a name that says it. */
export const FAULTS: Readonly<Record<string, MakeFault>> = { ...OF_CONNECTIONS, ...ERRORS, ...WRONG_ANSWERS };

/** One of all, each kind as often as the others. */
export const ANY_FAULT = fc.oneof(...[OF_CONNECTIONS, ERRORS, WRONG_ANSWERS].map(faults => fc.constantFrom(...Object.keys(faults))));
