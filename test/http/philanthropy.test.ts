// Philanthropy reports of a running service with a chain.

import { expect } from "chai";
import { makeReport, type Philanthropy, playPhilanthropy } from "../support/philanthropy.ts";

describe("a philanthropy report", function () {
  this.timeout(120_000);
  let played: Philanthropy;

  before(async () => {
    played = await playPhilanthropy();
  });
  after(() => played.service.stop());

  it("works", async () => {
    const { reportPhilanthropy } = await import("../../server/store/philanthropy.ts");
    await new Promise((r) => setTimeout(r, 2500));
    await reportPhilanthropy(played.service.sql, played.service.services.ledger.id, { from: BigInt(played.begun), upTo: BigInt(Math.floor(Date.now() / 1000)) });
    const made = await makeReport(played, played.begun);
    console.log(JSON.stringify(made, null, 1));
    expect(made.report.units).to.have.length(1);
  });
});
