// Which page an address shows. Each page is loaded when it is first opened: a receipt's link loads nothing of the others.

import { type ComponentType, lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Boundary } from "./shell/boundary.tsx";
import { Layout } from "./shell/layout.tsx";
import { Loading, NothingHere } from "./shell/states.tsx";
import { loadPage } from "./verify/ahead.ts";

const OverviewPage = lazy(() => import("./overview/page.tsx"));
const VerifyLater = lazy(loadPage);
const CharitiesPage = lazy(() => import("./charity/list.tsx"));
const CharityPage = lazy(() => import("./charity/page.tsx"));
const CampaignsPage = lazy(() => import("./campaigns/list.tsx"));
const CampaignPage = lazy(() => import("./campaigns/page.tsx"));
const BatchesPage = lazy(() => import("./batches/list.tsx"));
const BatchPage = lazy(() => import("./batches/page.tsx"));
const MerchantsPage = lazy(() => import("./merchant/list.tsx"));
const MerchantPage = lazy(() => import("./merchant/page.tsx"));
const ProgrammesPage = lazy(() => import("./programmes/page.tsx"));
const ReportsPage = lazy(() => import("./reports/list.tsx"));
const ReportPage = lazy(() => import("./reports/page.tsx"));
const ActivitiesPage = lazy(() => import("./hours/list.tsx"));
const ActivityPage = lazy(() => import("./hours/activity.tsx"));
const OrganiserPage = lazy(() => import("./hours/organiser.tsx"));
const HoursPage = lazy(() => import("./hours/mine.tsx"));
const DoorPage = lazy(() => import("./hours/door.tsx"));
const ShopsPage = lazy(() => import("./shops/list.tsx"));
const ShopPage = lazy(() => import("./shops/page.tsx"));
const StepsPage = lazy(() => import("./steps/page.tsx"));
const OperatorPage = lazy(() => import("./operator/page.tsx"));

/**
 * @param verifyPage where it is loaded already. What is loaded later has a notice of loading shown before it, which React keeps
 * for a third of a second.
 */
export const App = ({ verifyPage = VerifyLater }: { verifyPage?: ComponentType | undefined }) => (
  <Layout>
    <Boundary>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/" component={OverviewPage} />
          <Route path="/verify" component={verifyPage} />
          <Route path="/r/:id" component={verifyPage} />
          <Route path="/charities" component={CharitiesPage} />
          <Route path="/charities/:id" component={CharityPage} />
          <Route path="/campaigns" component={CampaignsPage} />
          <Route path="/campaigns/:id" component={CampaignPage} />
          <Route path="/batches" component={BatchesPage} />
          <Route path="/batches/:number" component={BatchPage} />
          <Route path="/merchants" component={MerchantsPage} />
          <Route path="/merchants/:id" component={MerchantPage} />
          <Route path="/programmes" component={ProgrammesPage} />
          <Route path="/reports" component={ReportsPage} />
          <Route path="/reports/:hash" component={ReportPage} />
          <Route path="/activities" component={ActivitiesPage} />
          <Route path="/activities/:id" component={ActivityPage} />
          <Route path="/activities/:id/organiser" component={OrganiserPage} />
          <Route path="/hours" component={HoursPage} />
          <Route path="/hours/:id" component={DoorPage} />
          <Route path="/shops" component={ShopsPage} />
          <Route path="/shops/:id" component={ShopPage} />
          <Route path="/steps" component={StepsPage} />
          <Route path="/operator" component={OperatorPage} />
          <Route component={NothingHere} />
        </Switch>
      </Suspense>
    </Boundary>
  </Layout>
);
