// What every refusal must be: a 4xx problem document (RFC 9457) of the stated form.

import { expect } from "chai";
import type { Answer } from "./client.ts";

/** Fails unless the answer is a problem of this status and code; answers with its document. */
export function expectProblem(
  { status, headers, body }: Answer,
  wanted: number,
  code: string,
): Answer["body"] {
  expect([status, body.type], JSON.stringify(body)).to.deep.equal([wanted, `urn:amanah:problem:${code}`]);
  expect(headers.get("content-type")).to.match(/^application\/problem\+json/);
  expect(body).to.include({ status: wanted });
  expect(body.title).to.be.a("string").that.is.not.empty;
  expect(body.detail).to.be.a("string").that.is.not.empty;
  expect(JSON.stringify(body), "nothing of our insides").not.to.match(
    /node_modules|\bat .+:\d+:\d+|SELECT|INSERT/,
  );
  return body;
}

/** Fails unless the answer names the field at fault, what was wanted and what came. */
export function expectFieldProblem(answer: Answer, field: string, came?: string): void {
  expect(answer.status, JSON.stringify(answer.body)).to.be.within(400, 499);
  const { errors = [answer.body], detail } = answer.body;
  const error = errors.find((one: { field: string }) => one.field === field);
  expect(error, `names ${field}: ${JSON.stringify(answer.body)}`).not.to.equal(undefined);
  expect(error.wanted).to.be.a("string").that.is.not.empty;
  expect(detail).to.contain(`${field}: wanted `).and.to.contain("came ");
  if (came !== undefined) expect(error.came).to.equal(came);
}
