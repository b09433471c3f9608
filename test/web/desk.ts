// A charity's desk as tests find their way about it in a browser.

import type { Page } from "playwright-core";
import type { OpenPage } from "../support/browser.ts";
import type { Charity } from "../support/charity.ts";
import type { PlayedLedger } from "../support/played-ledger.ts";

export const addressOf = ({ service }: PlayedLedger, { registration }: Charity) =>
  `${service.url}/charities/${encodeURIComponent(registration)}`;

/** Refusals that a page asks for and tells of are told by the browser, too. */
export const mistakes = ({ errors }: OpenPage) =>
  errors.filter((text) => !/status of (404|409|422)/.test(text));

export const openDesk = (page: Page) => page.getByRole("button", { name: "Open the charity's desk" }).click();
export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
export const settled = (page: Page, what: RegExp) =>
  page.locator(".under-way", { hasText: what }).getByText("The contract has it for good.").waitFor();
export const mark = (page: Page, name: string, amount: string) =>
  page.locator(`.line [data-mark=${name}]`, { hasText: amount }).waitFor();
