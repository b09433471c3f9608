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

// Loaded before anything is shown: React keeps a notice of loading for a third of a second, once it is there.
const ahead = askAhead(queries, window.location.href);
const patience = new Promise<void>((resolve) => setTimeout(resolve, MOST_EMPTY_MS));
await Promise.all([startTexts(ahead.texts), Promise.race([ahead.page.catch(() => {}), patience])]);
createRoot(document.getElementById("page") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
