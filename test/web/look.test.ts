import { openPage, keepPicture, PHONE, expectAccessible, expectNoOverflow } from "../support/browser.ts";
import { playedLedger } from "../support/played-ledger.ts";
describe("look", function () {
  this.timeout(180_000);
  it("looks", async () => {
    const played = await playedLedger();
    const gift = played.spent[1]!;
    for (const [language, size, dark] of [["en", undefined, false], ["zh-CN", PHONE, true], ["id", PHONE, false]] as const) {
      const open = await openPage(`${played.service.url}/r/${gift.id}#${gift.key}`, { language, dark, ...(size ? { size } : {}) });
      await open.page.locator(".verdict.valid").waitFor({ timeout: 20000 }).catch((e) => console.log(String(e).slice(0, 200)));
      await keepPicture(open.page, `look-${language}`);
      console.log(open.errors, [...open.hosts], played.service.rpcUrl);
      await expectAccessible(open.page).catch((e) => console.log(e.message));
      await expectNoOverflow(open.page).catch((e) => console.log(e.message));
      await open.page.getByRole("button").nth(6).textContent();
      await open.page.locator(".line-buttons .main").click();
      await open.page.waitForTimeout(800);
      await keepPicture(open.page, `look-own-${language}`);
      await open.close();
    }
  });
});
