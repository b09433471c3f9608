// A real browser for tests of the pages: the Chromium of an npm package, started once for a run of mocha. Every page that is
// opened here is watched: an error in it, or a request to anywhere but the hosts that it may ask, fails the test that looks.

import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import packed from "@sparticuz/chromium";
import { expect } from "chai";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { ROOT } from "../../scripts/child.ts";
import { stopAtEnd } from "./at-end.ts";

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };
export const LANGUAGES = ["en", "id", "zh-CN"] as const;

export type Look = {
  readonly language?: (typeof LANGUAGES)[number];
  readonly size?: typeof PHONE;
  readonly dark?: boolean;
};

export type OpenPage = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page has said that it should not: errors, and violations of its policy. */
  readonly errors: string[];
  /** The hosts that it has asked, its own too. */
  readonly hosts: Set<string>;
  close(): Promise<void>;
};

let shared: Promise<Browser> | undefined;

async function browser(): Promise<Browser> {
  shared ??= start();
  return await shared;
}

const require = createRequire(import.meta.url);

const FONTS = [
  "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
  "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
  "dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf",
  "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf",
  "@embedpdf/fonts-sc/fonts/NotoSansHans-Bold.otf",
];

/** Pictures show Latin and Chinese letters on any machine: by fonts of npm packages, and no others that may be there. */
function fontConfiguration(): string {
  const folder = mkdtempSync(join(tmpdir(), "amanah-fonts-"));
  for (const font of FONTS) symlinkSync(join(ROOT, "node_modules", font), join(folder, basename(font)));
  const file = join(folder, "fonts.conf");
  writeFileSync(file, `<fontconfig><dir>${folder}</dir><cachedir>${folder}</cachedir></fontconfig>`);
  stopAtEnd(() => rm(folder, { recursive: true }));
  return file;
}

async function start(): Promise<Browser> {
  const executablePath = await packed.executablePath();
  const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];
  const started = await chromium.launch({
    executablePath,
    args: [...packed.args.filter((arg) => !arg.includes("single-process")), ...quiet, "--no-sandbox"],
    env: { ...process.env, FONTCONFIG_FILE: fontConfiguration() } as Record<string, string>,
    headless: true,
  });
  stopAtEnd(() => started.close());
  return started;
}

/** Opens an address as a visitor who was never here. */
export async function openPage(
  url: string,
  { language = "en", size = DESK, dark = false }: Look = {},
): Promise<OpenPage> {
  const context = await (await browser()).newContext({
    locale: language,
    viewport: size,
    colorScheme: dark ? "dark" : "light",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  const errors: string[] = [];
  const hosts = new Set<string>();
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("request", (request) => {
    if (request.url().startsWith("http")) hosts.add(new URL(request.url()).host);
  });
  await page.goto(url);
  return { page, context, errors, hosts, close: () => context.close() };
}

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };

/** What axe finds on the page as it stands: nothing, or the test fails with each rule and the elements that break it. */
export async function expectAccessible(page: Page): Promise<void> {
  // By way of the debugger: the page's own policy lets no script in.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
    violations: Violation[];
  };
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
  );
  expect(told).to.deep.equal([]);
}

/** Nothing on the page is wider than the window: a visitor never scrolls sideways. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const [content, window] = (await page.evaluate(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  )) as [number, number];
  expect(content, "the page's width").to.be.at.most(window);
}

const SHOTS = join(ROOT, "cache", "screenshots");

/** Keeps a picture of the whole page, to be looked at: cache/screenshots/<name>.png. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
