import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { RequestHandler } from './http';
import { asModelled } from './modelled';
import { STATE_EXPIRY, STATE_KEY } from '../../src/private/contracts/node-operations';
import type { StateStore } from '../hyperpod/node-operations/ports';

const REQUEST_MS = 5_000;
const CONNECT_MS = 3_000;
const ATTEMPTS = 8;

/** State in a DynamoDB table: each item is a text with a version, and is written only where its version is the expected one. */
export function stateTable(tableName: string): StateStore {
  const client = asModelled(new DynamoDBClient({
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    requestHandler: new RequestHandler({ connectMs: CONNECT_MS, requestMs: REQUEST_MS }),
  }));
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
