// Asks of a function that it refuses with one code. No other helper lives here.

import { expect } from "chai";
import type { AmanahError } from "../../server/errors.ts";

type Family = abstract new (...given: never[]) => AmanahError;

/** Fails unless `work` throws an error of the family with the code; answers that error. */
export function expectRefusal(work: () => unknown, family: Family, code: string): AmanahError {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(family);
    expect((error as AmanahError).code).to.equal(code);
    return error as AmanahError;
  }
  throw new Error(`nothing was refused; wanted ${code}`);
}
