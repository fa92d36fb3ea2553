/** The whole console: who is signed in, and which address shows which page. */

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { Provider } from "urql";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { Mishap } from "./frame/mishap";
import { Opening } from "./frame/opening";
import { Shell } from "./frame/shell";
import { makeClient } from "./graph/client";
import { theme, variables } from "./look/theme";
import { CasesPage } from "./pages/cases/cases-page";
import NotFound from "./pages/not-found";
import { SignIn } from "./session/sign-in";
import { forgetToken, keptToken } from "./session/token";
import { SignedIn } from "./session/viewer";

const CasePage = lazy(() => import("./pages/case/case-page"));
const QueuesPage = lazy(() => import("./pages/queues/queues-page"));
const PromisesPage = lazy(() => import("./pages/promises/promises-page"));
const ReportsPage = lazy(() => import("./pages/reports/reports-page"));
const ArticlesPage = lazy(() => import("./pages/articles/articles-page"));
const ArticlePage = lazy(() => import("./pages/articles/article-page"));
const NewArticlePage = lazy(() => import("./pages/articles/new-article-page"));
const EntitlementsPage = lazy(() => import("./pages/entitlements/entitlements-page"));
const EntitlementPage = lazy(() => import("./pages/entitlements/entitlement-page"));
const NewEntitlementPage = lazy(() => import("./pages/entitlements/new-entitlement-page"));
const RulesPage = lazy(() => import("./pages/rules/rules-page"));
const RulePage = lazy(() => import("./pages/rules/rule-page"));

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} />
      <Door />
    </MantineProvider>
  );
}

function Door() {
  const [token, setToken] = useState(keptToken);
  const [path] = useLocation();
  const [expired, setExpired] = useState(false);
  const leave = useCallback((because: boolean) => {
    forgetToken();
    setExpired(because);
    setToken(null);
  }, []);
  const client = useMemo(() => (token ? makeClient(() => leave(true)) : null), [token, leave]);
  const signOut = useCallback(() => leave(false), [leave]);

  if (!client) return <SignIn expired={expired} onSignedIn={() => setToken(keptToken())} />;
  return (
    <Provider value={client}>
      <SignedIn signOut={signOut}>
        <Shell>
          <Mishap at={path}>
            <Suspense fallback={<Opening />}>
              <Switch>
                <Route path="/">
                  <Redirect to="/cases" replace />
                </Route>
                <Route path="/sign-in">
                  <Redirect to="/cases" replace />
                </Route>
                <Route path="/cases" component={CasesPage} />
                <Route path="/cases/:number">{({ number }) => <CasePage key={number} number={number} />}</Route>
                <Route path="/queues/:id?">{({ id }) => <QueuesPage id={id} />}</Route>
                <Route path="/promises/:kind?/:id?">{({ kind, id }) => <PromisesPage kind={kind} id={id} />}</Route>
                <Route path="/reports" component={ReportsPage} />
                <Route path="/articles" component={ArticlesPage} />
                <Route path="/articles/new" component={NewArticlePage} />
                <Route path="/articles/:number/:act?">{({ number, act }) => <ArticlePage number={number} editing={act === "edit"} />}</Route>
                <Route path="/entitlements" component={EntitlementsPage} />
                <Route path="/entitlements/new" component={NewEntitlementPage} />
                <Route path="/entitlements/:id/:act?">{({ id, act }) => <EntitlementPage key={id} id={id} editing={act === "edit"} />}</Route>
                <Route path="/rules" component={RulesPage} />
                <Route path="/rules/:id">{({ id }) => <RulePage key={id} id={id} />}</Route>
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </Mishap>
        </Shell>
      </SignedIn>
    </Provider>
  );
}
