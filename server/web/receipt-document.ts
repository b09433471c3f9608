// A part of the build: the document that a receipt's link is answered with. It is that of every page, and names beside what they
// share also the code of the page of receipts, which a browser so fetches before the first script has run.

import type { Plugin } from "vite";

const PAGE = "/verify/page.tsx";

type Output = {
  readonly type: string;
  readonly facadeModuleId?: string | null;
  readonly imports?: readonly string[];
  readonly source?: string | Uint8Array;
};
type Bundle = Readonly<Record<string, Output>>;

export const receiptDocument = (): Plugin => ({
  name: "receipt-document",
  enforce: "post",
  generateBundle(_options, bundle) {
    const document = documentIn(bundle as Bundle);
    const named = neededFor(bundle as Bundle).filter((file) => !document.includes(file));
    const links = named.map((file) => `    <link rel="modulepreload" crossorigin href="/${file}">\n`);
    const source = document.replace("  </head>", `${links.join("")}  </head>`);
    this.emitFile({ type: "asset", fileName: "receipt.html", source });
  },
});

function documentIn(bundle: Bundle): string {
  const { source } = bundle["index.html"] ?? {};
  if (typeof source !== "string") throw new Error("the build holds no index.html yet");
  return source;
}

/** The files of the page's code, each once. */
function neededFor(bundle: Bundle): string[] {
  const isPage = ([, { facadeModuleId }]: [string, Output]) => facadeModuleId?.endsWith(PAGE) === true;
  const [page] = Object.entries(bundle).find(isPage) ?? [];
  if (page === undefined) throw new Error(`the build holds no code of ${PAGE}`);
  const files = new Set([page]);
  for (const file of files) for (const next of bundle[file]?.imports ?? []) files.add(next);
  return [...files];
}
