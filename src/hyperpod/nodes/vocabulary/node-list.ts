import { Token } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { checked } from '../../../private/inputs/checked';

/** Ids of nodes: those of their instances, or their logical ids. */
@checked('hyperpod.NodeList')
export class NodeList {
  /** Ids that are known at synthesis. */
  public static of(...ids: string[]): NodeList {
    return new NodeList(undefined, ids);
  }

  /**
   * The list at a path of the input of a state whose query language is JSONPath.
   *
   * @param path The path, such as `$.detail.nodes`
   */
  public static fromJsonPathAt(path: string): NodeList {
    return new NodeList('JSONPath', sfn.JsonPath.listAt(path));
  }

  /**
   * The list that an expression makes, in a state whose query language is JSONata.
   *
   * @param expression The expression in its marks, such as `{% $states.input.nodes %}`
   */
  public static fromJsonata(expression: string): NodeList {
    return new NodeList('JSONata', expression);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.NodeList';

  private constructor(
    /** @internal */
    public readonly _language: 'JSONPath' | 'JSONata' | undefined,
    /** @internal */
    public readonly _ids: string[] | string,
  ) {}

  /**
   * The ids that are known at synthesis.
   *
   * @internal
   */
  public get _known(): string[] {
    return this._isKnown ? this._ids as string[] : [];
  }

  /**
   * Whether the ids are known at synthesis, as far as their number goes.
   *
   * @internal
   */
  public get _isKnown(): boolean {
    return this._language === undefined && !Token.isUnresolved(this._ids);
  }
}

/** A node by one of its ids. */
@checked('hyperpod.ClusterNode')
export class ClusterNode {
  /**
   * The node that has an instance.
   *
   * @param instanceId Such as `i-0123456789abcdef0`, or what `JsonPath.stringAt()` or a JSONata expression stands for
   */
  public static ofInstanceId(instanceId: string): ClusterNode {
    return new ClusterNode('NodeId', instanceId);
  }

  /**
   * The node of a logical id, which stays when its instance is replaced. Only clusters that provision continuously have them.
   *
   * @param logicalId The id, or what `JsonPath.stringAt()` or a JSONata expression stands for
   */
  public static ofLogicalId(logicalId: string): ClusterNode {
    return new ClusterNode('NodeLogicalId', logicalId);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.ClusterNode';

  private constructor(
    /** @internal */
    public readonly _idKind: 'NodeId' | 'NodeLogicalId',
    /** @internal */
    public readonly _id: string,
  ) {}
}
