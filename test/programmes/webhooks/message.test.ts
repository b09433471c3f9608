// A message's name and when it is tried again.

import { expect } from "chai";
import fc from "fast-check";
import { sha256 } from "../../../server/hashing.ts";
import { kindsFor, WEBHOOK_KINDS } from "../../../server/programmes/webhooks/kinds.ts";
import { messageId, retryAfter } from "../../../server/programmes/webhooks/message.ts";
import { readSettings } from "../../../server/settings.ts";

describe("messages", () => {
  it("have the same name for the same happening, another for any other, and no point in it", () => {
    const names = WEBHOOK_KINDS.flatMap((kind) =>
      ["1", "2", "12"].map((key) => messageId(kind, key, sha256)),
    );
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name).to.match(/^msg_[0-9a-f]{32}$/);
    expect(messageId("payout.paid", "1", sha256)).to.equal(messageId("payout.paid", "1", sha256));
  });

  it("come again after longer and longer, at most a fifth later than said, nine times in three days, and then no more", () => {
    const schedule = readSettings({}).WEBHOOK_RETRY_SECONDS;
    expect(schedule).to.deep.equal(schedule.toSorted((a, b) => a - b));
    expect(schedule.at(0)).to.equal(5);
    expect(schedule.at(-1)).to.equal(86_400);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, drawn) => {
          const seconds = schedule[failures - 1] as number;
          expect(retryAfter(schedule, failures, drawn)).to.be.within(seconds, seconds * 1.2);
        },
      ),
    );
    expect(retryAfter(schedule, 10, 0)).to.equal(undefined);
  });

  it("of receipts are for merchants alone; everyone hears of batches", () => {
    expect(kindsFor("merchant")).to.include("receipt.recorded");
    for (const one of ["operator", "charity"] as const)
      expect(kindsFor(one)).not.to.include("receipt.recorded");
    for (const one of ["operator", "merchant", "charity"] as const)
      expect(kindsFor(one)).to.include("batch.anchored");
  });
});
