import { knownOfNode } from './nodes';
import { NODE_FIELDS, PARAMETER_BYTES, type NodeField } from '../../../src/private/contracts/hyperpod-lookup';
import type { OutputWriter } from '../../clients/output-writer';
import { commaList, optionalText, text, type Properties } from '../../shared/coerce';
import { HandlerError, failureOf } from '../../shared/errors';
import { patiently } from '../../shared/reading';

/** Where a list is written to. */
export interface Output {
  readonly fields: readonly NodeField[];
  write(count: number, document: string, signal: AbortSignal): Promise<void>;
}

/** Understands where a list is to be written to, if it is. */
export function outputOf(input: Properties, writer: OutputWriter): Output | undefined {
  const parameter = optionalText(input, 'OutputParameterName');
  const bucket = optionalText(input, 'OutputBucketName');
  const wanted = commaList(input, 'OutputFields').map(knownOfNode);
  const fields = wanted.length > 0 ? wanted : NODE_FIELDS;
  if (parameter !== undefined) { return { fields, write: toParameter(writer, parameter, optionalText(input, 'OutputParameterTier') ?? 'Standard') }; }
  return bucket === undefined ? undefined : { fields, write: toObject(writer, bucket, text(input, 'OutputObjectKey')) };
}

function toParameter(writer: OutputWriter, name: string, tier: string): Output['write'] {
  const room = Object.hasOwn(PARAMETER_BYTES, tier) ? PARAMETER_BYTES[tier] : undefined;
  if (room === undefined) {
    throw new HandlerError('InvalidProperties', `unknown tier: ${tier}; known are ${Object.keys(PARAMETER_BYTES).join(', ')}`);
  }
  return async (count, document, signal) => {
    const bytes = Buffer.byteLength(document);
    if (bytes > room) {
      throw new HandlerError('OutputTooLarge', `the list of ${count} nodes has ${bytes} bytes, and a parameter of the tier ${tier} takes ${room}; `
        + 'choose fewer `fields`, look up one instance group, or write to an object of a bucket');
    }
    await written(`parameter ${name}`, signal, async () => patiently('PutParameter', signal, async () => writer.putParameter(name, document, tier, signal)));
  };
}

function toObject(writer: OutputWriter, bucket: string, key: string): Output['write'] {
  return async (_count, document, signal) => {
    await written(`object ${key} of bucket ${bucket}`, signal, async () =>
      patiently('PutObject', signal, async () => writer.putObject(bucket, key, document, signal)));
  };
}

/** Says what could not be written, since whoever reads of a failed look-up thinks of reading. */
async function written(what: string, signal: AbortSignal, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (signal.aborted) { throw error; }
    const { code, message } = failureOf(error);
    throw new HandlerError(code, `the list can't be written to ${what} (${code}: ${message})`);
  }
}
