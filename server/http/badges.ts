// /badges: what shops put on their own sites, as an image and as text for the script. Asked by anyone's pages and cached by
// whoever stands between; each costs a pledge that ingest has in memory as a rule, and two rows by their keys.

import { z } from "zod";
import { badgeImage, THEMES } from "../papers/badge.ts";
import { badgeOf } from "../programmes/badge.ts";
import { languageFor } from "../programmes/languages.ts";
import { charityNames, merchantById } from "../store/parties.ts";
import { publicUrl } from "./receipt-keys.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { noSuch } from "./words.ts";

const KEPT_SECONDS = 300;

/** A site that isolates itself embeds only what says that it may be. No longer kept than a pledge that ended may be shown. */
const FOR_ANY_SITE = {
  "Cache-Control": `public, max-age=${KEPT_SECONDS}`,
  "Access-Control-Allow-Origin": "*",
  "Cross-Origin-Resource-Policy": "cross-origin",
};

/** The image's own style, and nothing else, when it is opened by itself. */
const IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

const language = z
  .string()
  .max(35)
  .default("en")
  .transform((tag) => languageFor([tag]))
  .meta({ description: "en, id or zh-CN; of another language tag its main part counts" });

const theme = z
  .enum(THEMES)
  .default("auto")
  .meta({ description: "auto follows what the reader's system prefers" });

/** Sites add parameters of their own, to get past a cache; they change nothing. */
const query = z.object({ lang: language });

async function badgeFor(merchant: string, lang: z.output<typeof language>, services: Services) {
  const { sql, ingest } = services;
  const known = await merchantById(sql, merchant);
  if (known === undefined) throw noSuch("merchant", merchant);
  const pledges = (await ingest.pledges.of([merchant])).get(merchant) ?? [];
  const names = await charityNames(
    sql,
    pledges.flatMap(({ terms }) => terms.charities.map(({ charity }) => charity)),
  );
  const nameOf = (registration: string) => names.get(registration) ?? registration;
  return badgeOf(known.name, pledges, nameOf, lang, ingest.recorder.now());
}

/** The page that a badge leads to. */
const addressOf = ({ settings }: Services, merchant: string): string =>
  `${publicUrl(settings)}/merchants/${encodeURIComponent(merchant)}`;

const tag = "Merchants";

export const badgeRoutes: Route[] = [
  route({
    method: "get",
    path: "/badges/{merchant}.svg",
    tag,
    summary: "A merchant's badge as an image",
    description:
      "SVG that says what the merchant gives, for its own site; one without a pledge in force says that. The merchant's page holds the line of HTML to copy.",
    query: query.extend({ theme }),
    answers: { 200: { description: "The image" }, 404: { description: "Not known" } },
    handle: async ({ params: { merchant = "" }, query: { lang, theme } }, services) => {
      const badge = await badgeFor(merchant, lang, services);
      const image = badgeImage(badge, lang, theme, addressOf(services, merchant));
      const headers = {
        ...FOR_ANY_SITE,
        "Content-Type": "image/svg+xml; charset=utf-8",
        "Content-Security-Policy": IMAGE_POLICY,
      };
      return { status: 200, body: Buffer.from(image), headers };
    },
  }),
  route({
    method: "get",
    path: "/badges/{merchant}.json",
    tag,
    summary: "The words of a merchant's badge",
    description: "What /badge.js shows: as text of the page that it is on.",
    query,
    answers: {
      200: {
        description: "The words, and where they lead",
        schema: z
          .object({
            lang: z.string(),
            text: z.string(),
            verify: z.string(),
            pledged: z.boolean(),
            address: z.string(),
          })
          .meta({ id: "Badge" }),
      },
      404: { description: "Not known" },
    },
    handle: async ({ params: { merchant = "" }, query: { lang } }, services) => {
      const { lines, verify, isPledged } = await badgeFor(merchant, lang, services);
      const address = addressOf(services, merchant);
      const body = { lang, text: lines.join(" "), verify, pledged: isPledged, address };
      return { status: 200, body, headers: FOR_ANY_SITE };
    },
  }),
];
