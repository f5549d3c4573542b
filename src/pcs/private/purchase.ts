/** What a purchase option means for the node group and its launch template. */
export interface PurchaseTerms {
  readonly purchaseOption: string;
  /** Which rules apply. `other` is never judged. */
  readonly kind: 'onDemand' | 'spot' | 'capacityBlock' | 'interruptible' | 'other';
  readonly marketType?: string;
  readonly capacityReservationId?: string;
  readonly resourceGroupArn?: string;
  /** Whether the launch template names the instance type. */
  readonly namesInstanceType?: boolean;
  readonly instanceCount?: number;
  readonly availabilityZone?: string;
  readonly allocationStrategy?: string;
  readonly spotRole?: boolean;
}
