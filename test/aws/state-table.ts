import { ServiceError } from './service';

/** An item as it goes over the wire: `{ "id": { "S": "…" } }`. */
type Item = Record<string, { readonly S?: string; readonly N?: string }>;

interface Put {
  readonly TableName: string;
  readonly Item: Item;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Item;
}

/** DynamoDB as far as the state of a remediation needs it: reads by key, and writes under the two conditions that it makes. */
export class StateTables {
  public readonly items = new Map<string, Item>();
  /** Writes whose condition held, by the key of their item. */
  public readonly writes: string[] = [];
  /** Called before each write: what happens between the read and the write of somebody else. */
  public beforeWrite?: (id: string) => void;

  public clear(): void {
    this.items.clear();
    this.writes.length = 0;
    this.beforeWrite = undefined;
  }

  /** Answers a request. */
  public call(operation: string, input: Record<string, unknown>): object {
    switch (operation) {
      case 'GetItem': return this.getItem(input);
      case 'PutItem': return this.putItem(input);
      default: throw new ServiceError('UnknownOperationException', '');
    }
  }

  private getItem(input: Record<string, unknown>): object {
    const { TableName, Key, ConsistentRead } = input as { TableName: string; Key: Item; ConsistentRead?: boolean };
    if (ConsistentRead !== true) { throw new ServiceError('ValidationException', 'a decision must not be made on an old read'); }
    const item = this.items.get(key(TableName, Key));
    return item ? { Item: item } : {};
  }

  private putItem(input: Record<string, unknown>): object {
    const { TableName, Item: item, ConditionExpression: condition, ExpressionAttributeValues: values } = input as unknown as Put;
    this.beforeWrite?.(item.id.S!);
    const before = this.items.get(key(TableName, item));
    if (!holds(condition, before, values)) { throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed'); }
    this.items.set(key(TableName, item), item);
    this.writes.push(item.id.S!);
    return {};
  }
}

function key(table: string, { id }: Item): string {
  if (id?.S === undefined) { throw new ServiceError('ValidationException', 'The provided key element does not match the schema'); }
  return `${table}/${id.S}`;
}

function holds(condition: string | undefined, before: Item | undefined, values: Item | undefined): boolean {
  switch (condition) {
    case undefined: return true;
    case 'attribute_not_exists(id)': return before === undefined;
    case 'version = :expected': return before?.version.N === values?.[':expected'].N;
    default: throw new ServiceError('ValidationException', `Invalid ConditionExpression: ${condition}`);
  }
}
