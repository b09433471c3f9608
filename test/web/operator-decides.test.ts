// The operator's console where something waits for the operator: days of steps that are held, hours that were disputed twice,
// and messages to the operator's own systems that were not taken.

import { expect } from "chai";
import type { Page } from "playwright-core";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  LANGUAGES,
  type Look,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import {
  announce,
  asVolunteer,
  at,
  HOUR,
  type Organiser,
  openOrganiser,
  START,
  setClock,
} from "../support/hours.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, type Shop, wanted } from "../support/shop.ts";
import { dayOf, daysAgo } from "../support/steps.ts";
import { Receiver, withStatus } from "../support/webhook-receiver.ts";

const YESTERDAY = daysAgo(1);
/** Six hours on end, as a machine makes them. */
const ROCKED = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 14 ? 6_500 + hour * 31 : 0));
const SETTINGS = { PUBLIC_URL: "", WEBHOOK_RETRY_SECONDS: "0,0", WEBHOOK_TIMEOUT_MS: "2500" };

describe("the operator's console, where something waits for the operator", function () {
  this.timeout(120_000);
  let service: TestService;
  let shop: Shop;
  let organiser: Organiser;
  let receiver: Receiver;
  let people = 0;

  before(async () => {
    service = await startTestService({ chain: true, settings: SETTINGS });
    shop = await openShop(service);
    organiser = await openOrganiser(service);
    receiver = await new Receiver().start();
  });
  after(async () => {
    await service.stop();
    await receiver.stop();
  });

  const get = (path: string) => wanted(200, call(`${service.url}${path}`, { key: service.operatorKey }));
  const post = (path: string, body: object = {}, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });

  async function hold(): Promise<{ id: string; appeal: string; person: string }> {
    const person = `walker-${++people}`;
    const body = dayOf(person, YESTERDAY, { charity: shop.charities[0], hours: ROCKED });
    return { ...(await wanted(202, post("/v1/steps", body, shop.merchantKey))), person };
  }
  const object = (appeal: string, text: string) => wanted(200, post(appeal, { text }, shop.merchantKey));
  const decide = (id: string, accept: boolean, reason: string) =>
    wanted(200, post(`/v1/steps/held/${id}/decision`, { accept, reason }));

  /** Three hours, of which the organiser counts one, or less by seconds; the volunteer has disputed it twice. */
  async function dispute(title: string, less = 0) {
    const { id } = await announce(service, organiser, { title });
    const path = `/v1/activities/${id}`;
    setClock(service, START - HOUR);
    const { key, volunteer } = await wanted(
      201,
      call(`${service.url}${path}/sign-ups`, { body: { displayName: "Mei" } }),
    );
    const own = (step: string, reason: string) =>
      wanted(
        200,
        call(`${service.url}${path}/attendance/${step}`, { headers: asVolunteer(key), body: { reason } }),
      );
    const named = (step: string, body: object) =>
      wanted(200, post(`${path}/attendances/${volunteer}/${step}`, body, organiser.key));
    setClock(service, START + 5 * HOUR);
    const hour = { checkIn: at(START + less), checkOut: at(START + HOUR) };
    await named("by-hand", { ...hour, reason: "the code did not work" });
    await named("confirmation", {});
    await own("dispute", "I stayed for three hours");
    await named("decision", { ...hour, reason: "nobody saw you" });
    await own("dispute", "Mr Li saw me; I am on his pictures");
    setClock(service, undefined);
    return { volunteer, decision: `${path}/attendances/${volunteer}/decision` };
  }

  async function openConsole(look: Look = {}) {
    const opened = await openPage(`${service.url}/operator`, look);
    await opened.page.locator(".key-form input").fill(service.operatorKey);
    await opened.page.locator(".key-form button").click();
    await opened.page.locator(".held-steps h2").waitFor();
    await opened.page.locator(".webhooks h2").waitFor();
    return opened;
  }

  /** Takes a decision up to the question whether it is meant. */
  async function choose(page: Page, id: string, way: "Accept …" | "Reject …", reason: string) {
    const card = page.locator(`[data-held="${id}"]`);
    await card.locator("textarea").fill(reason);
    await card.getByRole("button", { name: way }).click();
    await page.getByRole("dialog").waitFor();
    return page.getByRole("dialog");
  }

  it("says so where no day waits and no endpoint is told", async () => {
    const { page, close } = await openConsole({ size: PHONE });
    await page.getByText("No day waits for you.").waitFor();
    await page.getByText("No dispute waits for you.").waitFor();
    await page.getByText("No endpoint is told of anything").waitFor();
    await close();
  });

  describe("days of steps that are held", () => {
    it("are shown with who, when, how many and why, and with what was objected", async () => {
      const { id, appeal, person } = await hold();
      await object(appeal, "I ran a race of six hours along the sea.");
      const { page, errors, close } = await openConsole({ size: PHONE });
      const card = page.locator(`[data-held="${id}"]`);
      await card.waitFor();
      const text = await card.textContent();
      const steps = ROCKED.reduce((sum, one) => sum + one, 0).toLocaleString("en");
      expect(text).to.contain(person).and.contain(steps).and.contain(shop.charities[0]);
      expect(text).to.contain("As a machine that shakes a phone").and.contain("6000 steps an hour");
      expect(text).to.contain("I ran a race of six hours");
      expect(await card.getByRole("img").getAttribute("aria-label")).to.contain("6 hours of the day");
      expect(await card.getByRole("button", { name: "Accept …" }).isDisabled()).to.equal(true);
      await expectAccessible(page);
      await expectNoOverflow(page);
      expect(errors).to.deep.equal([]);
      await close();
      await decide(id, false, "a machine");
    });

    it("are accepted once that is confirmed: recorded, and it is said with the receipt", async () => {
      const { id, person } = await hold();
      const { page, close } = await openConsole();
      const dialog = await choose(page, id, "Accept …", "It was a race");
      expect(await dialog.textContent())
        .to.contain(person)
        .and.contain("It was a race");
      await expectAccessible(page);
      await keepPicture(page, "operator-held-confirm-1280");
      await dialog.getByRole("button", { name: "Accept" }).click();
      const said = page.locator(".held-steps .said");
      await said.waitFor();
      expect(await said.textContent())
        .to.contain(person)
        .and.contain("accepted. Recorded: 40,953 steps");
      await page.locator(".held-steps .said:focus").waitFor();
      expect(await page.locator(`[data-held="${id}"]`).count()).to.equal(0);
      expect(await get(`/v1/steps/held/${id}`)).to.include({ state: "recorded" });
      await keepPicture(page, "operator-held-accepted-1280");
      await said.getByRole("link").click();
      await page.waitForURL(/\/r\/0x[0-9a-f]{32}$/);
      await close();
    });

    it("are rejected with a reason; Escape leads back with what was written", async () => {
      const { id } = await hold();
      const { page, close } = await openConsole({ size: PHONE });
      await choose(page, id, "Reject …", "No person walks so");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      expect(await get(`/v1/steps/held/${id}`)).to.include({ state: "held" });
      expect(await page.locator(`[data-held="${id}"] textarea`).inputValue()).to.equal("No person walks so");
      await page.locator(`[data-held="${id}"]`).getByRole("button", { name: "Reject …" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Reject" }).click();
      await page.getByText("rejected. It gives nothing.").waitFor();
      const { state, decision } = await get(`/v1/steps/held/${id}`);
      expect([state, decision.reason]).to.deep.equal(["rejected", "No person walks so"]);
      await close();
    });

    it("say so where somebody else was first, and change nothing", async () => {
      const { id } = await hold();
      const { page, close } = await openConsole();
      const dialog = await choose(page, id, "Accept …", "It was a race");
      await decide(id, false, "a machine");
      await dialog.getByRole("button", { name: "Accept" }).click();
      await page.getByText("somebody else has decided it meanwhile").waitFor();
      expect(await page.locator(`[data-held="${id}"]`).count()).to.equal(0);
      expect(await get(`/v1/steps/held/${id}`)).to.include({ state: "rejected" });
      await close();
    });

    it("say so in their row where there is no connection, and keep what was written", async () => {
      const { id } = await hold();
      const { page, context, close } = await openConsole({ size: PHONE });
      const dialog = await choose(page, id, "Accept …", "It was a race");
      await context.route(/\/decision$/, (route) => route.abort());
      await dialog.getByRole("button", { name: "Accept" }).click();
      const card = page.locator(`[data-held="${id}"]`);
      await card.getByRole("alert").waitFor();
      expect(await card.getByRole("alert").textContent()).to.contain("not certain that this was done");
      expect(await card.locator("textarea").inputValue()).to.equal("It was a race");
      await expectAccessible(page);
      await keepPicture(page, "operator-held-offline-360");
      await context.unroute(/\/decision$/);
      await card.getByRole("button", { name: "Accept …" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Accept" }).click();
      await page.locator(".held-steps .said").waitFor();
      await close();
    });

    it("whose acceptance was cut off are recorded when they are told to be", async () => {
      const { id } = await hold();
      await service.sql`
        UPDATE held_steps SET state = 'accepted', decision = 'a race', decided_at = now() WHERE number = ${id}`;
      const { page, close } = await openConsole();
      const card = page.locator(`[data-held="${id}"]`);
      expect(await card.textContent()).to.contain("but not recorded yet");
      await card.getByRole("button", { name: "Record it now" }).click();
      await page.locator(".held-steps .said").waitFor();
      expect(await get(`/v1/steps/held/${id}`)).to.include({ state: "recorded" });
      await close();
    });

    it("that are many are read page by page", async () => {
      const days = await Promise.all(Array.from({ length: 21 }, hold));
      const { page, close } = await openConsole();
      await page.locator(".held-day").nth(19).waitFor();
      expect(await page.locator(".held-day").count()).to.equal(20);
      await page.getByRole("button", { name: "Earlier days" }).click();
      await page.locator(".held-day").nth(20).waitFor();
      await Promise.all(days.map(({ id }) => decide(id, false, "a machine")));
      await close();
    });
  });

  describe("hours that were disputed twice", () => {
    it("are shown with what each side says, and decided once that is confirmed", async () => {
      const { volunteer } = await dispute("Planting reeds");
      const { page, errors, close } = await openConsole({ size: PHONE });
      const card = page.locator(`[data-dispute="${volunteer}"]`);
      await card.waitFor();
      expect(await card.textContent())
        .to.contain("Planting reeds · Mei")
        .and.contain("Mr Li saw me")
        .and.contain("nobody saw you")
        .and.contain("1\u00a0h");
      await card.getByLabel("Left").fill(at(START + 4 * HOUR).slice(0, 16));
      await card.locator("textarea").fill("Seen on the pictures");
      await expectAccessible(page);
      await expectNoOverflow(page);
      await card.getByRole("button", { name: "Decide …" }).click();
      const dialog = page.getByRole("dialog");
      expect(await dialog.textContent())
        .to.contain("Planting reeds · Mei")
        .and.contain("Seen on the pictures")
        .and.contain("5:00");
      await dialog.getByRole("button", { name: "Decide" }).click();
      await page.getByText("Planting reeds, Mei: decided. 3.5 h count.").waitFor();
      expect((await get("/v1/disputes")).items).to.deep.equal([]);
      // With its clock moved the service is late with its batches, and says so with 503, which a browser notes.
      expect(errors.filter((error) => !error.includes("503"))).to.deep.equal([]);
      await close();
    });

    it("count what was counted, to the second, where the times are left as they are; a year has four digits", async () => {
      const { volunteer } = await dispute("Counting birds", 1);
      const { page, errors, close } = await openConsole();
      const card = page.locator(`[data-dispute="${volunteer}"]`);
      await card.locator("textarea").fill("The organiser is right");
      await card.getByText(/0\.9\sh/).waitFor();
      await card.getByLabel("Left").focus();
      await page.keyboard.type("0906202511");
      expect(await card.getByLabel("Left").inputValue()).to.match(/^2025-09-06T/);
      await card.getByLabel("Left").fill(at(START + HOUR).slice(0, 16));
      await card.getByRole("button", { name: "Decide …" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Decide" }).click();
      await page.getByText("Counting birds, Mei: decided. 0.9 h count.").waitFor();
      expect(errors.filter((error) => !error.includes("503"))).to.deep.equal([]);
      await close();
    });

    it("say so where somebody else was first, or where the times cannot be", async () => {
      const { volunteer, decision } = await dispute("Carrying water");
      const { page, close } = await openConsole();
      const card = page.locator(`[data-dispute="${volunteer}"]`);
      await card.locator("textarea").fill("I believe it");
      await card.getByLabel("Left").fill(at(START - HOUR).slice(0, 16));
      await card.getByRole("button", { name: "Decide …" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Decide" }).click();
      await card.getByText("cannot be before they came").waitFor();
      expect(await card.locator("textarea").inputValue()).to.equal("I believe it");
      await card.getByLabel("Left").fill(at(START + HOUR).slice(0, 16));
      await card.getByRole("button", { name: "Decide …" }).click();
      const hour = { checkIn: at(START), checkOut: at(START + HOUR), reason: "as the organiser says" };
      await wanted(200, post(decision, hour));
      await page.getByRole("dialog").getByRole("button", { name: "Decide" }).click();
      await page.getByText("somebody else has decided it meanwhile").waitFor();
      expect(await card.count()).to.equal(0);
      await close();
    });
  });

  describe("endpoints of the operator", () => {
    const HOOKS = "/v1/webhooks";
    let id: string;

    beforeEach(async () => {
      receiver.manner = withStatus(503);
      ({ id } = await wanted(201, post(HOOKS, { url: receiver.url, events: ["payout.paid"] })));
    });
    afterEach(() => service.sql`DELETE FROM webhooks`);

    /** Has so many messages given up. */
    async function giveUp(many: number): Promise<void> {
      for (let sent = 0; sent < many; sent++) await wanted(200, post(`${HOOKS}/${id}/test`));
      await eventually("dead letters", async () => (await dead()).length === many);
    }
    const dead = async () => (await get(`${HOOKS}/${id}/dead-letters`)).items;

    it("that take nothing say since when, and each message why it was given up; one is sent again, then all", async () => {
      await giveUp(3);
      const { page, close } = await openConsole({ size: PHONE });
      const card = page.locator(`[data-webhook="${id}"]`);
      const letters = card.locator(".dead-letters li");
      await letters.nth(2).waitFor();
      expect(await card.textContent())
        .to.contain("Has taken no message since")
        .and.contain("it answered with 503")
        .and.contain("tried 3 times");
      await expectAccessible(page);
      await expectNoOverflow(page);
      receiver.manner = withStatus(204);
      const before = receiver.came.length;
      await letters.first().getByRole("button").click();
      await card.getByText("One message is on its way again.").waitFor();
      await eventually("the one", () => receiver.came.length === before + 1);
      await card.getByRole("button", { name: "Send all again" }).click();
      await card.getByText("2 messages are on their way again.").waitFor();
      await eventually("all", async () => (await dead()).length === 0 && receiver.came.length === before + 3);
      await card.locator(".well").waitFor();
      await card.getByText("No message was given up.").waitFor();
      await keepPicture(page, "operator-replayed-360");
      await close();
    });

    it("that are disabled say why, and are told again once they are enabled", async () => {
      await giveUp(1);
      receiver.manner = withStatus(410);
      await wanted(200, post(`${HOOKS}/${id}/test`));
      await eventually("disabled", async () => (await get(HOOKS)).items[0].disabledAt !== null);
      const { page, close } = await openConsole();
      const card = page.locator(`[data-webhook="${id}"]`);
      await card.getByText("it wants no more messages").waitFor();
      await card.getByRole("button", { name: "Send all again" }).click();
      await card.getByText("Enable it first, then send again.").waitFor();
      expect(await dead()).to.have.length(1);
      await expectAccessible(page);
      await keepPicture(page, "operator-disabled-1280");
      receiver.manner = withStatus(204);
      await card.getByRole("button", { name: "Enable it again" }).click();
      await card.getByText("Enabled: messages are on their way again.").waitFor();
      await card.getByRole("button", { name: "Send all again" }).click();
      await card.getByText("One message is on its way again.").waitFor();
      expect((await get(HOOKS)).items[0]).to.include({ disabledAt: null, disabledReason: null });
      await close();
    });

    it("say so where there is no connection, or they were removed meanwhile", async () => {
      await giveUp(1);
      const { page, context, close } = await openConsole();
      const card = page.locator(`[data-webhook="${id}"]`);
      const again = card.getByRole("button", { name: "Send all again" });
      await again.waitFor();
      await context.route(/\/replay$/, (route) => route.abort());
      await again.click();
      await card.getByRole("alert").waitFor();
      expect(await card.getByRole("alert").textContent()).to.contain("The service does not answer");
      await context.unroute(/\/replay$/);
      await wanted(200, post(`${HOOKS}/${id}/removal`));
      await again.click();
      await card.waitFor({ state: "detached" });
      expect(await page.locator("h1").textContent()).to.equal("Operator's console");
      await close();
    });

    it("of merchants are not shown", async () => {
      const theirs = { url: receiver.url, events: ["receipt.recorded"] };
      await wanted(201, post(HOOKS, theirs, shop.merchantKey));
      const { page, close } = await openConsole();
      await page.locator(".webhook").waitFor();
      expect(await page.locator(".webhook").count()).to.equal(1);
      await close();
    });
  });

  describe("all of it", () => {
    let waiting: { id: string; appeal: string }[];

    before(async () => {
      waiting = await Promise.all([hold(), hold()]);
      const [first] = waiting as [{ id: string; appeal: string }];
      await decide(first.id, false, "No person walks so evenly");
      await object(first.appeal, "I ran a race of six hours along the sea. Here is my time: 5:58:12.");
      await dispute("Planting reeds at the river");
      receiver.manner = withStatus(503);
      const { id } = await wanted(201, post("/v1/webhooks", { url: receiver.url, events: ["payout.paid"] }));
      for (let sent = 0; sent < 2; sent++) await wanted(200, post(`/v1/webhooks/${id}/test`));
      await eventually(
        "dead letters",
        async () => (await get(`/v1/webhooks/${id}/dead-letters`)).items.length === 2,
      );
    });

    for (const language of LANGUAGES)
      it(`is complete for whoever reads ${language}`, async () => {
        const { page, hosts, close } = await openConsole({ language, size: PHONE });
        await page.locator(".held-day .appeal").waitFor();
        await page.locator(".dispute").waitFor();
        await page.locator(".dead-letters li").first().waitFor();
        await expectAccessible(page);
        await expectNoOverflow(page);
        await keepPicture(page, `operator-decides-${language}-360`);
        await page.setViewportSize(DESK);
        await expectNoOverflow(page);
        await keepPicture(page, `operator-decides-${language}-1280`);
        expect([...hosts]).to.deep.equal([new URL(service.url).host]);
        await close();
      });

    it("can be read in the dark", async () => {
      const { page, close } = await openConsole({ dark: true, size: PHONE });
      await page.locator(".held-day .appeal").waitFor();
      await page.locator(".dead-letters li").first().waitFor();
      await expectAccessible(page);
      await keepPicture(page, "operator-decides-en-360-dark");
      await close();
    });

    it("says of each part that there is no connection, and lets it be tried again", async () => {
      const { page, context, close } = await openPage(`${service.url}/operator`);
      const parts = /\/v1\/(steps\/held|disputes|webhooks)/;
      await context.route(parts, (route) => route.abort());
      await page.locator(".key-form input").fill(service.operatorKey);
      await page.locator(".key-form button").click();
      await page.locator(".held-steps .failed").waitFor();
      await page.locator(".disputes .failed").waitFor();
      await page.locator(".webhooks .failed").waitFor();
      await context.unroute(parts);
      await page.locator(".held-steps").getByRole("button", { name: "Try again" }).click();
      await page.locator(".held-day").first().waitFor();
      await close();
    });
  });
});
