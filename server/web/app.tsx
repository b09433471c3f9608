// Which page an address shows. Each page is loaded when it is first opened: a receipt's link loads nothing of the others.

import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { loadTexts } from "./i18n/i18n.ts";
import { Boundary } from "./shell/boundary.tsx";
import { Layout } from "./shell/layout.tsx";
import { Loading, NothingHere } from "./shell/states.tsx";

const OverviewPage = lazy(() => import("./overview/page.tsx"));
const VerifyPage = lazy(verifyPage);
const CharitiesPage = lazy(() => import("./charity/list.tsx"));
const CharityPage = lazy(() => import("./charity/page.tsx"));
const BatchesPage = lazy(() => import("./batches/list.tsx"));
const BatchPage = lazy(() => import("./batches/page.tsx"));
const MerchantsPage = lazy(() => import("./merchant/list.tsx"));
const MerchantPage = lazy(() => import("./merchant/page.tsx"));
const OperatorPage = lazy(() => import("./operator/page.tsx"));

function verifyPage() {
  return import("./verify/page.tsx");
}

const isReceipt = window.location.pathname.startsWith("/r/");
/** The page that a donor waits for is on its way while the texts of the frame still are. */
if (isReceipt) void verifyPage().catch(() => {});

/**
 * Loads what a receipt's link shows before anything is shown: React keeps a notice of loading for a third of a second, once it
 * is there.
 */
export async function loadAhead(): Promise<void> {
  if (isReceipt) await loadTexts((await verifyPage()).TEXTS);
}

export const App = () => (
  <Layout>
    <Boundary>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/" component={OverviewPage} />
          <Route path="/verify" component={VerifyPage} />
          <Route path="/r/:id" component={VerifyPage} />
          <Route path="/charities" component={CharitiesPage} />
          <Route path="/charities/:id" component={CharityPage} />
          <Route path="/batches" component={BatchesPage} />
          <Route path="/batches/:number" component={BatchPage} />
          <Route path="/merchants" component={MerchantsPage} />
          <Route path="/merchants/:id" component={MerchantPage} />
          <Route path="/operator" component={OperatorPage} />
          <Route component={NothingHere} />
        </Switch>
      </Suspense>
    </Boundary>
  </Layout>
);
