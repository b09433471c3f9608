// The pages' beginning: the visitor's language, then what every page stands in.

import "./styles/base.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isRefused } from "./api/client.ts";
import { App } from "./app.tsx";
import { startTexts } from "./i18n/i18n.ts";
import { askAhead } from "./verify/ahead.ts";

const MOST_RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    // What was refused is refused again; only what found no answer is asked once more.
    // Without a connection a page says so at once, instead of waiting for one in silence.
    queries: {
      staleTime: 2_000,
      networkMode: "always",
      retry: (failures, error) => !isRefused(error) && failures < MOST_RETRIES,
    },
  },
});

/** Longer than this nobody looks at an empty window. */
const MOST_EMPTY_MS = 400;

/** What a receipt's link shows is loaded before anything is shown. */
async function start(): Promise<void> {
  const ahead = askAhead(queries, window.location.href);
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, MOST_EMPTY_MS, undefined));
  const [page] = await Promise.all([Promise.race([ahead.page, patience]), startTexts(ahead.texts)]);
  createRoot(document.getElementById("page") as HTMLElement).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App verifyPage={page} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

// Not awaited by the file: a page's code may import from it, and would wait for it in turn.
void start();
