// Which page an address shows. Each page is loaded when it is first opened: a receipt's link loads nothing of the others.

import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Boundary } from "./shell/boundary.tsx";
import { Layout } from "./shell/layout.tsx";
import { Loading, NothingHere } from "./shell/states.tsx";
import { loadPage } from "./verify/ahead.ts";

const OverviewPage = lazy(() => import("./overview/page.tsx"));
const VerifyPage = lazy(loadPage);
const CharitiesPage = lazy(() => import("./charity/list.tsx"));
const CharityPage = lazy(() => import("./charity/page.tsx"));
const BatchesPage = lazy(() => import("./batches/list.tsx"));
const BatchPage = lazy(() => import("./batches/page.tsx"));
const MerchantsPage = lazy(() => import("./merchant/list.tsx"));
const MerchantPage = lazy(() => import("./merchant/page.tsx"));
const OperatorPage = lazy(() => import("./operator/page.tsx"));

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
