/** Stands in for the SDK's own SHA-256 when handlers are bundled: the SDK takes it only where Node.js has none, and Lambda's has one. */
export class Sha256Js {
  public constructor() {
    throw new Error('this Node.js has no SHA-256');
  }
}
