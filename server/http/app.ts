// The HTTP application: the resources in one list, what surrounds them, and the answer to everything else.

import express, { type Express, type RequestHandler } from "express";
import helmet from "helmet";
import { acknowledgementRoutes } from "./acknowledgements.ts";
import { activityRoutes } from "./activities.ts";
import { attendanceRoutes } from "./attendances.ts";
import { badgeRoutes } from "./badges.ts";
import { bankRoutes } from "./bank.ts";
import { bankAccountRoutes } from "./bank-accounts.ts";
import { bankNotificationRoutes } from "./bank-notifications.ts";
import { batchRoutes } from "./batches.ts";
import { bookRoutes } from "./books.ts";
import { campaignRoutes } from "./campaigns.ts";
import { certificateRoutes } from "./certificates.ts";
import { challengeRoutes } from "./challenges.ts";
import { charityRoutes } from "./charities.ts";
import { completenessRoutes } from "./completeness.ts";
import { disbursementRoutes } from "./disbursements.ts";
import { disputeRoutes } from "./disputes.ts";
import { documentRoutes } from "./documents.ts";
import { donorRoutes } from "./donors.ts";
import { erasureRoutes } from "./erasures.ts";
import { iatiRoutes } from "./export-activities.ts";
import { grantRoutes } from "./export-grants.ts";
import { exportRoutes } from "./exports.ts";
import { healthRoutes } from "./health.ts";
import { heldStepsRoutes } from "./held-steps.ts";
import { hoursRoutes } from "./hours.ts";
import { keyRoutes } from "./keys.ts";
import { ledgerRoutes } from "./ledger.ts";
import { lineRoutes } from "./lines.ts";
import { merchantTotalRoutes } from "./merchant-totals.ts";
import { merchantRoutes } from "./merchants.ts";
import { docsRouter } from "./openapi.ts";
import { overviewRoutes } from "./overview.ts";
import { ownAttendanceRoutes } from "./own-attendances.ts";
import { pagesRouter } from "./pages.ts";
import { payoutRoutes } from "./payouts.ts";
import { philanthropyRoutes } from "./philanthropy.ts";
import { pledgeRoutes } from "./pledges.ts";
import { poolRoutes } from "./pools.ts";
import { handleErrors, handleUnknownPath } from "./problems.ts";
import { purchaseRoutes } from "./purchases.ts";
import { receiptRoutes } from "./receipts.ts";
import { refundRoutes } from "./refunds.ts";
import { reportRoutes } from "./reports.ts";
import { type Route, routerOf } from "./route.ts";
import { saleRoutes } from "./sales.ts";
import type { Services } from "./services.ts";
import { settlementRoutes } from "./settlements.ts";
import { shopSystemRoutes } from "./shop-systems.ts";
import { shopRoutes } from "./shops.ts";
import { signInRoutes } from "./sign-in.ts";
import { statementRoutes } from "./statements.ts";
import { stepsRoutes } from "./steps.ts";
import { tokenRoutes } from "./tokens.ts";
import { volunteerRoutes } from "./volunteers.ts";
import { webhookRoutes } from "./webhooks.ts";

export const routes: readonly Route[] = [
  ...purchaseRoutes,
  ...refundRoutes,
  ...saleRoutes,
  ...shopRoutes,
  ...shopSystemRoutes,
  ...webhookRoutes,
  ...receiptRoutes,
  ...batchRoutes,
  ...bookRoutes,
  ...reportRoutes,
  ...philanthropyRoutes,
  ...ledgerRoutes,
  ...lineRoutes,
  ...overviewRoutes,
  ...campaignRoutes,
  ...challengeRoutes,
  ...charityRoutes,
  ...bankAccountRoutes,
  ...bankRoutes,
  ...bankNotificationRoutes,
  ...acknowledgementRoutes,
  ...disbursementRoutes,
  ...documentRoutes,
  ...merchantRoutes,
  ...merchantTotalRoutes,
  ...badgeRoutes,
  ...pledgeRoutes,
  ...poolRoutes,
  ...stepsRoutes,
  ...heldStepsRoutes,
  ...keyRoutes,
  ...signInRoutes,
  ...settlementRoutes,
  ...payoutRoutes,
  ...tokenRoutes,
  ...donorRoutes,
  ...statementRoutes,
  ...completenessRoutes,
  ...erasureRoutes,
  ...activityRoutes,
  ...ownAttendanceRoutes,
  ...attendanceRoutes,
  ...disputeRoutes,
  ...hoursRoutes,
  ...volunteerRoutes,
  ...certificateRoutes,
  ...grantRoutes,
  ...iatiRoutes,
  ...exportRoutes,
  ...healthRoutes,
];

/** For the rendered reference: only our own files, and styles within a page, which it needs. */
const POLICY = {
  directives: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "data:"],
    upgradeInsecureRequests: null,
  },
};

/**
 * What keeps a browser from taking an answer of the API for a page. Of helmet's fifteen headers, which pages get, these are
 * the ones that mean something for JSON; the others would cost an eighth of a small request.
 */
const sealAnswers: RequestHandler = (_request, response, next) => {
  response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.setHeader("X-Content-Type-Options", "nosniff");
  next();
};

export function createApp(services: Services): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", "simple");
  app.use(sealAnswers);
  app.use("/docs", helmet({ contentSecurityPolicy: POLICY, strictTransportSecurity: false }));
  app.use(pagesRouter());
  app.use(docsRouter(routes));
  app.use(routerOf(routes, services));
  app.use(handleUnknownPath);
  app.use(handleErrors(services.log));
  return app;
}
