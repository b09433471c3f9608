// The families of errors, shared by every room. A family tells what the caller can do; a code names the case.
// Status codes do not live here: only `http` knows them.

/** A JSON value that an error carries for the caller: the field at fault, what was wanted, what came. */
export type ErrorFacts = Readonly<Record<string, unknown>>;

/** The base of the families that are told to callers. `code` is stable, kebab-case, and documented in the API. */
export abstract class AmanahError extends Error {
  readonly code: string;
  readonly facts: ErrorFacts;

  constructor(code: string, message: string, facts: ErrorFacts = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.facts = facts;
  }
}

/** What was given is wrong and stays wrong: name the thing, what was wanted and what came. */
export class InputError extends AmanahError {}

/** The thing named does not exist here. */
export class NotFoundError extends AmanahError {}

/** What was given contradicts what is already recorded. */
export class ConflictError extends AmanahError {}

/** Who asks is not known, or may not. */
export class ForbiddenError extends AmanahError {}

/** Not now: the same request may succeed later. `retryAfterSeconds` says when to try. */
export class UnavailableError extends AmanahError {
  readonly retryAfterSeconds: number;

  constructor(code: string, message: string, retryAfterSeconds: number, facts: ErrorFacts = {}) {
    super(code, message, facts);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A receipt, proof or statement does not prove what it claims. `code` is the reason. */
export class VerificationError extends AmanahError {}

/** Our own bug, or storage that changed under us: the job stops, the caller learns nothing of it. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
