import { clientConfig } from './config';
import { allOf } from './paging';
import { PutParameterCommand, SSMClient, paginateGetParametersByPath } from './ssm';

const ATTEMPTS = 6;
/** The most that a page can have. */
const PAGE = 10;

/** A store of records that are written once: the ledger of purchases, and the claims on clusters. */
export interface RecordStore {
  /** Writes a record that isn't there yet. `false`: there is one, which stays as it is. */
  put(name: string, value: string): Promise<boolean>;
  /** All records under a path, by name, from all pages. */
  readAll(path: string): Promise<ReadonlyMap<string, string>>;
}

/** Records as parameters of SSM, which never changes one that is there unless it is told to. */
export function parameterRecords(): RecordStore {
  const ssm = new SSMClient(clientConfig({ attempts: ATTEMPTS }));
  return {
    put: async (name, value) => {
      try {
        const { Version } = await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: false }));
        return Version === 1; // any other version is one of a record that was there
      } catch (error) {
        if ((error as Error).name === 'ParameterAlreadyExists') { return false; }
        throw error;
      }
    },
    readAll: async path => {
      const pages = paginateGetParametersByPath({ client: ssm, pageSize: PAGE }, { Path: path, Recursive: true });
      const parameters = await allOf(pages, page => page.Parameters);
      return new Map(parameters.map(({ Name = '', Value = '' }) => [Name, Value]));
    },
  };
}
