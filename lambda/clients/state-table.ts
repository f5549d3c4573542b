import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { clientConfig } from './config';
import { asModelled } from './modelled';
import { STATE_EXPIRY, STATE_KEY } from '../../src/private/contracts/node-operations';

const REQUEST_MS = 5_000;
const ATTEMPTS = 8;

/** An item of the state of a remediation. Versions count its writes. */
export interface Versioned {
  readonly version: number;
  readonly json: string;
}

/** Where a remediation keeps its state. */
export interface StateStore {
  /** The item as it is after all writes that have been answered. */
  read(id: string): Promise<Versioned | undefined>;
  /** Writes an item where its version is still this one, 0 for one that isn't there; whether it did. */
  write(id: string, expectedVersion: number, json: string, expires: number): Promise<boolean>;
  /** Waits before a write is tried again. Real time where it isn't there. */
  pause?(milliseconds: number): Promise<void>;
}

/** State in a DynamoDB table: each item is a text with a version, and is written only where its version is the expected one. */
export function stateTable(tableName: string): StateStore {
  const client = asModelled(new DynamoDBClient(clientConfig({ attempts: ATTEMPTS, requestMs: REQUEST_MS })));
  return {
    read: async id => {
      const { Item: item } = await client.send(new GetItemCommand({
        TableName: tableName, Key: { [STATE_KEY]: { S: id } }, ConsistentRead: true,
      }));
      return item && { version: Number(item.version.N), json: item.json.S! };
    },
    write: async (id, expectedVersion, json, expires) => {
      try {
        await client.send(new PutItemCommand({
          TableName: tableName,
          Item: {
            [STATE_KEY]: { S: id },
            version: { N: String(expectedVersion + 1) },
            json: { S: json },
            [STATE_EXPIRY]: { N: String(expires) },
          },
          ...expectedVersion === 0
            ? { ConditionExpression: 'attribute_not_exists(id)' }
            : { ConditionExpression: 'version = :expected', ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } } },
        }));
        return true;
      } catch (error) {
        if ((error as Error).name === 'ConditionalCheckFailedException') { return false; }
        throw error;
      }
    },
  };
}
