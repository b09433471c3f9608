// Times and days as the pages write them, and as the browser's own inputs do.

import { expect } from "chai";
import { dayText, localTime, timeTold } from "../../server/web/units/time.ts";

describe("times on the pages", () => {
  it("are of the day that was told, in whatever time zone the reader is", () => {
    expect(dayText("2026-09-01", "en")).to.equal("Sep 1, 2026");
    expect(dayText("2026-01-01", "id")).to.equal("1 Jan 2026");
    expect(dayText("2026-12-31", "zh-CN")).to.equal("2026年12月31日");
  });

  it("come back from an input to the minute", () => {
    for (const told of ["2026-09-01T00:00:00.000Z", "2026-03-29T12:59:00.000Z"])
      expect(timeTold(localTime(told), "2026-01-01T00:00:00Z")).to.equal(told);
  });

  it("stay as they were told, to the second, where nobody has changed the input", () => {
    const told = "2026-09-01T09:00:50Z";
    expect(timeTold(localTime(told), told)).to.equal(told);
    expect(timeTold(localTime("2026-09-01T09:01:00Z"), told)).to.equal("2026-09-01T09:01:00.000Z");
  });
});
