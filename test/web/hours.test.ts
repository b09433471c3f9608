// The pages of volunteer time in a real browser: from the list to a check-in with the code at the door, the organiser's desk,
// and the volunteer's own year, in three languages and at both widths.

import { expect } from "chai";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  type OpenPage,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { announce, at, HOUR, type Organiser, openOrganiser } from "../support/hours.ts";
import { startTestService, type TestService } from "../support/service.ts";

describe("the pages of volunteer time", function () {
  this.timeout(120_000);
  let service: TestService;
  let organiser: Organiser;
  let activity: string;

  before(async () => {
    service = await startTestService({ settings: { PUBLIC_URL: "" } });
    organiser = await openOrganiser(service);
    const now = Math.floor(Date.now() / 1000);
    const times = { startsAt: at(now - HOUR / 2), endsAt: at(now + 2 * HOUR), pauses: [] };
    activity = (await announce(service, organiser, times)).id;
  });
  after(() => service.stop());

  const look = async ({ page }: OpenPage, name: string) => {
    await expectNoOverflow(page);
    await expectAccessible(page);
    await keepPicture(page, `hours-${name}`);
  };

  it("let someone sign up, check in and out with the code that the organiser shows, and see it confirmed", async () => {
    const volunteer = await openPage(`${service.url}/activities`, { size: PHONE });
    const desk = await openPage(`${service.url}/activities/${activity}/organiser`, {
      size: DESK,
      dark: true,
    });
    try {
      const { page } = volunteer;
      await page.getByRole("link", { name: "Planting reeds at the river" }).waitFor();
      await look(volunteer, "list");
      await page.getByRole("link", { name: "Planting reeds at the river" }).click();
      await page.getByLabel("How may the organiser call you?").fill("Ana");
      await look(volunteer, "activity");
      await page.getByRole("button", { name: "Sign up" }).click();
      await page.getByText("Signed up.").waitFor();

      await desk.page.getByLabel("The charity's API key").fill(organiser.key);
      await desk.page.getByRole("button", { name: "Open" }).click();
      await desk.page.getByRole("img", { name: /QR code/ }).waitFor();
      await desk.page.getByRole("heading", { name: "Ana" }).waitFor();
      await look(desk, "organiser");

      await page.goto(await linkNow());
      await page.getByRole("button", { name: "Check in" }).click();
      await page.getByText("Checked in.").waitFor();
      await look(volunteer, "door");
      await page.goto(`${service.url}/hours/${activity}#000000000000000000000000`);
      await page.getByRole("button", { name: "Check out" }).click();
      await page.getByText("This code is too old").waitFor();
      await page.goto(await linkNow());
      await page.getByRole("button", { name: "Check out" }).click();
      await page.getByText("Checked out").waitFor();

      await desk.page.getByRole("button", { name: "Confirm" }).click();
      await desk.page.getByText("Waiting for your answer.").waitFor();
      await page.goto(`${service.url}/hours`);
      await page.getByRole("button", { name: "That is right" }).waitFor();
      await look(volunteer, "mine");
      await page.getByLabel("If not: what is wrong?").fill("I was there from the start");
      await page.getByRole("button", { name: "Dispute" }).click();
      await page.getByText("Disputed; the organiser decides.").waitFor();
      await desk.page.getByLabel("Reason").waitFor({ timeout: 30_000 });
      // The browser tells of each refused request by itself: the volunteer who had not signed up, and the code that was too old.
      expect(volunteer.errors.filter((error) => !/status of (403|404)/.test(error))).to.deep.equal([]);
      expect(desk.errors).to.deep.equal([]);
    } finally {
      await volunteer.close();
      await desk.close();
    }
  });

  const linkNow = async (): Promise<string> => {
    const answer = await fetch(`${service.url}/v1/activities/${activity}/code`, {
      headers: { Authorization: `Bearer ${organiser.key}` },
    });
    return ((await answer.json()) as { link: string }).link;
  };

  it("speak Indonesian and Chinese, and say so when this browser knows no volunteer, or there is no such activity", async () => {
    const said = {
      id: "Peramban ini belum mengenal relawan.",
      "zh-CN": "这个浏览器里还没有志愿者。",
    } as const;
    for (const language of ["id", "zh-CN"] as const) {
      const opened = await openPage(`${service.url}/hours`, {
        language,
        size: language === "id" ? PHONE : DESK,
      });
      try {
        await opened.page.getByText(said[language]).waitFor();
        await look(opened, `stranger-${language}`);
        await opened.page.goto(`${service.url}/activities/${activity}`);
        await opened.page.locator(".facts").waitFor();
        await look(opened, `activity-${language}`);
        await opened.page.goto(`${service.url}/activities/0x${"00".repeat(32)}`);
        await opened.page.locator("section.state").waitFor();
      } finally {
        await opened.close();
      }
    }
  });
});
