// The HTTP application: the resources in one list, what surrounds them, and the answer to everything else.

import express, { type Express } from "express";
import helmet from "helmet";
import { batchRoutes } from "./batches.ts";
import { charityRoutes } from "./charities.ts";
import { healthRoutes } from "./health.ts";
import { keyRoutes } from "./keys.ts";
import { lineRoutes } from "./lines.ts";
import { merchantRoutes } from "./merchants.ts";
import { docsRouter } from "./openapi.ts";
import { pledgeRoutes } from "./pledges.ts";
import { handleErrors, handleUnknownPath } from "./problems.ts";
import { purchaseRoutes } from "./purchases.ts";
import { receiptRoutes } from "./receipts.ts";
import { refundRoutes } from "./refunds.ts";
import { type Route, routerOf } from "./route.ts";
import type { Services } from "./services.ts";

export const routes: readonly Route[] = [
  ...purchaseRoutes,
  ...refundRoutes,
  ...receiptRoutes,
  ...batchRoutes,
  ...lineRoutes,
  ...charityRoutes,
  ...merchantRoutes,
  ...pledgeRoutes,
  ...keyRoutes,
  ...healthRoutes,
];

/** Only our own files, and styles within a page, which the rendered reference needs. */
const POLICY = {
  directives: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "data:"],
    upgradeInsecureRequests: null,
  },
};

export function createApp(services: Services): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", "simple");
  app.use(helmet({ contentSecurityPolicy: POLICY, strictTransportSecurity: false }));
  app.get("/", (_, response) => response.redirect("/docs"));
  app.get("/r/:id", (request, response) => response.redirect(`/v1/receipts/${request.params.id}`));
  app.use(docsRouter(routes));
  app.use(routerOf(routes, services));
  app.use(handleUnknownPath);
  app.use(handleErrors(services.log));
  return app;
}
