// Of every programme something, in a service that is backed up and goes; and another on what is restored. What it answers is
// what the first one answered, and what had been done is not done again. The rows themselves are compared in backup.test.ts.

import { rm } from "node:fs/promises";
import { expect } from "chai";
import { restoreDatabase } from "../../scripts/backup/put-back.ts";
import { takeBackup } from "../../scripts/backup/take.ts";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { closeNow } from "../../server/jobs/seal.ts";
import { connect } from "../../server/store/database.ts";
import { type Answer, call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { announce, asVolunteer, at, HOUR, openOrganiser, setClock } from "../support/hours.ts";
import { makeReport, type Philanthropy, playPhilanthropy } from "../support/philanthropy.ts";
import { emptyDatabase } from "../support/postgres.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { purchaseOf, wanted } from "../support/shop.ts";
import { dayOf } from "../support/steps.ts";
import { ROCKED, YESTERDAY } from "../support/steps-acts.ts";
import { Receiver, withStatus } from "../support/webhook-receiver.ts";

const SETTINGS = {
  ...{ PUBLIC_URL: "https://gifts.example", PROVE_EVERY_SECONDS: "0", SETTLE_EVERY_SECONDS: "0" },
  ...{ PROMISE_KEY: `0x${"07".repeat(32)}`, WEBHOOK_RETRY_SECONDS: "0" },
};
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const EVENTS = ["batch.anchored", "payout.paid", "payout.acknowledged", "disbursement.published"];
/** Longer than any job waits before it looks again for what is due. */
const LOOKED_AGAIN_MS = 3_000;
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What is asked of a service: a path, and whom the question comes from. */
type Question = readonly [path: string, headers?: Record<string, string>];

describe("a service that is restored with all its programmes", function () {
  this.timeout(180_000);
  let folder: string;
  let file: string;
  let played: Philanthropy;
  /** The one that runs now. */
  let service: TestService;
  let receiver: Receiver;
  let refusing: Receiver;
  let questions: Question[];
  let answers: Answer["body"][];
  /** What a walker's platform told, and its receipt. */
  let walk: { body: object; receipt: string };
  let held: string;
  let deadHook: string;
  let taken: string[];

  const post = (path: string, body: object, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });
  const asOperator = () => ({ Authorization: `Bearer ${service.operatorKey}` });
  const ask = ([path, headers]: Question) =>
    wanted(200, call(`${service.url}${path}`, { headers: headers ?? {} }));
  const askAll = () => Promise.all(questions.map(ask));

  before(async () => {
    folder = await freshDataDir();
    [receiver, refusing] = await Promise.all([new Receiver().start(), new Receiver().start()]);
    refusing.manner = withStatus(500);
    played = await playPhilanthropy(SETTINGS);
    service = played.service;
    questions = [["/v1/lines"], ["/v1/overview/days?unit=CNY"], ["/v1/webhooks", asOperator()]];
    const hook = (url: string) => wanted(201, post("/v1/webhooks", { url, events: EVENTS }));
    await hook(receiver.url);
    deadHook = (await hook(refusing.url)).id;
    questions.push([`/v1/webhooks/${deadHook}/dead-letters`, asOperator()]);
    await volunteer();
    await campaign();
    await walkForPool();
    await report();
    await closeNow(service.sql);
    await quiet();
    file = (await takeBackup(service.sql, { to: folder, operatorKey: Buffer.from(service.operatorKey) }))
      .file;
    answers = await askAll();
    taken = receiver.came.map(({ id }) => id);
    await service.stop();
    service = await restoredService();
  });
  after(async () => {
    await service.stop();
    await Promise.all([receiver.stop(), refusing.stop(), rm(folder, { recursive: true })]);
  });

  /** One whose hours are recorded, and one who disputes them. */
  async function volunteer(): Promise<void> {
    const organiser = await openOrganiser(service);
    const start = Math.floor(Date.now() / 1000) - 6 * HOUR;
    const times = { startsAt: at(start), endsAt: at(start + 4 * HOUR), pauses: [] };
    const { id } = await announce(service, organiser, times);
    questions.push([`/v1/activities/${id}`]);
    const stay = { checkIn: at(start), checkOut: at(start + 3 * HOUR), reason: "no phone" };
    for (const end of ["agreement", "dispute"]) {
      setClock(service, start - HOUR);
      const signUp = call(`${service.url}/v1/activities/${id}/sign-ups`, { body: {} });
      const { key, volunteer } = await wanted(201, signUp);
      setClock(service, undefined);
      const named = (step: string, body: object) =>
        wanted(200, post(`/v1/activities/${id}/attendances/${volunteer}/${step}`, body, organiser.key));
      await named("by-hand", stay);
      await named("confirmation", {});
      const headers = asVolunteer(key);
      const body = end === "dispute" ? { reason: "I stayed on" } : {};
      await wanted(200, call(`${service.url}/v1/activities/${id}/attendance/${end}`, { headers, body }));
      const year = new Date(start * 1000).getUTCFullYear();
      for (const own of ["attendances", `years/${year}`])
        questions.push([`/v1/volunteers/me/${own}`, headers]);
    }
    questions.push([`/v1/activities/${id}/attendances`, { Authorization: `Bearer ${organiser.key}` }]);
  }

  async function campaign(): Promise<void> {
    const goals = [{ what: "money", unit: "CNY", amount: "100000" }];
    const body = { id: "week", title: "A week", startsAt: inDays(-1), endsAt: inDays(1), goals };
    const { merchant } = played.shown;
    await wanted(201, post("/v1/campaigns", { ...body, merchants: [merchant] }));
    await wanted(201, post("/v1/purchases", purchaseOf(merchant, "week-1", { completedAt: inDays(0) })));
    questions.push(["/v1/campaigns"], ["/v1/campaigns/week"], ["/v1/campaigns/week/batches"]);
  }

  /** A walk that a sponsor pays for, one that is held, and one that is refused. */
  async function walkForPool(): Promise<void> {
    const { registration: charity, key } = played.shown;
    const [starts, ends] = [inDays(-1), inDays(1)];
    const rate = { steps: "5000", amount: "100" };
    const terms = { sponsor: "Tea", charity, currency: "CNY", rate, startsAt: starts, endsAt: ends };
    const { id } = await wanted(201, post("/v1/pools", terms));
    await wanted(200, post(`/v1/pools/${id}/acceptance`, {}, key));
    await wanted(201, post(`/v1/pools/${id}/funding`, { amount: "5000", reference: "F-1" }));
    await closeNow(service.sql);
    const platform = played.shown.merchant;
    const tell = (person: string, given: object = {}) => {
      const body = { platform, ...dayOf(person, YESTERDAY, { charity, ...given }) };
      return post("/v1/steps", body).then((answer) => ({ body, answer }));
    };
    const { body, answer } = await tell("walker");
    walk = { body, receipt: (await wanted(201, Promise.resolve(answer))).receipts[0].id };
    held = (await tell("rocker", { hours: ROCKED })).answer.body.id;
    const refused = (await tell("another", { hours: ROCKED.map((steps) => steps && steps + 9) })).answer.body
      .id;
    await wanted(200, post(`/v1/steps/held/${refused}/decision`, { accept: false, reason: "a machine" }));
    await closeNow(service.sql);
    const conversions: Question = [`/v1/receipts/${walk.receipt}/conversions`];
    await eventually("the walk is paid for", async () => (await ask(conversions)).items.length > 0);
    questions.push(conversions, ["/v1/pools"], [`/v1/pools/${id}`], ["/v1/steps/counts", asOperator()]);
    questions.push(["/v1/steps/held", asOperator()], ["/v1/steps/rules"]);
  }

  async function report(): Promise<void> {
    const { hash } = await makeReport(played, played.begun);
    questions.push(["/v1/philanthropy-reports"], [`/v1/philanthropy-reports/${hash}`]);
  }

  /** All is sealed, anchored and told, or refused for the last time. */
  async function quiet(): Promise<void> {
    await eventually("everything is anchored, counted and told", async () => {
      const [left] = await service.sql<{ left: bigint }[]>`
        SELECT (SELECT count(*) FROM commits) + (SELECT count(*) FROM batches WHERE state <> 'final')
          + (SELECT count(*) FROM webhook_messages WHERE due_at IS NOT NULL)
          + (SELECT count(*) FROM webhook_events WHERE told_at IS NULL) AS left`;
      return left?.left === 0n;
    });
  }

  async function restoredService(): Promise<TestService> {
    const database = await emptyDatabase();
    const sql = connect(database.url, 2);
    const { operatorKey } = await restoreDatabase(file, sql);
    await sql.end();
    return startTestService({
      chain: true,
      settings: SETTINGS,
      restored: { database, operatorKey: `${operatorKey}` },
    });
  }

  it("answers every question about them as before", async () => {
    await quiet();
    const now = await askAll();
    for (const [index, [path]] of questions.entries()) expect(now[index], path).to.deep.equal(answers[index]);
  });

  it("converts nothing a second time, and tells nobody what he has taken", async () => {
    expect(taken).to.have.length.above(3);
    expect(new Set(taken).size).to.equal(taken.length);
    await sleep(LOOKED_AGAIN_MS);
    await quiet();
    expect(receiver.came.map(({ id }) => id)).to.deep.equal(taken);
    const now = await askAll();
    for (const [index, [path]] of questions.entries()) expect(now[index], path).to.deep.equal(answers[index]);
  });

  it("goes on where the first one stood: the same is the same receipt, what waited is decided, what comes is new", async () => {
    const again = await wanted(200, post("/v1/steps", walk.body));
    expect(again.receipts[0].id).to.equal(walk.receipt);
    const decided = await wanted(
      200,
      post(`/v1/steps/held/${held}/decision`, { accept: true, reason: "a race" }),
    );
    await closeNow(service.sql);
    const conversions: Question = [`/v1/receipts/${decided.receipts[0].id}/conversions`];
    await eventually("the held walk is paid for", async () => (await ask(conversions)).items.length > 0);
    const gifts = (await ask(conversions)).items;
    const [[before], [after]] = [answers, await askAll()].map(
      (all) => all[questions.findIndex(([path]) => path === "/v1/pools")].items,
    );
    const paid = gifts.reduce((sum: bigint, { amount }: { amount: string }) => sum + BigInt(amount), 0n);
    expect(BigInt(after.used)).to.equal(BigInt(before.used) + paid);
  });

  it("tells a dead letter under its old name when it is asked to", async () => {
    await closeNow(service.sql);
    await quiet();
    const died = new Set(refusing.came.map(({ id }) => id));
    const begun = refusing.came.length;
    refusing.manner = withStatus(204);
    const { replayed } = await wanted(200, post(`/v1/webhooks/${deadHook}/replay`, {}));
    expect(replayed).to.equal(died.size);
    await eventually("all of them", () => refusing.came.length >= begun + replayed);
    expect(new Set(refusing.came.slice(begun, begun + replayed).map(({ id }) => id))).to.deep.equal(died);
  });
});
