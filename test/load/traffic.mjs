// What the fake saw while it was under load, in figures.

/** Watches the requests that come to a fake. A subject is what one custom resource asks about. */
export class Traffic {
  #began = Date.now();
  #subjects = new Map();
  #operations = new Map();
  #open = 0;
  mostOpen = 0;

  constructor(fake, subjectOf) {
    fake.onRequest = seen => {
      const subject = subjectOf(seen);
      const operation = this.#operations.get(seen.operation) ?? { requests: 0, throttles: 0 };
      this.#operations.set(seen.operation, operation);
      operation.requests++;
      if (seen.fault === 'throttle') { operation.throttles++; }
      if (subject === undefined) { return; }
      const known = this.#subjects.get(subject) ?? { first: Date.now(), requests: 0, throttles: 0, answers: 0 };
      if (known.requests === 0) {
        this.#subjects.set(subject, known);
        this.mostOpen = Math.max(this.mostOpen, ++this.#open);
      }
      known.requests++;
      if (seen.fault === 'throttle') {
        known.throttles++;
      } else {
        known.answers++;
        known.last = Date.now();
        if (known.answers === 1) { this.#open--; }
      }
    };
  }

  /** Requests and throttles of an operation. */
  of(operation) {
    return this.#operations.get(operation) ?? { requests: 0, throttles: 0 };
  }

  get operations() {
    return [...this.#operations.keys()].sort();
  }

  get subjects() {
    return [...this.#subjects.values()];
  }

  /** How often each subject was asked about again. */
  get retries() {
    return this.subjects.map(({ requests }) => requests - 1);
  }

  /** From the first request about a subject to the one that was answered, in seconds. */
  get durations() {
    return this.subjects.filter(({ last }) => last !== undefined).map(({ first, last }) => (last - first) / 1000);
  }

  get seconds() {
    return (Date.now() - this.#began) / 1000;
  }
}

export const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
export const most = values => Math.max(0, ...values);
