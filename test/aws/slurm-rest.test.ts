import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SlurmRestd } from './slurm-rest';
import { REQUESTS, kept } from '../slurm/rest-requests';

/* The answers of a real slurmrestd, in front of a database without anything in it. */
const RECORDED = JSON.parse(readFileSync(join(__dirname, '..', 'slurm', 'rest-answers.json'), 'utf8')) as { readonly answers: object[] };

const fake = new SlurmRestd();
beforeAll(() => fake.reset());

test('what was recorded is what is asked', () => {
  expect(RECORDED.answers).toMatchObject(REQUESTS);
});

/* One after the other: each finds what those before it have left. */
test.each(REQUESTS.map((request, index) => [index + 1, request.method, request.path, request.body] as const))('%d: %s %s', (number, method, path, body) => {
  const { status, text } = fake.answer({ method, path: `/slurmdb/v0.0.43${path}`, headers: {}, body: body ? JSON.stringify(body) : '' });
  expect({ method, path, ...body && { body }, ...kept(status, text) }).toEqual(RECORDED.answers[number - 1]);
});
