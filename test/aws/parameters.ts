import { check, type Shape, type Structure } from './constraints';
import { ServiceError, type Place } from './service';

const NAME: Shape = { type: 'string', min: 1, max: 2048 };

/** From the service model. */
const SHAPES: Record<string, Structure['members']> = {
  GetParameter: { 'Name!': NAME },
  GetParametersByPath: {
    'Path!': NAME,
    'MaxResults': { type: 'integer', min: 1, max: 10 },
    'NextToken': { type: 'string' },
  },
  PutParameter: {
    'Name!': NAME,
    'Value!': { type: 'string', min: 1, max: 4096 },
    'Type': { type: 'string', values: ['String', 'StringList', 'SecureString'] },
  },
};

/** Systems Manager Parameter Store as far as handlers call it: protocol AWS JSON 1.1, target `AmazonSSM.<operation>`. */
export class Parameters {
  /** Values by name. */
  public readonly values = new Map<string, string>();
  /** How many parameters an answer has at most. */
  public pageSize = 10;

  /** Answers a request. */
  public call(operation: string, input: Record<string, unknown>, place: Place): object {
    if (!Object.hasOwn(SHAPES, operation)) { throw new ServiceError('UnknownOperationException', ''); }
    check(input, { type: 'structure', members: SHAPES[operation] });
    switch (operation) {
      case 'PutParameter':
        return this.put(input);
      case 'GetParameter': {
        const name = input.Name as string;
        if (!this.values.has(name)) { throw new ServiceError('ParameterNotFound', ''); }
        return { Parameter: this.shown(name, place) };
      }
      default:
        return this.byPath(input, place);
    }
  }

  private put({ Name, Value, Type, Overwrite }: Record<string, unknown>): object {
    const name = Name as string;
    if (!/^[a-zA-Z0-9_.\-/]+$/.test(name) || (name.includes('/') && !name.startsWith('/')) || name.split('/').length > 16 || name.endsWith('/')) {
      throw new ServiceError('ValidationException', `Parameter name: can't be "${name}"`);
    }
    if (this.values.has(name)) {
      if (Overwrite !== true) { throw new ServiceError('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.'); }
    } else if (Type === undefined) {
      throw new ServiceError('ValidationException', 'A parameter type is required when you create a parameter.');
    }
    this.values.set(name, Value as string);
    return { Version: 1, Tier: 'Standard' };
  }

  private byPath({ Path, Recursive, MaxResults, NextToken }: Record<string, unknown>, place: Place): object {
    const path = (Path as string).replace(/\/*$/, '/');
    if (!path.startsWith('/')) { throw new ServiceError('ValidationException', 'The parameter path must begin with a slash.'); }
    const found = [...this.values.keys()].filter(name => name.startsWith(path) && (Recursive === true || !name.slice(path.length).includes('/'))).sort();
    const start = Number(NextToken ?? 0);
    const end = start + Math.min(MaxResults as number | undefined ?? 10, this.pageSize);
    return {
      Parameters: found.slice(start, end).map(name => this.shown(name, place)),
      NextToken: end < found.length ? String(end) : undefined,
    };
  }

  private shown(name: string, { account, region }: Place): object {
    return { Name: name, Type: 'String', Value: this.values.get(name), Version: 1, ARN: `arn:aws:ssm:${region}:${account}:parameter${name}`, DataType: 'text' };
  }
}
