import { LAMBDA_CREDENTIALS } from '../../driver/secrets';

/** Texts that are found again wherever they come to light. No two have a piece in common. */
export const MARKS = {
  /** In properties that handlers have no use for, in tags and in descriptions. */
  property: 'zq7Property5uN4vLx9TgWb2RkEo8Ymd',
  /** Where the next page of a list begins. */
  nextToken: 'hK3nextPage0vJq6XwZa1FtRcUy7GpSi',
  /** In the names of the secrets that AWS PCS keeps for Slurm. */
  slurmKey: 'Bd9slurmAuth4oMe2QlVn6HzCj5TwAxr',
};

/** A piece of so many characters gives a secret away. */
const PIECE = 12;

/** Looks for secrets in texts. */
export class Secrets {
  private readonly pieces = new Map<string, string>();

  public constructor(all: Readonly<Record<string, string>>) {
    for (const [name, secret] of Object.entries(all)) {
      for (const form of new Set([secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])) {
        for (let at = 0; at + PIECE <= form.length; at++) { this.pieces.set(form.slice(at, at + PIECE), name); }
      }
    }
  }

  /** The names of those of which a piece is in a text. */
  public in(text: string): string[] {
    const found = new Set<string>();
    for (const [piece, name] of this.pieces) {
      if (text.includes(piece)) { found.add(name); }
    }
    return [...found];
  }
}

/** What is secret in every invocation. */
export const ALWAYS: Readonly<Record<string, string>> = { ...LAMBDA_CREDENTIALS, ...MARKS };
