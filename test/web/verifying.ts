// Checking a receipt in a browser: what the tests of it look for, and how they bring a receipt along.

import type { Page } from "playwright-core";
import type { OpenPage } from "../support/browser.ts";
import type { PlayedLedger } from "../support/played-ledger.ts";
import { textsOf } from "./page-texts.ts";

export const WITHIN_MS = 30_000;

export const english = textsOf("en", "verify");
export const reasons = textsOf("en", "reasons");

export const linkOf = ({ service }: PlayedLedger, { id, key }: { id: string; key: string }): string =>
  `${service.url}/r/${id}#${key}`;

/** Waits until the page says so: valid, invalid, unknown, or asking. */
export const verdict = (page: Page, mood: string): Promise<void> =>
  page.locator(`.verdict.${mood}`).waitFor({ timeout: WITHIN_MS });

/** Each step with its state: "root passed". */
export const stepStates = (page: Page): Promise<string[]> =>
  page
    .locator(".step")
    .evaluateAll((steps) => steps.map(({ dataset }) => `${dataset.step} ${dataset.state}`));

export const stateOf = async (page: Page, step: string): Promise<string | undefined> =>
  (await stepStates(page)).find((each) => each.startsWith(`${step} `));

export const openFile = (page: Page, text: string): Promise<void> =>
  page
    .locator(".doors input[type=file]")
    .setInputFiles({ name: "receipt.json", mimeType: "application/json", buffer: Buffer.from(text) });

/** Chromium itself logs a request that found no answer; anything else is an error of ours. */
export const ownErrors = ({ errors }: OpenPage): string[] =>
  errors.filter((text) => !text.startsWith("Failed to load resource"));
