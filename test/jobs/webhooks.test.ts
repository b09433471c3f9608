// Messages to other systems where timing matters: what the job believes to be due, and what has meanwhile become of it.

import { expect } from "chai";
import { tellAlways } from "../../server/jobs/webhooks/tell.ts";
import type { Database } from "../../server/store/database.ts";
import { addWebhook, askTest } from "../../server/store/webhooks.ts";
import { eventually } from "../support/eventually.ts";
import { silent } from "../support/service.ts";
import { openTestStore, type TestStore } from "../support/store.ts";
import { Receiver, withStatus } from "../support/webhook-receiver.ts";

describe("a message that ends while the next look at what is due is under way", () => {
  let store: TestStore;
  let receiver: Receiver;
  let endpoint: bigint;
  const stopping = new AbortController();

  before(async () => {
    store = await openTestStore();
    receiver = await new Receiver().start();
    const made = await addWebhook(store.sql, {
      ...{ role: "merchant", subject: "shop-1", charity: null, url: receiver.url },
      ...{ kinds: ["receipt.recorded"], secret: Buffer.alloc(32, 1) },
    });
    endpoint = made!.id;
  });
  after(async () => {
    await receiver.stop();
    await store.close();
  });

  it("is not sent again, although that look still saw it", async () => {
    let answer: () => void = () => {};
    receiver.manner = (response, n) => {
      answer = () => withStatus(204)(response, n);
    };
    await askTest(store.sql, endpoint, "1");
    const waiting = async () => (await store.sql`SELECT FROM webhook_messages`).length;
    let looks = 0;
    const sql = heldLooks(store.sql, async () => {
      looks++;
      if (looks !== 2) return;
      await eventually("the message on its way", () => receiver.came.length === 1);
      answer();
      await eventually("the message taken", async () => (await waiting()) === 0);
    });
    const teller = { sql, log: silent, demonstration: true, schedule: [0], timeoutMs: 60_000 };
    const telling = tellAlways(teller, stopping.signal);
    await eventually("a look after that", () => looks >= 4);
    stopping.abort();
    await telling;
    expect(receiver.came).to.have.length(1);
  });
});

/** A database whose answers to what is due come only after something else has happened. */
function heldLooks(sql: Database, happen: () => Promise<void>): Database {
  return new Proxy(sql, {
    apply(target, self, args) {
      const query = Reflect.apply(target, self, args);
      if (!`${args[0]}`.includes("WHERE due_at <= now()")) return query;
      return (async () => {
        const seen = await query;
        await happen();
        return seen;
      })();
    },
  });
}
