// Which page an address shows. Each page is loaded when it is first opened: a receipt's link loads nothing of the others.

import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Boundary } from "./shell/boundary.tsx";
import { Layout } from "./shell/layout.tsx";
import { Loading, NothingHere } from "./shell/states.tsx";

const VerifyPage = lazy(() => import("./verify/page.tsx"));

export const App = () => (
  <Layout>
    <Boundary>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/verify" component={VerifyPage} />
          <Route path="/r/:id" component={VerifyPage} />
          <Route component={NothingHere} />
        </Switch>
      </Suspense>
    </Boundary>
  </Layout>
);
