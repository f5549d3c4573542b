import { ParameterAlreadyExists, PutParameterCommand, SSMClient, paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import { RequestHandler } from './http';
import { asModelled } from './modelled';
import type { LedgerStore } from '../training-plan/ports';

const CONNECT_MS = 3_000;
const REQUEST_MS = 10_000;
const ATTEMPTS = 6;
/** The most that a page can have. */
const PAGE = 10;

/** Records as parameters of SSM, which never changes one that is there unless it is told to. */
export function ssmLedger(): LedgerStore {
  const ssm = asModelled(new SSMClient({
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    requestHandler: new RequestHandler({ connectMs: CONNECT_MS, requestMs: REQUEST_MS }),
  }));
  return {
    put: async (name, value) => {
      try {
        const { Version } = await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: false }));
        return Version === 1; // any other version is one of a record that was there
      } catch (error) {
        if (error instanceof ParameterAlreadyExists) { return false; }
        throw error;
      }
    },
    readAll: async path => {
      const records = new Map<string, string>();
      for await (const page of paginateGetParametersByPath({ client: ssm, pageSize: PAGE }, { Path: path, Recursive: true })) {
        for (const { Name, Value } of page.Parameters ?? []) { records.set(Name ?? '', Value ?? ''); }
      }
      return records;
    },
  };
}
